"""Text with variables, ``"step {step}, loss {loss:.4f}"``: known names and formats of numbers, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from string import Formatter

import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError, unknown
from xorviz.panels._words.readings import Readings
from xorviz.panels.ticks import loss_text
from xorviz.recordings.scores import share_text

WORDS = ("title", "description", "event")
_COUNTS = ("step", "epoch", "correct", "n", "seed")
#: How well the run does, where that is known; see `Scores`.
_SCORES = ("r2", "rmse", "validation")
VARIABLES = ("step", "epoch", "loss", "correct", "n", "accuracy", *_SCORES, "event", "title", "description", "seed")
#: Before the name of a recorded number: ``{metric.val_loss:.3f}``.
_METRIC = "metric."
#: What a variable never changes during a run.
_CONSTANT = ("title", "description", "n", "seed")
_FORMAT = re.compile(r",?(\.\d{1,2})?[defg%]?")


@dataclass(frozen=True)
class Piece:
    """A part of a template.

    Attributes:
        text: what stands there; empty for a variable.
        name: of the variable; empty for a text.
        spec: format of its number, as in ``format(number, spec)``; empty for the usual one.
    """

    text: str = ""
    name: str = ""
    spec: str = ""


def pieces_of(template: str, *, argument: str) -> tuple[Piece, ...]:
    """The parts of one line.

    Nothing is looked up in a variable: of what Python's own formatting allows, only a name and a number's format.

    Args:
        template: text with variables in braces; a brace is written twice.
        argument: what the caller would recognise, for messages.

    Raises:
        UsageError: braces that do not match, a variable that does not exist, or a format that it does not take.
    """
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise UsageError(f"{argument} must close every {{ and write a brace twice; got {template!r}.") from error
    pieces = []
    for text, name, spec, conversion in parts:
        if text:
            pieces.append(Piece(text))
        if name is not None:
            if name not in VARIABLES and not name.startswith(_METRIC):
                raise unknown(f"{argument}'s {{variables}}", name, VARIABLES)
            if conversion or not _is_format(name, spec or ""):
                written = f"{{{name}{'!' + conversion if conversion else ''}{':' + spec if spec else ''}}}"
                example = "without a format" if name in WORDS else _example(name)
                raise UsageError(f"{argument} must write {{{name}}} {example}; got {written!r}.")
            pieces.append(Piece(name=name, spec=spec or ""))
    return tuple(pieces)


def _is_format(name: str, spec: str) -> bool:
    if name in WORDS:
        return not spec
    try:
        format(1 if name in _COUNTS else 1.0, spec)
    except ValueError:
        return False
    return _FORMAT.fullmatch(spec) is not None


def _example(name: str) -> str:
    formats = {"loss": ".4f", "accuracy": ".0%", "r2": ".3f", "rmse": ".3f", "validation": ".0%"}
    return f"with a number's format, such as {{{name}:{formats.get(name, ',')}}}"


def says_event(pieces: Iterable[Piece]) -> bool:
    """Whether some text names the run's events, which take a moment to find."""
    return any(piece.name == "event" for piece in pieces)


def is_moving(piece: Piece) -> bool:
    """Whether a part may change during a run."""
    return bool(piece.name) and piece.name not in _CONSTANT


def texts_of(piece: Piece, readings: Readings) -> list[str]:
    """What a part says: for every snapshot if it moves, else once; of an event all that may be said."""
    if not piece.name:
        return [piece.text]
    if piece.name == "event":
        return [text for _, text in readings.events]
    constant = {"title": readings.title, "description": readings.description}
    if piece.name in constant:
        return [constant[piece.name]]
    if piece.name.startswith(_METRIC):
        name = piece.name.removeprefix(_METRIC)
        if name not in readings.metrics:
            raise unknown("{metric.…}", name, readings.metrics or ["(none)"])
        return [_written(piece, number) for number in readings.metrics[name].tolist()]
    if piece.name in _SCORES:
        return [_written(piece, number) for number in _scores(piece.name, readings).tolist()]
    numbers = {
        "step": readings.steps,
        "epoch": readings.epochs,
        "loss": readings.losses,
        "correct": readings.n_correct,
        "accuracy": readings.n_correct / readings.n_points,
        "n": [readings.n_points],
        "seed": [np.nan if readings.seed is None else readings.seed],
    }[piece.name]
    return [_written(piece, number) for number in np.asarray(numbers).tolist()]


def text_at(pieces: Iterable[Piece], readings: Readings, snapshot: int) -> str:
    """A whole line as it reads at one snapshot, without events, which pass."""
    return "".join(
        texts_of(piece, readings)[snapshot if is_moving(piece) else 0] for piece in pieces if piece.name != "event"
    )


def _scores(name: str, readings: Readings) -> NDArray[np.float64]:
    """A score of every snapshot.

    Raises:
        UsageError: the run has no such score.
    """
    scores = readings.scores
    if scores is None:
        raise UsageError(
            f"{{{name}}} must be asked of one run; above several there are {{loss}}, {{correct}} and {{n}}."
        )
    values = {"r2": scores.r_squared, "rmse": scores.rmse, "validation": scores.validation_score}[name]
    if len(values):
        return values
    if name == "validation":
        raise UsageError(
            "{validation} must be asked of a run with validation points; this one has none. "
            "Keep some: --validation 0.25, or problem.split(0.25)."
        )
    raise UsageError(f"{{{name}}} must be asked of a regression; this run tells classes apart. Write {{accuracy}}.")


def _written(piece: Piece, number: float) -> str:
    """A number; a dash where it is not finite or not known."""
    if not np.isfinite(number):
        return "–"
    if piece.spec:
        return format(number, piece.spec).replace("-", "−")
    if piece.name in ("loss", "rmse") or piece.name.startswith(_METRIC):
        return loss_text(number)
    if piece.name in ("r2", "validation"):
        return share_text(number)
    return f"{number:.2f}" if piece.name == "accuracy" else f"{number:,}" if piece.name != "seed" else str(number)
