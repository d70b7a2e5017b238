from __future__ import annotations

import numpy as np
import pytest

from xorviz.artists.label import Label
from xorviz.artists.lines import Markers
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.panels.readout import ReadoutPanel
from xorviz.recordings.recording import Recording

PLACE = Place(60, 30, 240, 200)


def labels(artists) -> list[Label]:
    return [artist for artist in artists if isinstance(artist, Label)]


def test_a_row_for_every_point(show, recording: Recording) -> None:
    shown = show(ReadoutPanel(), recording, place=PLACE)
    static = labels(shown.paint.static)
    rows: dict[float, list[tuple[float, str]]] = {}
    for label in static:
        rows.setdefault(label.y_px, []).append((label.x_px, label.text))
    table = [[text for _, text in sorted(rows[y])] for y in sorted(rows, reverse=True)]
    assert table == [
        ["x₁", "x₂", "target", "output"],
        ["0", "0", "0"],
        ["0", "1", "1"],
        ["1", "0", "1"],
        ["1", "1", "0"],
    ]
    assert all(PLACE.bottom <= label.y_px <= PLACE.top for label in static)


@pytest.mark.parametrize("n_places", [1, 3, 5])
def test_outputs_step_and_loss_of_each_frame(show, recording: Recording, n_places: int) -> None:
    shown = show(ReadoutPanel(n_places=n_places), recording, place=PLACE)
    for k in (0, 63, 140):
        shown.at(k)
        *outputs, step, loss = (label.text for label in labels(shown.paint.dynamic))
        current = recording.outputs(recording.inputs, k)[:, 0]
        assert outputs == [f"{output:.{n_places}f}" for output in current]
        assert (step, loss) == (f"step {recording.steps[k]}", f"loss {recording.snapshot_losses[k]:.3f}")


def test_markers_show_the_targets_classes(show, recording: Recording) -> None:
    shown = show(ReadoutPanel(), recording, place=PLACE)
    squares, circles = (artist for artist in shown.paint.static if isinstance(artist, Markers))
    bases = [label.y_px for label in labels(shown.paint.dynamic)[:4]]
    for markers, rows in ((squares, (0, 3)), (circles, (1, 2))):
        for (_, y), row in zip(np.asarray(markers.points), rows, strict=True):
            assert bases[row] < y < bases[row] + 20


def test_three_inputs(show, three_inputs: Recording) -> None:
    panel = ReadoutPanel()
    assert panel.measure(three_inputs, np.arange(2)).columns == ("x₁", "x₂", "x₃", "target", "output")
    shown = show(panel, three_inputs, place=PLACE)
    assert min(label.y_px for label in labels(shown.paint.dynamic)) >= PLACE.bottom


def test_diverged(show, diverged: Recording) -> None:
    shown = show(ReadoutPanel(), diverged, place=PLACE)
    shown.at(-1)
    assert labels(shown.paint.dynamic)[-1].text == "loss –"


def test_too_many_points(many_points: Recording) -> None:
    with pytest.raises(UsageError) as caught:
        ReadoutPanel().measure(many_points, np.arange(2))
    assert str(caught.value) == "panel 'readout' must have at most 16 points to list; got 40."
