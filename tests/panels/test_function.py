from __future__ import annotations

import pickle
from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.text import Text

from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.panels import panel
from xorviz.panels._base import Panel
from xorviz.recordings.recording import Recording
from xorviz.styles.color import rgb_from_hex
from xorviz.styles.themes import THEMES
from xorviz.timing.timeline import Frame

PLACE = Place(80, 60, 240, 170)


def fill(axes, recording, snapshot) -> None:
    """The whole place in blue, from the left up to the snapshot's share of the steps."""
    axes.axvspan(0, recording.steps[snapshot], color="#0000ff", lw=0)
    axes.set_xlim(0, recording.steps[-1])
    axes.set_ylim(0, 1)


def words(axes, recording, snapshot) -> None:
    axes.set_title(f"step {recording.steps[snapshot]}")
    axes.set_xlabel("across")
    axes.set_xticks([0.25])
    axes.text(0.1, 0.5, "plain")
    axes.text(0.1, 0.2, "chosen", color="#123456", family="monospace", fontsize=8)


def made(function: Callable, **options: object) -> Panel:
    return panel({"kind": "function", "function": function, **options})


def kept(figures: list) -> Callable:
    """A function that writes `words` and keeps the figure, to be looked at afterwards."""

    def draw(axes, recording, snapshot) -> None:
        words(axes, recording, snapshot)
        figures.append(axes.figure)

    return draw


def test_axes_are_the_place_to_the_pixel(show, recording: Recording) -> None:
    shown = show(made(fill), recording, place=PLACE, size=(300, 220))
    blue = (shown.at(-1)[..., :3] == [0, 0, 255]).all(axis=-1)
    rows, columns = np.flatnonzero(blue.any(axis=1)), np.flatnonzero(blue.any(axis=0))
    # The spines cover half a pixel of the left and of the lower edge.
    assert (columns[0], columns[-1]) == (pytest.approx(PLACE.left, abs=1), PLACE.right - 1)
    assert (rows[0], rows[-1]) == (pytest.approx(PLACE.bottom, abs=1), PLACE.top - 1)
    assert blue[PLACE.bottom + 1 : PLACE.top, PLACE.left + 1 : PLACE.right].all()


def test_the_snapshot_is_drawn(show, recording: Recording) -> None:
    shown = show(made(fill), recording, place=PLACE, snapshots=[0, 63, 140])
    for index, snapshot in enumerate((0, 63, 140)):
        row = shown.at(index)[PLACE.bottom + 40, :, :3]
        n_blue = (row == [0, 0, 255]).all(axis=-1).sum()
        assert n_blue == pytest.approx(PLACE.width * recording.steps[snapshot] / recording.steps[-1], abs=2)


def test_it_is_drawn_once_a_snapshot(show, recording: Recording) -> None:
    calls = []
    shown = show(made(lambda axes, recording, snapshot: calls.append(snapshot)), recording)
    for snapshot in (0, 5, 5, 5, 2):
        shown.paint.update(Frame(0, snapshot, 0.0, 40.0))
    assert calls == [0, 5, 2]


def test_what_hangs_outside_hides_nothing_and_is_cut_off_at_the_frame(show, recording: Recording) -> None:
    """Gutters are shared: paper that is not written on lets the static layer through."""

    def word(axes, recording, snapshot) -> None:
        axes.set_axis_off()
        axes.text(-0.5, 0.5, "W" * 40, color="#ff0000")

    shown = show(made(word), recording, place=Place(4, 6, 290, 170), size=(300, 220))
    shown.static[:] = 77
    picture = shown.at(0)
    assert picture.shape == (220, 300, 4)
    assert (picture[:, :3] != 77).any()
    outside = np.ones(picture.shape[:2], dtype=bool)
    outside[70:110] = False
    assert (picture[outside] == 77).all()


@pytest.mark.parametrize("theme_name", THEMES)
def test_texts_that_nobody_styled_look_like_all_others(show, recording: Recording, theme_name: str) -> None:
    figures: list = []
    show(made(kept(figures)), recording, theme_name=theme_name).at(3)
    colors, (axes,) = THEMES[theme_name], figures[0].axes
    texts = {text.get_text(): text for text in figures[0].findobj(Text) if text.get_text()}
    assert texts["step 3"].get_color() == texts["plain"].get_color() == colors.ink
    assert texts["across"].get_color() == texts["0.25"].get_color() == colors.muted
    assert texts["chosen"].get_color() == "#123456"
    files = {name: str(text.get_fontproperties().get_file()) for name, text in texts.items()}
    assert files["step 3"].endswith("SourceSansPro-Semibold.ttf")
    assert {files[name].rpartition("/")[2] for name in ("plain", "across", "0.25")} == {"SourceSansPro-Regular.ttf"}
    assert files["chosen"] == "None"
    # Ten points of matplotlib's are the size of tick labels here: 12.5 px where a point is a pixel.
    assert texts["plain"].get_fontsize() * figures[0].dpi / 72 == pytest.approx(12.5)
    assert texts["chosen"].get_fontsize() == 8
    np.testing.assert_allclose(axes.get_facecolor()[:3], rgb_from_hex(colors.paper))
    assert figures[0].get_facecolor()[3] == 0


def test_text_and_lines_grow_with_the_frame(show, recording: Recording) -> None:
    figures: list = []
    for pt in (1.0, 2.0):
        place = Place(*(int(edge * pt) for edge in PLACE.box_px), pt)
        show(made(kept(figures)), recording, place=place, size=(int(300 * pt), int(220 * pt))).at(0)
    assert figures[1].dpi == 2 * figures[0].dpi


def test_nothing_is_left_of_the_frame_before(show, recording: Recording) -> None:
    """Colour bars and twins too, and the room they took."""
    counts, boxes = [], []

    def draw(axes, recording, snapshot) -> None:
        counts.append((len(axes.figure.axes), len(axes.lines)))
        boxes.append(axes.get_position().bounds)
        axes.plot([0, 1], [0, snapshot])
        axes.twinx()
        axes.figure.colorbar(mpl.cm.ScalarMappable(), ax=axes)

    shown = show(made(draw), recording)
    fresh = [show(made(draw), recording).at(i) for i in (0, 5)]
    for index, expected in ((0, fresh[0]), (5, fresh[1]), (0, fresh[0])):
        np.testing.assert_array_equal(shown.at(index), expected)
    assert counts == [(1, 0)] * 5
    assert len(set(boxes)) == 1


def test_axes_may_keep_their_artists(show, recording: Recording) -> None:
    counts = []

    def draw(axes, recording, snapshot) -> None:
        counts.append(len(axes.lines))
        (line,) = axes.lines or axes.plot([0, 1], [0, 1])
        line.set_ydata([0, recording.steps[snapshot] / recording.steps[-1]])

    shown = show(made(draw, clear=False), recording)
    pictures = [shown.at(i) for i in (0, 140, 0)]
    assert counts == [0, 1, 1]
    assert (pictures[0] != pictures[1]).any()
    np.testing.assert_array_equal(pictures[0], pictures[2])


def test_settings_of_matplotlib_stay_as_they_are(show, recording: Recording) -> None:
    before = dict(mpl.rcParams)
    show(made(words), recording, theme_name="dark").at(0)
    assert dict(mpl.rcParams) == before


def test_an_error_of_the_function_is_its_own(show, recording: Recording) -> None:
    shown = show(made(lambda axes, recording, snapshot: 1 / 0), recording)
    with pytest.raises(ZeroDivisionError):
        shown.at(0)


def test_a_function_of_a_module_travels_to_other_processes() -> None:
    options = {"kind": "function", "function": words, "clear": False}
    assert panel(pickle.loads(pickle.dumps(options))) == panel(options)


@pytest.mark.parametrize("given", [{}, {"function": "os:system"}, {"function": 3}])
def test_only_functions(given: dict) -> None:
    with pytest.raises(UsageError) as caught:
        panel({"kind": "function", **given})
    assert str(caught.value) == (
        "panel (function) must be valid: function must be a function draw(axes, recording, snapshot), given in Python; "
        f"got {given.get('function')!r}. For a recipe, declare it as an entry point of the group 'xorviz.panels' in a "
        "package of your own and use the entry point's name as kind."
    )
