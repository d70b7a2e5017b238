"""Show how a neural network learned: train or load a recording, draw it, get one GIF, MP4, WebP or web page.

The public names are resolved on first use, so that ``import xorviz`` costs almost nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xorviz.animation import animate as animate
    from xorviz.errors import DivergedWarning as DivergedWarning
    from xorviz.errors import RecorderWarning as RecorderWarning
    from xorviz.errors import RecordingError as RecordingError
    from xorviz.errors import UsageError as UsageError
    from xorviz.errors import XorvizError as XorvizError
    from xorviz.explorer import explore as explore
    from xorviz.learning.experiment import Experiment as Experiment
    from xorviz.recorders.callbacks import keras_callback as keras_callback
    from xorviz.recorders.callbacks import lightning_callback as lightning_callback
    from xorviz.recorders.callbacks import transformers_callback as transformers_callback
    from xorviz.recorders.importing import import_run as import_run
    from xorviz.recorders.record import record as record
    from xorviz.recorders.recorder import Recorder as Recorder
    from xorviz.recorders.watch import watch as watch
    from xorviz.recordings.recording import Recording as Recording
    from xorviz.recordings.recording import load as load
    from xorviz.stills import contact_sheet as contact_sheet
    from xorviz.stills import still as still
    from xorviz.training import train as train

__version__ = "0.1.0"

_HOME = {
    "DivergedWarning": "errors",
    "Experiment": "learning.experiment",
    "Recorder": "recorders.recorder",
    "RecorderWarning": "errors",
    "Recording": "recordings.recording",
    "RecordingError": "errors",
    "UsageError": "errors",
    "XorvizError": "errors",
    "animate": "animation",
    "contact_sheet": "stills",
    "explore": "explorer",
    "load": "recordings.recording",
    "record": "recorders.record",
    "import_run": "recorders.importing",
    "keras_callback": "recorders.callbacks",
    "lightning_callback": "recorders.callbacks",
    "transformers_callback": "recorders.callbacks",
    "watch": "recorders.watch",
    "still": "stills",
    "train": "training",
}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'xorviz' has no attribute {name!r}")
    return getattr(import_module(f"xorviz.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
