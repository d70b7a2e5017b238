"""Loops that belong to a framework: Keras' fit, Lightning, Hugging Face; and an optimizer that is watched."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import xorviz
from xorviz.errors import UsageError

KERAS = "keras is not installed; pip install 'xorviz[keras]' brings it"


def test_watch_follows_the_optimizer(loops: Any, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed; pip install 'xorviz[torch]' brings it")
    loop = loops["torch"]()
    alone = loop.build(dense=True)
    x, y = torch.tensor(loop.inputs).float(), torch.tensor(loop.targets[:, None]).float()
    finals = []
    for is_watched in (False, True):
        model = loop.build(dense=True)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
        if is_watched:
            options = {"path": tmp_path / "run.xorviz", "strict": True}
            recorder = xorviz.watch(model, optimizer, loop.inputs, loop.targets, **options)
        losses = []
        for _ in range(12):
            optimizer.zero_grad()
            loss = torch.nn.functional.binary_cross_entropy(model(x), y)
            losses.append(loss.item())
            if is_watched:
                recorder.add_scalar("loss", loss)
            loss.backward()
            optimizer.step()
        finals.append(loop.state(model))
    recording = recorder.close()
    for one, other in zip(*finals, strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(recording.loss, losses)
    np.testing.assert_allclose(recording.snapshot_losses[:-1], losses, rtol=1e-5)
    np.testing.assert_allclose(recording.outputs(loop.inputs), loop.outputs(model, loop.inputs), atol=1e-6)
    optimizer.step()
    assert xorviz.load(tmp_path / "run.xorviz").n_steps == 12
    with pytest.raises(UsageError) as caught:
        xorviz.watch(alone, object(), loop.inputs, loop.targets)
    assert str(caught.value) == "optimizer must be one of PyTorch 2 or newer; got object."


def test_compiled_and_distributed_wrappers_are_looked_through(loops: Any) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed; pip install 'xorviz[torch]' brings it")
    loop = loops["torch"]()
    model = loop.build(dense=True)
    with xorviz.record(None, torch.nn.DataParallel(torch.compile(model)), loop.inputs, loop.targets) as recorder:
        loop.train(model, 3, lambda new, loss: recorder.step(loss=loss))
    assert recorder.recording.network.widths == (2, 6, 1)
    assert recorder.recording.title == "Sequential"


def test_keras_fit(loops: Any, tmp_path: Path) -> None:
    keras = pytest.importorskip("keras", reason=KERAS)
    loop = loops["keras"]()
    finals = []
    for is_recorded in (False, True):
        model = loop.build(dense=True)
        callback = xorviz.keras_callback(tmp_path / "run.xorviz", loop.inputs, loop.targets, strict=True)
        model.fit(
            loop.inputs,
            loop.targets[:, None],
            batch_size=20,
            epochs=3,
            validation_data=(loop.inputs[:10], loop.targets[:10, None]),
            verbose=0,
            callbacks=[callback] if is_recorded else [],
        )
        finals.append([np.array(one) for one in model.get_weights()])
    for one, other in zip(*finals, strict=True):
        np.testing.assert_array_equal(one, other)
    recording = xorviz.load(tmp_path / "run.xorviz")
    assert (recording.n_steps, recording.n_snapshots, recording.complete) == (12, 13, True)
    np.testing.assert_allclose(recording.outputs(loop.inputs), loop.outputs(model, loop.inputs), atol=1e-6)
    # Not the weights of the epoch's start over and over, which the model itself holds while JAX trains.
    assert (np.abs(np.diff(recording.parameter_vectors(), axis=0)).max(axis=1) > 0).all()
    np.testing.assert_array_equal(recording.series("val_loss").steps, [4, 8, 12])
    assert keras.backend.backend() in recording.versions["keras"]


def test_lightning(loops: Any, tmp_path: Path) -> None:
    lightning = pytest.importorskip(
        "lightning.pytorch", reason="lightning is not installed; pip install 'xorviz[lightning]' brings it"
    )
    import torch

    loop = loops["torch"]()

    class Module(lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.net = loop.build(dense=True)

        def forward(self, x: Any) -> Any:
            return self.net(x)

        def training_step(self, batch: Any, batch_idx: int) -> Any:
            loss = torch.nn.functional.binary_cross_entropy(self(batch[0]), batch[1])
            self.log("accuracy", 0.5)
            return loss

        def configure_optimizers(self) -> Any:
            return torch.optim.SGD(self.parameters(), lr=0.5)

    data = torch.utils.data.TensorDataset(
        torch.tensor(loop.inputs).float(), torch.tensor(loop.targets[:, None]).float()
    )
    module = Module()
    callback = xorviz.lightning_callback(tmp_path / "run.xorviz", loop.inputs, loop.targets, strict=True)
    quiet = {
        "logger": False,
        "enable_checkpointing": False,
        "enable_progress_bar": False,
        "enable_model_summary": False,
    }
    trainer = lightning.Trainer(max_epochs=5, accelerator="cpu", callbacks=[callback], **quiet)
    trainer.fit(module, torch.utils.data.DataLoader(data, batch_size=80))
    recording = xorviz.load(tmp_path / "run.xorviz")
    assert (recording.n_steps, recording.n_snapshots, recording.complete) == (5, 6, True)
    assert recording.network.widths == (2, 6, 1)
    np.testing.assert_allclose(recording.outputs(loop.inputs), loop.outputs(module, loop.inputs), atol=1e-6)
    np.testing.assert_allclose(recording.snapshot_losses[:-1], recording.loss, rtol=1e-5)
    assert recording.series("accuracy").values[-1] == 0.5


def test_hugging_face_trainer(loops: Any, tmp_path: Path) -> None:
    reason = "transformers and accelerate are not installed; pip install 'xorviz[transformers]' brings them"
    transformers = pytest.importorskip("transformers", reason=reason)
    pytest.importorskip("accelerate", reason=reason)
    import torch

    loop = loops["torch"]()

    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = loop.build(dense=True)

        def forward(self, x: Any, labels: Any = None) -> Any:
            out = self.net(x)
            if labels is None:
                return out
            return {"loss": torch.nn.functional.binary_cross_entropy(out, labels), "logits": out}

    rows = [
        {"x": torch.tensor(x).float(), "labels": torch.tensor([float(y)])}
        for x, y in zip(loop.inputs, loop.targets, strict=True)
    ]
    arguments = transformers.TrainingArguments(
        output_dir=str(tmp_path / "out"),
        max_steps=6,
        per_device_train_batch_size=80,
        logging_steps=2,
        report_to=[],
        save_strategy="no",
        disable_tqdm=True,
        use_cpu=True,
    )
    model = Model()
    callback = xorviz.transformers_callback(tmp_path / "run.xorviz", loop.inputs, loop.targets, strict=True)
    transformers.Trainer(model=model, args=arguments, train_dataset=rows, callbacks=[callback]).train()
    recording = xorviz.load(tmp_path / "run.xorviz")
    assert (recording.n_steps, recording.complete) == (6, True)
    np.testing.assert_allclose(recording.outputs(loop.inputs), loop.outputs(model, loop.inputs), atol=1e-6)
    assert len(recording.series("learning_rate")) >= 3


@pytest.mark.parametrize(
    ("extra", "module", "make"),
    [
        ("keras", "keras", "keras_callback"),
        ("lightning", "lightning", "lightning_callback"),
        ("transformers", "transformers", "transformers_callback"),
    ],
)
def test_a_missing_framework(monkeypatch: pytest.MonkeyPatch, extra: str, module: str, make: str) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: Any, **keywords: Any) -> Any:
        if name.partition(".")[0] == module:
            raise ImportError(name)
        return real(name, *arguments, **keywords)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError) as caught:
        getattr(xorviz, make)(None, [[0.0, 1.0]], [1])
    assert str(caught.value) == (f"{module} must be installed for this recorder. Run: pip install 'xorviz[{extra}]'.")
