"""The scripts of examples/: they run, their recordings are verified by their frameworks, one recipe draws them all."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import xorviz
from xorviz.learning.network import Network

EXAMPLES = Path(__file__).parents[2] / "examples"
MOST_LINES = 25
RECIPE = 'rows = ["field network", "loss gradients"]\nsize = [640, 400]\nfps = 4\nduration_s = 3\n'


def of_torch(net: Any, points: np.ndarray) -> np.ndarray:
    import torch

    with torch.no_grad():
        return torch.sigmoid(net(torch.tensor(points).float())).numpy()


def of_keras(net: Any, points: np.ndarray) -> np.ndarray:
    return np.asarray(net(points, training=False))


def of_jax(net: Any, points: np.ndarray) -> np.ndarray:
    import jax.numpy as jnp

    (w1, b1), (w2, b2) = net
    return np.asarray(1 / (1 + jnp.exp(-(jnp.tanh(jnp.asarray(points) @ w1 + b1) @ w2 + b2))))


def of_numpy(net: Any, points: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-(np.tanh(points @ net["W1"] + net["b1"]) @ net["W2"] + net["b2"])))


def of_sklearn(net: Any, points: np.ndarray) -> np.ndarray:
    return net.predict_proba(points)[:, 1:]


ASKED: dict[str, Callable[[Any, np.ndarray], np.ndarray]] = {
    **{"numpy": of_numpy, "torch": of_torch, "keras": of_keras, "jax": of_jax, "sklearn": of_sklearn}
}


@pytest.mark.parametrize("framework", ASKED)
def test_the_same_network_in_every_framework(framework: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip(framework, reason=f"{framework} is not installed; pip install 'xorviz[{framework}]' brings it")
    script = EXAMPLES / f"moons_{framework}.py"
    assert len(script.read_text(encoding="utf-8").splitlines()) <= MOST_LINES
    monkeypatch.chdir(tmp_path)
    left = runpy.run_path(str(script))
    recording = xorviz.load(f"{framework}.xorviz")
    assert recording.network == Network(widths=(2, 8, 1), activations=("tanh", "sigmoid"))
    assert recording.objective.kind == "cross_entropy"
    assert recording.final_loss < 0.4
    assert recording.verify().ok
    plane = np.random.default_rng(0).uniform(-2, 3, (500, 2))
    for points in (recording.inputs, plane):
        np.testing.assert_allclose(recording.outputs(points), ASKED[framework](left["net"], points), atol=1e-6)
    Path("moons.toml").write_text(f'source = "{framework}.xorviz"\n{RECIPE}', encoding="utf-8")
    from xorviz.render.app import main

    assert main(["render", "moons.toml", "--out", "moons.gif", "--quiet", "--workers", "1"]) == 0
    with Image.open("moons.gif") as gif:
        assert gif.size == (640, 400)
