"""What each unit of a layer says over the input plane: a small field for every one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.field import FieldImage
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.learning.activations import run
from xorviz.panels._base import Paint, Panel, require_network, require_plane
from xorviz.panels._diagram.diagram import sampled_snapshots
from xorviz.panels._diagram.pictures import activation_spans
from xorviz.panels._names.units import unit_names
from xorviz.panels._plane.half_output import HALF_AT
from xorviz.panels._plane.input_plane import plane_grid, to_px
from xorviz.panels._plane.level_lines import level_lines
from xorviz.panels._plane.tiles import tiled
from xorviz.panels._points.data import classes_of, on_slice
from xorviz.panels._points.markers import point_markers
from xorviz.panels.axes import TITLE_PT, tick_style
from xorviz.panels.ticks import written
from xorviz.problems.planes import aspect
from xorviz.recordings.recording import Recording
from xorviz.styles.themes import Theme
from xorviz.timing.timeline import Frame

_LEAST_PT, _GAPS_PT, _NAME_PT = 52.0, (12.0, 5.0), 13.0
_LEAST_SIDE, _MOST_SIDE = 17, 49
# Products a frame, a few milliseconds' worth: the maps of a very wide network are coarser.
_MOST_PRODUCTS = 1 << 25
_MOST_POINTS = 256

Float32 = NDArray[np.float32]


@dataclass(frozen=True)
class UnitMapsMeasured:
    """What the maps of units show.

    Attributes:
        recording: evaluated at every frame's snapshot.
        layer: 1 for the first after the input.
        names: of all its units.
        span: lowest and highest activation on the colour scale, the same for the whole animation.
    """

    recording: Recording
    layer: int
    names: tuple[str, ...]
    span: tuple[float, float]

    def maps(self, points: Float32, snapshot: int, n_units: int) -> tuple[Float32, Float32]:
        """What the first units of the layer are given at some points, and what they make of it.

        Args:
            points (float32 array of shape (n_points, n_inputs)): inputs.
            snapshot: whose parameters.
            n_units: how many units.

        Returns:
            (float32 array of shape (n_points, n_units)): weighted inputs.
            (float32 array of shape (n_points, n_units)): activations, of which the span becomes 0..1.
        """
        network = self.recording.network
        parameters, (low, high) = self.recording.parameter_vectors([snapshot])[0], self.span
        activations = weighted = points
        with np.errstate(all="ignore"):
            named = network.views(parameters.astype(np.float32))
            for layer, function in enumerate(network.layer_functions[: self.layer], start=1):
                units = slice(n_units if layer == self.layer else None)
                weighted = activations @ named[f"W{layer}"][:, units]
                if network.biases:
                    weighted += named[f"b{layer}"][units]
                activations = weighted.copy()
                run(function.activate(activations))
            return weighted, (activations - low) / (high - low)


@dataclass(frozen=True)
class UnitMapsPanel(Panel):
    """The activation of each unit of a layer as colour over the plane of the two inputs.

    A line runs where a hidden unit's weighted input is 0, or an output is 0.5. Of very many units, the first that fit
    are shown.

    Attributes:
        layer: 1 for the first hidden layer; the last hidden one if not given, the output if there is none.
    """

    kind: ClassVar[str] = "unit-maps"
    layer: Annotated[int, msgspec.Meta(ge=1)] | None = None

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> UnitMapsMeasured:
        """Find the ends of the colour scale; see `Panel.measure`.

        Raises:
            UsageError: a layer that the network does not have.
        """
        del snapshots
        require_plane(recording, self.kind)
        require_network(recording, self.kind)
        n_layers = len(recording.network.activations)
        layer = self.layer or max(n_layers - 1, 1)
        if layer > n_layers:
            raise UsageError(f"layer of panel 'unit-maps' must be from 1 to {n_layers}, the output; got {layer}.")
        diverged = recording.diverged_at is not None
        spans = activation_spans(recording, sampled_snapshots(recording), diverged=diverged)
        return UnitMapsMeasured(recording, layer, unit_names(recording.network)[layer], spans[layer - 1])

    def together(self, measured: Sequence[UnitMapsMeasured]) -> Sequence[UnitMapsMeasured]:
        """Colours of one scale; see `Panel.together`."""
        lows, highs = zip(*(one.span for one in measured), strict=True)
        return [replace(one, span=(min(lows), max(highs))) for one in measured]

    def attach(self, place: Place, measured: UnitMapsMeasured, theme: Theme) -> Paint:
        """A raster, a line and the points for each unit; see `Panel.attach`."""
        recording, pt, bounds = measured.recording, place.pt, measured.recording.bounds
        tiles = tiled(
            place,
            len(measured.names),
            aspect=aspect(bounds),
            name_px=(_NAME_PT + 7) * pt,
            gaps_px=(_GAPS_PT[0] * pt, _GAPS_PT[1] * pt),
            least_px=_LEAST_PT * pt,
        )
        static = _words(place, tiles, measured, theme)
        side_px = min(tiles[0].width, tiles[0].height)
        finest = np.sqrt(_MOST_PRODUCTS / recording.network.n_parameters)
        n_grid = int(np.clip(min(side_px / (4.0 * pt), finest), _LEAST_SIDE, _MOST_SIDE))
        grid = recording.plane.inputs(plane_grid(bounds, n_grid))
        images = [FieldImage(tile.box_px, theme.field_palette()) for tile in tiles]
        boundary = Polylines(theme.boundary, (1.6 if side_px > 90 * pt else 1.0) * pt)
        corners = np.array([[tile.left, tile.bottom] for tile in tiles])
        to_grid = np.array([tiles[0].width, tiles[0].height]) / (n_grid - 1)
        markers = _markers(tiles, recording, theme, min(0.09 * side_px, 13.0 * pt))
        is_output = measured.layer == len(recording.network.activations)
        level = HALF_AT[recording.network.activations[-1]] if is_output else 0.0

        def update(frame: Frame) -> None:
            found = measured.maps(grid, frame.snapshot, len(tiles))
            weighted, values = (array.T.reshape(-1, n_grid, n_grid) for array in found)
            lines = []
            for corner, image, given, shown in zip(corners, images, weighted, values, strict=True):
                image.set_values(shown)
                lines += [corner + line * to_grid for line in level_lines(given, level)]
            boundary.lines = lines

        return Paint(static, (*images, boundary, *markers), update, "snapshot")


def _markers(tiles: Sequence[Place], recording: Recording, theme: Theme, size_px: float) -> list[Artist]:
    """The data points in every tile, as small as they have to be; none where they would cover it."""
    at, shown = recording.plane.coordinates(recording.inputs), on_slice(recording)
    classes = classes_of(recording)[: len(at)]
    if len(at) * len(tiles) > _MOST_POINTS or recording.task == "regression":
        return []
    if shown is not None:
        at, classes = at[shown[: len(at)]], classes[shown[: len(at)]]
    points = np.concatenate([np.floor(to_px(tile, recording.bounds, at)) + 0.5 for tile in tiles])
    return list(point_markers(points, np.tile(classes, len(tiles)), theme, size_px))


def _words(place: Place, tiles: Sequence[Place], measured: UnitMapsMeasured, theme: Theme) -> tuple[Artist, ...]:
    """A name above each tile, the title, the colour scale, and how many units are shown if not all."""
    pt, above = place.pt, place.top + 9 * place.pt
    title, style = TextStyle(TITLE_PT * pt, theme.ink, "Semibold"), tick_style(place, theme)
    name = TextStyle(_NAME_PT * pt, theme.muted, "Semibold")
    artists: list[Artist] = [
        Label(tile.left, tile.top + 7 * pt, name, text) for tile, text in zip(tiles, measured.names, strict=False)
    ]
    artists.append(Label(place.left, above, title, "unit activations"))
    left, right = place.left + text_width_px("unit activations", title) + 12 * pt, float(place.right)
    scale, scale_left = _scale(place, measured, theme)
    if left < scale_left:
        artists += scale
        right = scale_left - 12 * pt
    count = f"{len(tiles)} of {len(measured.names):,} units"
    if len(tiles) < len(measured.names) and left + text_width_px(count, style) < right:
        artists.append(Label(left, above, style, count))
    return tuple(artists)


def _scale(place: Place, measured: UnitMapsMeasured, theme: Theme) -> tuple[list[Artist], float]:
    """The colours that the activation can have, right above the place, between its ends; and where that starts."""
    pt, style, (low, high) = place.pt, tick_style(place, theme), measured.span
    lowest = max(low, 0.0) if measured.recording.network.activations[measured.layer - 1] == "relu" else low
    texts = [written(float(f"{end:.2g}")) for end in (lowest, high)]
    above, right = place.top + 9 * pt, round(place.right - text_width_px(texts[1], style) - 6 * pt)
    bar = Place(right - round(64 * pt), round(above), right, round(above + 9 * pt), pt)
    image = FieldImage(bar.box_px, theme.field_palette())
    image.set_values(np.linspace((lowest - low) / (high - low), 1.0, 256)[None].repeat(2, axis=0))
    ends = [
        Label(bar.left - 6 * pt, above, style, texts[0], "right"),
        Label(place.right, above, style, texts[1], "right"),
    ]
    return [image, *ends], ends[0].x_px - text_width_px(texts[0], style)
