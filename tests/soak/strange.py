"""Runs whose numbers are none, or too large, or always the same, or hardly there."""

from __future__ import annotations

import random
import warnings
from pathlib import Path

import msgspec
import numpy as np

from tests import rows
from tests.soak._words import said
from xorviz.encoders import FORMATS
from xorviz.errors import UsageError
from xorviz.panels import KINDS, panel
from xorviz.production.canvas import Canvas
from xorviz.recordings.recording import Recording
from xorviz.recordings.recording_writer import RecordingWriter
from xorviz.scenes.scene import Scene
from xorviz.timing.timeline import timelines

#: From a name to losses and parameters, step by step; the gradients are the parameters' negatives.
_SERIES: dict[str, tuple[list[float], list[float]]] = {
    "NaN": ([0.7, 0.6, np.nan, np.nan], [0.1, 0.5, np.nan, np.nan]),
    "infinite": ([0.7, 3.0, np.inf, np.inf], [0.1, 1e200, np.inf, -np.inf]),
    "NaN from the start": ([np.nan] * 3, [np.nan] * 3),
    "huge": ([1e308, 1e308, 1.7e308], [1e308, -1e308, 1.7e308]),
    "tiny": ([5e-324, 1e-310, 0.0], [5e-324, -5e-324, 0.0]),
    "constant": ([0.5] * 4, [0.3] * 4),
    "empty": ([0.7], [0.1]),
    "one step": ([0.7, 0.6], [0.1, 0.2]),
}
#: What needs more than a recording: a study, a function, a second run, one input.
_LEFT_OUT = {"function", "difference", "curve"}
_REQUIRED = {"metric": {"names": ("loss",)}}
_SHORT = ("--scene", "traces", "--size", "160x90", "--fps", "5", "--duration", "2", "--hold", "0.2", "--workers", "1")


def _run(path: Path | None, name: str) -> Recording:
    losses, values = _SERIES[name]
    with RecordingWriter(path, msgspec.structs.replace(rows.HEADER, title=name)) as writer:
        for step, (loss, value) in enumerate(zip(losses, values, strict=True)):
            nine = np.full(9, value)
            writer.add(step, losses[step - 1 : step], loss=loss, parameters=nine, gradients=-nine)
        return writer.close()


def strange_panels(n: int, generator: random.Random, folder: Path) -> str:
    """Every panel draws every strange run: the first and the last frame, without a warning.

    What an encoder gets is pixels, whatever the run was: every panel with every run, and every format with every run,
    is all there is. Broken on purpose (round numbers sought in a range that is none) this fails at the first such run.
    """
    kinds = [kind for kind in KINDS if kind not in _LEFT_OUT and _shows_recordings(kind)]
    n_drawn = 0
    for name in _SERIES:
        recording = _run(None, name)
        for kind in kinds:
            strips = {"header": kind != "header", "time_bar": kind != "time"}
            scene = Scene(
                rows=(kind,), size=(200, 140), duration_s=3.0, panels={kind: _REQUIRED.get(kind, {})}, **strips
            )
            try:
                with warnings.catch_warnings(action="error"):
                    lines = timelines([recording], **scene.playing)
                    canvas = Canvas([recording], scene, lines)
                    pictures = [canvas.draw(index).copy() for index in (0, len(lines[0]) - 1)]
            except UsageError as refused:
                raise AssertionError(f"{kind} refused {name}: {refused}") from refused
            assert all((picture[..., 3] == 255).all() for picture in pictures)
            n_drawn += 1
    return f"{len(kinds)} panels with {len(_SERIES)} strange runs: {n_drawn} drawn"


def _shows_recordings(kind: str) -> bool:
    return panel({"kind": kind, **_REQUIRED.get(kind, {})}).shows != "study"


def strange_formats(n: int, generator: random.Random, folder: Path) -> str:
    """Every format of every strange run: exit 0, the last line says where it diverged; ``--fail-on-nan`` exits 1.

    Broken on purpose (``--fail-on-nan`` not looked at) this fails at the first run of NaN.
    """
    n_rendered = 0
    for number, name in enumerate(_SERIES):
        run = folder / f"{number}.xorviz"
        recording = _run(run, name)
        for suffix in FORMATS:
            code, text = said("render", str(run), *_SHORT, "--out", str(folder / f"{number}{suffix}"))
            last = text.splitlines()[-1]
            assert code == 0, (name, suffix, text)
            assert ("diverged at step" in last) == (recording.diverged_at is not None), (name, suffix, last)
            assert "Warning" not in text, (name, suffix, text)
            n_rendered += 1
        code, text = said("render", str(run), *_SHORT, "--fail-on-nan", "--out", str(folder / "checked.gif"))
        assert code == (0 if recording.diverged_at is None else 1), (name, text)
        assert (folder / "checked.gif").exists() == (code == 0)
        (folder / "checked.gif").unlink(missing_ok=True)
    return f"{n_rendered} files of {len(_SERIES)} strange runs"
