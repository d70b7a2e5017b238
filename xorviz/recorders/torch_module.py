"""PyTorch modules: what they hold, and what they say without noticing that they were asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, final

import numpy as np

from xorviz.errors import unknown
from xorviz.learning.activations import ActivationName
from xorviz.recorders._base import Array, Dense, Sample, Subject, as_array, as_matrix, need
from xorviz.recorders.recognition import networks
from xorviz.recordings.header import Precision

#: By the name of the module's class; the others are those that do nothing to the outputs of a model in use.
_ACTIVATIONS: dict[str, ActivationName] = {"Sigmoid": "sigmoid", "Tanh": "tanh", "ReLU": "relu", "Softmax": "softmax"}
_NOTHING = {"Identity", "Dropout", "AlphaDropout", "Flatten"}


@final
class TorchModule(Subject):
    """A ``torch.nn.Module``; `DistributedDataParallel` and ``torch.compile`` are looked through.

    Args:
        module: the model.
    """

    def __init__(self, module: Any) -> None:
        import torch

        self._torch: Final = torch
        self._module: Final = _unwrapped(module)
        self.name = type(self._module).__name__
        self.framework = ("torch", str(torch.__version__))

    @property
    def precision(self) -> Precision:
        """See `Subject.precision`."""
        dtypes = {parameter.dtype for parameter in self._module.parameters()}
        return "float64" if self._torch.float64 in dtypes else "float32"

    @property
    def n_parameters(self) -> int:
        """See `Subject.n_parameters`."""
        return sum(parameter.numel() for parameter in self._module.parameters())

    def candidates(self) -> Sequence[Dense]:
        """A chain of linear layers, with the activations that are modules, or with any usual ones if none is."""
        linear, activations = self._chain()
        if not linear or any(a.out_features != b.in_features for a, b in pairwise(linear)):
            return []
        has_bias = any(layer.bias is not None for layer in linear)
        widths = [linear[0].in_features, *(layer.out_features for layer in linear)]
        known = activations if any(name != "linear" for name in activations) else None

        def parameters() -> list[Array]:
            return _arrays([(layer.weight, layer.bias) for layer in linear], has_bias)

        def gradients() -> list[Array] | None:
            if any(layer.weight.grad is None for layer in linear):
                return None
            pairs = [(layer.weight.grad, None if layer.bias is None else layer.bias.grad) for layer in linear]
            return _arrays(pairs, has_bias)

        return [Dense(network, parameters, gradients) for network in networks(widths, known, biases=has_bias)]

    def _chain(self) -> tuple[list[Any], list[ActivationName]]:
        """The linear layers and what follows each; no layers where anything else is among the modules."""
        nn = self._torch.nn
        linear: list[Any] = []
        activations: list[ActivationName] = []
        for module in self._module.modules():
            if next(module.children(), None) is not None and not hasattr(module, "parametrizations"):
                continue
            kind = type(module).__name__
            if isinstance(module, nn.Linear):
                linear.append(module)
                activations.append("linear")
            elif kind in _ACTIVATIONS and linear and activations[-1] == "linear":
                activations[-1] = _ACTIVATIONS[kind]
            elif kind not in _NOTHING:
                return [], []
        n_in_chain = sum(parameter.numel() for layer in linear for parameter in layer.parameters())
        return (linear, activations) if n_in_chain == self.n_parameters else ([], [])

    def sample(self, points: Array, layers: Sequence[str] = ()) -> Sample:
        """See `Subject.sample`."""
        torch, kept = self._torch, dict[str, Array]()
        named = dict(self._module.named_modules())
        for layer in layers:
            if layer not in named:
                raise unknown("layers", layer, [name for name in named if name])
        first = next(iter(self._module.parameters()), None)
        where = {} if first is None else {"device": first.device, "dtype": first.dtype}
        with self._untouched():
            # Not a hook of the user's: ours is gone before the next update.
            hooks = [named[layer].register_forward_hook(_keeper(kept, layer)) for layer in layers]
            try:
                outputs = self._module(torch.as_tensor(np.array(points), **where))
            finally:
                for hook in hooks:
                    hook.remove()
        return Sample(as_matrix(outputs), kept)

    @contextmanager
    def _untouched(self) -> Iterator[None]:
        """As when it is used; afterwards every module's mode, and what is random, are what they were."""
        torch = self._torch
        training = [module for module in self._module.modules() if module.training]
        devices = list(range(torch.cuda.device_count())) if torch.cuda.is_initialized() else []
        with torch.random.fork_rng(devices=devices), torch.no_grad():
            for module in training:
                module.training = False
            try:
                yield
            finally:
                for module in training:
                    module.training = True


def read_state(path: Path) -> Any:
    """What a file of PyTorch holds: tensors and plain values only, nothing in it is run.

    Raises:
        UsageError: PyTorch is not installed.
    """
    try:
        import torch
    except ImportError:
        raise need("torch", "torch") from None
    return torch.load(path, map_location="cpu", weights_only=True)


def _unwrapped(module: Any) -> Any:
    """The module inside ``torch.compile`` and the wrappers that distribute it."""
    while True:
        if hasattr(module, "_orig_mod"):
            module = module._orig_mod
        elif type(module).__name__ in ("DataParallel", "DistributedDataParallel"):
            module = module.module
        else:
            return module


def _keeper(kept: dict[str, Array], layer: str) -> Any:
    def keep(module: Any, inputs: Any, output: Any) -> None:
        del module, inputs
        kept[layer] = as_matrix(output).copy()

    return keep


def _arrays(pairs: Sequence[tuple[Any, Any]], has_bias: bool) -> list[Array]:
    """Weights as (fan_in, fan_out), each followed by its biases: views of the tensors where these are on the CPU."""
    arrays = []
    for weight, bias in pairs:
        arrays.append(_view(weight).T)
        if has_bias:
            arrays.append(np.zeros(len(weight)) if bias is None else _view(bias))
    return arrays


def _view(tensor: Any) -> Array:
    """A tensor's own memory where NumPy can read it, in a third of the calls of `as_array`."""
    try:
        view: Array = tensor.detach().numpy()
    except (TypeError, RuntimeError):
        return as_array(tensor)
    return view
