"""What an animation shows, in words: for whoever does not see it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from xorviz.recordings.recording import Recording


def alt_text(recording: Recording | Sequence[Recording]) -> str:
    """The problem, the network, the loss from its first to its last value, and what came of it.

    Args:
        recording: the run; or several that are drawn side by side.

    Returns:
        Two or three sentences in one line, without markup.
    """
    recordings = [recording] if isinstance(recording, Recording) else list(recording)
    words = _of_one(recordings[0]) if len(recordings) == 1 else _of_several(recordings)
    # A title may come from anywhere, and a line break ends an attribute or a comment in some formats.
    return " ".join(words.split())


def loss_in_words(loss: float) -> str:
    """A loss to two places, or to two figures where it is small."""
    if not math.isfinite(loss):
        return "infinity"
    return f"{loss:.2f}" if loss >= 0.1 else f"{loss:.2g}"


def _of_one(recording: Recording) -> str:
    learned = f"A neural network learns {recording.title}{_how(recording)}."
    if recording.diverged_at is not None:
        return f"{learned} The loss, {loss_in_words(_first(recording))} at first, diverges at {_step(recording)}."
    outcome = f"{learned} {_course('The loss', _first(recording), recording.final_loss)} in {recording.n_steps:,} steps"
    return f"{outcome}{_correct(recording)}."


def _correct(recording: Recording) -> str:
    n_points, n_correct = len(recording.inputs), recording.n_correct()
    if recording.task == "regression":
        return ""
    if recording.solved_at is not None:
        return f"; all {n_points} points are correct from step {recording.solved_at:,} on"
    return f"; {n_correct} of {n_points} points are correct at the end"


def _of_several(recordings: Sequence[Recording]) -> str:
    first, n_runs = recordings[0], len(recordings)
    one_kind = len({(one.title, one.description) for one in recordings}) == 1
    titles = [first.title] if one_kind else list(dict.fromkeys(one.title for one in recordings))
    subject = f"{n_runs} training runs side by side: {', '.join(titles)}"
    if one_kind and first.description:
        subject += f", {first.description}"
    course = _course("The median loss", *(median(map(loss, recordings)) for loss in (_first, _last)))
    sentence = f"{subject}. {course}"
    if all(one.task == "regression" for one in recordings):
        return f"{sentence}."
    n_solved = sum(one.n_correct() == len(one.inputs) for one in recordings)
    return f"{sentence}; {n_solved} of {n_runs} runs end with every point correct."


def _how(recording: Recording) -> str:
    return f": {recording.description}" if recording.description else ""


def _step(recording: Recording) -> str:
    return f"step {recording.diverged_at:,}"


def _course(subject: str, first: float, last: float) -> str:
    verb = "falls" if last < first else "rises" if last > first else "goes"
    return f"{subject} {verb} from {loss_in_words(first)} to {loss_in_words(last)}"


def _first(recording: Recording) -> float:
    return _counted(float(recording.snapshot_losses[0]))


def _last(recording: Recording) -> float:
    return _counted(recording.final_loss)


def _counted(loss: float) -> float:
    """Where nothing can be computed any more, nothing is larger."""
    return math.inf if math.isnan(loss) else loss
