"""What is to be drawn: the jobs that every contender gets, from the same recording and the same snapshots."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

FPS = 25
N_GRID = 100


@dataclass(frozen=True)
class Job:
    """One thing to draw.

    Attributes:
        name: what `--scene` calls it.
        title: what the table calls it.
        drawing: ``"dashboard"``, four panels, or ``"surface"`` alone.
        size: width and height of the frame in pixels.
        suffix: of the file, ``.mp4`` or ``.gif``.
        n_frames: how many frames xorviz draws.
        n_peer: how many frames the others draw, which are slow.
        n_quick: how many frames xorviz draws with ``--quick``; the others a third of `n_peer`.
        orbit_deg: how far the camera goes round the surface.
        hold_s: how long the last frame stays.
    """

    name: str
    title: str
    drawing: str
    size: tuple[int, int]
    suffix: str
    n_frames: int
    n_peer: int
    n_quick: int
    orbit_deg: float = 0.0
    hold_s: float = 0.0


JOBS = {
    job.name: job
    for job in (
        Job("dashboard", "Four panels, 1280×720, MP4", "dashboard", (1280, 720), ".mp4", 240, 12, 120),
        Job("surface", "Orbited surface, 800×800, MP4", "surface", (800, 800), ".mp4", 240, 12, 60, orbit_deg=360.0),
        Job("gif", "The default, 960×540, GIF", "dashboard", (960, 540), ".gif", 102, 12, 50, hold_s=1.5),
        Job("long-mp4", "1280×720, MP4", "dashboard", (1280, 720), ".mp4", 10_000, 100, 1000),
        Job("long-gif", "1280×720, GIF", "dashboard", (1280, 720), ".gif", 10_000, 240, 1000),
    )
}
SCENES = {"dashboard": ("dashboard",), "surface": ("surface",), "gif": ("gif",), "lengths": ("long-mp4", "long-gif")}
TINY = Job("tiny", "Tiny, for the tests", "dashboard", (320, 180), ".gif", 4, 3, 3)
TINY_MP4 = replace(TINY, name="tiny-mp4", suffix=".mp4")


@dataclass(frozen=True)
class Shown:
    """What one frame of matplotlib's shows: arrays only, so that it travels to another process."""

    n_frames: int
    fraction: float
    snapshot: int
    grid: tuple[Any, Any]
    outputs: Any
    points: Any
    targets: Any
    steps: Any
    losses: Any
    norms: dict[str, Any]


class Work:
    """A job of so many frames: the recording, the scene and the snapshot of every frame.

    Args:
        job: what to draw.
        n_frames: how many frames.
        n_timeline: of how many frames the timeline is, from which ``n_frames`` are picked evenly; all if not given.
    """

    def __init__(self, job: Job, n_frames: int, n_timeline: int | None = None) -> None:
        import numpy as np

        import xorviz
        from xorviz.scenes.scene import SCENES
        from xorviz.timing.timeline import FIRST_HOLD_S, timeline

        self.job, self.n_frames = job, n_frames
        self.recording = xorviz.train("backprop", seed=0)
        n_timeline = n_timeline or n_frames
        scene = SCENES[job.drawing].changed(
            size=job.size, fps=FPS, hold_s=job.hold_s, duration_s=n_timeline / FPS + FIRST_HOLD_S + job.hold_s
        )
        if job.orbit_deg:
            scene = scene.changed(panels={"surface": {"orbit_deg": job.orbit_deg}})
        self.scene = scene
        self.timeline = timeline(
            self.recording, clock=scene.clock, fps=FPS, duration_s=scene.duration_s, hold_s=scene.hold_s
        )
        picked = np.linspace(0, len(self.timeline) - 1, n_frames).round().astype(int)
        self.snapshots = self.timeline.snapshots[picked]

    @cached_property
    def _still(self) -> dict[str, Any]:
        """What all frames share."""
        import numpy as np

        recording = self.recording
        axes = [np.linspace(low, high, N_GRID) for low, high in recording.bounds]
        norms = {f"‖∇{name}‖": np.sqrt((recording.gradients[name] ** 2).sum(axis=(1, 2))) for name in ("W1", "W2")}
        return {
            "n_frames": self.n_frames,
            "grid": tuple(np.meshgrid(*axes)),
            "points": recording.inputs,
            "targets": recording.targets[:, 0],
            "steps": recording.steps,
            "losses": recording.snapshot_losses,
            "norms": norms,
        }

    def shown(self, index: int) -> Shown:
        """What the frame at this position shows, the forward pass on the grid included."""
        import numpy as np

        xs, ys = self._still["grid"]
        snapshot = int(self.snapshots[index])
        outputs = self.recording.outputs(np.stack([xs, ys], axis=-1).reshape(-1, 2), snapshot=snapshot)
        fraction = index / max(self.n_frames - 1, 1)
        return Shown(fraction=fraction, snapshot=snapshot, outputs=outputs[:, 0].reshape(xs.shape), **self._still)
