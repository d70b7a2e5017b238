"""Modules and estimators as their users have them: Equinox and Flax with Optax, warm starts, DDP, layers by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import xorviz

N_STEPS = 8


def needs(module: str, extra: str) -> Any:
    return pytest.importorskip(module, reason=f"{module} is not installed; pip install 'xorviz[{extra}]' {module}")


def three_classes() -> tuple[np.ndarray, np.ndarray]:
    """60 points around three places, the class of each."""
    generator = np.random.default_rng(2)
    places = np.repeat([[0.0, 0.0], [2.0, 0.0], [1.0, 2.0]], 20, axis=0)
    return places + generator.normal(scale=0.4, size=(60, 2)), np.repeat([0, 1, 2], 20)


def check_dense(recording: Any, expected: np.ndarray, points: np.ndarray, widths: tuple[int, ...]) -> None:
    assert recording.network.widths == widths
    assert recording.n_steps == N_STEPS
    np.testing.assert_allclose(recording.outputs(points), expected, atol=1e-6)
    assert recording.verify().ok


def test_equinox_with_optax(loops: Any, tmp_path: Path) -> None:
    jax, equinox, optax = needs("jax", "jax"), needs("equinox", "jax"), needs("optax", "jax")
    loop = loops["jax"]()
    x, y = jax.numpy.asarray(loop.inputs), jax.numpy.asarray(loop.targets)
    key = jax.random.PRNGKey(0)
    model = equinox.nn.MLP(2, 1, 5, 1, jax.numpy.tanh, jax.nn.sigmoid, key=key)
    optimizer = optax.adam(0.05)
    state = optimizer.init(equinox.filter(model, equinox.is_array))

    @equinox.filter_jit
    def update(model: Any, state: Any) -> Any:
        def loss_of(model: Any) -> Any:
            out = jax.vmap(model)(x)[:, 0]
            return -jax.numpy.mean(y * jax.numpy.log(out) + (1 - y) * jax.numpy.log(1 - out))

        loss, gradients = equinox.filter_value_and_grad(loss_of)(model)
        changes, state = optimizer.update(gradients, state)
        return equinox.apply_updates(model, changes), state, loss

    losses = []
    with xorviz.record(tmp_path / "run.xorviz", model, loop.inputs, loop.targets, strict=True) as recorder:
        for _ in range(N_STEPS):
            model, state, loss = update(model, state)
            losses.append(float(loss))
            recorder.step(model, loss=loss)
    recording = recorder.recording
    check_dense(recording, np.asarray(jax.vmap(model)(x)), loop.inputs, (2, 5, 1))
    np.testing.assert_allclose(recording.snapshot_losses[:-1], losses, rtol=1e-5)
    assert recording.network.activations == ("tanh", "sigmoid")


def test_flax_with_optax(loops: Any, tmp_path: Path) -> None:
    jax, optax = needs("jax", "jax"), needs("optax", "jax")
    nnx = needs("flax.nnx", "jax")
    loop = loops["jax"]()
    x, y = jax.numpy.asarray(loop.inputs), jax.numpy.asarray(loop.targets)

    class Net(nnx.Module):
        def __init__(self, rngs: Any) -> None:
            self.hidden, self.out = nnx.Linear(2, 5, rngs=rngs), nnx.Linear(5, 1, rngs=rngs)

        def __call__(self, points: Any) -> Any:
            return self.out(jax.numpy.tanh(self.hidden(points)))

    model = Net(nnx.Rngs(0))
    optimizer = nnx.Optimizer(model, optax.sgd(0.5), wrt=nnx.Param)

    def loss_of(model: Any) -> Any:
        return optax.sigmoid_binary_cross_entropy(model(x)[:, 0], y).mean()

    with xorviz.record(tmp_path / "run.xorviz", model, loop.inputs, loop.targets, strict=True) as recorder:
        for _ in range(N_STEPS):
            loss, gradients = nnx.value_and_grad(loss_of)(model)
            optimizer.update(model, gradients)
            recorder.step(model, loss=loss)
    # The loss is of logits: what is drawn are probabilities.
    expected = np.asarray(jax.nn.sigmoid(model(x)))
    np.testing.assert_allclose(recorder.recording.outputs(loop.inputs), expected, atol=1e-6)
    assert recorder.recording.n_steps == N_STEPS
    assert recorder.recording.verify().ok


def test_a_warm_start(loops: Any) -> None:
    sklearn = needs("sklearn.neural_network", "sklearn")
    from sklearn.exceptions import ConvergenceWarning

    loop = loops["sklearn"]()
    estimator = sklearn.MLPClassifier(
        (5,), "tanh", alpha=0.0, max_iter=1, warm_start=True, learning_rate_init=0.05, batch_size=80, random_state=0
    )
    with (
        pytest.warns(ConvergenceWarning),
        xorviz.record(None, estimator, loop.inputs, loop.targets, strict=True) as recorder,
    ):
        for _ in range(N_STEPS + 1):
            estimator.fit(loop.inputs, loop.targets)
            recorder.step(loss=estimator.loss_)
    check_dense(recorder.recording, estimator.predict_proba(loop.inputs)[:, 1:], loop.inputs, (2, 5, 1))


def test_distributed_data_parallel(loops: Any, tmp_path: Path) -> None:
    torch = needs("torch", "torch")
    loop = loops["torch"]()
    torch.distributed.init_process_group("gloo", init_method=f"file://{tmp_path}/meet", rank=0, world_size=1)
    try:
        model = loop.build(dense=True)
        wrapped = torch.nn.parallel.DistributedDataParallel(model)
        with xorviz.record(None, wrapped, loop.inputs, loop.targets, strict=True) as recorder:
            loop.train(wrapped, N_STEPS, lambda new, loss: recorder.step(loss=loss))
        check_dense(recorder.recording, loop.outputs(model, loop.inputs), loop.inputs, (2, 6, 1))
    finally:
        torch.distributed.destroy_process_group()


def test_three_classes_of_a_model_of_another_kind() -> None:
    torch = needs("torch", "torch")
    points, classes = three_classes()
    torch.manual_seed(0)
    nn = torch.nn
    model = nn.Sequential(nn.Linear(2, 8), nn.LayerNorm(8), nn.GELU(), nn.Linear(8, 3))
    x, y = torch.tensor(points).float(), torch.tensor(classes)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    losses = []
    with xorviz.record(None, model, points, classes, layers=("2",), n_grid=15, strict=True) as recorder:
        for _ in range(40):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            recorder.step(loss=loss)
    recording = recorder.recording
    assert (recording.task, recording.is_dense) == ("multiclass", False)
    with torch.no_grad():
        expected = torch.softmax(model(x), 1).numpy()
        hidden = model[:3](x).numpy()
    np.testing.assert_allclose(recording.outputs(points), expected, atol=1e-6)
    np.testing.assert_allclose(recording.hidden(points)[0], hidden, atol=1e-6)
    np.testing.assert_allclose(recording.snapshot_losses[:-1], losses, rtol=1e-5)
    assert recording.n_correct(-1) == (expected.argmax(1) == classes).sum() > 50


def test_hidden_layers_of_keras(loops: Any) -> None:
    keras = needs("keras", "keras")
    loop = loops["keras"]()
    keras.utils.set_random_seed(0)
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((2,)), layers.Dense(4, name="first"), layers.BatchNormalization(), layers.Dense(1, "sigmoid")]
    )
    model.compile("sgd", "binary_crossentropy")
    with xorviz.record(None, model, loop.inputs, loop.targets, layers=("first",), strict=True) as recorder:
        loop.train(model, 3, lambda new, loss: recorder.step(loss=loss))
    recording = recorder.recording
    np.testing.assert_allclose(recording.outputs(loop.inputs), loop.outputs(model, loop.inputs), atol=1e-6)
    first = keras.ops.convert_to_numpy(model.get_layer("first")(loop.inputs.astype("float32")))
    np.testing.assert_allclose(recording.hidden(loop.inputs)[0], first, atol=1e-6)
