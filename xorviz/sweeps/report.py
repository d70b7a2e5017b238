"""What a study of `init-scale` says of its article's claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError
from xorviz.sweeps.curve import Curve, fit_curve
from xorviz.sweeps.statistics import statistics
from xorviz.sweeps.study import Runs, Study

Array: TypeAlias = NDArray[Any]

#: Glorot's deviation for two inputs and two hidden units, where the article draws a line.
GLOROT = 1 / sqrt(2)
BEST = 0.6
#: Fits are made between these deviations: around what is claimed, and where the curve is smooth.
WINDOW = (0.3, 1.65)
#: How many standard errors from zero, or from the published value, is called certain.
_CERTAIN = 2.0


@dataclass(frozen=True)
class Change:
    """By how much the mean score falls from one hidden deviation to another.

    Attributes:
        begin: hidden deviation before.
        end: hidden deviation after.
        published: what the article states, as a fraction of the score before.
        estimate: what the stored runs say.
        standard_error: of the estimate.
    """

    begin: float
    end: float
    published: float
    estimate: float
    standard_error: float

    @property
    def verdict(self) -> str:
        """Whether the claim holds: that it is better, and by how much."""
        apart = (self.estimate - self.published) / self.standard_error
        if abs(self.estimate) < _CERTAIN * self.standard_error:
            return "open: these runs cannot tell it from no change"
        if self.estimate < 0:
            return "does not hold: the score rises"
        if abs(apart) <= _CERTAIN:
            return f"holds: {abs(apart):.1f} standard errors from the published value"
        return f"better, as claimed, but by {'more' if apart > 0 else 'less'}: {abs(apart):.1f} standard errors apart"


@dataclass(frozen=True)
class Report:
    """What the runs of a study say.

    Attributes:
        n_runs: runs in all.
        n_points: hidden deviations tried.
        n_fitted: of them, those the curve is fitted to.
        degree: of the fitted polynomial.
        chi_square: of the fit, per degree of freedom; near 1 where the curve describes the means.
        changes: the article's two claims.
        minimum: hidden deviation with the lowest mean score.
        minimum_interval: that contains it with 95 % confidence.
        failed: fraction of runs that do not end with every point correct, mean over all deviations, so that it does not
            depend on where more runs went.
        failed_at: the same near some deviations, with its standard error: (deviation, fraction, standard error).
    """

    n_runs: int
    n_points: int
    n_fitted: int
    degree: int
    chi_square: float
    changes: tuple[Change, ...]
    minimum: float
    minimum_interval: tuple[float, float]
    failed: float
    failed_at: tuple[tuple[float, float, float], ...]

    def text(self) -> str:
        """Everything, to be read."""
        low, high = self.minimum_interval
        lines = [f"{self.n_runs:,} runs at {self.n_points:,} hidden deviations", ""]
        lines.append("mean score, from one hidden deviation to another   published    here")
        for change in self.changes:
            name = f"{change.begin:.4g} to {change.end:.4g}"
            here = f"{-change.estimate:+.2%} ± {change.standard_error:.2%}"
            lines.append(f"  {name:48} {-change.published:+9.1%}    {here}  {change.verdict}")
        holds = "inside" if low <= BEST <= high else "outside"
        lines += [
            "",
            f"lowest mean score at {self.minimum:.3f}, 95 % interval {low:.3f} to {high:.3f}; "
            f"the published {BEST:g} lies {holds}",
            f"fails: {self.failed:.2%} of runs, mean over all deviations; "
            + ", ".join(f"{failed:.1%} ± {error:.1%} near {at:.4g}" for at, failed, error in self.failed_at),
            f"(a polynomial of degree {self.degree} in ln hidden_std through {self.n_fitted} means, "
            f"χ² per degree of freedom {self.chi_square:.2f}; errors by bootstrap)",
        ]
        return "\n".join(lines)


def report(study: Study) -> Report:
    """The report of a study of `init-scale` over hidden_std.

    Raises:
        UsageError: a study of something else, or with too few runs for any standard error.
    """
    settings = [axis.setting for axis in study.plan.axes]
    if study.plan.experiment.get("name") != "init-scale" or settings != ["hidden_std"]:
        raise UsageError(
            f"--report must be of a study of init-scale over hidden_std; {str(study.path)!r} is of "
            f"{study.plan.experiment.get('name')} over {', '.join(settings)}."
        )
    deviations = np.array([float(str(value)) for (value,) in study.points])
    return report_of(deviations, study.by_point(), common=study.plan.common)


def report_of(deviations: Array, by_point: Sequence[Runs], *, common: bool = False) -> Report:
    """The report of runs.

    Args:
        deviations (float64 array of shape (n_points,)): hidden deviation of each point.
        by_point: the runs of each.
        common: whether the runs of all points began from the same random numbers.

    Raises:
        UsageError: too few points around the claims, or too few runs.
    """
    inside = np.flatnonzero((deviations >= WINDOW[0]) & (deviations <= WINDOW[1]))
    curve = fit_curve(np.log(deviations[inside]), [by_point[i].scores for i in inside.tolist()], common=common)
    found = statistics(by_point)
    n_all = found.n_runs + found.n_diverged
    changes = (_change(curve, 1.0, GLOROT, 0.085), _change(curve, GLOROT, BEST, 0.011))
    low, high = np.exp(np.quantile(curve.minima, (0.025, 0.975)))
    return Report(
        n_runs=int(n_all.sum()),
        n_points=len(deviations),
        n_fitted=len(inside),
        degree=curve.degree,
        chi_square=curve.chi_square,
        changes=changes,
        minimum=float(np.exp(curve.minimum)),
        minimum_interval=(float(low), float(high)),
        failed=float(np.nanmean(found.failed)),
        failed_at=tuple(_failed_near(at, deviations, by_point) for at in (BEST, GLOROT, 1.0)),
    )


def _change(curve: Curve, begin: float, end: float, published: float) -> Change:
    before, after = curve.at(np.log(begin)), curve.at(np.log(end))
    relative = 1 - after / before
    return Change(begin, end, published, float(relative[0]), float(relative[1:].std(ddof=1)))


def _failed_near(at: float, deviations: Array, by_point: Sequence[Runs]) -> tuple[float, float, float]:
    """The fraction that fails at the five points nearest to a deviation."""
    near = np.argsort(np.abs(np.log(deviations / at)))[:5].tolist()
    solved = np.concatenate([by_point[i].solved_steps for i in near])
    failed = float((solved < 0).mean())
    return at, failed, sqrt(failed * (1 - failed) / len(solved))
