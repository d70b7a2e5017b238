"""How a recording of somebody's model begins: what kind of model it is, which loss, which steps."""

from __future__ import annotations

import os
from typing import Any, Final, final

import msgspec
import numpy as np

from xorviz.errors import UsageError
from xorviz.learning.network import Network
from xorviz.problems.planes import bounds_around, feature_plane
from xorviz.recorders._base import Dense, Sample, Subject
from xorviz.recorders.budget import Budget
from xorviz.recorders.data import Data, data_of
from xorviz.recorders.objective import Objective, objective
from xorviz.recorders.options import Options
from xorviz.recorders.recognition import recognised
from xorviz.recorders.sampling import DenseTaker, SampleTaker, Taker
from xorviz.recorders.session import Session
from xorviz.recordings.header import Header, current_versions
from xorviz.recordings.probe import Probe
from xorviz.recordings.scalar_log import ScalarLog

#: A network whose snapshots, gradient included, would take a larger part of the bytes is sampled like any other model.
_LEAST_SNAPSHOTS = 16


@final
class Start:
    """A model before its first update: taken at once, so that the loop may go on; the loss is known a step later.

    Args:
        subject: the model.
        inputs: training points.
        targets: what the outputs should be there.
        options: what the user asked for.

    Raises:
        UsageError: data that do not fit the model, or a model that cannot be asked for its outputs.
    """

    def __init__(self, subject: Subject, inputs: Any, targets: Any, options: Options) -> None:
        self._subject: Final = subject
        self._options: Final = options
        rows = data_of(inputs, np.zeros(len(inputs)), 1, Options()).inputs
        dense = recognised(subject, rows)
        if dense is not None and _row_bytes(dense.network, subject) * _LEAST_SNAPSHOTS > options.max_bytes:
            dense = None
        self._dense: Final = dense
        raw = _outputs(subject, dense, rows)
        self.data: Final[Data] = data_of(inputs, targets, raw.outputs.shape[1], options)
        self._raw = raw
        plane = feature_plane(self.data.inputs, feature_names=tuple(options.feature_names))
        self._bounds = options.bounds or bounds_around(plane, self.data.points)
        self._probe = None if dense is not None else self._probed()
        self._taker: Taker
        if dense is not None:
            self._taker = DenseTaker(dense, subject.precision)
        else:
            assert self._probe is not None
            self._taker = SampleTaker(subject, self._probe, plane, self._bounds, self.data.points)
        self._vector = self._taker.take()

    def _probed(self) -> Probe:
        layers, n_inputs = tuple(self._options.layers), self.data.inputs.shape[1]
        found = self._subject.sample(self.data.points, layers)
        assert found is not None
        side = self._options.n_grid
        return Probe(
            name=self._subject.name,
            n_inputs=n_inputs,
            n_outputs=found.outputs.shape[1],
            n_points=len(self.data.points),
            sides=(side, side) if n_inputs > 1 else (side * side,),
            layers={name: found.layers[name].shape[1] for name in layers},
            n_parameters=self._subject.n_parameters,
        )

    def session(self, path: str | os.PathLike[str] | None, log: ScalarLog, reported: float | None) -> Session:
        """Open the file, its first snapshot waiting.

        Args:
            path: the file to be; None for memory.
            log: where the numbers are.
            reported: the loss that the training loop gave for its first step; None if it gave none.
        """
        options, dense, data = self._options, self._dense, self.data
        last = None if dense is None else dense.network.activations[-1]
        found = objective(self._raw.outputs, data.targets, reported, data.task, options, last=last)
        network = None if dense is None else _with_link(dense.network, found)
        header = self._header(network, found)
        n_weights = header.network.n_parameters if header.network else self._subject.n_parameters
        n_looks = len(data.inputs)
        if self._probe is not None:
            n_looks = len(data.points) + int(np.prod(self._probe.sides))
        row_bytes = np.dtype(header.precision).itemsize * (header.model.n_values + header.model.n_gradients)
        budget = Budget(options, row_bytes=row_bytes, n_products=n_weights * n_looks)
        session = Session(path, header, self._taker, found, budget, log, force=options.force)
        session.keep(0, self._vector)
        return session

    def _header(self, network: Network | None, found: Objective) -> Header:
        options, data, subject = self._options, self.data, self._subject
        versions = current_versions() | dict([subject.framework])
        parts = [subject.framework[0], network.describe() if network else f"{subject.n_parameters:,} parameters"]
        parts += [found.loss.describe()] if found.loss else []
        experiment: dict[str, Any] = {"recorded_from": subject.framework[0]} | dict(options.experiment)
        if options.steps_per_epoch:
            experiment["steps_per_epoch"] = options.steps_per_epoch
        validation: dict[str, Any] = {}
        if data.validation_inputs is not None:
            validation = {"validation_inputs": data.validation_inputs, "validation_targets": data.validation_targets}
        return Header(
            title=options.title or subject.name,
            description=options.description or ", ".join(parts),
            network=network,
            probe=self._probe,
            loss=found.loss,
            experiment=experiment,
            seed=options.seed,
            bounds=self._bounds,
            inputs=data.inputs,
            targets=data.targets,
            versions=versions,
            task=data.task,
            class_names=tuple(options.class_names),
            feature_names=tuple(options.feature_names),
            precision=subject.precision,
            **validation,
        )


def _row_bytes(network: Network, subject: Subject) -> int:
    return int(2 * network.n_parameters * np.dtype(subject.precision).itemsize)


def _outputs(subject: Subject, dense: Dense | None, rows: Any) -> Sample:
    """What the model says at the training points before the first update."""
    sample = subject.sample(rows)
    if sample is None and dense is not None:
        sample = Sample(dense.network.forward(dense.vector("float64"), rows), {})
    if sample is None:
        raise UsageError(
            f"model must be one whose outputs can be computed; of this {subject.name} only arrays are known. "
            "Give predict=function(model, points), or the activations of its layers: activations=('tanh', 'sigmoid')."
        )
    return sample


def _with_link(network: Network, found: Objective) -> Network:
    """With the activation that the loss applies to its outputs."""
    if found.link == "linear":
        return network
    return msgspec.structs.replace(network, activations=(*network.activations[:-1], found.link))
