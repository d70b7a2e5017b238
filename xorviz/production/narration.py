"""What an animation says in words: its title, and what each frame shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xorviz.encoders import About
from xorviz.panels._words.readings import readings
from xorviz.panels._words.template import is_moving, pieces_of, texts_of
from xorviz.panels.summary import SummaryPanel
from xorviz.recordings.alt_text import alt_text
from xorviz.recordings.recording import Recording
from xorviz.scenes.scene import Scene
from xorviz.sweeps.axes import short
from xorviz.sweeps.growth import Growth
from xorviz.timing.timeline import Timeline

_OF_ONE = pieces_of("step {step} · loss {loss} · {correct}/{n} correct", argument="caption")
_OF_A_REGRESSION = pieces_of("step {step} · loss {loss}", argument="caption")
_OF_SEVERAL = pieces_of("step {step} · median loss {loss}", argument="caption")


def about_animation(
    recordings: Sequence[Recording], scene: Scene, timelines: Sequence[Timeline], alt: str = ""
) -> About:
    """The words of an animation.

    Args:
        recordings: the runs.
        scene: what is drawn of them.
        timelines: which snapshot of each each frame shows.
        alt: what it shows; put together from the runs if empty.
    """
    first, line = recordings[0], timelines[0]
    if isinstance(first, Growth):
        return _about_study(first, scene, line, alt)
    if len(recordings) == 1:
        read, shown = readings(first, line.there, with_events=False), line.snapshots
        pieces = _OF_A_REGRESSION if first.task == "regression" else _OF_ONE
        title = f"{first.title}: {first.description}" if first.description else first.title
    else:
        several = SummaryPanel().measure_runs(recordings, [one.there for one in timelines])
        read, pieces = several.readings, _OF_SEVERAL
        shown = np.array([line.frame(index).index for index in range(len(line))])
        title = ": ".join(filter(None, (read.title, read.description))) or f"{len(recordings)} runs"
    parts = [(is_moving(piece), texts_of(piece, read)) for piece in pieces]
    return About(
        title=title,
        alt=alt or alt_text(recordings),
        theme=scene.theme,
        captions=tuple("".join(texts[at if moves else 0] for moves, texts in parts) for at in shown.tolist()),
        poster=len(line.there) - 1,
    )


def study_in_words(growth: Growth) -> str:
    """What a study is, where its mean total loss is lowest, and how many of its runs fail; in one line."""
    settings = [axis.setting for axis in growth.study.plan.axes]
    subject = f"{growth.n_steps:,} training runs over {', '.join(settings)}: {growth.title}, {growth.description}."
    failed = np.mean([solved < 0 for runs in growth.by_point for solved in runs.solved_steps.tolist()])
    means, lost = growth.means[-1], f"{failed:.0%} of the runs do not end with every point correct"
    if not np.isfinite(means).any():
        return f"{subject} {lost[0].upper()}{lost[1:]}."
    best = int(np.nanargmin(means))
    values = zip(settings, growth.study.points[best], strict=True)
    where = ", ".join(f"{setting} {short(value)}" for setting, value in values)
    return f"{subject} The mean total loss is lowest, {means[best]:,.4g}, at {where}; {lost}."


def _about_study(growth: Growth, scene: Scene, line: Timeline, alt: str) -> About:
    """The words of a study: how many runs are in the picture."""
    return About(
        title=f"{growth.title}: {growth.description}",
        alt=alt or f"{study_in_words(growth)} The estimates sharpen as runs are added.",
        theme=scene.theme,
        captions=tuple(f"{growth.steps[snapshot]:,} runs" for snapshot in line.snapshots.tolist()),
        poster=len(line.there) - 1,
    )
