"""What a header says, as attributes of the recording."""

from __future__ import annotations

from typing import Final

from xorviz.errors import UsageError
from xorviz.learning.losses import Loss
from xorviz.learning.network import Network
from xorviz.recordings.dense_model import DenseModel
from xorviz.recordings.displayed import Displayed
from xorviz.recordings.header import Header
from xorviz.recordings.model import Model


class Described(Displayed):
    """The fields of a header under the names by which everything that draws asks for them.

    Attributes:
        title, description, experiment, seed, bounds, inputs, targets, versions, task, class_names,
            feature_names, target_name, units, validation_inputs, validation_targets: see `Header`.
        model: what gives the outputs of a snapshot: a `DenseModel`, which runs again, or a `SampledModel`.
        plane: the plane that is drawn; `Header.drawn_plane`.
    """

    def __init__(self, model: Model, header: Header) -> None:
        self.model: Final = model
        self.title: Final = header.title
        self.description: Final = header.description
        self._objective: Final = header.loss
        self.experiment: Final = header.experiment
        self.seed: Final = header.seed
        self.bounds: Final = header.bounds
        self.inputs: Final = header.inputs
        self.targets: Final = header.targets
        self.versions: Final = header.versions
        self.task: Final = header.task
        self.class_names: Final = header.class_names
        self.feature_names: Final = header.feature_names
        self.target_name: Final = header.target_name
        self.units: Final = header.units
        self.validation_inputs: Final = header.validation_inputs
        self.validation_targets: Final = header.validation_targets
        self.plane: Final = header.drawn_plane

    @property
    def is_dense(self) -> bool:
        """Whether there is a `network`, whose parameters were recorded."""
        return isinstance(self.model, DenseModel)

    @property
    def network(self) -> Network:
        """The network that was trained; errors as for `require_network`."""
        return self.require_network()

    def require_network(self) -> Network:
        """The network that was trained, whose parameters were recorded.

        Raises:
            UsageError: the model is of another kind: only its outputs were recorded.
        """
        if isinstance(self.model, DenseModel):
            return self.model.network
        raise UsageError(
            f"recording must hold the parameters of a dense network; got {self.model.describe()}. "
            "Record a network of linear layers and activations."
        )

    @property
    def objective(self) -> Loss:
        """The loss that was descended and reported.

        Raises:
            UsageError: it is none of those that xorviz can take.
        """
        if self._objective is not None:
            return self._objective
        raise UsageError(
            "recording must have a loss that can be taken of other parameters; got numbers only. "
            "Record with loss='squared' or loss='cross_entropy'."
        )

    @property
    def has_objective(self) -> bool:
        """Whether `objective` is known."""
        return self._objective is not None
