"""The report against runs whose truth is known, and against a fit by other means."""

from __future__ import annotations

import re

import numpy as np
import pytest

from xorviz.errors import UsageError
from xorviz.sweeps.curve import fit_curve
from xorviz.sweeps.report import BEST, GLOROT, Change, report_of
from xorviz.sweeps.study import Runs

DEVIATIONS = np.exp(np.linspace(-3, 4, 400))


def truth(deviation):
    """A mean score with its minimum at 0.55, curved as in the article."""
    return 1000 + 400 * np.log(deviation / 0.55) ** 2


def runs_of(deviations, n_runs, *, seed=0, common=False):
    """Scores on two shelves, far from normal, around the truth; every fifth run fails."""
    random = np.random.default_rng(seed)
    shared = random.random(n_runs)
    found = []
    for deviation in deviations:
        chance = shared if common else random.random(n_runs)
        scores = truth(deviation) * np.where(chance < 0.2, 2.6, 0.6)
        solved = np.where(chance < 0.2, -1, 700)
        found.append(Runs(scores, np.zeros(n_runs, np.float32), solved.astype(np.int32)))
    return found


def true_change(begin, end):
    return 1 - truth(end) / truth(begin)


def test_the_report_of_many_runs_is_near_the_truth_and_says_how_near():
    report = report_of(DEVIATIONS, runs_of(DEVIATIONS, 4000))
    assert (report.n_runs, report.n_points) == (1_600_000, 400)
    for change, (begin, end) in zip(report.changes, [(1.0, GLOROT), (GLOROT, BEST)], strict=True):
        assert change.standard_error < 0.006
        assert abs(change.estimate - true_change(begin, end)) < 3 * change.standard_error
    low, high = report.minimum_interval
    assert low < report.minimum < high
    assert low < 0.55 < high
    assert high - low < 0.2
    assert report.failed == pytest.approx(0.2, abs=0.002)
    for (at, failed, error), expected in zip(report.failed_at, (BEST, GLOROT, 1.0), strict=True):
        assert at == expected
        assert error == pytest.approx(np.sqrt(0.16 / 20_000), rel=0.05)
        assert abs(failed - 0.2) < 4 * error


def test_standard_errors_are_those_of_repeated_studies():
    """The spread of estimates over 60 studies is what one study says of itself, within a third."""
    deviations = DEVIATIONS[(DEVIATIONS > 0.3) & (DEVIATIONS < 1.65)][::3]
    reports = [report_of(deviations, runs_of(deviations, 300, seed=seed)) for seed in range(60)]
    for which, (begin, end) in enumerate([(1.0, GLOROT), (GLOROT, BEST)]):
        estimates = np.array([report.changes[which].estimate for report in reports])
        stated = np.median([report.changes[which].standard_error for report in reports])
        assert estimates.std() == pytest.approx(stated, rel=0.35)
        assert abs(estimates.mean() - true_change(begin, end)) < 4 * stated / np.sqrt(60)
    inside = [report.minimum_interval[0] <= 0.55 <= report.minimum_interval[1] for report in reports]
    assert sum(inside) >= 50


def test_common_random_numbers_make_the_changes_surer():
    own = report_of(DEVIATIONS, runs_of(DEVIATIONS, 1000)).changes
    common = report_of(DEVIATIONS, runs_of(DEVIATIONS, 1000, common=True), common=True).changes
    for mine, shared in zip(own, common, strict=True):
        assert shared.standard_error < 0.2 * mine.standard_error


def test_the_curve_is_the_weighted_least_squares_fit():
    x = np.linspace(-1, 1, 40)
    random = np.random.default_rng(1)
    scores = [5 + a - 2 * a**2 + 0.1 * random.standard_normal(50 + 10 * i) for i, a in enumerate(x)]
    curve = fit_curve(x, scores, common=False)
    weights = [np.sqrt(len(one)) / one.std(ddof=1) for one in scores]
    expected = np.polynomial.Polynomial.fit(x, [one.mean() for one in scores], curve.degree, w=weights)
    for place in (-0.8, 0.1, 0.9):
        assert curve.at(place)[0] == pytest.approx(expected(place), rel=1e-10)
    assert 0.4 < curve.chi_square < 1.8


def test_runs_without_a_score_count_as_failed_only():
    runs = runs_of(DEVIATIONS, 100)
    diverged = [
        Runs(np.append(one.scores, np.nan), np.append(one.final_losses, np.nan), np.append(one.solved_steps, -1))
        for one in runs
    ]
    whole, more = report_of(DEVIATIONS, runs), report_of(DEVIATIONS, diverged)
    assert more.changes == whole.changes
    assert more.n_runs == whole.n_runs + 400
    assert more.failed > whole.failed


@pytest.mark.parametrize(
    ("estimate", "verdict"),
    [
        (0.085, "holds: 0.0 standard errors from the published value"),
        (0.090, "holds: 1.0 standard errors from the published value"),
        (0.050, "better, as claimed, but by less: 7.0 standard errors apart"),
        (0.110, "better, as claimed, but by more: 5.0 standard errors apart"),
        (0.008, "open: these runs cannot tell it from no change"),
        (-0.02, "does not hold: the score rises"),
    ],
)
def test_verdicts(estimate, verdict):
    assert Change(1.0, GLOROT, 0.085, estimate, 0.005).verdict == verdict


def test_the_text_holds_every_number():
    report = report_of(DEVIATIONS, runs_of(DEVIATIONS, 500))
    text = report.text()
    for number in ("200,000 runs at 400", "-8.5%", "-1.1%", f"{report.minimum:.3f}", f"{report.failed:.2%}"):
        assert number in text
    for change in report.changes:
        assert f"{-change.estimate:+.2%} ± {change.standard_error:.2%}" in text


def test_too_few_points():
    message = (
        "a report must have 12 points around what is claimed, with 2 runs or more each; "
        "got 5 points, 10 runs at the least of them."
    )
    deviations = np.linspace(0.4, 1.2, 5)
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        report_of(deviations, runs_of(deviations, 10))
