"""The one place that says what a quality from 0 to 100 is in each format's own numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xorviz.encoders.options import Options

WORDS = {"small": 30.0, "balanced": 60.0, "high": 85.0}
"""Quality in a word -> in a number."""

CODECS = ("vp9", "av1")

_LEVELS = (0.0, 30.0, 60.0, 85.0, 100.0)
_Table = tuple[float, float, float, float, float]

# Each format's number at `_LEVELS`; between two of them it is interpolated. At 60 a video looks like its source at its
# own size, at 85 also when enlarged; at 30 thin coloured lines are soft, and a GIF has some 60 to 150 colours.
_X264_CRF: _Table = (42, 29, 23, 18, 8)
_VP9_CRF: _Table = (58, 37, 27, 20, 8)
_AV1_CRF: _Table = (58, 40, 28, 20, 8)
_WEBP_QUALITY: _Table = (2, 50, 80, 92, 100)
_GIF_ERROR: _Table = (0.08, 0.0166, 0.0, 0.0, 0.0)


def _at(table: _Table, level: float) -> float:
    """A table's number at a level."""
    for i in range(1, len(_LEVELS)):
        low, high = _LEVELS[i - 1], _LEVELS[i]
        if level <= high:
            return table[i - 1] + (table[i] - table[i - 1]) * (level - low) / (high - low)
    return table[-1]


def _mp4(options: Options) -> dict[str, Any]:
    if options.level is None:
        return {"lossless": options.lossless}
    return {"crf": round(_at(_X264_CRF, options.level), 2)}


def _webm(options: Options) -> dict[str, Any]:
    arguments: dict[str, Any] = {"lossless": options.lossless, "codec": options.codec or "vp9"}
    if options.level is not None:
        table = _AV1_CRF if options.codec == "av1" else _VP9_CRF
        arguments["crf"] = round(_at(table, options.level))
    return arguments


def _avif(options: Options) -> dict[str, Any]:
    return {} if options.level is None else {"crf": round(_at(_AV1_CRF, options.level))}


def _webp(options: Options) -> dict[str, Any]:
    return {} if options.level is None else {"quality": round(_at(_WEBP_QUALITY, options.level), 1)}


def _gif(options: Options) -> dict[str, Any]:
    return {} if options.level is None else {"error": round(_at(_GIF_ERROR, options.level), 4)}


def _pptx(options: Options) -> dict[str, Any]:
    return {} if options.level is None else {"crf": round(_at(_X264_CRF, options.level), 2)}


KNOBS: dict[str, Callable[[Options], dict[str, Any]]] = {
    ".gif": _gif,
    ".mp4": _mp4,
    ".webm": _webm,
    ".webp": _webp,
    ".avif": _avif,
    ".html": _webp,
    ".pptx": _pptx,
}
"""Suffix -> what its encoder is given; the other formats are always exact."""

FINEST = {".webp", ".html"}
"""Formats whose own choice is exact, and so above every quality."""
