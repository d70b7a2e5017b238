"""The most fidelity under a limit of bytes: which size, rate and quality, by trial."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from os import PathLike

from xorviz.encoders import FORMATS, KNOBS, Encoded, Encoder, Options, encoder_for, suffix_of
from xorviz.encoders.byte_counts import bytes_from, readable
from xorviz.encoders.quality import FINEST
from xorviz.errors import UsageError
from xorviz.parallel.workers import Workers
from xorviz.production.byte_curve import Curve
from xorviz.production.canvas import panels_of
from xorviz.production.trials import estimated
from xorviz.recordings.recording import Recording
from xorviz.scenes.places import lasting, place_named
from xorviz.scenes.scene import Scene

LEAST = 0.9
"""A file under a limit fills at least so much of it, if more bytes would show anything better."""

# What is aimed at, and which shares of the limit are as good.
_AIM, _GOOD = 0.955, (0.91, 0.975)
_EXACT = 101.0
_COARSER, _FINER = (10.0, 20.0), (60.0, 85.0, 100.0)
_MOST_TRIES = 4
# Below it a smaller picture, or fewer of them, look better than a coarser one.
_COARSEST, _LOWEST = 30.0, 0.0
# A scene is not tried if its files would, by the usual cost of pixels and frames, be larger than this times the limit.
_HOPELESS = 1.3
_SLOWEST_FPS = 10.0


@dataclass
class Choice:
    """A scene and what is asked of each file in it.

    Attributes:
        scene: in its size and rate.
        levels: of each file; None where the quality is not to be chosen.
        curves: what is known of each file.
        n_trials: how many times a sample was encoded.
    """

    scene: Scene
    levels: list[float | None]
    curves: list[Curve]
    n_trials: int


@dataclass(frozen=True)
class Budget:
    """A limit, and what may be changed to keep it.

    Attributes:
        max_bytes: of each file.
        options: what was asked of the files.
        outs: the files.
        fixed: ``"size"`` and ``"fps"`` where they were asked for.
        seconds: how long it plays, to the hundredth, if that was asked for.
    """

    max_bytes: int
    options: Options
    outs: Sequence[str | PathLike[str]]
    fixed: frozenset[str]
    seconds: float | None = None

    def choose(self, recordings: Sequence[Recording], scene: Scene, crew: Workers) -> Choice:
        """The first size and rate at which every file fits at a quality worth looking at, with the best such quality.

        Raises:
            UsageError: the smallest files are too large.
        """
        scenes = [scene, *smaller(scene, self.fixed)]
        scenes = scenes if self.seconds is None else [lasting(one, self.seconds) for one in scenes]
        n_trials, over = 0, 1.0
        for number, one in enumerate(scenes):
            is_last = number == len(scenes) - 1
            if over * _cost(one) / _cost(scene) > _HOPELESS and not is_last:
                continue
            choice = Choice(one, [None] * len(self.outs), [self._curve(out) for out in self.outs], n_trials)
            lowest = [_LOWEST, _COARSEST] if is_last else [_COARSEST]
            self._try(choice, recordings, crew, [self._floor(out, lowest) for out in self.outs])
            largest = max(curve.smallest for curve in choice.curves)
            if largest <= self.max_bytes * _AIM:
                self._refine(choice, recordings, crew)
                return choice
            n_trials = choice.n_trials
            over = largest / self.max_bytes * _cost(scene) / _cost(one)
        raise self.unreachable(choice)

    def keeps(self, choice: Choice, least: float, written: Sequence[Encoded]) -> bool:
        """Whether files are under the limit, and fill such a part of it if more bytes would show anything better."""
        for out, level, one in zip(self.outs, choice.levels, written, strict=True):
            is_best = level is None or level >= 100
            is_full = is_best or one.n_bytes >= least * self.max_bytes
            if suffix_of(out) in FORMATS and not (is_full and one.n_bytes <= self.max_bytes):
                return False
        return True

    def learn(self, choice: Choice, written: Sequence[Encoded], *, by_trial_only: bool) -> None:
        """Choose again, knowing how large the files really were.

        Raises:
            UsageError: the smallest files are too large.
        """
        for level, curve, one in zip(choice.levels, choice.curves, written, strict=True):
            curve.learn(_EXACT if level is None else level, one.n_bytes)
        self.settle(choice, by_trial_only=by_trial_only)

    def encoder(self, out: str | PathLike[str], level: float | None) -> Encoder:
        """Of a file at a level, not opened."""
        return encoder_for(out, self.options if level in (None, _EXACT) else self.options.at(float(level or 0)))

    def is_free(self, out: str | PathLike[str]) -> bool:
        """Whether a file's quality is to be chosen."""
        return suffix_of(out) in KNOBS and self.options.quality is None and not self.options.lossless

    def settle(self, choice: Choice, *, by_trial_only: bool = False) -> None:
        """Take the highest level of each file that fits; one that was tried if it fills the limit well.

        Sizes may leap between two levels, as a GIF's do where its indices need another bit.

        Raises:
            UsageError: none does.
        """
        low, high = (share * self.max_bytes for share in _GOOD)
        for number, curve in enumerate(choice.curves):
            level = curve.tried(0.0 if by_trial_only else low, high)
            if level < 0 and not by_trial_only:
                level = curve.level_for(self.max_bytes * _AIM)
            if level < 0:
                raise self.unreachable(choice)
            choice.levels[number] = level if self.is_free(self.outs[number]) else None

    def unreachable(self, choice: Choice) -> UsageError:
        """The error that says the smallest possible."""
        out, n_bytes = max(
            ((out, curve.smallest) for out, curve in zip(self.outs, choice.curves, strict=True)),
            key=lambda pair: pair[1],
        )
        width, height = choice.scene.size
        quality = " with quality 0" if self.is_free(out) else ""
        return UsageError(
            f"max_bytes must be at least about {readable(n_bytes / _AIM)} for {out}, at {width}x{height} and "
            f"{choice.scene.fps:.4g} fps{quality}; got {readable(self.max_bytes)}. Allow more bytes, a smaller size or "
            "a shorter duration."
        )

    def said(self, choice: Choice, number: int, written: Encoded | None = None) -> str:
        """What was chosen for a file, as a note; when it is written, also how much of the limit it fills if little."""
        level, (width, height) = choice.levels[number], choice.scene.size
        quality = "" if level is None else ", without loss" if level == _EXACT else f", quality {level:.3g}"
        share = 1.0 if written is None or not level or level >= 100 else written.n_bytes / self.max_bytes
        little = f"; it fills {share:.0%} of that, no quality tried came closer" if share < LEAST else ""
        return (
            f"chosen for {readable(self.max_bytes)}: {width}x{height}, {choice.scene.fps:.4g} fps{quality}, "
            f"after {choice.n_trials} trial encodes of a sample{little}"
        )

    def _floor(self, out: str | PathLike[str], levels: list[float]) -> list[float]:
        if suffix_of(out) not in FORMATS:
            return []
        return levels if self.is_free(out) else [_EXACT]

    def _curve(self, out: str | PathLike[str]) -> Curve:
        # A poster is small, whatever is chosen.
        return Curve() if suffix_of(out) in FORMATS else Curve({_EXACT: 0.0})

    def _refine(self, choice: Choice, recordings: Sequence[Recording], crew: Workers) -> None:
        """Try the usual levels, and then those that these lead to, until one fills the limit well."""
        more = [self._between(out, curve) for out, curve in zip(self.outs, choice.curves, strict=True)]
        for _ in range(_MOST_TRIES):
            self._try(choice, recordings, crew, more)
            self.settle(choice)
            more = [
                [level] if level is not None and level not in curve.known else []
                for level, curve in zip(choice.levels, choice.curves, strict=True)
            ]
            if not any(more):
                break

    def _between(self, out: str | PathLike[str], curve: Curve) -> list[float]:
        """The levels of a file that are tried next: finer ones if the coarsest worth looking at fits."""
        if not self.is_free(out):
            return []
        if curve.estimated[_COARSEST] > self.max_bytes * _AIM:
            return list(_COARSER)
        return [*_FINER, *([_EXACT] * (suffix_of(out) in FINEST))]

    def _try(
        self, choice: Choice, recordings: Sequence[Recording], crew: Workers, levels: Sequence[Sequence[float]]
    ) -> None:
        """Encode a sample at some levels of each file, all from one drawing."""
        tries = [(number, level) for number, some in enumerate(levels) for level in some]
        if not tries:
            return
        encoders = [(suffix_of(self.outs[number]), self.encoder(self.outs[number], level)) for number, level in tries]
        sizes = estimated(recordings, choice.scene, encoders, crew).n_bytes
        for (number, level), size in zip(tries, sizes, strict=True):
            choice.curves[number].estimated[level] = float(size)
        choice.n_trials += len(tries)


def limit_from(
    max_bytes: str | int | None,
    place: str,
    options: Options,
    outs: Sequence[str | PathLike[str]],
    fixed: frozenset[str],
    seconds: float | None,
) -> Budget | None:
    """The limit that was asked for, or that of the place; None for none.

    Raises:
        UsageError: a limit that is no number of bytes.
    """
    if max_bytes is not None:
        return Budget(bytes_from(max_bytes), options, outs, fixed, seconds)
    return Budget(place_named(place).max_bytes, options, outs, fixed, seconds) if place else None


def smaller(scene: Scene, fixed: frozenset[str]) -> list[Scene]:
    """A scene with fewer and fewer frames a second, and then smaller and smaller."""
    rates = [scene.fps / divisor for divisor in (1.5, 2.0) if scene.fps / divisor >= _SLOWEST_FPS]
    rates = [] if "fps" in fixed else rates
    found = [scene.changed(fps=fps) for fps in rates]
    slowest = rates[-1] if rates else scene.fps
    for factor in (0.85, 0.75, 0.6, 0.5) if "size" not in fixed else ():
        width, height = (round(side * factor / 2) * 2 for side in scene.size)
        with suppress(UsageError):
            one = scene.changed(fps=slowest, size=(width, height))
            panels_of(one)
            found.append(one)
    return found


def _cost(scene: Scene) -> float:
    """How bytes usually go with pixels and frames, in units of no meaning."""
    width, height = scene.size
    return float((width * height) ** 0.8 * scene.fps**0.75)
