"""The contract of every output format: frames in one after another, one whole file out."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self, final

import numpy as np

from xorviz.encoders._about import About
from xorviz.encoders._compressor import RGB, Compressor, Frame, Part
from xorviz.encoders._encoded import Encoded
from xorviz.encoders._folder_target import FolderTarget
from xorviz.encoders._needed import Needed
from xorviz.encoders._samples import Samples
from xorviz.encoders._target import Target
from xorviz.errors import UsageError, XorvizError


class Encoder(ABC):
    """Writes one animation as a stream; memory does not grow with the number of frames.

    Use: ``check`` before any work, ``open``, ``write`` for every frame, ``close``. The file appears under its name only
    in ``close``; until then, and after a failure, the name shows what it showed before. As a context manager an encoder
    left by an exception leaves nothing behind; left normally, it is closed.

    Whoever wants the work shared among processes takes ``compressor`` after ``open``, has it compress runs of at most
    ``frames_per_part`` frames anywhere, and hands the parts to ``append`` in order, instead of calling ``write``.
    Whoever writes several files at once calls ``complete`` for each and only then ``publish``, instead of ``close``.

    A format implements ``check``, the steps ``_begin``, ``_append``, ``_finish`` and ``_abort``, which write to
    the path they are given and need not care about names, failure or wrong arguments, and a `Compressor`.

    Attributes:
        frames_per_part: the most frames of a run; one for all formats, and fixed: no file depends on who compressed it.
        n_samples: frames that ``open`` likes to see first, at least one of them; 0 for none.
        target_type: whether a file or a folder is written.
        sees_through: whether the format has pixels without a colour, or none at all.
    """

    frames_per_part: ClassVar[int] = 30
    n_samples: ClassVar[int]
    target_type: ClassVar[type[Target] | type[FolderTarget]] = Target
    sees_through: bool = False
    _target: Target | FolderTarget | None = None
    _shape: tuple[int, int, int] = (0, 0, 4)
    _matte: RGB | None = None

    @abstractmethod
    def check(self, *, width_px: int, height_px: int, fps: float) -> None:
        """Refuses a size or rate that the format cannot hold, before any work is done.

        Raises:
            UsageError: naming the argument and what is allowed.
        """

    @final
    def open(
        self,
        path: str | PathLike[str],
        *,
        width_px: int,
        height_px: int,
        fps: float,
        samples: Sequence[Frame],
        n_loops: int = 0,
        about: About | None = None,
        matte: RGB | None = None,
    ) -> None:
        """Starts a file.

        Args:
            path: where the file is to appear; a symlink is followed, an existing file replaced in ``close``.
            width_px: width of every frame.
            height_px: height of every frame.
            fps: frames per second of the animation's clock; a held frame is one longer ``write``.
            samples: `n_samples` frames spread over the animation, for its colours; the next may overwrite each.
            n_loops: how often the animation plays: 0 forever, 1 once. Formats without loops ignore it.
            about: what it says beside its pictures; little if not given. Formats without words ignore it.
            matte: that frames are not opaque, and what is under a pixel half covered in a format of all or nothing.

        Raises:
            UsageError: an argument is refused, or this encoder is already open.
            XorvizError: the file cannot be written.
        """
        if self._target is not None:
            raise UsageError(f"encoder must be closed before open; it is still writing {self._target.path}.")
        self.check(width_px=width_px, height_px=height_px, fps=fps)
        if isinstance(n_loops, bool) or not isinstance(n_loops, int) or not 0 <= n_loops <= 65535:
            raise UsageError(f"n_loops must be 0 to 65535, where 0 means forever; got {n_loops!r}.")
        if self.n_samples and not samples:
            raise UsageError(f"samples must hold at least one frame; got {samples!r}.")
        self._shape, self._about, self._needed = (height_px, width_px, 4), about or About(), Needed()
        with self._leaving_nothing_behind(Path(path)):
            self._target, self._is_empty, self._matte = self.target_type(path), True, matte
            checked = Samples(range(len(samples)), lambda i: self._of_shape("every sample", samples[i]))
            self._begin(self._target.part, fps=fps, samples=checked, n_loops=n_loops)
            self._own = self._compressor(alone=True)
            self._before: Frame | None = None
            self._written_ms, self._n_in_run = 0.0, 0

    @final
    def write(self, frame: Frame, duration_ms: float) -> None:
        """Appends one frame.

        Args:
            frame (uint8 of shape (height_px, width_px, 4)): RGBA; may be overwritten once this returns.
            duration_ms (float, milliseconds): how long it is shown; what rounding takes, the next frame gives back.

        Raises:
            UsageError: a wrong shape, type or duration, or the encoder is not open.
            XorvizError: the file cannot be written; it is gone.
        """
        target = self._opened()
        self._of_shape("frame", frame)
        if not (math.isfinite(duration_ms) and duration_ms > 0):
            raise UsageError(f"duration_ms must be a positive number; got {duration_ms!r}.")
        with self._leaving_nothing_behind(target.path):
            if self._n_in_run == 0:
                self._own.begin(start_ms=self._written_ms, before=self._before)
            self._own.add(frame, float(duration_ms))
            self._written_ms += duration_ms
            self._n_in_run += 1
            if self._n_in_run == self.frames_per_part:
                self._before, self._n_in_run = frame.copy(), 0
                self._append(self._own.end())
        self._is_empty = False

    @final
    def compressor(self) -> Compressor:
        """Returns what compresses runs of this file's frames, here or elsewhere; UsageError where none is open."""
        self._opened()
        return self._compressor(alone=False)

    @final
    def append(self, part: Part, *, share: float = 0.0) -> None:
        """Appends a run that a compressor of this encoder compressed, in order; ``share`` is as `Needed.add` takes it.

        Raises:
            UsageError: the encoder is not open.
            XorvizError: the file cannot be written; it is gone.
        """
        with self._leaving_nothing_behind(self._opened().path):
            self._needed.add(part, share)
            self._append(part)
        self._is_empty = False

    @final
    def complete(self) -> Encoded:
        """Completes the file and leaves it under its temporary name; arguments and errors as for ``close``."""
        target = self._opened()
        with self._leaving_nothing_behind(target.path):
            if self._is_empty:
                raise UsageError(f"{target.path} must get at least one frame; got none.")
            if self._n_in_run:
                self._n_in_run = 0
                self._append(self._own.end())
            n_frames, duration_s, notes = self._finish()
            target.flush()
            return Encoded(target.path, n_frames, duration_s, target.n_bytes(), notes, self._about.alt)

    @final
    def publish(self) -> None:
        """Puts a file that is complete in its place; errors as for ``close``."""
        target = self._opened()
        with self._leaving_nothing_behind(target.path):
            target.publish()
        self._target = None

    @final
    def close(self) -> Encoded:
        """Completes the file, puts it in its place and returns what was written.

        Raises:
            UsageError: no frame was written, or the encoder is not open.
            XorvizError: the file cannot be written; what was there before is untouched.
        """
        encoded = self.complete()
        self.publish()
        return encoded

    def __enter__(self) -> Self:
        """Returns itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes the file; after an exception removes what was written of it."""
        if error is not None:
            self.discard()
        elif self._target is not None:
            self.close()

    @abstractmethod
    def _begin(self, part: Path, *, fps: float, samples: Sequence[Frame], n_loops: int) -> None:
        """Starts writing to ``part``, an existing empty file; ``_shape`` is set."""

    @abstractmethod
    def _compressor(self, *, alone: bool) -> Compressor:
        """Returns a compressor; ``alone`` if it will compress every frame of the file, in order."""

    @abstractmethod
    def _append(self, part: Part) -> None:
        """Writes what a compressor made of the next frames."""

    @abstractmethod
    def _finish(self) -> tuple[int, float, tuple[str, ...]]:
        """Completes and closes the file; returns n_frames, duration_s and notes."""

    @abstractmethod
    def _abort(self) -> None:
        """Lets go of the file, whatever state it is in; called once after a failure."""

    def _opened(self) -> Target | FolderTarget:
        if self._target is None:
            raise UsageError("encoder must be open; call open first.")
        return self._target

    def _of_shape(self, name: str, frame: Frame) -> Frame:
        if frame.shape != self._shape or frame.dtype != np.uint8:
            raise UsageError(f"{name} must be uint8 of shape {self._shape}; got {frame.dtype} of shape {frame.shape}.")
        return frame

    @contextmanager
    def _leaving_nothing_behind(self, path: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.discard()
            raise XorvizError(f"{path} could not be written: {self._needed.reason(error)}") from error
        except BaseException:
            self.discard()
            raise

    @final
    def discard(self) -> None:
        """Removes what was written, if the file is open still."""
        target, self._target = self._target, None
        if target is not None:
            try:
                self._abort()
            finally:
                target.discard()
