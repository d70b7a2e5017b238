"""A smooth curve through the mean scores of neighbouring points, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError

Array: TypeAlias = NDArray[Any]

#: Of polynomials: enough for a curve with one minimum, and more only where that does not describe the means.
_DEGREES = range(4, 9)
_N_BOOTSTRAP = 2_000
_N_PLACES = 2_001


@final
@dataclass(frozen=True, eq=False)
class Curve:
    """A polynomial through means, and as many through means drawn anew.

    Attributes:
        degree: of the polynomials.
        chi_square: of the fit, per degree of freedom.
        centre: of the abscissa, which is measured from there in units of `scale`.
        scale: see there.
        coefficients (float64 array of shape (1 + n_bootstrap, degree + 1)): the fit's first, constant term first.
        span: lowest and highest abscissa that the curve was fitted to.
    """

    degree: int
    chi_square: float
    centre: float
    scale: float
    coefficients: Array
    span: tuple[float, float]

    def at(self, x: float) -> Array:
        """The curves' values, the fit's first; (float64 array of shape (1 + n_bootstrap,))."""
        return np.asarray(np.polynomial.polynomial.polyval((x - self.centre) / self.scale, self.coefficients.T))

    @property
    def minimum(self) -> float:
        """Where the fit is lowest within its span."""
        return float(self._lowest(self.coefficients[:1])[0])

    @property
    def minima(self) -> Array:
        """Where the curves through means drawn anew are lowest; (float64 array of shape (n_bootstrap,))."""
        return self._lowest(self.coefficients[1:])

    def _lowest(self, coefficients: Array) -> Array:
        places = np.linspace(*self.span, _N_PLACES)
        values = np.polynomial.polynomial.polyval((places - self.centre) / self.scale, coefficients.T)
        lowest: Array = places[values.argmin(axis=-1)]
        return lowest


def fit_curve(x: Array, scores: Sequence[Array], *, common: bool, seed: int = 0) -> Curve:
    """Fit a polynomial to the mean scores of points.

    Means are weighted by their standard errors. The degree is 4, or the least above, up to 8, with which χ² is not more
    than three of its standard deviations above its mean: a degree chosen by the best score would follow the noise, and
    its choice would be a part of the uncertainty that is not counted.

    The uncertainty is that of the same fit to means drawn anew. Scores lie on separate shelves of loss and are far from
    normal, but their mean over hundreds of runs is normal, so means are drawn from the normal distribution with the
    observed standard errors, and with the observed correlations where points share their random numbers.

    Args:
        x (float64 array of shape (n_points,)): abscissa, rising.
        scores: of the runs of each point; NaN for a run that diverged, which counts for nothing.
        common: whether the runs of all points began from the same random numbers.
        seed: of the means drawn anew.

    Raises:
        UsageError: fewer than 12 points, or fewer than 2 runs at one of them.

    References:
        B. Efron & R. Tibshirani, An Introduction to the Bootstrap (1993), section 6.5, the parametric bootstrap.
    """
    if common:
        shared = np.stack([one[: min(map(len, scores))] for one in scores])
        finite = list(shared[:, np.isfinite(shared).all(axis=0)])
    else:
        finite = [one[np.isfinite(one)] for one in scores]
    if len(x) < 12 or min(len(one) for one in finite) < 2:
        raise UsageError(
            "a report must have 12 points around what is claimed, with 2 runs or more each; "
            f"got {len(x)} points, {min((len(one) for one in finite), default=0)} runs at the least of them."
        )
    means: Array = np.array([one.mean() for one in finite])
    errors: Array = np.array([one.std(ddof=1) / np.sqrt(len(one)) for one in finite])
    errors = np.maximum(errors, 1e-12 * np.abs(means))
    centre, scale = float(x.mean()), float(np.ptp(x) / 2)
    powers = np.vander((x - centre) / scale, max(_DEGREES) + 1, increasing=True) / errors[:, np.newaxis]
    for degree in _DEGREES:
        fitted = powers[:, : degree + 1] @ np.linalg.lstsq(powers[:, : degree + 1], means / errors)[0]
        n_free = len(x) - degree - 1
        chi_square = float(((means / errors - fitted) ** 2).sum())
        if chi_square <= n_free + 3 * np.sqrt(2 * n_free):
            break
    drawn = means + _noise(finite, errors, common=common, seed=seed)
    every = np.concatenate([means[np.newaxis], drawn])
    coefficients = np.linalg.lstsq(powers[:, : degree + 1], (every / errors).T)[0].T
    return Curve(degree, chi_square / n_free, centre, scale, coefficients, (float(x[0]), float(x[-1])))


def _noise(scores: Sequence[Array], errors: Array, *, common: bool, seed: int) -> Array:
    """What means drawn anew differ by, (n_bootstrap, n_points)."""
    normal = np.random.default_rng(seed).standard_normal((_N_BOOTSTRAP, len(errors)))
    if common:
        values, vectors = np.linalg.eigh(np.corrcoef(np.stack(scores)))
        normal = normal @ (vectors * np.sqrt(np.maximum(values, 0.0))).T
    drawn: Array = normal * errors
    return drawn
