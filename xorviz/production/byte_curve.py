"""The bytes of one file as they go with its quality."""

from __future__ import annotations

import math
from dataclasses import dataclass, field


@dataclass
class Curve:
    """Bytes of one file by its level: a quality, or exactness above all of them.

    Attributes:
        estimated: level -> bytes, from a sample.
        measured: level -> bytes of the whole file.
    """

    estimated: dict[float, float] = field(default_factory=dict)
    measured: dict[float, float] = field(default_factory=dict)

    @property
    def known(self) -> dict[float, float]:
        """What is known best of every level."""
        return self.estimated | self.measured

    @property
    def smallest(self) -> float:
        """The fewest bytes that are known."""
        return min(self.known.values())

    def tried(self, least: float, most: float) -> float:
        """The highest level known to take a number of bytes between two; -1 if there is none."""
        return max((level for level, size in self.known.items() if least <= size <= most), default=-1.0)

    def level_for(self, n_bytes: float) -> float:
        """The highest level at which the file is presumably not larger; -1 if there is none."""
        known, best = sorted(self.known.items()), -1.0
        for i, (level, size) in enumerate(known):
            if size <= n_bytes:
                best = level
            elif best >= 0 and level <= 100:
                low, small = known[i - 1]
                part = math.log(n_bytes / small) / math.log(size / small) if size > small else 0.0
                return low + (level - low) * min(max(part, 0.0), 1.0)
        return best

    def learn(self, level: float, n_bytes: int) -> None:
        """The file was written at this level and is so large; if the sample misled, it did so elsewhere, too."""
        if self.estimated.get(level):
            factor = n_bytes / self.estimated[level]
            self.estimated = {one: size * factor for one, size in self.estimated.items()}
        self.measured[level] = float(n_bytes)
