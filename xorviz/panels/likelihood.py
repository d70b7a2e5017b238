"""How well an output goes with a target, over all of both, and where the data points are on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.camera import Camera
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.artists.surface import HeightField
from xorviz.learning.losses import CLIP
from xorviz.panels._base import Paint, Panel, require_binary
from xorviz.panels._box import Box
from xorviz.panels._plane.level_lines import level_lines
from xorviz.panels._points.markers import point_markers
from xorviz.panels.axes import TITLE_PT
from xorviz.panels.surface import Degrees, Elevation
from xorviz.panels.ticks import loss_text, value_text
from xorviz.recordings.recording import Recording
from xorviz.styles.color import ramp
from xorviz.styles.themes import Theme
from xorviz.timing.timeline import Frame

Array = NDArray[np.float64]
_UNIT = (0.0, 1.0)
# None at one half, where two level lines cross.
_LEVELS = (np.arange(8) + 0.5) / 8
# The viewer stands where the surface is low.
# A loss grows without end where an output denies its target; nearer to 0 and 1 than e⁻⁴, 0.02, it is as it is there.
_HIGHEST_LOSS = 4.0
_NEAREST = float(np.exp(-_HIGHEST_LOSS))


def bernoulli_losses(outputs: Array, targets: Array) -> Array:
    """Negative logarithm of the likelihood of targets, given outputs.

    Args:
        outputs (float array of shape (n,)): probabilities; kept from 0 and 1 by 1e-15, NaN stays.
        targets (float array of shape (n,)): from 0 to 1.

    Returns:
        (float64 array of shape (n,)): −ln of pʸ (1 − p)¹⁻ʸ, 0 or more.

    References:
        C. M. Bishop, Pattern Recognition and Machine Learning (2006), eqs. 4.89 and 4.90.
    """
    p = np.clip(np.asarray(outputs, dtype=np.float64), CLIP, 1 - CLIP)
    losses: Array = -(targets * np.log(p) + (1 - targets) * np.log(1 - p))
    return losses


@dataclass(frozen=True)
class LikelihoodMeasured:
    """What a likelihood shows.

    Attributes:
        recording: evaluated at every frame's snapshot.
        heights: lowest and highest value of the box.
    """

    recording: Recording
    heights: tuple[float, float]


@dataclass(frozen=True)
class LikelihoodPanel(Panel):
    """The likelihood of a target given an output, or the loss that comes of it, as a surface over both.

    It belongs to outputs that are probabilities, whatever loss the run descended; others are taken as 0 or 1. The data
    points move across it with the network's first output.

    Attributes:
        of: ``"likelihood"``, p for a target of 1 and 1 − p for a target of 0; or ``"loss"``, minus its logarithm.
        elevation_deg: angle of the viewer above the floor, in degrees, from 1 to 90.
        azimuth_deg: direction of the viewer around the vertical axis, in degrees from the output's axis.
    """

    kind: ClassVar[str] = "likelihood"
    of: Literal["likelihood", "loss"] = "likelihood"
    elevation_deg: Elevation = 30.0
    azimuth_deg: Degrees = -60.0

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> LikelihoodMeasured:
        """See `Panel.measure`."""
        del snapshots
        require_binary(recording, self.kind)
        return LikelihoodMeasured(recording, _UNIT if self.of == "likelihood" else (0.0, _HIGHEST_LOSS))

    def _values(self, outputs: Array, targets: Array) -> Array:
        """Likelihood or loss, the latter no higher than the box: float64 array of the arguments' shape."""
        if self.of == "likelihood":
            return np.exp(-bernoulli_losses(outputs, targets))
        return bernoulli_losses(np.clip(outputs, _NEAREST, 1 - _NEAREST), targets)

    def attach(self, place: Place, measured: LikelihoodMeasured, theme: Theme) -> Paint:
        """Box and surface, which stand, and points, which move; see `Panel.attach`."""
        pt, recording = place.pt, measured.recording
        inputs, targets = recording.inputs, np.clip(recording.targets[:, 0], 0.0, 1.0)
        camera = self._camera(place)
        box = Box(place, (_UNIT, _UNIT), measured.heights, _ticks(camera), [camera], theme, ("p", "y"))
        box.set_camera(camera)
        markers = point_markers(np.empty((0, 2)), np.empty(0, dtype=bool), theme, 12.0 * pt)
        stems = Polylines(theme.ink, 1.2 * pt, alpha=0.75)
        words, mean = self._titles(place, theme)

        def update(frame: Frame) -> None:
            outputs = np.clip(recording.outputs(inputs, snapshot=frame.snapshot)[:, 0], 0.0, 1.0)
            floor = np.stack([outputs - 0.5, targets - 0.5, np.full(len(targets), -0.5)], axis=-1)
            ends = floor.copy()
            ends[:, 2] = self._values(outputs, targets) / measured.heights[1] - 0.5
            at = camera.project(ends)
            stems.lines = list(camera.project(np.stack([floor, ends], axis=1)))
            for marker, a_class in zip(markers, (False, True), strict=True):
                marker.points = at[(targets > 0.5) == a_class]
            with np.errstate(all="ignore"):
                mean_loss = float(bernoulli_losses(outputs, targets).mean())
            mean.text = loss_text(mean_loss) if self.of == "loss" else value_text(np.exp(-mean_loss), 3)

        return Paint((*words, box, *self._surface(place, camera, theme)), (stems, *markers, mean), update, "snapshot")

    def _camera(self, place: Place) -> Camera:
        """As near as the box fits the place."""
        across, up = Camera(self.elevation_deg, self.azimuth_deg).extent()
        center = ((place.left + place.right) / 2, (place.bottom + place.top) / 2)
        return Camera(self.elevation_deg, self.azimuth_deg, center, min(place.width / across, place.height / up))

    def _titles(self, place: Place, theme: Theme) -> tuple[list[Label], Label]:
        """What it is, on the left; on the right its mean over the points, in words and as a number."""
        pt, above = place.pt, place.top + 9 * place.pt
        word, number = TextStyle(12.5 * pt, theme.muted), TextStyle(12.5 * pt, theme.ink, "Semibold")
        left = place.right - text_width_px("0.0e−0", number)
        name = "geometric mean" if self.of == "likelihood" else "mean"
        style = TextStyle(TITLE_PT * pt, theme.ink, "Semibold")
        room = left - 17 * pt - text_width_px(name, word) - place.left
        long = f"{self.of} of target y at output p"
        title = Label(place.left, above, style, long if text_width_px(long, style) < room else self.of)
        return [title, Label(left - 5 * pt, above, word, name, "right")], Label(left, above, number)

    def _surface(self, place: Place, camera: Camera, theme: Theme) -> Iterator[Artist]:
        """The surface and level lines on it."""
        top = 1.0 if self.of == "likelihood" else _HIGHEST_LOSS
        surface = HeightField(place.box_px, ramp([(0.0, theme.muted), (1.0, theme.faint)]), _UNIT)
        surface.set_camera(camera)
        outputs, targets = np.moveaxis(surface.floor.astype(np.float64) + 0.5, -1, 0)
        values = self._values(outputs, targets) / top
        surface.set_values((values - 0.5).astype(np.float32))
        yield surface
        lines = Polylines(theme.ink, 1.0 * place.pt, alpha=0.4)
        lines.lines = [
            line for level in _LEVELS for line in surface.on_surface(level_lines(values, level), level - 0.5)
        ]
        yield lines


def _ticks(camera: Camera) -> Array:
    """Halves and ends of both axes, but for the one whose number would lie on that of the heights: (3, 2)."""
    near_x, near_y = (0.5 if toward > 0 else -0.5 for toward in camera.toward)
    ends = [(-near_x, near_y, 0.0), (near_x, -near_y, 0.0)]
    axis = int(np.argmin(camera.project(ends)[:, 0]))
    ticks = np.array([0.0, 0.5, 1.0])[:, None].repeat(2, axis=1)
    ticks[ticks[:, axis] == ends[axis][axis] + 0.5, axis] = 0.5
    return ticks
