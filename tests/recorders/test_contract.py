"""What every recorder promises, whatever framework it looks into."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import xorviz
from xorviz.errors import RecorderWarning, UsageError
from xorviz.learning.network import Network

N_STEPS = 16


class RecorderTests:
    """Run on the loop of every framework."""

    def record(self, loop: Any, model: Any, path: Path | None = None, n_steps: int = N_STEPS, **options: Any) -> Any:
        dense = options.pop("dense", True)
        chosen = {"strict": True, **loop.options(dense=dense), **options}
        with xorviz.record(path, model, loop.inputs, loop.targets, **chosen) as recorder:
            losses = loop.train(model, n_steps, lambda new, loss: recorder.step(new, loss=loss))
        return recorder.recording, losses

    @pytest.mark.parametrize("dense", [True, False])
    def test_training_is_not_changed(self, loop: Any, dense: bool) -> None:
        alone = loop.build(dense=dense)
        loop.train(alone, N_STEPS)
        expected = loop.state(alone)
        watched = loop.build(dense=dense)
        self.record(loop, watched, dense=dense)
        for one, other in zip(loop.state(watched), expected, strict=True):
            np.testing.assert_array_equal(one, other)

    def test_a_dense_network_replays(self, loop: Any, tmp_path: Path) -> None:
        model = loop.build(dense=True)
        start = None if loop.n_before else loop.outputs(model, loop.inputs)
        recording, losses = self.record(loop, model, tmp_path / "run.xorviz")
        assert recording.network == Network(widths=(2, 6, 1), activations=("tanh", "sigmoid"))
        losses = losses[loop.n_before :]
        assert recording.n_steps == len(losses)
        np.testing.assert_array_equal(recording.steps, np.arange(len(losses) + 1))
        if start is not None:
            np.testing.assert_allclose(recording.outputs(loop.inputs, 0), start, atol=1e-6)
        elsewhere = np.random.default_rng(0).uniform(-2, 3, (200, 2))
        for points in (loop.inputs, elsewhere):
            np.testing.assert_allclose(recording.outputs(points), loop.outputs(model, points), atol=1e-6)
        assert recording.verify().ok
        assert recording.complete
        np.testing.assert_allclose(recording.loss, losses, rtol=1e-6)
        # The loss is recognised: that of the snapshots is that which the loop reports.
        assert recording.objective.kind == "cross_entropy"
        np.testing.assert_allclose(recording.snapshot_losses[:-1], losses, rtol=max(loop.tolerance, 1e-9) * 50)

    def test_gradients_are_those_of_the_snapshot(self, loop: Any) -> None:
        recording, _ = self.record(loop, loop.build(dense=True))
        _, expected = recording.network.gradient(
            recording.parameter_vectors(), recording.inputs, recording.targets, recording.objective
        )
        np.testing.assert_allclose(recording.gradient_vectors(), expected, atol=1e-6)

    def test_another_model_is_sampled(self, loop: Any, tmp_path: Path) -> None:
        model = loop.build(dense=False)
        recording, _ = self.record(loop, model, tmp_path / "run.xorviz", dense=False, n_grid=21)
        with pytest.raises(UsageError, match="recording must hold the parameters of a dense network; got "):
            _ = recording.network
        asked, model = loop.options(dense=False).get("predict", loop.outputs), loop.current(model)
        np.testing.assert_allclose(recording.outputs(loop.inputs), asked(model, loop.inputs), atol=1e-6)
        (x_low, x_high), (y_low, y_high) = recording.bounds
        grid = np.stack(np.meshgrid(np.linspace(x_low, x_high, 21), np.linspace(y_low, y_high, 21)), -1).reshape(-1, 2)
        np.testing.assert_allclose(recording.outputs(grid), asked(model, grid), atol=1e-6)
        middle = (grid[0] + grid[1] + grid[21] + grid[22]) / 4
        corners = asked(model, grid[[0, 1, 21, 22]])
        np.testing.assert_allclose(recording.outputs([middle])[0], corners.mean(0), atol=1e-6)
        assert recording.verify().ok

    def test_what_goes_wrong_is_warned_of_once(self, loop: Any, tmp_path: Path) -> None:
        path = tmp_path / "run.xorviz"
        model = loop.build(dense=True)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            with xorviz.record(path, model, loop.inputs, loop.targets, **loop.options(dense=True)) as recorder:
                loop.train(model, 10, lambda new, loss: recorder.step(new, loss=loss))
                loop.train(model, 10, lambda new, loss: recorder.step(new, loss="three"))
        ours = [str(one.message) for one in caught if issubclass(one.category, RecorderWarning)]
        assert len(ours) == 1
        assert ours[0].startswith(f"recording stopped at step {10 - loop.n_before}, training goes on: ")
        kept = xorviz.load(path)
        assert not kept.complete
        assert kept.n_steps >= 0
        assert kept.verify().ok
        model = loop.current(model)
        with (
            pytest.raises(ValueError, match="three"),
            xorviz.record(None, model, loop.inputs, loop.targets, strict=True, **loop.options(dense=True)) as recorder,
        ):
            loop.train(model, 3, lambda new, loss: recorder.step(new, loss="three"))

    def test_an_exception_in_the_loop_keeps_what_was_recorded(self, loop: Any, tmp_path: Path) -> None:
        path, model = tmp_path / "run.xorviz", loop.build(dense=True)
        with (
            pytest.raises(ZeroDivisionError) as caught,
            xorviz.record(path, model, loop.inputs, loop.targets, **loop.options(dense=True)) as recorder,
        ):
            loop.train(model, 12, lambda new, loss: recorder.step(new, loss=loss))
            raise ZeroDivisionError
        assert caught.value.__notes__ == [f"What was recorded until then is in {str(path)!r}."]
        assert (xorviz.load(path).n_steps, xorviz.load(path).complete) == (12 - loop.n_before, False)

    def test_scalars(self, loop: Any) -> None:
        model = loop.build(dense=True)
        with xorviz.record(None, model, loop.inputs, loop.targets, **loop.options(dense=True)) as recorder:

            def step(new: Any, loss: Any) -> None:
                recorder.step(new, loss=loss, lr=0.5 / (1 + recorder.n_steps))
                if recorder.n_steps % 5 == 0 and recorder.n_steps:
                    recorder.add_scalar("val_loss", 1.0 / recorder.n_steps, recorder.n_steps)

            loop.train(model, 20 + loop.n_before, step)
        recording = recorder.recording
        np.testing.assert_array_equal(recording.series("lr").values, 0.5 / (1 + np.arange(20.0)))
        np.testing.assert_array_equal(recording.series("val_loss").steps, [5, 10, 15, 20])
        expected = np.full(21, np.nan)
        expected[[5, 10, 15, 20]] = 1 / np.array([5, 10, 15, 20])
        np.testing.assert_array_equal(recording.metrics["val_loss"], expected)


class TestEveryRecorder(RecorderTests):
    pass
