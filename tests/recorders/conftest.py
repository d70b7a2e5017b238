"""One training loop a framework, each written as its users write it, with and without a recorder in it."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import numpy as np
import pytest

# Before Keras is imported; TensorFlow is what it would take otherwise.
os.environ.setdefault("KERAS_BACKEND", "jax")
# The networks are tiny: threads that wait for each other would take most of the time.
os.environ.setdefault("OMP_NUM_THREADS", "1")
WIDTH = 6


def two_moons() -> tuple[np.ndarray, np.ndarray]:
    """80 points in two interleaving half circles, with the class of each."""
    generator = np.random.default_rng(3)
    angle = generator.uniform(0, np.pi, 40)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    points = np.concatenate([upper, lower]) + generator.normal(scale=0.1, size=(80, 2))
    return points, np.repeat([0, 1], 40)


class Loop(ABC):
    """A framework's model and loop.

    Attributes:
        framework: what must be installed.
        tolerance: how exactly its losses can be those that float64 gives.
        n_before: updates before the recording can begin.
    """

    framework: ClassVar[str]
    tolerance: ClassVar[float] = 1e-6
    n_before: ClassVar[int] = 0

    def __init__(self) -> None:
        self.inputs, self.targets = two_moons()

    @abstractmethod
    def build(self, *, dense: bool) -> Any:
        """A 2–6–1 network of tanh and a sigmoid, or a model of another kind; always from the same start."""

    @abstractmethod
    def train(self, model: Any, n_steps: int, step: Callable[..., None] | None = None) -> list[float]:
        """Some updates; ``step(model or None, loss)`` is called after each. Returns the losses."""

    @abstractmethod
    def state(self, model: Any) -> list[np.ndarray]:
        """Everything that training changes, what is random included, as copies."""

    @abstractmethod
    def outputs(self, model: Any, points: np.ndarray) -> np.ndarray:
        """What the framework itself says: probabilities of shape (n_points, 1)."""

    def current(self, model: Any) -> Any:
        """The model as it is now; another object where updates make one."""
        return model

    def options(self, *, dense: bool) -> dict[str, Any]:
        """What has to be said to the recorder."""
        del dense
        return {}


class NumpyLoop(Loop):
    framework = "numpy"
    tolerance = 1e-12

    def build(self, *, dense: bool) -> Any:
        del dense
        generator = np.random.default_rng(0)
        return {
            "W1": generator.normal(size=(2, WIDTH)),
            "b1": np.zeros(WIDTH),
            "W2": generator.normal(size=(WIDTH, 1)),
            "b2": np.zeros(1),
        }

    def train(self, model: Any, n_steps: int, step: Callable[..., None] | None = None) -> list[float]:
        x, y, losses = self.inputs, self.targets[:, None], []
        for _ in range(n_steps):
            hidden = np.tanh(x @ model["W1"] + model["b1"])
            out = 1 / (1 + np.exp(-(hidden @ model["W2"] + model["b2"])))
            losses.append(float(-np.mean(y * np.log(out) + (1 - y) * np.log(1 - out))))
            delta = (out - y) / len(x)
            back = delta @ model["W2"].T * (1 - hidden**2)
            for name, gradient in (
                ("W1", x.T @ back),
                ("b1", back.sum(0)),
                ("W2", hidden.T @ delta),
                ("b2", delta.sum(0)),
            ):
                model[name] -= 0.5 * gradient
            if step is not None:
                step(None, losses[-1])
        return losses

    def state(self, model: Any) -> list[np.ndarray]:
        return [array.copy() for array in model.values()] + [np.array(np.random.get_state()[1])]

    def outputs(self, model: Any, points: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-(np.tanh(points @ model["W1"] + model["b1"]) @ model["W2"] + model["b2"])))

    def options(self, *, dense: bool) -> dict[str, Any]:
        # Shifted by what no activation does, it is no dense network any more.
        return (
            {"predict": self.outputs}
            if dense
            else {"predict": lambda model, points: self.outputs(model, points) ** 1.5}
        )


class TorchLoop(Loop):
    framework = "torch"

    def build(self, *, dense: bool) -> Any:
        import torch
        from torch import nn

        torch.manual_seed(0)
        if dense:
            return nn.Sequential(nn.Linear(2, WIDTH), nn.Tanh(), nn.Linear(WIDTH, 1), nn.Sigmoid())
        layers = (
            nn.Linear(2, WIDTH),
            nn.BatchNorm1d(WIDTH),
            nn.Dropout(0.2),
            nn.Tanh(),
            nn.Linear(WIDTH, 1),
            nn.Sigmoid(),
        )
        return nn.Sequential(*layers)

    def train(self, model: Any, n_steps: int, step: Callable[..., None] | None = None) -> list[float]:
        import torch

        x, y = torch.tensor(self.inputs).float(), torch.tensor(self.targets[:, None]).float()
        optimizer, losses = torch.optim.Adam(model.parameters(), lr=0.05), []
        for _ in range(n_steps):
            optimizer.zero_grad()
            loss = torch.nn.functional.binary_cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            if step is not None:
                step(None, loss)
        return losses

    def state(self, model: Any) -> list[np.ndarray]:
        import torch

        tensors = [*model.state_dict().values(), torch.get_rng_state()]
        tensors += [torch.tensor(float(module.training)) for module in model.modules()]
        gradients = [parameter.grad for parameter in model.parameters() if parameter.grad is not None]
        flags = [torch.tensor(float(parameter.requires_grad)) for parameter in model.parameters()]
        return [tensor.detach().clone().numpy() for tensor in (*tensors, *gradients, *flags)]

    def outputs(self, model: Any, points: np.ndarray) -> np.ndarray:
        import torch

        was_training = model.training
        model.eval()
        with torch.no_grad():
            found = model(torch.tensor(points).float()).numpy()
        model.train(was_training)
        return found


class SklearnLoop(Loop):
    framework = "sklearn"
    #: Its first pass makes the parameters: the recording begins after it.
    n_before = 1

    def build(self, *, dense: bool) -> Any:
        from sklearn.linear_model import SGDClassifier
        from sklearn.neural_network import MLPClassifier

        if not dense:
            return SGDClassifier(loss="log_loss", random_state=0)
        return MLPClassifier((WIDTH,), "tanh", alpha=0.0, learning_rate_init=0.05, batch_size=80, random_state=0)

    def train(self, model: Any, n_steps: int, step: Callable[..., None] | None = None) -> list[float]:
        losses = []
        for _ in range(n_steps):
            model.partial_fit(self.inputs, self.targets, classes=[0, 1])
            losses.append(float(getattr(model, "loss_", 0.5)))
            if step is not None:
                step(None, losses[-1])
        return losses

    def state(self, model: Any) -> list[np.ndarray]:
        arrays = [*model.coefs_, *model.intercepts_] if hasattr(model, "coefs_") else [model.coef_, model.intercept_]
        return [array.copy() for array in arrays] + [np.array(np.random.get_state()[1])]

    def outputs(self, model: Any, points: np.ndarray) -> np.ndarray:
        return model.predict_proba(points)[:, 1:]


class KerasLoop(Loop):
    framework = "keras"

    def build(self, *, dense: bool) -> Any:
        import keras

        keras.utils.set_random_seed(0)
        layers = keras.layers
        hidden = [layers.Dense(WIDTH, "tanh")]
        if not dense:
            hidden = [layers.Dense(WIDTH), layers.BatchNormalization(), layers.Activation("tanh"), layers.Dropout(0.2)]
        model = keras.Sequential([keras.Input((2,)), *hidden, layers.Dense(1, "sigmoid")])
        model.compile(keras.optimizers.Adam(0.05), "binary_crossentropy")
        return model

    def train(self, model: Any, n_steps: int, step: Callable[..., None] | None = None) -> list[float]:
        losses = []
        for _ in range(n_steps):
            losses.append(float(model.train_on_batch(self.inputs, self.targets[:, None])))
            if step is not None:
                step(None, losses[-1])
            # Keras reports a running mean over what came since the metrics were reset.
            model.reset_metrics()
        return losses

    def state(self, model: Any) -> list[np.ndarray]:
        import keras

        variables = (*model.variables, *model.optimizer.variables)
        return [np.array(keras.ops.convert_to_numpy(one.value)) for one in variables]

    def outputs(self, model: Any, points: np.ndarray) -> np.ndarray:
        import keras

        return keras.ops.convert_to_numpy(model(points, training=False))


class JaxLoop(Loop):
    framework = "jax"

    def build(self, *, dense: bool) -> Any:
        import jax

        del dense
        one, two = jax.random.split(jax.random.PRNGKey(0))
        hidden = {"w": jax.random.normal(one, (2, WIDTH)), "b": jax.numpy.zeros(WIDTH)}
        self.parameters = {
            "layer1": hidden,
            "layer2": {"w": jax.random.normal(two, (WIDTH, 1)), "b": jax.numpy.zeros(1)},
        }
        return self.parameters

    def train(self, model: Any, n_steps: int, step: Callable[..., None] | None = None) -> list[float]:
        import jax
        import jax.numpy as jnp

        x, y, losses = jnp.asarray(self.inputs), jnp.asarray(self.targets[:, None]), []

        def loss_of(parameters: Any) -> Any:
            out = self._forward(parameters, x)
            return -jnp.mean(y * jnp.log(out) + (1 - y) * jnp.log(1 - out))

        # The old parameters' memory is used again: who kept it would see it change.
        update = jax.jit(lambda p: jax.tree.map(lambda a, g: a - 0.5 * g, p, jax.grad(loss_of)(p)), donate_argnums=0)
        for _ in range(n_steps):
            loss = loss_of(self.parameters)
            self.parameters = update(self.parameters)
            losses.append(float(loss))
            if step is not None:
                step(self.parameters, loss)
        return losses

    def current(self, model: Any) -> Any:
        return self.parameters

    def _forward(self, parameters: Any, points: Any) -> Any:
        import jax

        one, two = parameters["layer1"], parameters["layer2"]
        return jax.nn.sigmoid(jax.numpy.tanh(points @ one["w"] + one["b"]) @ two["w"] + two["b"])

    def state(self, model: Any) -> list[np.ndarray]:
        import jax

        return [np.array(leaf) for leaf in jax.tree.leaves(self.parameters)]

    def outputs(self, model: Any, points: np.ndarray) -> np.ndarray:
        import jax.numpy as jnp

        return np.asarray(self._forward(self.parameters, jnp.asarray(points)))

    def options(self, *, dense: bool) -> dict[str, Any]:
        if dense:
            return {"predict": self._forward}
        return {"predict": lambda parameters, points: self._forward(parameters, points) ** 1.5}


LOOPS: dict[str, type[Loop]] = {one.framework: one for one in (NumpyLoop, TorchLoop, SklearnLoop, KerasLoop, JaxLoop)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What frameworks warn of when they are imported is theirs; what xorviz warns of stays an error."""
    for item in items:
        if "recorders" in item.path.parts or "examples" in item.path.name:
            for kind in ("DeprecationWarning", "FutureWarning", "UserWarning"):
                item.add_marker(pytest.mark.filterwarnings(f"ignore::{kind}"))


@pytest.fixture(params=LOOPS)
def loop(request: pytest.FixtureRequest) -> Iterator[Loop]:
    """The loop of every framework that is installed."""
    pytest.importorskip(
        request.param, reason=f"{request.param} is not installed; pip install 'xorviz[{request.param}]' brings it"
    )
    yield LOOPS[request.param]()


@pytest.fixture
def loops() -> dict[str, type[Loop]]:
    """Every framework's, installed or not."""
    return LOOPS
