"""The title line of a picture of several steps."""

from __future__ import annotations

import pytest

from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.panels.title import TitlePanel
from xorviz.styles.themes import theme

PLACE = Place(10, 180, 590, 210)


def texts(panel, recording, place=PLACE):
    paint = panel.attach(place, panel.measure(recording, recording.steps), theme("light"))
    assert paint.dynamic == ()
    return [label.text for label in paint.static]


def test_title_and_description(recording):
    assert texts(TitlePanel(), recording) == ["XOR", "2–2–1 sigmoid, cross-entropy, gradient descent"]
    assert texts(TitlePanel(title="Mine"), recording)[0] == "Mine"


def test_variables_say_what_holds_at_the_last_step(recording):
    loss = f"{recording.final_loss:.3f}"
    assert texts(TitlePanel(title="{title}: {loss:.3f} at {step}{event}"), recording)[0] == f"XOR: {loss} at 140"
    assert texts(TitlePanel(title="{description}"), recording) == ["2–2–1 sigmoid, cross-entropy, gradient descent"]
    with pytest.raises(UsageError, match=r"title must close every \{"):
        TitlePanel(title="{step")


def test_a_description_that_does_not_fit_is_left_out(recording):
    assert texts(TitlePanel(), recording, Place(10, 180, 210, 210)) == ["XOR"]
