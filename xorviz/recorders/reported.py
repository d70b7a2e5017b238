"""A number that a training loop reports, in whatever form."""

from __future__ import annotations

from typing import Any

import numpy as np

from xorviz.recorders._base import as_array


def held(value: Any) -> Any:
    """A number that later changes of ``value`` do not touch: a copy on its device, so that nothing waits for it."""
    if isinstance(value, (float, int)):
        return float(value)
    if hasattr(value, "detach"):
        return value.item() if value.is_cpu else value.detach().clone()
    if isinstance(value, np.ndarray | np.generic):
        return float(value)
    # What is left cannot be changed: an array of JAX, whose value may not even be computed yet.
    float_of = getattr(value, "__float__", None)
    return value if float_of is not None else float(as_array(value))
