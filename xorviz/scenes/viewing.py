"""A scene and its recordings as they see each other: the dashboard that suits, the plane that is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xorviz.errors import UsageError, unknown
from xorviz.problems.planes import Plane, feature_plane, input_names, principal_plane
from xorviz.recordings.recording import Recording
from xorviz.scenes.dashboards import suited
from xorviz.scenes.scene import Scene


def viewed(scene: Scene, recordings: Sequence[Recording]) -> tuple[Scene, list[Recording]]:
    """The scene as suits a single recording, see `suited`, and the recordings on the scene's plane, if it names one.

    Raises:
        UsageError: a plane or a held input that a recording does not have.
    """
    if len(recordings) == 1:
        scene = suited(scene, recordings[0])
    if not scene.plane and not scene.held:
        return scene, list(recordings)
    return scene, [one.on_plane(plane_named(one, scene.plane, scene.held)) for one in recordings]


def plane_named(recording: Recording, plane: str, held: Mapping[str, float]) -> Plane:
    """The plane that some words mean.

    Args:
        recording: whose inputs they speak of.
        plane: ``"pca"``, or two inputs by name or by number from 1: ``"1,4"``; empty for the first two.
        held: values of inputs that are not drawn, by name or number.

    Raises:
        UsageError: no such inputs, or not two different ones, or a held input beside ``"pca"``.
    """
    if plane.lower() == "pca":
        if held:
            raise UsageError("held must go with a plane of two inputs; got plane 'pca'. Leave it out.")
        return principal_plane(recording.inputs)
    words = [word.strip() for word in plane.split(",")] if plane else ["1", "2"]
    if len(words) != 2:
        raise UsageError(f"plane must be pca, or two inputs with a comma between, such as 1,2; got {plane!r}.")
    first, second = (_index(recording, word, "plane") for word in words)
    fixed = {_index(recording, word, "held"): value for word, value in held.items()}
    return feature_plane(
        recording.inputs, (first, second), feature_names=recording.feature_names, held=fixed, units=recording.units
    )


def _index(recording: Recording, word: str, argument: str) -> int:
    """An input by its name, or by its number from 1."""
    names = input_names(recording.inputs.shape[1], recording.feature_names)
    if word in names:
        return names.index(word)
    if word.isdecimal() and 1 <= int(word) <= len(names):
        return int(word) - 1
    raise unknown(argument, word, [*(["pca"] if argument == "plane" else []), *names, f"1 to {len(names)}"])
