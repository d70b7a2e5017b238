"""A recording, an animation or a study in a notebook: a player, a poster, a line of text."""

from __future__ import annotations

import base64
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from xorviz.animation import animate
from xorviz.embed.markup import framed, url
from xorviz.embed.reading import last_picture
from xorviz.encoders import Encoded
from xorviz.encoders._png_chunks import png_file
from xorviz.errors import XorvizError
from xorviz.production.narration import study_in_words
from xorviz.recordings.alt_text import alt_text
from xorviz.recordings.recording import Recording
from xorviz.stills import still
from xorviz.sweeps.growth import Growth, as_recording
from xorviz.sweeps.study import Study

MOST_BYTES = 20_000_000
"""Of a player in a notebook, which holds it as text; the limit that matplotlib has for its animations."""

# A notebook's column is narrow, and nobody wants to wait for a cell.
_SCENE: dict[str, Any] = {"size": (800, 450), "fps": 12.5}
_PICTURES = {".gif": "image/gif", ".webp": "image/webp", ".avif": "image/avif", ".apng": "image/apng"}
_MOVIES = {".mp4": "video/mp4", ".webm": "video/webm"}


def mimebundle(shown: Recording | Encoded | Study) -> tuple[dict[str, str], dict[str, Any]]:
    """What a notebook may show, by MIME type.

    ``text/html`` is a player of up to 20 MB, else the poster with a link and a word; ``image/png`` the poster, which
    is what LaTeX and PDF take; ``text/plain`` the text of a prompt.

    Args:
        shown: a recording, drawn as a dashboard of 800×450 pixels; what `xorviz.animate` returned; or a study, of
            which there is a picture of all runs and no player.

    Returns:
        The data, and the poster's size in pixels as metadata.
    """
    try:
        if isinstance(shown, Recording):
            return _of_a_recording(shown)
        if isinstance(shown, Study):
            return _of_a_study(shown)
        return _of_a_file(shown, shown.path, shown.alt)
    except XorvizError as error:
        return {"text/plain": f"{shown!r}\n{error}"}, {}


def _of_a_recording(recording: Recording) -> tuple[dict[str, str], dict[str, Any]]:
    with TemporaryDirectory(prefix="xorviz-") as folder:
        page = Path(folder, "recording.html")
        animate(recording, page, **_SCENE)
        return _of_a_file(recording, page, alt_text(recording), is_kept=False)


def _of_a_study(study: Study) -> tuple[dict[str, str], dict[str, Any]]:
    growth = Growth(study)
    with TemporaryDirectory(prefix="xorviz-") as folder:
        picture = Path(folder, "study.png")
        width, height = still(as_recording(growth), picture, scene="sweep", size=_SCENE["size"]).size
        poster = base64.b64encode(picture.read_bytes()).decode()
    html = f'<img src="data:image/png;base64,{poster}" width="{width}" alt="{escape(study_in_words(growth))}">'
    data = {"text/html": html, "image/png": poster, "text/plain": repr(study)}
    return data, {"image/png": {"width": width, "height": height}}


def _of_a_file(shown: object, path: Path, alt: str, *, is_kept: bool = True) -> tuple[dict[str, str], dict[str, Any]]:
    picture = last_picture(path)
    height, width, _ = picture.shape
    poster = base64.b64encode(png_file(picture)).decode()
    suffix = path.suffix.lower()
    size = path.stat().st_size
    if suffix == ".html" and size < MOST_BYTES:
        html = framed(f'srcdoc="{escape(path.read_text(encoding="utf-8"))}"', (width, height), alt)
    elif suffix in _PICTURES and size * 4 / 3 < MOST_BYTES:
        html = f'<img src="{_data(path, _PICTURES[suffix])}" width="{width}" alt="{escape(alt)}">'
    elif suffix in _MOVIES and size * 4 / 3 < MOST_BYTES:
        html = (
            f'<video controls muted loop playsinline width="{width}" style="max-width: 100%" '
            f'poster="data:image/png;base64,{poster}" aria-label="{escape(alt)}">'
            f'<source type="{_MOVIES[suffix]}" src="{_data(path, _MOVIES[suffix])}"></video>'
        )
    else:
        html = f'<img src="data:image/png;base64,{poster}" width="{width}" alt="{escape(alt)}">{_word(path, is_kept)}'
    data = {"text/html": html, "image/png": poster, "text/plain": repr(shown)}
    return data, {"image/png": {"width": width, "height": height}}


def _word(path: Path, is_kept: bool) -> str:
    """Where the animation is that is not in the notebook."""
    if path.is_dir():
        return f'<p>The frames are in <a href="{url(path.as_posix())}">{escape(str(path))}</a>.</p>'
    size = f"{path.stat().st_size / 1e6:.0f} MB"
    if is_kept:
        link = f'<a href="{url(path.as_posix())}" target="_blank">{escape(str(path))}</a>'
        return f"<p>The animation, {size}, is too large for a notebook: open {link}.</p>"
    return (
        f"<p>The player, {size}, is too large for a notebook: write it with "
        "<code>xorviz.animate(recording, 'recording.html')</code> and open that.</p>"
    )


def _data(path: Path, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
