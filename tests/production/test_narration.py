"""The words of an animation: one caption a frame, of the snapshot that frame shows."""

from __future__ import annotations

import xorviz
from xorviz.production.narration import about_animation
from xorviz.scenes.scene import DASHBOARD, Scene
from xorviz.timing.timeline import timelines


def test_captions_say_step_loss_and_points_of_every_frame(recording):
    lines = timelines([recording], clock="linear")
    about = about_animation([recording], DASHBOARD, lines)
    assert about.title == "XOR: 2–2–1 sigmoid, cross-entropy, gradient descent"
    assert about.captions[0] == "step 0 · loss 2.999 · 2/4 correct"
    assert about.captions[-1] == "step 140 · loss 0.148 · 4/4 correct"
    steps = [int(caption.split()[1]) for caption in about.captions]
    assert steps == recording.steps[lines[0].snapshots].tolist()
    assert about.theme == "light"
    assert about.poster == len(about.captions) - 1


def test_animation_that_plays_back_has_its_end_as_poster(recording):
    lines = timelines([recording], ping_pong=True)
    about = about_animation([recording], DASHBOARD, lines)
    assert len(about.captions) == len(lines[0])
    assert about.captions[about.poster].startswith("step 140 ")
    assert about.captions[-1] == about.captions[1]


def test_several_runs_have_the_median_of_their_losses():
    runs = [xorviz.train("backprop", seed=seed) for seed in range(3)]
    lines = timelines(runs)
    about = about_animation(runs, Scene(theme="dark"), lines)
    middle = sorted(run.final_loss for run in runs)[1]
    assert about.captions[-1] == f"step 140 · median loss {middle:.3f}"
    assert about.title.startswith("XOR: ")
    assert about.theme == "dark"
