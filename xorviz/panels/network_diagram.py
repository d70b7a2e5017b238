"""The network itself: units in layers from left to right, and the weights between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.panels._base import Paint, Panel, require_network
from xorviz.panels._diagram.artists import MOST_HALOS, UnitPictures, WeightLines, key
from xorviz.panels._diagram.diagram import Diagram, ceiling, diagram_of, sampled_snapshots
from xorviz.panels._diagram.labels import LINE_PT, Numbers, count_labels, unit_labels
from xorviz.panels._diagram.layout import laid_out
from xorviz.panels._diagram.pictures import ActivationMaps, BiasFills, Spans, activation_spans
from xorviz.panels._names.units import unit_names
from xorviz.recordings.recording import Recording
from xorviz.styles.themes import Theme
from xorviz.timing.timeline import Frame

_MOST_VALUES = 40
_LARGEST_PT = {"circles": 17.0, "maps": 44.0}


@dataclass(frozen=True)
class NetworkMeasured:
    """What a diagram shows.

    Attributes:
        recording: whose parameters and gradients are drawn.
        diagram: which units and weights are.
        weight, bias, gradient: the sizes that are drawn strongest; the same for the whole animation.
        spans: lowest and highest activation on the colour scale of each layer after the input; empty where units are
            no maps.
    """

    recording: Recording
    diagram: Diagram
    weight: float
    bias: float
    gradient: float
    spans: Spans


@dataclass(frozen=True)
class NetworkPanel(Panel):
    """Every weight as a line: its width the size, its colour and dashes the sign, a halo around it the gradient.

    The halo's width is logarithmic, over three powers of ten. Of a layer of more than twelve units the first eleven are
    drawn and the others counted; of many weights the 48 that become strongest, without
    halos.

    Attributes:
        units: ``"circles"`` filled by their bias, with a dashed outline where it is negative, or ``"maps"`` of their
            activation over the plane of the two inputs.
        names: write x₁, h₁, ŷ.
        values: write each weight on its line and each bias under its unit.
    """

    kind: ClassVar[str] = "network"
    units: Literal["circles", "maps"] = "circles"
    names: bool = True
    values: bool = False

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> NetworkMeasured:
        """Find what becomes strongest; see `Panel.measure`.

        Raises:
            UsageError: maps of a network that has not two inputs, or the values of more weights than can be read.
        """
        del snapshots
        require_network(recording, self.kind)
        network, is_maps = recording.network, self.units == "maps"
        if is_maps and network.widths[0] != 2:
            raise UsageError(
                f"units must be 'circles' for a network that has not 2 inputs; got 'maps' with {network.widths[0]}."
            )
        diagram = diagram_of(network)
        if self.values and len(diagram.weights) > _MOST_VALUES:
            raise UsageError(
                f"values must be false for a diagram of more than {_MOST_VALUES} weights; got true with "
                f"{len(diagram.weights)}."
            )
        chosen, diverged = sampled_snapshots(recording), recording.diverged_at is not None
        # One after the other: a vector may be large, what is drawn of it is not.
        weights = np.abs([recording.parameter_vectors([k])[0, diagram.weights] for k in chosen])
        diagram = diagram.strongest(_largest(weights, axis=0))
        biases = np.abs([recording.parameter_vectors([k])[0, diagram.biases] for k in chosen])
        gradients = np.abs([recording.gradient_vectors([k])[0, diagram.weights] for k in chosen])
        weight, bias, gradient = (
            ceiling(_largest(sizes, axis=1), diverged=diverged) for sizes in (weights, biases, gradients)
        )
        spans = activation_spans(recording, chosen, diverged=diverged) if is_maps else ()
        return NetworkMeasured(recording, diagram, weight, bias, gradient, spans)

    def together(self, measured: Sequence[NetworkMeasured]) -> Sequence[NetworkMeasured]:
        """Common scales of weights, biases and gradients; see `Panel.together`."""
        weight, bias, gradient = (max(getattr(one, of) for one in measured) for of in ("weight", "bias", "gradient"))
        return [replace(one, weight=weight, bias=bias, gradient=gradient) for one in measured]

    def attach(self, place: Place, measured: NetworkMeasured, theme: Theme) -> Paint:
        """Lines below, units on them, words and numbers on top; see `Panel.attach`."""
        pt, diagram, recording = place.pt, measured.diagram, measured.recording
        is_maps = self.units == "maps"
        lines_below = ["name"] * (self.names and is_maps) + ["bias"] * (self.values and len(diagram.biases) > 0)
        layout = laid_out(
            diagram, place, largest_px=_LARGEST_PT[self.units] * pt, below_px=len(lines_below) * LINE_PT * pt
        )
        lines = WeightLines(*layout.ends_px(), layout.widest_px(pt), theme, pt)
        units = UnitPictures(layout, theme, pt, is_round=not is_maps)
        names = unit_labels(layout, unit_names(recording.network), place, theme, inside=not is_maps)
        numbers = Numbers(layout, place, theme, n_lines_above=len(lines_below) - 1)
        fills: ActivationMaps | BiasFills = BiasFills(diagram, measured.bias)
        if is_maps:
            fills = ActivationMaps(recording, diagram, measured.spans)

        def update(frame: Frame) -> None:
            parameters = recording.parameter_vectors([frame.snapshot])[0]
            gradients = recording.gradient_vectors([frame.snapshot])[0, diagram.weights]
            with np.errstate(all="ignore"):
                lines.update(parameters[diagram.weights] / measured.weight, gradients / measured.gradient)
                units.update(fills.of(parameters))
            if self.values:
                numbers.update(parameters)

        labels = (*(names if self.names else ()), *(numbers.artists if self.values else ()))
        static = (
            *key(place, theme, n_samples=3 if len(diagram.weights) <= MOST_HALOS else 2),
            *count_labels(layout, place, theme),
        )
        return Paint(static, (*lines.artists, *units.artists, *labels), update, "snapshot")


def _largest(sizes: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """The largest finite size along an axis; 0 where there is none."""
    largest: NDArray[np.float64] = np.where(np.isfinite(sizes), sizes, 0.0).max(axis=axis, initial=0.0)
    return largest
