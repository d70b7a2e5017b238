"""One small picture of each kind of panel, compared with the one that somebody once looked at.

Panels that draw data are compared without text, panels that are text with it: the face comes with a package, and
matplotlib brings its own FreeType.

After a change of looks that is meant, write them anew and look at them:
``XORVIZ_WRITE_BASELINES=1 pytest tests/panels/test_baselines.py``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import xorviz
from xorviz.artists.label import Label
from xorviz.artists.place import Place
from xorviz.learning.data import Data
from xorviz.panels import KINDS, panel
from xorviz.recordings.recording import Recording

PLACE = Place(60, 40, 180, 160)
CASES = {
    "field": ({"kind": "field", "values": False, "scale": False}, "light"),
    "field-dark": ({"kind": "field", "values": False, "scale": False}, "dark"),
    "field-classes": ({"kind": "field", "style": "classes", "values": False, "scale": False}, "light"),
    "surface": ({"kind": "surface"}, "light"),
    "surface-dark": ({"kind": "surface", "azimuth_deg": 30.0, "elevation_deg": 40.0}, "dark"),
    "surface-print": ({"kind": "surface"}, "print"),
    "loss": ({"kind": "loss"}, "light"),
    "gradients": ({"kind": "gradients"}, "light"),
    "function": ({"kind": "function", "function": lambda axes, run, k: axes.plot(run.loss[:k], lw=3)}, "dark"),
    "parameters": ({"kind": "parameters"}, "dark"),
    "landscape": ({"kind": "landscape"}, "light"),
    "difference": ({"kind": "difference"}, "light"),
    "metric": ({"kind": "metric", "names": ("loss",)}, "light"),
    "bars": ({"kind": "bars"}, "light"),
    "likelihood": ({"kind": "likelihood"}, "dark"),
    "parameters-each": ({"kind": "parameters", "by": "parameter"}, "light"),
    "updates": ({"kind": "updates"}, "light"),
    "accuracy": ({"kind": "accuracy"}, "dark"),
    "distribution": ({"kind": "distribution"}, "light"),
    "distribution-violin": ({"kind": "distribution", "of": "activations", "style": "violin"}, "dark"),
    "network": ({"kind": "network", "names": False}, "light"),
    "network-maps": ({"kind": "network", "units": "maps", "names": False}, "dark"),
    "unit-lines": ({"kind": "unit-lines"}, "light"),
    "unit-maps": ({"kind": "unit-maps"}, "dark"),
    "hidden": ({"kind": "hidden"}, "light"),
    "cloud": ({"kind": "cloud"}, "light"),
}
#: Drawn of a study in test_sweep_panels.
OF_STUDIES = {"sweep-mean", "sweep-density", "sweep-failures", "sweep-medians", "study"}
#: Panels of other problems than XOR: options, theme, problem and its options, share of validation points.
PLAIN = {"values": False, "scale": False}
OF_DATA = {
    "curve": ({"kind": "curve"}, "light", "sine", {"n_points": 30}, 0.2),
    "field-regions": ({"kind": "field", **PLAIN}, "light", "spirals", {"n_classes": 3, "n_points": 60}, 0.25),
    "field-regions-dark": ({"kind": "field", **PLAIN}, "dark", "blobs", {"n_classes": 10, "n_points": 60}, 0.0),
    "field-values": ({"kind": "field", **PLAIN}, "light", "ripple", {"n_points": 30}, 0.25),
    "surface-values": ({"kind": "surface"}, "dark", "ripple", {"n_points": 50}, 0.0),
    "hidden-classes": ({"kind": "hidden"}, "light", "spirals", {"n_classes": 3, "n_points": 60}, 0.0),
    "unit-lines-classes": ({"kind": "unit-lines"}, "light", "blobs", {"n_points": 30}, 0.25),
    "loss-validation": ({"kind": "loss"}, "light", "moons", {"n_points": 40}, 0.25),
}
#: Panels of words, with the place that each has in a frame of 620×230.
STRIP, BOX = Place(20, 90, 600, 130), Place(30, 30, 590, 200)
WORDS = {
    "header": ({"kind": "header"}, "light", STRIP),
    "title": ({"kind": "title"}, "dark", STRIP),
    "summary": ({"kind": "summary"}, "light", STRIP),
    "run": ({"kind": "run", "name": "small deviation"}, "dark", STRIP),
    "time": ({"kind": "time"}, "light", STRIP),
    "caption": ({"kind": "caption", "text": "step {step}: {correct} of {n}\nloss {loss:.4f}"}, "light", BOX),
    "readout": ({"kind": "readout"}, "light", BOX),
    "equations": ({"kind": "equations"}, "dark", Place(20, 20, 600, 195)),
}
TEXT_INSIDE = {"landscape", "difference", "bars", "likelihood", "unit-lines", "unit-maps", "hidden"}
#: The rasterisers of another processor or release may round otherwise; a line that is elsewhere they do not make.


@pytest.mark.parametrize("name", CASES)
def test_looks_as_it_did(
    show, recording: Recording, looks_as_before, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    options, theme_name = CASES[name]
    # Inside the place there is no text; what hangs outside is cut off. A surface's box has its text inside.
    if options["kind"] == "difference":
        xorviz.train("backprop", seed=3).save(tmp_path / "other.xorviz")
        options = {**options, "recording": str(tmp_path / "other.xorviz")}
    if options["kind"] in TEXT_INSIDE:
        monkeypatch.setattr(Label, "draw", lambda self, renderer: None)
    shown = show(panel(options), recording, place=PLACE, theme_name=theme_name)
    if options["kind"] == "surface":
        shown.static = shown.empty
    looks_as_before(name, shown.inside(shown.at(63)))


@pytest.mark.parametrize("name", OF_DATA)
def test_other_problems_look_as_they_did(show, looks_as_before, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    options, theme_name, set_name, more, validation = OF_DATA[name]
    data = Data(name=set_name, validation=validation, hidden=(8,), n_steps=150, learning_rate=0.05, **more)
    recording = xorviz.train(data.experiment(Path()))
    monkeypatch.setattr(Label, "draw", lambda self, renderer: None)
    shown = show(panel(options), recording, place=PLACE, theme_name=theme_name)
    looks_as_before(name, shown.inside(shown.at(-1)))


@pytest.mark.parametrize("name", WORDS)
def test_words_look_as_they_did(show, recording: Recording, looks_as_before, name: str) -> None:
    options, theme_name, place = WORDS[name]
    shown = show(panel(options), recording, place=place, size=(620, 230), theme_name=theme_name)
    looks_as_before(name, shown.at(63))


def test_every_kind_has_its_baseline() -> None:
    shown = {options["kind"] for options, *_ in (*CASES.values(), *OF_DATA.values(), *WORDS.values())}
    assert shown | OF_STUDIES == set(KINDS)
