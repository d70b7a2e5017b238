"""A recording as a page to explore it with."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from os import PathLike
from pathlib import Path
from typing import final

from xorviz.encoders._target import Target, check_target
from xorviz.errors import UsageError, XorvizError
from xorviz.explorer.contents import contents, kept_snapshots
from xorviz.recordings.recording import Recording
from xorviz.web.document import Document, as_data, colors, part, style

SUFFIXES = (".html", ".htm")
MAX_BYTES = 4_000_000
_PACKAGE = "xorviz.explorer"
_PROGRAM = ("model.js", "canvas.js", "field.js", "surface.js", "traces.js", "network.js", "main.js")


@final
@dataclass(frozen=True, slots=True)
class Explored:
    """What was written.

    Attributes:
        path: the file.
        n_snapshots: how many the page holds.
        n_bytes: of the file.
        notes: what the page leaves out, as sentences.
    """

    path: Path
    n_snapshots: int
    n_bytes: int
    notes: tuple[str, ...]


def explore(recording: Recording, out: str | PathLike[str], *, max_bytes: int = MAX_BYTES) -> Explored:
    """Write a page that runs the recorded network in the browser, at any snapshot and any point.

    The page needs no network. It holds the parameters in float64, so that what it says is what `Recording.outputs`
    says, but for the last digits of the exponential function.

    Args:
        recording: of a dense network on two inputs.
        out: the file, ending in ``.html``; an existing one is replaced when the new one is whole.
        max_bytes: about how many bytes snapshots may take; more are thinned evenly, which is noted.

    Raises:
        UsageError: a recording that no such page can show, or an argument that is refused before any work.
        XorvizError: the file could not be written; nothing is left behind.
    """
    check(out, max_bytes)
    check_recording(recording)
    snapshots = kept_snapshots(recording, max_bytes)
    n_all, n_kept = recording.n_snapshots, len(snapshots)
    page = _document(recording)
    text = f"{page.before()}{as_data(contents(recording, snapshots))}{page.after()}"
    data = text.encode()
    _write(data, out)
    notes = (f"{n_kept:,} of {n_all:,} snapshots fit into {max_bytes:,} bytes",) if n_kept < n_all else ()
    return Explored(Path(out), n_kept, len(data), notes)


def check(out: str | PathLike[str], max_bytes: int = MAX_BYTES) -> None:
    """Refuse what could not be written, before any work.

    Raises:
        UsageError: a suffix, a folder or a size that is not allowed.
    """
    if Path(out).suffix.lower() not in SUFFIXES:
        raise UsageError(f"out must end in .html; got {str(out)!r}.")
    check_target(out)
    if isinstance(max_bytes, bool) or not isinstance(max_bytes, int) or max_bytes < 1:
        raise UsageError(f"max_bytes must be a whole number from 1; got {max_bytes!r}.")


def check_recording(recording: Recording) -> None:
    """Refuse a recording whose network is not run in a browser.

    Raises:
        UsageError: it holds no parameters of a dense network, or that has another number of inputs than two,
            or inputs that were standardised.
    """
    n_inputs = recording.network.widths[0]
    if n_inputs != 2:
        raise UsageError(
            f"recording must be of a network with 2 inputs to be explored; got {n_inputs} inputs. "
            "Write an animation of it instead: xorviz render."
        )
    if not recording.plane.is_whole:
        raise UsageError(
            "recording must have inputs as they were measured to be explored; got standardised inputs. "
            "Write an animation of it instead: xorviz render."
        )


def is_explorable(recording: Recording) -> bool:
    """Whether `check_recording` has nothing against it."""
    if not recording.is_dense:
        return False
    try:
        check_recording(recording)
    except UsageError:
        return False
    return True


def _document(recording: Recording) -> Document:
    body = part("explorer.html", _PACKAGE).format(
        title=escape(recording.title), description=escape(recording.description), controls=part("controls.html")
    )
    themes = colors("light") + "@media (prefers-color-scheme: dark) { " + colors("dark") + "}\n"
    for name in ("light", "dark"):
        themes += colors(name, selector=f':root[data-theme="{name}"]')
    return Document(
        title=f"{recording.title}: explorer",
        body=body,
        style=style("page.css") + themes + part("explorer.css", _PACKAGE),
        program=part("transport.js") + "".join(part(name, _PACKAGE) for name in _PROGRAM),
    )


def _write(data: bytes, out: str | PathLike[str]) -> None:
    try:
        target = Target(out)
        try:
            target.part.write_bytes(data)
            target.publish()
        finally:
            target.discard()
    except OSError as error:
        raise XorvizError(f"{str(out)!r} could not be written: {error.strerror or error}.") from error
