"""The loss over a plane of the parameter space, and the run's way across it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.lines import Markers, Polylines
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.panels._base import Paint, Panel, require_network
from xorviz.panels._terrain import terrain
from xorviz.panels.axes import TITLE_PT, frame_lines, tick_labels
from xorviz.panels.ticks import linear_ticks, loss_text
from xorviz.recordings.header import Bounds
from xorviz.recordings.landscape import ParameterPlane, coordinate_plane, filter_normalised, losses_at, principal_plane
from xorviz.recordings.recording import Recording
from xorviz.recordings.schedule import even_choice
from xorviz.styles.themes import Theme
from xorviz.timing.timeline import Frame

Array = NDArray[np.float64]
_MOST_SNAPSHOTS = 256
# Numbers of all parameter vectors that the plane is found from: 128 MB.
_MOST_VALUES = 1 << 24
_MOST_SIDE, _LEAST_SIDE = 97, 13
_BUDGET_NS = 1.5e9
_NUMBERS = ("true loss", "on plane", "off plane")


@dataclass(frozen=True)
class LandscapeMeasured:
    """What a landscape shows.

    Attributes:
        recording: whose parameters move.
        plane: through its last usable parameters.
        bounds: limits of the first and of the second coordinate.
        losses (float64 array of shape (side, side)): on the plane, row 0 at the lowest second coordinate.
        limits: losses at the ends of the colour scale; positive.
        path (float64 array of shape (n_path, 2)): coordinates along the run.
        path_snapshots (int64 array of shape (n_path,)): the snapshots they belong to.
        names: of the axes.
    """

    recording: Recording
    plane: ParameterPlane
    bounds: Bounds
    losses: Array
    limits: tuple[float, float]
    path: Array
    path_snapshots: NDArray[np.int64]
    names: tuple[str, str]

    def at(self, snapshot: int) -> tuple[Array, tuple[float, float, float]]:
        """Where a snapshot is on the plane: float64 array of shape (2,); and its loss, that on the plane, its distance.

        The distance is Euclidean, between the snapshot's parameters and the nearest ones on the plane.
        """
        parameters = self.recording.parameter_vectors([snapshot])[0]
        at = self.plane.coordinates(parameters)
        on_plane = float(losses_at(self.recording, self.plane, at))
        with np.errstate(all="ignore"):
            distance = float(np.linalg.norm(parameters - self.plane.points(at)))
        return at, (float(self.recording.snapshot_losses[snapshot]), on_plane, distance)


@dataclass(frozen=True)
class LandscapePanel(Panel):
    """The loss around the run's last parameters, over the plane that shows most of its way, and that way.

    What is shown is a slice: the numbers above say how far the true parameters and loss are from it.

    Attributes:
        parameters: two parameters to span the plane instead, ``["W1[0,0]", "W2[1,0]"]``; the others stay as they ended.
        normalised: measure along the two directions in lengths of each unit's own parameters.
    """

    kind: ClassVar[str] = "landscape"
    parameters: tuple[str, str] | None = None
    normalised: bool = False

    def __post_init__(self) -> None:
        """Refuse one parameter twice, and two options that exclude each other."""
        if self.parameters is not None and (self.normalised or self.parameters[0] == self.parameters[1]):
            rule = "not be given with normalised" if self.normalised else "be two different ones"
            raise UsageError(f"parameters must {rule}; got {list(self.parameters)!r}.")

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> LandscapeMeasured:
        """Find the plane and the loss on it, on a grid of 97 points a side or as many as take about 2 s.

        Raises:
            UsageError: a network too large or too small, or a parameter that it does not have.
        """
        del snapshots
        require_network(recording, self.kind)
        side = _side(recording)
        chosen, path = _path(recording)
        plane = principal_plane(path)
        if self.parameters is not None:
            plane = coordinate_plane(recording.network, path[-1], self.parameters)
        if self.normalised:
            plane = filter_normalised(plane, recording.network)
        shares = plane.shares(path)
        names = plane.names
        if shares is not None:
            names = (f"{names[0]} ({shares[0]:.1%})", f"{names[1]} ({shares[1]:.1%})")
        coordinates = plane.coordinates(path)
        bounds = _bounds(coordinates)
        grid = np.stack(np.meshgrid(*(np.linspace(low, high, side) for low, high in bounds)), axis=-1)
        losses = losses_at(recording, plane, grid)
        return LandscapeMeasured(recording, plane, bounds, losses, _limits(losses), coordinates, chosen, names)

    def together(self, measured: Sequence[LandscapeMeasured]) -> Sequence[LandscapeMeasured]:
        """Colours of one scale; see `Panel.together`."""
        lows, highs = zip(*(one.limits for one in measured), strict=True)
        return [replace(one, limits=(min(lows), max(highs))) for one in measured]

    def attach(self, place: Place, measured: LandscapeMeasured, theme: Theme) -> Paint:
        """Terrain, path, the present, three numbers; see `Panel.attach`."""
        # The colour scale takes more room than the frame's margin has.
        pt, words, numbers = place.pt, *_numbers(place, theme)
        place = replace(place, right=place.right - round(22 * pt))
        x_bounds, y_bounds = measured.bounds
        path = np.stack([place.x_px(measured.path[:, 0], x_bounds), place.y_px(measured.path[:, 1], y_bounds)], -1)
        whole = Polylines(theme.ink, 1.4 * pt, alpha=0.35)
        whole.lines = [path]
        halo, done = Polylines(theme.paper, 5.0 * pt, alpha=0.8), Polylines(theme.ink, 2.6 * pt)
        dot = Markers("o", 10.0 * pt, theme.ink, theme.paper, 1.8 * pt)
        ground = terrain(place, measured.losses, measured.limits, theme)
        static = [*ground, whole, *_axes(place, measured, theme), *words]

        def update(frame: Frame) -> None:
            at, values = measured.at(frame.snapshot)
            present = np.array([[*place.x_px(at[:1], x_bounds), *place.y_px(at[1:], y_bounds)]])
            dot.points = present
            past = path[measured.path_snapshots < frame.snapshot]
            halo.lines = done.lines = [np.concatenate([past, present[np.isfinite(present).all(axis=1)]])]
            for label, value in zip(numbers, values, strict=True):
                label.text = loss_text(value)

        return Paint(tuple(static), (halo, done, dot, *numbers), update, "snapshot")


def _side(recording: Recording) -> int:
    """Points a side of a grid whose losses take about a second and a half.

    Measured per loss: 20 ns a parameter, and 1 ns a parameter and 7 ns a unit for every training point.
    """
    network, n_points = recording.network, len(recording.inputs)
    n_parameters, n_units = network.n_parameters, sum(network.widths[1:])
    if n_parameters < 2:
        raise UsageError("panel 'landscape' must have a network with 2 or more parameters to draw; got 1.")
    cost_ns = 20 * n_parameters + n_points * (n_parameters + 7 * n_units)
    side = int(np.sqrt(_BUDGET_NS / cost_ns))
    if side < _LEAST_SIDE:
        raise UsageError(
            f"panel 'landscape' must compute {_LEAST_SIDE}x{_LEAST_SIDE} losses within about 2 s; got a network of "
            f"{n_parameters:,} parameters and {n_points:,} points. Choose panel 'loss' or 'parameters' instead."
        )
    return min(side, _MOST_SIDE)


def _path(recording: Recording) -> tuple[NDArray[np.int64], Array]:
    """An even choice of snapshots up to the last that is worth showing, and their parameters."""
    n_most = min(max(_MOST_VALUES // recording.network.n_parameters, 3), _MOST_SNAPSHOTS)
    chosen = even_choice(recording.n_snapshots, n_most)
    path = recording.parameter_vectors(chosen)
    with np.errstate(all="ignore"):
        lengths = np.linalg.norm(path, axis=1)
        # A run that diverges passes a hundred powers of ten: as in the traces, a million times the start is enough.
        bad = ~(lengths <= 1e6 * max(lengths[0], 1.0)) | ~np.isfinite(recording.snapshot_losses[chosen])
    n_usable = max(int(bad.argmax()) if bad.any() else len(chosen), 1)
    return chosen[:n_usable], path[:n_usable]


def _bounds(coordinates: Array) -> Bounds:
    """Limits that show a path with a margin; no side is less than a quarter of the other."""
    low, high = coordinates.min(axis=0), coordinates.max(axis=0)
    half = 0.5 * (high - low)
    half = 1.3 * np.maximum(half, 0.25 * half.max()) if half.max() > 0 else np.ones(2)
    (x, y), (wide, deep) = (0.5 * (low + high)).tolist(), half.tolist()
    return (x - wide, x + wide), (y - deep, y + deep)


def _limits(losses: Array) -> tuple[float, float]:
    """Ends of a logarithmic colour scale, beyond which few losses are, and what is next to nothing."""
    values = losses[np.isfinite(losses) & (losses > 0)]
    if not values.size:
        return 0.1, 1.0
    low, high = np.percentile(values, [1, 99]).tolist()
    low = max(low, 1e-6 * high)
    return (low, high) if high > 1.1 * low else (high / 1.5, high * 1.5)


def _axes(place: Place, measured: LandscapeMeasured, theme: Theme) -> list[Artist]:
    """Numbers along two sides, the axes' names at their ends inside, the title above."""
    pt = place.pt
    (left, right), (low, high) = np.add(measured.bounds, np.array(measured.plane.zeros)[:, None]).tolist()
    xs = linear_ticks(left, right, max(int(place.width / (80 * pt)), 2))
    ys = linear_ticks(low, high, max(int(place.height / (70 * pt)), 2))
    style = TextStyle(12.5 * pt, theme.ink, "Semibold", theme.halo, 2.0 * pt)
    x_name = Label(place.right - 7 * pt, place.bottom + 8 * pt, style, f"{measured.names[0]} →", "right")
    y_name = Label(place.left + 7 * pt, place.top - 17 * pt, style, f"↑ {measured.names[1]}")
    title = Label(place.left, place.top + 9 * pt, TextStyle(TITLE_PT * pt, theme.ink, "Semibold"), "loss landscape")
    ticks = tick_labels(place, ((left, right), (low, high)), (xs, ys), theme, names=("", ""))
    return [frame_lines(place, theme), *ticks, x_name, y_name, title]


def _numbers(place: Place, theme: Theme) -> tuple[list[Artist], list[Label]]:
    """What the three numbers are called, and the numbers: above on the right, or inside where that is too narrow."""
    pt = place.pt
    halo = (theme.halo, 2.0 * pt)
    word, number = (
        TextStyle(12.5 * pt, theme.muted, "Regular", *halo),
        TextStyle(12.5 * pt, theme.ink, "Semibold", *halo),
    )
    slot = text_width_px("0.0e−0 ", number)
    widths = [text_width_px(name, word) + 5 * pt + slot for name in _NUMBERS]
    is_row = sum(widths) + 120 * pt < place.width
    words: list[Artist] = []
    numbers: list[Label] = []
    for k, name in enumerate(_NUMBERS):
        right = place.right + 8 * pt - (sum(widths[k + 1 :]) if is_row else 34 * pt)
        y = place.top + 9 * pt if is_row else place.top - (17 + 16 * k) * pt
        words.append(Label(right - slot - 5 * pt, y, word, name, "right"))
        numbers.append(Label(right - slot, y, number))
    return words, numbers
