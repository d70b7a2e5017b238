"""The compiled loop over steps for networks with one hidden layer of sigmoids that learn corners of the unit square.

Importing this file needs numba; `NumbaEngine` does so on use. Numba's cache looks for changes in this file only: empty
it after a change of `_exponential.py` alone.

One SIMD lane is one run. A tile of runs stays in the first-level cache for all steps, and a step is a few loops over
its lanes, each short enough that the processor works on several vectors at once. What makes it fast:

- Inputs are 0 and 1, so a hidden unit's weighted sums at the corners are b, b + w₂, b + w₁, b + w₁ + w₂, and its four
  exponentials are products of exp(−b), exp(−w₁), exp(−w₂).
- Those three follow their parameters by factors exp(Δ) with a small Δ, a polynomial of degree 5, and are taken anew
  every few steps, or at once where a Δ is large. So do the exponentials of the outputs.
- Four quotients 1/d are one division.
- With t = exp(∓z) a point's loss is ln(1 + t), its error ±t / (1 + t). The products of 1 + t accumulate over steps,
  every four of them their binary exponents are taken off into a whole number, and the only logarithm is the last.
  For z near the clip this is exact where 1 − output has lost its digits.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from xorviz.learning.losses import CLIP
from xorviz.sweeps.engines._exponential import FAST, MOST_CHANGE, bits, exponential, factor, from_bits, lanewise

#: Runs of a tile: whole vectors of every processor, and the arrays of two hidden units fit the first-level cache.
TILE = 64
#: Steps after which the exponentials are taken anew.
_FRESH_EVERY = 16
#: Parameters up to this, which is exp(±80), cannot overflow in the product of all four 1 + exp(−z).
_MOST_FACTORED = 80.0
#: Arguments of exponentials are brought between these: an activation below 1e-70 is as good as 0.
_MOST_EXPONENT, _LEAST_EXPONENT = 170.0, -700.0
#: The arguments at which the likelihood of a target 0 and 1 is the smallest one that the loss tells from 0.
MOST_SURPRISE = (math.log(1 / (1 - (1 - CLIP)) - 1), math.log(1 / CLIP - 1))
_jit = njit(fastmath=FAST, error_model="numpy", nogil=True)


@lanewise
def _between(x, least, most):
    x = most if x > most else x
    return least if x < least else x


@lanewise
def _reciprocals(t0, t1, t2, t3):
    """1 / (1 + t) of four numbers, and the product of their 1 + t, by one division."""
    d0, d1, d2, d3 = 1.0 + t0, 1.0 + t1, 1.0 + t2, 1.0 + t3
    p, q = d0 * d1, d2 * d3
    product = p * q
    r = 1.0 / product
    of_p, of_q = r * q, r * p
    return of_p * d1, of_p * d0, of_q * d3, of_q * d2, product


@_jit
def _take_anew(w, E, unit):
    """exp(−b), exp(−w₁), exp(−w₂) of one unit; whether any of them is too large to be a factor."""
    n_large = 0
    for i in range(3 * TILE):
        E[unit, i] = exponential(_between(-w[unit, i], -_MOST_FACTORED, _MOST_FACTORED))
        n_large += 1 if abs(w[unit, i]) > _MOST_FACTORED else 0
    return n_large > 0


@_jit
def _activate(E, v, h, z, unit):
    """One hidden unit's activations at the corners, and its part of the output's weighted sums."""
    for i in range(TILE):
        b, e1, e2 = E[unit, i], E[unit, TILE + i], E[unit, 2 * TILE + i]
        t10 = b * e1
        h0, h1, h2, h3, _ = _reciprocals(b, b * e2, t10, t10 * e2)
        h[unit, i], h[unit, TILE + i], h[unit, 2 * TILE + i], h[unit, 3 * TILE + i] = h0, h1, h2, h3
        z[i] += v[unit, i] * h0
        z[TILE + i] += v[unit, i] * h1
        z[2 * TILE + i] += v[unit, i] * h2
        z[3 * TILE + i] += v[unit, i] * h3


@_jit
def _activate_large(w, v, h, z, unit):
    """The same, of parameters whose exponentials are no factors."""
    for i in range(TILE):
        b, w1, w2 = w[unit, i], w[unit, TILE + i], w[unit, 2 * TILE + i]
        t0 = exponential(_between(-b, _LEAST_EXPONENT, _MOST_EXPONENT))
        t1 = exponential(_between(-(b + w2), _LEAST_EXPONENT, _MOST_EXPONENT))
        t2 = exponential(_between(-(b + w1), _LEAST_EXPONENT, _MOST_EXPONENT))
        t3 = exponential(_between(-(b + w1 + w2), _LEAST_EXPONENT, _MOST_EXPONENT))
        h0, h1, h2, h3, _ = _reciprocals(t0, t1, t2, t3)
        h[unit, i], h[unit, TILE + i], h[unit, 2 * TILE + i], h[unit, 3 * TILE + i] = h0, h1, h2, h3
        z[i] += v[unit, i] * h0
        z[TILE + i] += v[unit, i] * h1
        z[2 * TILE + i] += v[unit, i] * h2
        z[3 * TILE + i] += v[unit, i] * h3


@_jit
def _follow(z, signs, most, x, t):
    """T = exp(∓z) of the output at the corners, from those of the step before; whether any changed too much for it."""
    n_large = 0
    for i in range(4 * TILE):
        argument = _between(signs[i] * z[i], _LEAST_EXPONENT, most[i])
        change = argument - x[i]
        x[i] = argument
        t[i] *= factor(change)
        n_large += 1 if abs(change) > MOST_CHANGE else 0
    return n_large > 0


@_jit
def _exponentials(x, t):
    for i in range(4 * TILE):
        t[i] = exponential(x[i])


@_jit
def _compare(t, signs, e, z, c, product, last_wrong, step, rate):
    """Errors and loss of a step; the output's bias learns, and its weighted sums begin anew."""
    s0, s1, s2, s3 = signs[0], signs[TILE], signs[2 * TILE], signs[3 * TILE]
    for i in range(TILE):
        t0, t1, t2, t3 = t[i], t[TILE + i], t[2 * TILE + i], t[3 * TILE + i]
        r0, r1, r2, r3, likelihood = _reciprocals(t0, t1, t2, t3)
        product[i] *= likelihood
        e0, e1, e2, e3 = s0 * t0 * r0, s1 * t1 * r1, s2 * t2 * r2, s3 * t3 * r3
        e[i], e[TILE + i], e[2 * TILE + i], e[3 * TILE + i] = e0, e1, e2, e3
        bias = c[i] - rate * ((e0 + e1) + (e2 + e3))
        c[i] = bias
        z[i], z[TILE + i], z[2 * TILE + i], z[3 * TILE + i] = bias, bias, bias, bias
        worst = t1 if t1 > t0 else t0
        worst = t2 if t2 > worst else worst
        worst = t3 if t3 > worst else worst
        last_wrong[i] = step if worst >= 1.0 else last_wrong[i]


@_jit
def _learn(w, E, v, h, e, unit, rate, is_output_first):
    """One hidden unit's weights learn; whether any changed too much for its exponential to follow."""
    n_large = 0
    for i in range(TILE):
        h0, h1, h2, h3 = h[unit, i], h[unit, TILE + i], h[unit, 2 * TILE + i], h[unit, 3 * TILE + i]
        e0, e1, e2, e3 = e[i], e[TILE + i], e[2 * TILE + i], e[3 * TILE + i]
        before = v[unit, i]
        after = before - rate * ((e0 * h0 + e1 * h1) + (e2 * h2 + e3 * h3))
        v[unit, i] = after
        carried = rate * (after if is_output_first else before)
        d1, d3 = e1 * (h1 - h1 * h1), e3 * (h3 - h3 * h3)
        with_1 = e2 * (h2 - h2 * h2) + d3
        change_b = carried * (e0 * (h0 - h0 * h0) + d1 + with_1)
        change_1, change_2 = carried * with_1, carried * (d1 + d3)
        w[unit, i] -= change_b
        w[unit, TILE + i] -= change_1
        w[unit, 2 * TILE + i] -= change_2
        E[unit, i] *= factor(change_b)
        E[unit, TILE + i] *= factor(change_1)
        E[unit, 2 * TILE + i] *= factor(change_2)
        most = abs(change_b)
        most = abs(change_1) if abs(change_1) > most else most
        most = abs(change_2) if abs(change_2) > most else most
        n_large += 1 if most > MOST_CHANGE else 0
    return n_large > 0


@_jit
def _take_off_exponents(product, exponents):
    for i in range(TILE):
        whole = bits(product[i])
        exponents[i] += (whole >> 52) - 1023
        product[i] = from_bits((whole & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000)


@_jit
def _train_tile(w, v, c, signs, most, n_steps, rate, is_output_first, total, last, solved):
    """All steps of one tile; `w`, `v`, `c` are changed in place."""
    n_hidden = len(v)
    E, h, is_large = np.empty_like(w), np.empty((n_hidden, 4 * TILE)), np.zeros(n_hidden, dtype=np.bool_)
    x, t, e, z = np.zeros(4 * TILE), np.ones(4 * TILE), np.empty(4 * TILE), np.empty(4 * TILE)
    product, exponents, last_wrong = np.ones(TILE), np.zeros(TILE, dtype=np.int64), np.full(TILE, -1.0)
    for i in range(TILE):
        z[i], z[TILE + i], z[2 * TILE + i], z[3 * TILE + i] = c[i], c[i], c[i], c[i]
    for step in range(n_steps + 1):
        is_anew = step % _FRESH_EVERY == 0
        for unit in range(n_hidden):
            if is_anew:
                is_large[unit] = _take_anew(w, E, unit)
            if is_large[unit]:
                _activate_large(w, v, h, z, unit)
            else:
                _activate(E, v, h, z, unit)
        if _follow(z, signs, most, x, t) or is_anew:
            _exponentials(x, t)
        if step == n_steps:
            break
        _compare(t, signs, e, z, c, product, last_wrong, float(step), rate)
        for unit in range(n_hidden):
            if _learn(w, E, v, h, e, unit, rate, is_output_first):
                is_large[unit] = _take_anew(w, E, unit)
        if step % 4 == 3:
            _take_off_exponents(product, exponents)
    _take_off_exponents(product, exponents)
    for i in range(TILE):
        t0, t1, t2, t3 = t[i], t[TILE + i], t[2 * TILE + i], t[3 * TILE + i]
        total[i] = exponents[i] * math.log(2.0) + math.log(product[i])
        last[i] = math.log1p(t0) + math.log1p(t1) + math.log1p(t2) + math.log1p(t3)
        solved[i] = int(last_wrong[i]) + 1 if max(max(t0, t1), max(t2, t3)) < 1.0 else -1


def _train(parameters, signs, most, n_steps, rate, is_output_first, totals, lasts, solved_steps):
    """Train runs from 2–n–1 parameters, a tile at a time; the last tile repeats its last run."""
    n_runs, n_parameters = parameters.shape
    n_hidden = (n_parameters - 1) // 4
    w, v, c = np.empty((n_hidden, 3 * TILE)), np.empty((n_hidden, TILE)), np.empty(TILE)
    total, last, solved = np.empty(TILE), np.empty(TILE), np.empty(TILE, dtype=np.int64)
    for begin in range(0, n_runs, TILE):
        n_filled = min(TILE, n_runs - begin)
        for i in range(TILE):
            row = parameters[begin + min(i, n_filled - 1)]
            for unit in range(n_hidden):
                w[unit, i] = row[2 * n_hidden + unit]
                w[unit, TILE + i] = row[unit]
                w[unit, 2 * TILE + i] = row[n_hidden + unit]
                v[unit, i] = row[3 * n_hidden + unit]
            c[i] = row[4 * n_hidden]
        _train_tile(w, v, c, signs, most, n_steps, rate, is_output_first, total, last, solved)
        totals[begin : begin + n_filled] = total[:n_filled]
        lasts[begin : begin + n_filled] = last[:n_filled]
        solved_steps[begin : begin + n_filled] = solved[:n_filled]


try:
    train = njit(nogil=True, cache=True, error_model="numpy")(_train)
except RuntimeError:
    # Neither this folder nor a user's own can be written: it is compiled in every process.
    train = njit(nogil=True, error_model="numpy")(_train)
