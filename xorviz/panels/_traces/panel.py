"""What every panel of curves over steps does once its curves are measured."""

from __future__ import annotations

from collections.abc import Sequence

from xorviz.artists.place import Place
from xorviz.panels._base import Paint, Panel
from xorviz.panels._traces.artists import attach_traces
from xorviz.panels._traces.trace import TraceMeasured, with_common_limits
from xorviz.styles.themes import Theme


class TracePanel(Panel):
    """Curves over steps; those of several recordings share their limits."""

    def together(self, measured: Sequence[TraceMeasured]) -> Sequence[TraceMeasured]:
        """See `Panel.together`."""
        return with_common_limits(measured)

    def attach(self, place: Place, measured: TraceMeasured, theme: Theme) -> Paint:
        """See `Panel.attach`."""
        return attach_traces(place, measured, theme)
