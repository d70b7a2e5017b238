"""What an output unit must be given to say 0.5, where the decision boundary is."""

from __future__ import annotations

import numpy as np

from xorviz.learning.activations import ActivationName

#: The weighted input at which each activation is 0.5.
HALF_AT: dict[ActivationName, float] = {
    "sigmoid": 0.0,
    "tanh": float(np.arctanh(0.5)),
    "relu": 0.5,
    "linear": 0.5,
    "softmax": 0.0,
}
