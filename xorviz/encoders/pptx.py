"""PPTX: one slide with the animation as a movie that starts by itself and goes on for ever."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import ClassVar, final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from xorviz.encoders._base import Encoder
from xorviz.encoders._compressor import Compressor, Frame
from xorviz.encoders._movie_on_slide import fitted, put_movie, python_pptx
from xorviz.encoders._png_chunks import png_file
from xorviz.encoders._video_compressor import VideoPart
from xorviz.encoders.mp4 import Mp4Encoder

_EMU_PER_INCH = 914_400
_WIDE = (round(40 / 3 * _EMU_PER_INCH), round(7.5 * _EMU_PER_INCH))
"""Of a slide in the usual 16:9."""


@final
class PptxEncoder(Encoder):
    """Writes an MP4, and around it a deck of one 16:9 slide on the animation's own ground.

    The poster, the end of training, is seen until the movie plays, and on paper; what the animation says in words is
    the movie's alternative text and the slide's notes.
    """

    n_samples: ClassVar[int] = 2

    def __init__(self, *, crf: float = 23) -> None:
        """Sets the quality of the movie, as in `Mp4Encoder`."""
        self._movie = Mp4Encoder(crf=crf)

    def check(self, *, width_px: int, height_px: int, fps: float) -> None:
        """Refuses what an MP4 cannot hold, and any slide where python-pptx is missing.

        Raises:
            UsageError: naming the argument and what is allowed.
        """
        self._movie.check(width_px=width_px, height_px=height_px, fps=fps)
        python_pptx()

    def _begin(self, part: Path, *, fps: float, samples: Sequence[Frame], n_loops: int) -> None:
        self._part, self._poster = part, samples[-1][..., :3].copy()
        # The movie grows where the deck will be, so that there is one file to lose or to remove.
        self._movie._shape = self._shape
        self._movie._begin(part, fps=fps, samples=samples, n_loops=n_loops)

    def _compressor(self, *, alone: bool) -> Compressor:
        return self._movie._compressor(alone=alone)

    def _append(self, part: VideoPart) -> None:
        self._movie._append(part)

    def _finish(self) -> tuple[int, float, tuple[str, ...]]:
        n_frames, duration_s, notes = self._movie._finish()
        self._part.write_bytes(self._deck(self._part.read_bytes(), duration_s))
        return n_frames, duration_s, notes

    def _abort(self) -> None:
        self._movie._abort()

    def _deck(self, movie: bytes, duration_s: float) -> bytes:
        pptx = python_pptx()
        from pptx.dml.color import RGBColor

        height_px, width_px, _ = self._shape
        deck = pptx.Presentation()
        deck.slide_width, deck.slide_height = _WIDE
        slide = deck.slides.add_slide(deck.slide_layouts.get_by_name("Blank"))
        ground = slide.background.fill
        ground.solid()
        ground.fore_color.rgb = RGBColor(*self._poster[0, 0].tolist())
        box = fitted(width_px, height_px, (0, 0, *_WIDE))
        put_movie(slide, movie, png_file(self._poster), box, alt=self._about.alt, duration_s=duration_s)
        slide.notes_slide.notes_text_frame.text = self._about.alt
        deck.core_properties.title = self._about.title
        deck.core_properties.author = deck.core_properties.last_modified_by = "xorviz"
        data = BytesIO()
        deck.save(data)
        return _without_times(data)


def _without_times(archive: BytesIO) -> bytes:
    """The same archive without the time of the day in it, so that the same call writes the same bytes."""
    again = BytesIO()
    with ZipFile(archive) as source, ZipFile(again, "w") as target:
        for name in source.namelist():
            entry = ZipInfo(name)
            entry.compress_type = ZIP_STORED if name.endswith((".mp4", ".png")) else ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return again.getvalue()
