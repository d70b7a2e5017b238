"""The contract of panels that show a study instead of a recording."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar, Literal, cast

import numpy as np
from numpy.typing import NDArray

from xorviz.panels._base import Panel
from xorviz.panels._sweep.setting_axis import SettingAxis, setting_axis
from xorviz.recordings.recording import Recording
from xorviz.sweeps.growth import Growth


class StudyPanel(Panel):
    """A panel of a study; the snapshots that it is given are states of a `Growth`.

    Attributes:
        by: the setting along the axis; the one of most values if empty.
    """

    shows: ClassVar[Literal["recording", "study", "both"]] = "study"
    by: str = ""

    @abstractmethod
    def measure_study(self, growth: Growth, snapshots: NDArray[np.int64]) -> Any:
        """As `Panel.measure`, of a study and the states that will be shown."""

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> Any:
        """See `Panel.measure`."""
        return self.measure_study(cast(Growth, recording), snapshots)

    def axis_of(self, growth: Growth) -> SettingAxis:
        """The axis of the setting that is shown.

        Raises:
            UsageError: the study does not sweep it, or too many others.
        """
        return setting_axis(growth, self.by, self.kind)
