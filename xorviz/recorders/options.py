"""What a recorder is told beside the model and the data; the same words for every framework."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

from xorviz.errors import UsageError, unknown
from xorviz.problems.tasks import Task
from xorviz.recordings.header import Bounds
from xorviz.recordings.schedule import SnapshotSchedule

Link = Literal["auto", "linear", "sigmoid", "softmax"]
LINKS: tuple[str, ...] = ("auto", "linear", "sigmoid", "softmax")


class RecorderOptions(TypedDict, total=False):
    """The keywords of `xorviz.record`; see `Options`."""

    title: str
    description: str
    bounds: Bounds
    validation: tuple[Any, Any]
    task: Task
    class_names: Sequence[str]
    feature_names: Sequence[str]
    seed: int | None
    loss: str | None
    link: Link
    predict: Callable[..., Any]
    activations: Sequence[str] | None
    every: int
    schedule: SnapshotSchedule
    steps_per_epoch: int
    layers: Sequence[str]
    n_grid: int
    max_bytes: int
    strict: bool
    force: bool


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a recorder is told beside the model and the data.

    Attributes:
        title: one line, drawn above the animation; the model's name if not given.
        description: a sentence; the framework, the layers and the loss if not given.
        bounds: the part of the plane that is drawn, and where a model that is no dense network is sampled; around the
            points if not given.
        validation: inputs and targets that are not trained on.
        task: ``"binary"``, ``"multiclass"`` or ``"regression"``; by the targets if not given.
        class_names, feature_names: for the panels that write them.
        seed: of the run, to be written.
        loss: ``"auto"`` finds it by its first value; ``"squared"``, ``"cross_entropy"`` or
            ``"categorical_cross_entropy"``; None for one that is none of these.
        link: what turns the model's outputs into those that are drawn: ``"sigmoid"`` or ``"softmax"`` of logits,
            ``"linear"`` for outputs as they are; ``"auto"`` finds it together with the loss.
        predict: called as ``predict(model, points)`` for a model that is only arrays.
        activations: of its layers, the output last, where arrays alone do not tell.
        every: take a snapshot at every so many steps, in place of a schedule.
        schedule: which steps become snapshots; every step at first and then a fixed number per doubling of the step
            count, fewer for large models, if not given.
        steps_per_epoch: so that epochs can be counted.
        layers: names of hidden layers whose activations are kept, of a model that is no dense network.
        n_grid: samples a side of the plane, of such a model.
        max_bytes: how large the file may become. What is more is thinned evenly; the start and the events stay.
        strict: raise what goes wrong; else warn once, keep what was recorded, and leave the training alone.
        force: replace the file, and what a cut-off run left beside it, if they exist.

    Raises:
        UsageError: a value out of range.
    """

    title: str = ""
    description: str = ""
    bounds: Bounds | None = None
    validation: tuple[Any, Any] | None = None
    task: Task | None = None
    class_names: Sequence[str] = ()
    feature_names: Sequence[str] = ()
    seed: int | None = None
    loss: str | None = "auto"
    link: Link = "auto"
    predict: Callable[..., Any] | None = None
    activations: Sequence[str] | None = None
    every: int | None = None
    schedule: SnapshotSchedule | None = None
    steps_per_epoch: int | None = None
    layers: Sequence[str] = ()
    n_grid: int = 41
    max_bytes: int = 256_000_000
    strict: bool = False
    force: bool = False
    experiment: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the values a caller can get wrong."""
        for name, least in (("every", 1), ("steps_per_epoch", 1), ("n_grid", 2), ("max_bytes", 100_000)):
            value = getattr(self, name)
            if value is not None and (not isinstance(value, int) or value < least):
                raise UsageError(f"{name} must be a whole number of at least {least:,}; got {value!r}.")
        if self.every is not None and self.schedule is not None:
            raise UsageError("every and schedule must not both be given. Leave one out.")
        if self.link not in LINKS:
            raise unknown("link", self.link, LINKS)


def options_of(given: Mapping[str, Any]) -> Options:
    """The options that some keywords are.

    Raises:
        UsageError: an unknown keyword, or a value out of range.
    """
    for name in given:
        if name not in RecorderOptions.__annotations__:
            raise unknown("argument", name, RecorderOptions.__annotations__)
    return Options(**given)
