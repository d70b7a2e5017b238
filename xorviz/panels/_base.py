"""The contract of a panel: numbers first, then artists, then painting by updating them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.recordings.header import Bounds
from xorviz.recordings.recording import Recording
from xorviz.styles.themes import Theme
from xorviz.timing.timeline import Frame


@dataclass(frozen=True, slots=True)
class Paint:
    """The artists of an attached panel.

    Attributes:
        static: drawn once, below everything that moves.
        dynamic: drawn for every frame, in this order.
        update: brings the dynamic artists to a frame; creates none.
        follows: ``"snapshot"`` if what is drawn depends on nothing of a frame but its snapshot: it is then not drawn
            again where the next frame shows the same one.
    """

    static: tuple[Artist, ...]
    dynamic: tuple[Artist, ...]
    update: Callable[[Frame], None]
    follows: Literal["frame", "snapshot"] = "frame"


def still(frame: Frame) -> None:
    """The update of a panel that does not move."""
    del frame


class Panel(ABC):
    """One kind of view. Implementations are frozen dataclasses whose fields are their options.

    Attributes:
        kind: the name by which a scene asks for it.
        headroom_pt: how far its title hangs above its place, in points.
        shows: of what it is a view; a study's panels are in `StudyPanel`.
    """

    kind: ClassVar[str]
    shows: ClassVar[Literal["recording", "study", "both"]] = "recording"
    headroom_pt: ClassVar[float] = 24.0

    @abstractmethod
    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> Any:
        """Arrays and limits that hold for the whole animation; no drawing.

        Args:
            recording: the run.
            snapshots (int64 array of shape (n_frames,)): the snapshots that will be shown, non-decreasing.

        Raises:
            UsageError: the panel cannot show this recording.
        """

    def together(self, measured: Sequence[Any]) -> Sequence[Any]:
        """What several recordings' panels of one kind measured, brought to common limits so that they compare.

        Args:
            measured: what `measure` returned for each recording, in order.

        Returns:
            As many; the same ones if nothing depends on the recording.
        """
        return measured

    @abstractmethod
    def attach(self, place: Place, measured: Any, theme: Theme) -> Paint:
        """Create the artists.

        Args:
            place: where the data go; labels may hang outside.
            measured: what `measure` returned.
            theme: colours.
        """


class RunsPanel(Panel):
    """A panel that speaks of all recordings of a scene."""

    @abstractmethod
    def measure_runs(self, recordings: Sequence[Recording], snapshots: Sequence[NDArray[np.int64]]) -> Any:
        """As `Panel.measure`, of every recording and its snapshots; ``snapshots[run][frame.index]`` is shown."""

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> Any:
        """Of one recording; see `Panel.measure`."""
        return self.measure_runs([recording], [snapshots])


def check_bounds(bounds: Bounds | None) -> None:
    """Refuse bounds that enclose nothing.

    Raises:
        UsageError: a side that is not finite, or whose low is not below its high.
    """
    if bounds is not None and not all(np.isfinite(high - low) and low < high for low, high in bounds):
        raise UsageError(f"bounds must be two finite [low, high] with low < high; got {[list(b) for b in bounds]!r}")


def require_network(recording: Recording, kind: str) -> None:
    """Refuse a recording that holds outputs but no parameters.

    Raises:
        UsageError: it does.
    """
    if not recording.is_dense:
        raise UsageError(
            f"panel {kind!r} must have the parameters of a dense network to draw; the recording of "
            f"{recording.model.describe()} has none. Record a network of linear layers and activations, or choose a "
            "scene without it, such as --scene outputs."
        )


def require_plane(recording: Recording, kind: str) -> None:
    """Refuse a recording whose network has a single input.

    Raises:
        UsageError: there is no plane to draw.
    """
    if recording.inputs.shape[1] < 2:
        raise UsageError(
            f"panel {kind!r} must have a network with 2 inputs or more to draw a plane of; got 1 input. "
            "Choose panel 'curve' instead."
        )


def require_binary(recording: Recording, kind: str) -> None:
    """Refuse several classes and regressions, for panels that speak of one output and its two sides.

    Raises:
        UsageError: the outputs have no two sides.
    """
    if recording.task != "binary":
        got = f"{recording.targets.shape[1]} classes" if recording.task == "multiclass" else "a regression"
        raise UsageError(
            f"panel {kind!r} must have outputs of two sides to show; got {got}. Choose a scene without it, such as "
            "--scene traces."
        )


def output_index(recording: Recording, kind: str, output: int | None) -> int | None:
    """An output counted from 0.

    Raises:
        UsageError: the network does not have so many.
    """
    n_outputs = recording.targets.shape[1]
    if output is not None and output > n_outputs:
        raise UsageError(f"output of panel {kind!r} must be from 1 to {n_outputs}; got {output}.")
    return None if output is None else output - 1
