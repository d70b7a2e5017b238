"""What happened in a run that a teacher would point at: plateaus, the solution, dead units, divergence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from xorviz.recordings.schedule import even_choice

if TYPE_CHECKING:
    from xorviz.recordings.recording import Recording

EventKind = Literal["solved", "diverged", "plateau end", "lowest loss", "dead unit", "plateau start"]
#: The most important first: where there is room for one name only, it is that of the first.
EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)

#: At how many snapshots an event is looked for, and how many hidden units may be looked at one by one.
_MOST_LOOKS, _MOST_UNITS = 4096, 32
_MOST_LOOKS_AT_UNITS = 256
_MEDIAN_OF = 9
_RISE = 1.05
_LEAST_RISE = 1e-6


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened during a run.

    Attributes:
        kind: one of `EVENT_KINDS`.
        step: when, always the step of a snapshot or of a divergence.
        text: what, in a few words, the step included.
    """

    kind: EventKind
    step: int
    text: str


def events(recording: Recording) -> tuple[Event, ...]:
    """What happened, by step; of what happened at the same step the most important last.

    - ``"solved"``: every point is correct from here to the end.
    - ``"diverged"``: the loss is no longer finite.
    - ``"plateau start"``, ``"plateau end"``: see `plateaus`.
    - ``"lowest loss"``: the loss ends more than 5 % above its lowest value, and by more than a millionth of the first.
    - ``"dead unit"``: a ReLU unit is 0 at every point from here to the end; of at most 32 hidden units.

    At most some thousand snapshots are looked at, and parameters are read of at most some hundred.
    """
    found = [*_plateau_events(recording), *_dead_units(recording), *_lowest_loss(recording)]
    if (step := recording.solved_at) is not None:
        n_points = len(recording.targets)
        found.append(Event("solved", step, f"{n_points}/{n_points} correct from step {step:,}"))
    if (step := recording.diverged_at) is not None:
        found.append(Event("diverged", step, f"diverged at step {step:,}"))
    return tuple(sorted(found, key=lambda event: (event.step, -EVENT_KINDS.index(event.kind))))


def plateaus(
    steps: NDArray[np.int64], losses: NDArray[np.float64], gradient_norms: NDArray[np.float64]
) -> list[tuple[int, int]]:
    """Stretches in which the loss hardly falls and after which it falls again.

    Losses are taken as the running minimum of a median of nine snapshots' log losses, which neither noise nor a
    passing rise lifts. From every snapshot the loss takes so many steps to fall by a twentieth, or by six times its
    noise if that is more: its stretch. A stretch is a plateau if

    - later there is one that takes at most a quarter of its steps: it falls again, where a loss that converges falls
      ever slower;
    - it takes at least a quarter of the steps up to the first of those: it is felt;
    - the middle gradient norm in it is at most three quarters of the largest after it: flat, not the side of a bump.

    Of stretches that overlap the longest counts.

    Args:
        steps (int64 array of shape (n,)): rising.
        losses (float64 array of shape (n,)): at these steps; what follows a non-finite one is not looked at.
        gradient_norms (float64 array of shape (n,)): over all parameters.

    Returns:
        First and last index of each plateau, in order.
    """
    finite = np.isfinite(losses)
    n = len(losses) if finite.all() else int(finite.argmin())
    if n < _MEDIAN_OF:
        return []
    steps, norms = steps[:n], np.nan_to_num(gradient_norms[:n], nan=0.0, posinf=np.inf)
    floor = float(losses[:n][losses[:n] > 0].min(initial=1.0))
    logs = np.log(np.maximum(losses[:n], floor))
    padded = np.pad(logs, _MEDIAN_OF // 2, mode="edge")
    smooth = np.median(np.lib.stride_tricks.sliding_window_view(padded, _MEDIAN_OF), axis=1)
    lowest = np.minimum.accumulate(smooth)
    fall = max(-np.log(0.95), 6.0 * float(np.median(np.abs(logs - smooth))))
    # Where the loss never falls so far again there is no stretch.
    stops = np.searchsorted(-lowest, fall - lowest, side="right")
    n_takes = np.where(stops < n, steps[np.minimum(stops, n - 1)] - steps, np.inf)
    found: list[tuple[int, int]] = []
    for start in np.argsort(-n_takes, kind="stable"):
        stop = int(stops[start])
        if stop >= n or any(start < last and stop > first for first, last in found):
            continue
        faster = np.flatnonzero(n_takes[stop:] <= n_takes[start] / 4)
        is_felt = len(faster) > 0 and n_takes[start] >= steps[stop + faster[0]] / 4
        if is_felt and np.median(norms[start:stop]) <= 0.75 * norms[stop:].max():
            found.append((int(start), stop))
    return sorted(found)


def _plateau_events(recording: Recording) -> list[Event]:
    if not recording.is_dense:
        # Without gradients a plateau looks like the side of a bump.
        return []
    looked_at = even_choice(recording.n_snapshots, _MOST_LOOKS)
    with np.errstate(all="ignore"):
        norms = np.sqrt(np.sum([norm[looked_at] ** 2 for norm in recording.layer_norms("gradients").values()], axis=0))
    steps = recording.steps[looked_at]
    found = []
    for first, last in plateaus(steps, recording.snapshot_losses[looked_at], norms):
        found.append(Event("plateau start", int(steps[first]), f"plateau from step {steps[first]:,}"))
        found.append(Event("plateau end", int(steps[last]), f"plateau ends at step {steps[last]:,}"))
    return found


def _lowest_loss(recording: Recording) -> list[Event]:
    """The minimum, if the loss is above it at the end; none if it never fell below its first value."""
    losses = np.nan_to_num(recording.snapshot_losses, nan=np.inf, posinf=np.inf).tolist()
    least, last = min(losses), losses[-1]
    lowest = losses.index(least)
    visible = _LEAST_RISE * losses[0] if np.isfinite(losses[0]) else 0.0
    if lowest == 0 or last <= max(_RISE * least, least + visible):
        return []
    step = int(recording.steps[lowest])
    return [Event("lowest loss", step, f"lowest loss at step {step:,}")]


def _dead_units(recording: Recording) -> list[Event]:
    """Units that are 0 at every point from some snapshot on, those that die together in one event."""
    activations = recording.network.activations[:-1] if recording.is_dense else ()
    if "relu" not in activations or sum(recording.network.widths[1:-1]) > _MOST_UNITS:
        return []
    last = recording.n_snapshots - 1
    looked_at = even_choice(recording.n_snapshots, _MOST_LOOKS_AT_UNITS)
    dead_since: dict[int, list[str]] = {}
    for layer, activation in enumerate(activations):
        if activation != "relu":
            continue
        is_alive = _alive(recording, layer, looked_at)
        for unit in np.flatnonzero(~is_alive[-1]):
            alive_at = np.flatnonzero(is_alive[:, unit])
            first = 0
            if len(alive_at):
                before, after = int(looked_at[alive_at[-1]]), int(looked_at[alive_at[-1] + 1])
                while after - before > 1:
                    middle = (before + after) // 2
                    if _alive(recording, layer, np.array([middle]))[0, unit]:
                        before = middle
                    else:
                        after = middle
                first = after
            if first < last or last == 0:
                where = f" of layer {layer + 1}" if len(activations) > 1 else ""
                dead_since.setdefault(int(recording.steps[first]), []).append(f"{unit + 1}{where}")
    return [Event("dead unit", step, _death(step, units)) for step, units in dead_since.items()]


def _alive(recording: Recording, layer: int, snapshots: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each unit of a layer is anything but 0 at some point: bool array of shape (n_asked, width)."""
    alive: NDArray[np.bool_] = (recording.hidden(recording.inputs, snapshots)[layer] != 0).any(axis=1)
    return alive


def _death(step: int, units: list[str]) -> str:
    when = f"dead from step {step:,}" if step else "dead from the start"
    return f"hidden unit {units[0]} {when}" if len(units) == 1 else f"{len(units)} hidden units {when}"
