from __future__ import annotations

import numpy as np
import pytest

from xorviz.recordings.verification import compare_losses


def test_compare_losses_by_hand() -> None:
    recorded = np.array([1.0, 0.0, np.nan, np.inf, 2.0])
    found = compare_losses(recorded, np.array([1.0 + 1e-10, 1e-13, np.inf, np.nan, 2.0]))
    assert found.ok
    assert found.n_not_finite == 2
    assert found.max_absolute == found.max_relative == pytest.approx(1e-10, rel=1e-5)
    assert not compare_losses(recorded, np.array([1.0, 1e-3, np.nan, np.inf, 2.0])).ok
    one_sided = compare_losses(recorded, np.array([1.0, 0.0, 3.0, np.inf, 2.0]))
    assert (one_sided.ok, one_sided.worst, one_sided.max_absolute) == (False, 2, np.inf)
