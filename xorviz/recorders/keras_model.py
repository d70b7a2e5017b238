"""Keras 3 models, on any backend."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, final

import numpy as np

from xorviz.errors import unknown
from xorviz.learning.activations import ActivationName
from xorviz.recorders._base import Array, Dense, Sample, Subject, as_matrix
from xorviz.recorders.recognition import networks
from xorviz.recordings.header import Precision

_ACTIVATIONS: dict[str, ActivationName] = {
    **{"sigmoid": "sigmoid", "tanh": "tanh", "relu": "relu", "linear": "linear", "softmax": "softmax"},
    **{"ReLU": "relu", "Softmax": "softmax"},
}
_NOTHING = {"InputLayer", "Dropout", "GaussianNoise", "GaussianDropout", "AlphaDropout", "Flatten", "Identity"}


@final
class KerasModel(Subject):
    """A ``keras.Model``. Its variables are asked for anew every time: a backend may have replaced their arrays.

    Args:
        model: the model, built.
    """

    def __init__(self, model: Any) -> None:
        import keras

        self._keras: Final = keras
        self._model = model
        self._asked: dict[tuple[str, ...], Any] = {}
        self.name = type(model).__name__
        self.framework = ("keras", f"{keras.__version__} on {keras.backend.backend()}")

    @property
    def is_ready(self) -> bool:
        """Whether it has been built."""
        return bool(self._model.built)

    def replace(self, model: Any) -> None:
        """The same model, as a callback is given it: reading it there brings its variables up to date."""
        self._model = model

    @property
    def precision(self) -> Precision:
        """See `Subject.precision`."""
        return "float64" if any(one.dtype == "float64" for one in self._model.trainable_variables) else "float32"

    @property
    def n_parameters(self) -> int:
        """See `Subject.n_parameters`."""
        return int(self._model.count_params())

    def candidates(self) -> Sequence[Dense]:
        """Dense layers one after the other; an activation may be a layer of its own."""
        dense: list[Any] = []
        activations: list[ActivationName] = []
        for layer in self._model.layers:
            kind = type(layer).__name__
            own = getattr(getattr(layer, "activation", None), "__name__", kind)
            if isinstance(layer, self._keras.layers.Dense) and own in _ACTIVATIONS:
                dense.append(layer)
                activations.append(_ACTIVATIONS[own])
            elif kind in ("Activation", "ReLU", "Softmax") and own in _ACTIVATIONS and activations[-1:] == ["linear"]:
                activations[-1] = _ACTIVATIONS[own]
            elif kind not in _NOTHING:
                return []
        shapes = [tuple(layer.kernel.shape) for layer in dense]
        if not dense or any(one[1] != other[0] for one, other in pairwise(shapes)):
            return []
        has_bias = any(layer.use_bias for layer in dense)

        def parameters() -> list[Array]:
            arrays = []
            for layer in dense:
                arrays.append(self._array(layer.kernel))
                if has_bias:
                    arrays.append(self._array(layer.bias) if layer.use_bias else np.zeros(layer.units))
            return arrays

        widths = [shapes[0][0], *(shape[1] for shape in shapes)]
        return [Dense(one, parameters, lambda: None) for one in networks(widths, activations, biases=has_bias)]

    def _array(self, variable: Any) -> Array:
        return np.asarray(self._keras.ops.convert_to_numpy(getattr(variable, "value", variable)))

    def sample(self, points: Array, layers: Sequence[str] = ()) -> Sample:
        """See `Subject.sample`."""
        named = {layer.name: layer for layer in self._model.layers}
        for layer in layers:
            if layer not in named:
                raise unknown("layers", layer, named)
        array = points.astype(self.precision)
        if not layers:
            return Sample(as_matrix(self._array(self._model(array, training=False))), {})
        key = tuple(layers)
        if key not in self._asked:
            outputs = [self._model.outputs[0], *(named[layer].output for layer in layers)]
            # With a name of its own, so that layers the user makes later are called what they would be.
            self._asked[key] = self._keras.Model(self._model.inputs, outputs, name="xorviz_layers")
        said, *kept = (as_matrix(self._array(one)) for one in self._asked[key](array, training=False))
        return Sample(said, dict(zip(layers, kept, strict=True)))
