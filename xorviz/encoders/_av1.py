"""AV1 for plots, by SVT-AV1."""

from __future__ import annotations

from xorviz.encoders._coding import Coding


def av1(crf: int) -> Coding:
    """Returns how AV1 pictures are coded.

    Args:
        crf: constant rate factor, 0 (largest) to 63.
    """
    # Preset 10 takes 0.4 of the time, and loses 2.3 dB for half as many bytes more.
    options = {"crf": str(crf), "preset": "8", "svtav1-params": "lp=1:scm=1"}
    return Coding(
        "libsvtav1",
        options,
        smallest_px=4,
        rule="AV1 needs sides of at least 4 pixels",
        # Errors only: the coder otherwise writes to stderr what it is.
        environment={"SVT_LOG": "1"},
    )
