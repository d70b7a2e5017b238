"""Sizes: the smallest, odd ones, what each format can hold at most, and one pixel more."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import numpy as np

from tests.soak._words import is_one_sentence, said
from xorviz.encoders import BESIDE, FORMATS, encoder_for
from xorviz.errors import UsageError

#: The longest side of each format.
_MOST = {".gif": 65535, ".webp": 16383, ".html": 16383, ".apng": 65535, ".frames": 65535, ".png": 65535}
_VIDEO = 4096


def sizes(n: int, generator: random.Random, folder: Path) -> str:
    """1×1, odd sides and the longest side are written; one pixel more is refused before any work, the limit named.

    Broken on purpose (a limit that is not checked) a format's library fails in the middle of the work.
    """
    n_written = n_refused = 0
    for suffix in (*FORMATS, *BESIDE):
        if suffix == ".txt":
            continue
        most = _MOST.get(suffix, _VIDEO)
        for width, height in ((1, 1), (33, 17), (2, 3), (most, 2), (2, most)):
            path = folder / f"a{suffix}"
            frames = [np.full((height, width, 4), 255, np.uint8) for _ in range(2)]
            frames[1][:, : width // 2 + 1, :3] = 40
            with encoder_for(path) as encoder:
                encoder.open(path, width_px=width, height_px=height, fps=10, samples=frames[:1])
                for frame in frames:
                    encoder.write(frame, 100.0)
            assert path.exists(), (suffix, width, height)
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            n_written += 1
        for width, height in ((most + 1, 2), (2, most + 1), (0, 5), (5, -1)):
            try:
                encoder_for(f"a{suffix}").check(width_px=width, height_px=height, fps=10)
            except UsageError as error:
                assert f"must be 1 to {most}" in str(error), error
                n_refused += 1
            else:
                raise AssertionError(f"{width}x{height} was not refused for {suffix}")
    for words in (("--size", "63x64"), ("--size", "65x64", "--max-pixels", "4159"), ("--size", "10000x5001")):
        code, text = said("render", "backprop", *words, "--out", str(folder / "a.gif"))
        assert code == 2, text
        assert is_one_sentence(text), text
        assert any(limit in text for limit in ("64x64", "4,159", "50,000,000")), text
        n_refused += 1
    least = ("--size", "65x65", "--scene", "field", "--max-pixels", "4225", "--duration", "2", "--fps", "5", "--quiet")
    assert said("render", "backprop", *least, "--workers", "1", "--out", str(folder / "a.mp4")) == (0, "")
    assert [entry.name for entry in folder.iterdir()] == ["a.mp4"]
    return f"{n_written} sizes written, {n_refused} refused with the limit named"
