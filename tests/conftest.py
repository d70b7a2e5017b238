"""What many tests start from."""

from __future__ import annotations

import pytest

import xorviz
from xorviz.recording import Recording


@pytest.fixture(scope="session")
def recording() -> Recording:
    """The shortest article, solved: 140 steps, 141 snapshots."""
    return xorviz.train("backprop", seed=0)
