"""Round numbers for axes, and how numbers are written."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def linear_ticks(low: float, high: float, n_about: int) -> NDArray[np.float64]:
    """Multiples of 1, 2 or 5 times a power of ten inside [low, high], about ``n_about`` of them."""
    raw = high / max(n_about, 1) - low / max(n_about, 1)
    if not np.isfinite(raw) or raw <= 0:
        # Of what is beyond all numbers nothing is round.
        return np.empty(0)
    power = 10.0 ** np.floor(np.log10(raw))
    step = power * min((1, 2, 5, 10), key=lambda factor: abs(np.log(factor * power / raw)))
    ticks = np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 1) * step
    # 0.30000000000000004 is 0.3; relative to the step, because there are losses of 1e-300 and of 1e300.
    rounded: NDArray[np.float64] = np.round(ticks, int(np.clip(1 - np.floor(np.log10(step)), -300, 300)))
    return rounded


def log_ticks(low: float, high: float, n_most: int) -> NDArray[np.float64]:
    """Powers of ten inside [low, high], every one or every second, third … so that at most ``n_most`` remain.

    Where there are fewer than two, multiples of 1, 2 and 5 of them, or else round numbers.
    """
    exponents = np.arange(np.ceil(np.log10(low) - 1e-9), np.floor(np.log10(high) + 1e-9) + 1)
    if len(exponents) > 1:
        every = int(np.ceil(len(exponents) / max(n_most, 1)))
        return 10.0 ** exponents[::-1][::every][::-1]
    powers = 10.0 ** np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    finer = (powers[:, None] * np.array([1.0, 2.0, 5.0])).ravel()
    inside = finer[(finer >= low * (1 - 1e-9)) & (finer <= high * (1 + 1e-9))]
    return inside if len(inside) > 1 else linear_ticks(low, high, 2)


def written(value: float) -> str:
    """A tick's number: ``0.1``, ``20``, ``300k``, ``1e−4``; a true minus sign."""
    if value == 0:
        return "0"
    size = abs(value)
    if size < 0.001 or size >= 1e7:
        digits, exponent = f"{value:.5e}".split("e")
        return f"{float(digits):g}e{int(exponent)}".replace("-", "−")
    if size >= 1e3:
        text = f"{value / 1e6:g}M" if size >= 1e6 else f"{value / 1e3:g}k"
    else:
        text = f"{value:g}"
    return text.replace("-", "−")


def value_text(value: float, places: int = 2) -> str:
    """An output or a loss with a fixed number of places, or with an exponent where these would show nothing of it.

    ``–`` where it is not finite.
    """
    if not np.isfinite(value):
        return "–"
    if abs(value) >= 1e4:
        return f"{value:.1e}".replace("-", "−")
    text = f"{value:.{places}f}"
    # −0.00 reads as a mistake.
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def loss_text(value: float) -> str:
    """A loss with three places, or with an exponent below 0.001."""
    if 0 < value < 0.001:
        return f"{value:.1e}".replace("e-0", "e-").replace("-", "−")
    return value_text(value, 3)
