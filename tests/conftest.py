"""What many tests start from."""

from __future__ import annotations

import pytest
from hypothesis import settings

import xorviz
from xorviz.recording import Recording

# A busy machine is no failure.
settings.register_profile("xorviz", deadline=None)
settings.load_profile("xorviz")


@pytest.fixture(scope="session")
def recording() -> Recording:
    """The shortest article, solved: 140 steps, 141 snapshots."""
    return xorviz.train("backprop", seed=0)
