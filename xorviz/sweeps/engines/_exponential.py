"""Exponentials that a compiler turns into vector instructions: no branch, no call, no table.

PyPI's numba has no vector math library, and `math.exp` would be called once for every lane. Importing this needs numba.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

#: The largest change of an argument that a factor of an exponential is computed for; its error is then below 1e-14.
MOST_CHANGE = 0.025
_LOG2_E = 1 / math.log(2)
#: ln 2 in two parts, whose sum is exact to 107 bits.
_LN2_HIGH, _LN2_LOW = float.fromhex("0x1.62e42fefa39efp-1"), float.fromhex("0x1.abc9e3b39803fp-56")
#: Adding this rounds to a whole number, which is then found in the lowest bits.
_ROUNDING = 1.5 * 2.0**52
#: No NaN or infinity arises, see the bounds above; `contract` allows fused multiply-add.
FAST = {"contract", "nsz", "nnan", "ninf"}
# Python's checks for a division by zero would end a loop early, which cannot be vectorised.
lanewise = njit(fastmath=FAST, error_model="numpy")


def _exponential_series(radius: float, degree: int) -> tuple[float, ...]:
    """Coefficients c₁ … of exp(x) ≈ 1 + c₁ x + c₂ x² + …, for |x| ≤ radius.

    (exp(x) − 1) / x is interpolated at Chebyshev's points; the error is about radiusⁿ / (n! 2ⁿ⁻²), n = degree + 1.
    """

    def quotient(u: Any) -> Any:
        x = np.where(u == 0, 1e-30, u * radius)
        return np.expm1(x) / x

    chebyshev = np.polynomial.chebyshev.chebinterpolate(quotient, degree - 1)
    series = np.polynomial.chebyshev.cheb2poly(chebyshev) / radius ** np.arange(degree)
    return tuple(float(value) for value in series)


_F1, _F2, _F3, _F4, _F5, _F6, _F7, _F8, _F9, _F10, _F11 = _exponential_series(math.log(2) / 2 * 1.0001, 11)
_G1, _G2, _G3, _G4, _G5 = _exponential_series(MOST_CHANGE, 5)


@intrinsic
def bits(context, value):
    """The 64 bits of a float as a whole number."""
    return types.int64(types.float64), lambda c, builder, s, a: builder.bitcast(a[0], ir.IntType(64))


@intrinsic
def from_bits(context, value):
    """The float with these 64 bits."""
    return types.float64(types.int64), lambda c, builder, s, a: builder.bitcast(a[0], ir.DoubleType())


@lanewise
def exponential(x):
    """exp(x) for −708 < x < 708, to the last bit or two, in operations that vectorise."""
    shifted = x * _LOG2_E + _ROUNDING
    n = shifted - _ROUNDING
    r = x - n * _LN2_HIGH
    r = r - n * _LN2_LOW
    p = _F11 * r + _F10
    p = p * r + _F9
    p = p * r + _F8
    p = p * r + _F7
    p = p * r + _F6
    p = p * r + _F5
    p = p * r + _F4
    p = p * r + _F3
    p = p * r + _F2
    p = p * r + _F1
    p = p * r + 1.0
    return from_bits(bits(p) + (bits(shifted) << 52))


@lanewise
def factor(x):
    """exp(x) for |x| ≤ 0.025."""
    p = _G5 * x + _G4
    p = p * x + _G3
    p = p * x + _G2
    p = p * x + _G1
    return p * x + 1.0
