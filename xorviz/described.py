"""What a header says, as attributes of the recording."""

from __future__ import annotations

from typing import Final

from xorviz.header import Header


class Described:
    """The fields of a header under the names by which everything that draws asks for them.

    Attributes:
        title, description, network, experiment, seed, bounds, inputs, targets, versions, task, class_names,
            feature_names, target_name, units, validation_inputs, validation_targets: see `Header`.
        objective: the loss that was descended and reported; `Header.loss`.
        plane: the plane that is drawn; `Header.drawn_plane`.
    """

    def __init__(self, header: Header) -> None:
        self.title: Final = header.title
        self.description: Final = header.description
        self.network: Final = header.network
        self.objective: Final = header.loss
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
