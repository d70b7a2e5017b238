"""What may be asked of files beside the picture: quality, exactness, codec, words; and which formats can do it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import final

from xorviz.encoders.quality import CODECS, KNOBS, WORDS
from xorviz.errors import UsageError, unknown

LOSSLESS = (".mp4", ".webm", ".webp", ".apng", ".html", ".frames", ".png")
"""Formats that can keep every colour exactly."""
_WITH_WORDS = (".gif", ".html", ".pptx", ".txt")


@final
@dataclass(frozen=True, kw_only=True)
class Options:
    """One set of wishes for all files that are written together.

    Attributes:
        quality: a word of `WORDS`, or a number from 0, the smallest file, to 100, the closest to the frames; each
            format's own choice if None.
        lossless: every colour exactly.
        codec: of a WebM, ``"vp9"`` or ``"av1"``; the format's own choice if empty.
        alt: what the animation shows, in words.
    """

    quality: str | float | None = None
    lossless: bool = False
    codec: str = ""
    alt: str = ""

    def __post_init__(self) -> None:
        """Refuse what no format could do."""
        if isinstance(self.quality, str) and self.quality not in WORDS:
            raise unknown("quality", self.quality, [*WORDS, "a number from 0 to 100"])
        if self.level is not None and not 0 <= self.level <= 100:
            raise UsageError(f"quality must be a number from 0 to 100; got {self.quality!r}.")
        if self.codec and self.codec not in CODECS:
            raise unknown("codec", self.codec, CODECS)
        if self.lossless and self.quality is not None:
            raise UsageError(f"quality must be left out with lossless, which loses nothing; got {self.quality!r}.")

    @property
    def level(self) -> float | None:
        """The quality as a number."""
        return WORDS[self.quality] if isinstance(self.quality, str) else self.quality

    def at(self, level: float) -> Options:
        """The same but for the quality."""
        return replace(self, quality=level, lossless=False)

    def check(self, suffixes: Iterable[str]) -> None:
        """Refuse a wish that none of the files could fulfil, and exactness where one could not.

        Args:
            suffixes: of the files, in small letters.

        Raises:
            UsageError: naming the wish and who could fulfil it.
        """
        suffixes = list(suffixes)
        for name, value, able in (
            ("quality", self.quality, tuple(KNOBS)),
            ("codec", self.codec, (".webm",)),
            ("alt", self.alt, _WITH_WORDS),
        ):
            if value not in (None, "") and not set(suffixes) & set(able):
                got = ", ".join(dict.fromkeys(suffixes))
                raise UsageError(f"{name} must go with {' or '.join(able)}; got {value!r} with {got}. Leave it out.")
        for suffix in suffixes if self.lossless else ():
            if suffix not in LOSSLESS or (suffix == ".webm" and self.codec == "av1"):
                raise UsageError(
                    f"lossless must go with {', '.join(LOSSLESS)}; {_WHY_NOT[suffix]}. Write a .webp or .apng."
                )


_WHY_NOT = {
    ".gif": "a .gif has at most 255 colours",
    ".avif": "the coder of an .avif halves the sides of colours",
    ".webm": "the coder of AV1 halves the sides of colours",
}
