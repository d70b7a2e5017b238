"""The panels of studies: what they measure, of scores that are written down here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import xorviz
from xorviz.artists.label import Label
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.learning.articles import article
from xorviz.panels import panel
from xorviz.panels._sweep.setting_axis import setting_axis
from xorviz.scenes.scene import Scene
from xorviz.sweeps.engines._base import BlockResult
from xorviz.sweeps.growth import Growth
from xorviz.sweeps.passes import Address
from xorviz.sweeps.planning import Wanted, plan_of
from xorviz.sweeps.store import Store
from xorviz.sweeps.study import Study

BASELINES = Path(__file__).parents[1] / "baselines"
N_RUNS = 40
LEVELS = (2 * np.log(2) / 4, np.log(2))


def store(path, grids, result, name="init-scale", n_runs=N_RUNS):
    wanted = Wanted(experiment=article(name), grids=grids, block_runs=n_runs, engine="numpy")
    plan, _ = plan_of(wanted, None, n_runs=1, n_passes=None)
    with Store(path, plan) as written:
        for point, values in enumerate(plan.points()):
            written.add(Address(point, 0), result(point, values))
    return Growth(Study(path))


def valley(point, values):
    """Scores around a parabola in ln hidden_std with its minimum at 0.5; a tenth of the runs more fails each octave."""
    random = np.random.default_rng(point)
    x = np.log(values[0] / 0.5)
    scores = 1000 + 300 * x**2 + 30 * random.standard_normal(N_RUNS)
    n_failed = min(point // 4, N_RUNS)
    losses = np.where(np.arange(N_RUNS) < n_failed, LEVELS[0], 0.003)
    losses[: n_failed // 3] = LEVELS[1]
    return BlockResult(scores, losses, np.where(np.arange(N_RUNS) < n_failed, -1, 500))


@pytest.fixture(scope="module")
def growth(tmp_path_factory):
    return store(tmp_path_factory.mktemp("study") / "s.db", ("hidden_std=log:0.05:5:80",), valley)


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    def result(point, values):
        n = np.arange(10.0)
        return BlockResult(n + 100 * point, n / 10, np.arange(10))

    grids = ("learning_rate=0.1,0.2,0.4", "widths=2-2-1,2-3-1")
    return store(tmp_path_factory.mktemp("study") / "two.db", grids, result, n_runs=10)


def measured(growth, kind, snapshots=(-1,), **options):
    shown = np.arange(growth.n_snapshots)[list(snapshots)]
    return panel({"kind": kind, **options}).measure(growth, shown), shown


def test_an_axis_is_logarithmic_where_the_sweep_is(growth):
    axis = setting_axis(growth, "", "x")
    assert (axis.setting, axis.is_log) == ("hidden_std", True)
    assert axis.limits == pytest.approx((np.log(0.05), np.log(5)))
    assert [text for _, text in axis.ticks(4)] == ["0.1", "1"]
    assert axis.value(axis.position(0.7)) == pytest.approx(0.7)


def test_other_settings_make_other_curves(two):
    axis = setting_axis(two, "", "x")
    assert axis.setting == "learning_rate"
    assert [curve.name for curve in axis.curves] == ["2-2-1", "2-3-1"]
    assert [curve.points.tolist() for curve in axis.curves] == [[0, 2, 4], [1, 3, 5]]
    by_widths = setting_axis(two, "widths", "x")
    assert by_widths.words == ("2-2-1", "2-3-1")
    assert [curve.name for curve in by_widths.curves] == ["0.1", "0.2", "0.4"]
    assert by_widths.ticks(9) == [(0.0, "2-2-1"), (1.0, "2-3-1")]
    with pytest.raises(UsageError, match=r"^by of panel 'x' must be one of learning_rate, widths; got 'n_steps'\.$"):
        setting_axis(two, "n_steps", "x")


def test_mean_and_minimum(growth):
    found, (last,) = measured(growth, "sweep-mean")
    x = np.log([values[0] / 0.5 for values in growth.study.points])
    errors = np.abs(found.means[last] - 1000 - 300 * x**2) / found.errors[last]
    assert errors.max() < 4
    lowest = found.minima[last]
    assert found.axis.value(lowest.low) < 0.5 < found.axis.value(lowest.high)
    assert [(mark.name, round(found.axis.value(mark.at), 4)) for mark in found.marks] == [
        ("0.6, the article's", 0.6),
        ("1/√2, Glorot's", 0.7071),
    ]
    assert found.limits[0] < found.means[last].min() < found.means[last].max() < found.limits[1]


def test_marks_are_an_option(growth):
    found, _ = measured(growth, "sweep-mean", marks=[[1.0, "one"], [99.0, "beyond"]])
    assert [mark.name for mark in found.marks] == ["one"]


def test_the_first_states_say_nothing_of_a_minimum(growth):
    found, (first,) = measured(growth, "sweep-mean", snapshots=(0,))
    assert growth.per_point[first] == 10
    assert found.minima[first] is None


def test_density_is_the_share_of_runs(growth):
    found, (last,) = measured(growth, "sweep-density")
    image = found.densities[last]
    assert image.shape == (160, 80)
    # Undo the contrast: each column's shares are those of the runs, up to a common factor.
    shares = image.astype(float) ** (1 / 0.4)
    shares /= shares.sum(axis=0)
    middles = np.linspace(*found.limits, 321)[1::2]
    np.testing.assert_allclose(middles @ shares, growth.means[last], atol=np.diff(middles)[0])


def test_density_of_losses_shows_the_plateaus(growth):
    found, (last,) = measured(growth, "sweep-density", of="loss")
    assert [level.name for level in found.levels] == ["2 points alike", "3 points alike", "4 points alike"]
    edges = np.geomspace(*found.limits, 161)
    row = np.searchsorted(edges, LEVELS[0]) - 1
    column = found.densities[last][:, -1].astype(float) ** (1 / 0.4)
    failed, high = 79 // 4, 79 // 4 // 3
    assert column[row] / column.sum() == pytest.approx((failed - high) / N_RUNS, abs=1e-6)


def test_failures_by_plateau(growth):
    found, (last,) = measured(growth, "sweep-failures")
    assert found.names == ("2 points alike", "4 points alike")
    n_failed = np.arange(80) // 4
    np.testing.assert_allclose(found.shares[last][1], (n_failed // 3) / N_RUNS)
    np.testing.assert_allclose(found.shares[last].sum(axis=0), n_failed / N_RUNS)


def test_medians(growth):
    found, (last,) = measured(growth, "sweep-medians")
    for column, point in enumerate((0, 40, 79)):
        scores = np.sort(growth.by_point[point].scores)
        assert found.quartiles[last][1, point] == pytest.approx((scores[19] + scores[20]) / 2)
        assert (scores < found.quartiles[last][0, point]).sum() == 10
        assert (scores > found.quartiles[last][2, point]).sum() == 10
        assert column < 3


def test_the_title_line(growth):
    found, _ = measured(growth, "study")
    assert (found.title, found.points, found.n_runs[-1]) == ("XOR", "80 points", 80 * N_RUNS)


@pytest.mark.parametrize("kind", ["sweep-density", "sweep-failures", "sweep-medians"])
def test_panels_of_one_curve_refuse_several(two, kind):
    with pytest.raises(UsageError, match=rf"^panel '{kind}' must have a study of one setting; got 2 curves\.$"):
        measured(two, kind)


def test_a_recording_is_no_study(recording, tmp_path):
    with pytest.raises(UsageError) as caught:
        xorviz.still(recording, tmp_path / "a.png", scene=Scene(rows=("sweep-mean",)))
    assert str(caught.value) == (
        "panel 'sweep-mean' must have a study to draw; got a recording. Give a study's .db file, or another scene."
    )


CASES = {
    "sweep-mean": ("sweep-mean", {}, "light"),
    "sweep-density": ("sweep-density", {}, "dark"),
    "shelves": ("sweep-density", {"of": "loss"}, "light"),
    "sweep-failures": ("sweep-failures", {}, "light"),
    "sweep-medians": ("sweep-medians", {}, "dark"),
}


@pytest.mark.parametrize("name", CASES)
def test_looks_as_it_did(show, growth, looks_as_before, monkeypatch, name):
    kind, options, theme_name = CASES[name]
    monkeypatch.setattr(Label, "draw", lambda self, renderer: None)
    shown = show(panel({"kind": kind, **options}), growth, place=Place(20, 20, 180, 110), theme_name=theme_name)
    once = shown.at(-1)
    np.testing.assert_array_equal(shown.at(-1), once)
    if name != "shelves":
        assert (shown.at(0) != once).any()
    looks_as_before(name, shown.inside(once))
