"""Old runs: arrays in memory, state dicts and safetensors in a folder, by call and by command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import xorviz
from xorviz.errors import UsageError, XorvizError
from xorviz.render.app import main

TORCH = "torch is not installed; pip install 'xorviz[torch]' brings it"
SAFETENSORS = "safetensors is not installed; pip install 'xorviz[safetensors]' brings it"
LAYERS = ("tanh", "sigmoid")


def states(loop: Any, n: int = 5) -> list[dict[str, np.ndarray]]:
    """The weights of NumPy's loop after every fourth update."""
    model, found = loop.build(dense=True), []
    for k in range(n):
        if k:
            loop.train(model, 4)
        found.append({name: array.copy() for name, array in model.items()})
    return found


def test_arrays_in_memory(loops: Any, tmp_path: Path) -> None:
    loop = loops["numpy"]()
    kept = states(loop)
    steps = [0, 4, 8, 12, 16]
    options = {"out": tmp_path / "run.xorviz", "steps": steps, "activations": LAYERS}
    recording = xorviz.import_run(kept, loop.inputs, loop.targets, **options)
    np.testing.assert_array_equal(recording.steps, steps)
    for k, state in enumerate(kept):
        np.testing.assert_array_equal(recording.parameters["W1"][k], state["W1"])
        np.testing.assert_allclose(recording.outputs(loop.inputs, k), loop.outputs(state, loop.inputs), atol=1e-12)
    assert recording.verify().ok
    assert xorviz.load(tmp_path / "run.xorviz").complete
    with pytest.raises(UsageError) as caught:
        xorviz.import_run(kept, loop.inputs, loop.targets, steps=[0, 1, 1, 2, 3], activations=LAYERS)
    assert str(caught.value) == "steps must be 5 rising numbers, one a checkpoint; got [0, 1, 1, 2, 3]."


def test_a_folder_of_state_dicts(loops: Any, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason=TORCH)
    loop, folder = loops["torch"](), tmp_path / "checkpoints"
    folder.mkdir()
    model = loop.build(dense=True)
    outputs = []
    # Names out of alphabetical order, weights beside other things, the prefix of a compiled model.
    for step in (2, 10, 100):
        loop.train(model, 3)
        outputs.append(loop.outputs(model, loop.inputs))
        state = {f"_orig_mod.{name}": value for name, value in model.state_dict().items()}
        torch.save({"state_dict": state, "epoch": step}, folder / f"epoch-{step}.pt")
    by_model = xorviz.import_run(folder, loop.inputs, loop.targets, model=loop.build(dense=True))
    by_names = xorviz.import_run(folder, loop.inputs, loop.targets, activations=LAYERS)
    for recording in (by_model, by_names):
        np.testing.assert_array_equal(recording.steps, [0, 8, 98])
        for k, expected in enumerate(outputs):
            np.testing.assert_allclose(recording.outputs(loop.inputs, k), expected, atol=1e-6)
    torch.save(loop, folder / "epoch-200.pt")
    with pytest.raises(XorvizError, match=r"epoch-200.pt' cannot be read as weights: "):
        xorviz.import_run(folder, loop.inputs, loop.targets, activations=LAYERS)


def test_the_command_on_safetensors(loops: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    numpy_files = pytest.importorskip("safetensors.numpy", reason=SAFETENSORS)
    loop, folder = loops["numpy"](), tmp_path / "kept"
    folder.mkdir()
    kept = states(loop, 3)
    for step, state in enumerate(kept):
        numpy_files.save_file(state, folder / f"{step:03}.safetensors")
    rows = "\n".join(f"{x!r},{y!r},{int(t)}" for (x, y), t in zip(loop.inputs.tolist(), loop.targets, strict=True))
    (tmp_path / "points.csv").write_text(f"x,y,class\n{rows}\n")
    out = tmp_path / "run.xorviz"
    words = ["import", str(folder), "--data", str(tmp_path / "points.csv"), "--out", str(out), "--json", "--quiet"]
    assert main([*words, "--activation", "tanh", "--activation", "sigmoid"]) == 0
    assert json.loads(capsys.readouterr().out)["path"] == str(out)
    recording = xorviz.load(out)
    np.testing.assert_allclose(recording.outputs(loop.inputs), loop.outputs(kept[-1], loop.inputs), atol=1e-9)
    assert main(["import", str(tmp_path / "nowhere"), "--data", str(tmp_path / "points.csv")]) == 2
    assert "checkpoints must be a folder; got " in capsys.readouterr().err
