"""The kinds of panels a scene can name, each found in its own module when it is first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from inspect import signature
from typing import Any

import msgspec

from xorviz.errors import UsageError, unknown
from xorviz.panels._base import Panel

KINDS = {
    "field": "field:FieldPanel",
    "curve": "curve:CurvePanel",
    "surface": "surface:SurfacePanel",
    "loss": "loss:LossPanel",
    "gradients": "norms:GradientPanel",
    "parameters": "norms:ParameterPanel",
    "readout": "readout:ReadoutPanel",
    "accuracy": "accuracy:AccuracyPanel",
    "updates": "updates:UpdateRatioPanel",
    "distribution": "distribution:DistributionPanel",
    "unit-lines": "unit_lines:UnitLinesPanel",
    "unit-maps": "unit_maps:UnitMapsPanel",
    "hidden": "hidden_space:HiddenSpacePanel",
    "network": "network_diagram:NetworkPanel",
    "equations": "equations:EquationsPanel",
    "bars": "bars:BarsPanel",
    "landscape": "landscape:LandscapePanel",
    "difference": "difference:DifferencePanel",
    "likelihood": "likelihood:LikelihoodPanel",
    "metric": "metric:MetricPanel",
    "sweep-mean": "sweep_mean:SweepMeanPanel",
    "sweep-density": "sweep_density:SweepDensityPanel",
    "sweep-failures": "sweep_failures:SweepFailuresPanel",
    "sweep-medians": "sweep_medians:SweepMediansPanel",
    "cloud": "cloud:CloudPanel",
    "study": "study_header:StudyHeaderPanel",
    "caption": "caption:CaptionPanel",
    "summary": "summary:SummaryPanel",
    "run": "run_name:RunPanel",
    "title": "title:TitlePanel",
    "function": "function:MatplotlibPanel",
    "header": "header:HeaderPanel",
    "time": "time_bar:TimeBarPanel",
}


def panel(options: Mapping[str, Any], *, where: str = "panel") -> Panel:
    """The panel that a table of a recipe describes.

    A kind that is not built in is looked for among the entry points of installed packages.

    Args:
        options: ``kind`` and any of that panel's fields.
        where: name of the table in messages.

    Raises:
        UsageError: an unknown kind or option, a value of the wrong type, or a package whose panel does not load.
    """
    given = dict(options)
    kind = given.pop("kind", None)
    cls, preset = _class_of(kind, where)
    allowed = [name for name in signature(cls).parameters if name not in preset]
    for option in given:
        if option not in allowed:
            raise unknown(f"option of {where} ({kind})", option, allowed or ["(none)"])
    try:
        return msgspec.convert({**given, **preset}, cls)
    except msgspec.ValidationError as error:
        raise UsageError(f"{where} ({kind}) must be valid: {error}.") from error


def _class_of(kind: object, where: str) -> tuple[type[Panel], dict[str, Any]]:
    """The panel of a kind, and options that come with the kind."""
    if isinstance(kind, str) and kind in KINDS:
        module, name = KINDS[kind].split(":")
        return getattr(import_module(f"xorviz.panels.{module}"), name), {}
    # A scene of built-in kinds shall not wait for the metadata of every package.
    from xorviz.panels._installed import installed, installed_kinds

    others = installed_kinds()
    if kind not in others:
        raise unknown(f"{where}.kind", kind, [*KINDS, *others])
    return installed(str(kind), where=where)
