"""Panels of other packages: a distribution is put in a folder, and the folder where Python finds packages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import xorviz
from xorviz.errors import UsageError
from xorviz.panels import KINDS, panel
from xorviz.panels.function import MatplotlibPanel
from xorviz.panels.loss import LossPanel

MODULE = '''
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xorviz.artists.lines import Polylines
from xorviz.panels._base import Paint, Panel


def draw_red(axes, recording, snapshot):
    axes.axvspan(0, 1, color="#ff0000")
    axes.set_xlim(0, 1)


@dataclass(frozen=True)
class Rule(Panel):
    """A red line that rises with the loss."""

    kind: ClassVar[str] = "rule"
    width_pt: float = 20.0

    def measure(self, recording, snapshots):
        return recording.snapshot_losses / recording.snapshot_losses.max()

    def attach(self, place, measured, theme):
        line = Polylines("#ff0000", self.width_pt * place.pt)

        def update(frame):
            y = place.bottom + measured[frame.snapshot] * place.height
            line.lines = [np.array([[place.left, y], [place.right, y]])]

        return Paint((), (line,), update)


class Unfinished(Panel):
    kind = "unfinished"


number = 3
'''


class Site:
    """A folder that Python finds packages in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(self, package: str, entries: dict[str, str], module: str = MODULE) -> None:
        (self.folder / f"{package}.py").write_text(module)
        info = self.folder / f"{package}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        points = "".join(f"{name} = {value}\n" for name, value in entries.items())
        (info / "entry_points.txt").write_text(f"[xorviz.panels]\n{points}")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return Site(folder)


def refusal(**options: object) -> str:
    with pytest.raises(UsageError) as caught:
        panel(options, where="panels.mine")
    return str(caught.value)


def test_a_panel_class(site: Site, show, recording: xorviz.Recording) -> None:
    site.install("red_rules", {"rule": "red_rules:Rule"})
    made = panel({"kind": "rule", "width_pt": 6.0})
    assert (made.kind, made.width_pt) == ("rule", 6.0)
    assert (show(made, recording).at(0)[..., :3] == [255, 0, 0]).all(axis=-1).any()
    assert refusal(kind="rule", width=3) == (
        "option of panels.mine (rule) must be one of width_pt; got 'width'. Did you mean 'width_pt'?"
    )
    assert refusal(kind="rule", width_pt="3") == (
        "panels.mine (rule) must be valid: Expected `float`, got `str` - at `$.width_pt`."
    )


def test_a_function(site: Site) -> None:
    site.install("red_places", {"red": "red_places:draw_red"})
    made = panel({"kind": "red", "clear": False})
    assert isinstance(made, MatplotlibPanel)
    assert (made.function.__name__, made.clear) == ("draw_red", False)
    assert refusal(kind="red", function="os:system") == (
        "option of panels.mine (red) must be one of clear; got 'function'."
    )


def test_built_in_names_win(site: Site) -> None:
    site.install("red_losses", {"loss": "red_losses:Rule"})
    assert type(panel({"kind": "loss"})) is LossPanel


def test_an_unknown_kind_is_told_of_installed_ones_too(site: Site) -> None:
    site.install("red_names", {"rule": "red_names:Rule", "red": "red_names:draw_red"})
    assert refusal(kind="rulr") == (
        f"panels.mine.kind must be one of {', '.join(KINDS)}, red, rule; got 'rulr'. Did you mean 'rule'?"
    )


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("red_nothing:Rule", "ModuleNotFoundError: No module named 'red_nothing'"),
        ("red_broken:Ruler", "AttributeError: module 'red_broken' has no attribute 'Ruler'"),
    ],
)
def test_a_panel_that_does_not_load(site: Site, value: str, why: str) -> None:
    site.install("red_broken", {"rule": value})
    assert refusal(kind="rule") == (
        f"panels.mine.kind must name a panel that loads; entry point 'rule' ({value}) of package red_broken raised "
        f"{why}. Repair or uninstall that package."
    )


@pytest.mark.parametrize(("name", "what"), [("number", "3"), ("Unfinished", "<class 'red_others.Unfinished'>")])
def test_what_is_no_panel(site: Site, name: str, what: str) -> None:
    site.install("red_others", {"mine": f"red_others:{name}"})
    sys.modules.pop("red_others", None)
    assert refusal(kind="mine") == (
        "panels.mine.kind must name a Panel that is a dataclass, or a function; entry point 'mine' "
        f"(red_others:{name}) of package red_others is {what}. Repair or uninstall that package."
    )


def test_two_packages_that_bring_one_kind(site: Site) -> None:
    for package in ("red_two", "red_one"):
        site.install(package, {"rule": f"{package}:Rule"})
    assert refusal(kind="rule") == (
        "panels.mine.kind must be brought by one package; 'rule' is an entry point of red_one and red_two. "
        "Uninstall all but one."
    )


def test_packages_are_not_asked_for_built_in_kinds() -> None:
    code = "import sys; from xorviz.panels import panel; panel({'kind': 'loss'}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "xorviz.panels._installed" not in done.stdout.split()


@pytest.mark.parametrize("workers", [1, 2])
def test_the_command_line_draws_them(site: Site, tmp_path: Path, workers: int) -> None:
    """From a recipe, in processes that are told of the folder by the environment alone."""
    site.install("red_panels", {"rule": "red_panels:Rule", "red": "red_panels:draw_red"})
    recipe = tmp_path / "mine.toml"
    recipe.write_text('rows = ["rule red"]\nheader = false\ntime_bar = false\n[panels.rule]\nwidth_pt = 30.0\n')
    words = ["mine.toml", "--out", "a.gif", "--size", "240x120", "--duration", "3.2", "--workers", str(workers)]
    done = subprocess.run(
        [sys.executable, "-m", "xorviz.render", *words],
        cwd=tmp_path,
        env={"PYTHONPATH": str(site.folder), "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, "a.gif\n"), done.stderr
    with Image.open(tmp_path / "a.gif") as picture:
        # More than one run of frames, so that two workers both draw.
        assert picture.n_frames > 24
        picture.seek(picture.n_frames - 1)
        last = np.asarray(picture.convert("RGB"))
    red = np.abs(last.astype(int) - [255, 0, 0]).max(axis=-1) < 40
    left, right = np.array_split(red, 2, axis=1)
    assert 0.02 < left.mean() < right.mean()
