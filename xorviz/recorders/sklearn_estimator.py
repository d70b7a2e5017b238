"""Estimators of scikit-learn, trained by ``partial_fit`` or by ``fit`` with ``warm_start``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, final

import numpy as np

from xorviz.errors import unknown
from xorviz.learning.activations import ActivationName
from xorviz.recorders._base import Array, Dense, Sample, Subject, as_matrix
from xorviz.recorders.recognition import networks
from xorviz.recordings.header import Precision

_ACTIVATIONS: dict[str, ActivationName] = {
    **{"logistic": "sigmoid", "tanh": "tanh", "relu": "relu", "identity": "linear", "softmax": "softmax"}
}


@final
class SklearnEstimator(Subject):
    """A classifier or regressor. Before its first pass it has no parameters: the recording begins after that.

    Args:
        estimator: which one; a pipeline, too.
    """

    def __init__(self, estimator: Any) -> None:
        import sklearn

        self._estimator: Final = estimator
        self.name = type(estimator).__name__
        self.framework = ("scikit-learn", str(sklearn.__version__))

    @property
    def is_ready(self) -> bool:
        """Whether it has been fitted."""
        from sklearn.exceptions import NotFittedError
        from sklearn.utils.validation import check_is_fitted

        try:
            check_is_fitted(self._estimator)
        except NotFittedError:
            return False
        return True

    @property
    def precision(self) -> Precision:
        """See `Subject.precision`."""
        weights = getattr(self._estimator, "coefs_", None) or []
        return "float32" if weights and all(one.dtype == np.float32 for one in weights) else "float64"

    @property
    def n_parameters(self) -> int:
        """Of a multilayer perceptron; 0 for other models."""
        arrays = [*getattr(self._estimator, "coefs_", []), *getattr(self._estimator, "intercepts_", [])]
        return int(sum(array.size for array in arrays))

    def candidates(self) -> Sequence[Dense]:
        """A multilayer perceptron, ``MLPClassifier`` or ``MLPRegressor``."""
        estimator = self._estimator
        if not all(hasattr(estimator, name) for name in ("coefs_", "intercepts_", "out_activation_")):
            return []
        names = [estimator.activation] * (len(estimator.coefs_) - 1) + [estimator.out_activation_]
        if any(name not in _ACTIVATIONS for name in names):
            return []
        widths = [estimator.coefs_[0].shape[0], *(weights.shape[1] for weights in estimator.coefs_)]

        def parameters() -> list[Array]:
            pairs = zip(estimator.coefs_, estimator.intercepts_, strict=True)
            return [array for pair in pairs for array in pair]

        activations = [_ACTIVATIONS[name] for name in names]
        return [Dense(one, parameters, lambda: None) for one in networks(widths, activations, biases=True)]

    def sample(self, points: Array, layers: Sequence[str] = ()) -> Sample:
        """Probabilities where there are such, of the second class if there are two; else what is predicted."""
        if layers:
            raise unknown("layers", layers[0], ["(none)"])
        estimator = self._estimator
        if hasattr(estimator, "predict_proba"):
            said = as_matrix(estimator.predict_proba(points.astype(self.precision)))
            is_binary = said.shape[1] == 2 and len(getattr(estimator, "classes_", ())) == 2
            return Sample(said[:, 1:] if is_binary else said, {})
        if hasattr(estimator, "decision_function"):
            return Sample(as_matrix(estimator.decision_function(points)), {})
        return Sample(as_matrix(estimator.predict(points.astype(self.precision))), {})
