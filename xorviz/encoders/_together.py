"""Several files written from one drawing of the frames: all of them appear, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from os import PathLike
from typing import final

from xorviz.encoders._about import About
from xorviz.encoders._base import Encoder
from xorviz.encoders._compressor import RGB, Compressor, Frame, Part
from xorviz.encoders._encoded import Encoded


@final
class Together:
    """Encoders that are handed the same runs of frames.

    Every file is as it would be alone, to the byte. If one of them cannot be written, none appears: each is completed
    and on the disk before the first gets its name. Renaming comes last, and is undone by nobody: should a folder turn
    read-only in that moment, the files named before it stay.

    Args:
        encoders: not opened; each with the path of its file.
    """

    def __init__(self, encoders: Sequence[tuple[str | PathLike[str], Encoder]]) -> None:
        self._paths = [path for path, _ in encoders]
        self._encoders = [encoder for _, encoder in encoders]

    @property
    def needs_samples(self) -> bool:
        """Whether any of them looks at frames before the first."""
        return any(encoder.n_samples for encoder in self._encoders)

    @contextmanager
    def opened(
        self,
        *,
        size: tuple[int, int],
        fps: float,
        n_loops: int,
        samples: Callable[[int], Sequence[Frame]],
        about: About | None = None,
        matte: RGB | None = None,
    ) -> Iterator[None]:
        """Opens all files; those not published when the block is left are gone.

        Args:
            size: width and height of every frame in pixels.
            fps: frames per second.
            n_loops: how often the animation plays.
            samples: gives so many frames, spread over the animation, the first and the last included.
            about: what it says beside its pictures.
            matte: as for `Encoder.open`.

        Raises:
            UsageError: an argument that one of them refuses.
            XorvizError: one of the files cannot be written.
        """
        seen = {n: samples(n) for n in {encoder.n_samples for encoder in self._encoders} - {0}}
        with ExitStack() as stack:
            for path, encoder in zip(self._paths, self._encoders, strict=True):
                encoder.open(
                    path,
                    width_px=size[0],
                    height_px=size[1],
                    fps=fps,
                    samples=seen.get(encoder.n_samples, ()),
                    n_loops=n_loops,
                    about=about,
                    matte=matte,
                )
                stack.callback(encoder.discard)
            yield

    def compressors(self) -> tuple[Compressor, ...]:
        """What compresses a run of frames for each of the files."""
        return tuple(encoder.compressor() for encoder in self._encoders)

    def append(self, parts: Sequence[Part], *, share: float = 0.0) -> None:
        """Takes what each of the compressors made of the next run; ``share`` as for `Encoder.append`.

        Raises:
            XorvizError: one of the files cannot be written.
        """
        for encoder, part in zip(self._encoders, parts, strict=True):
            encoder.append(part, share=share)

    def complete(self) -> list[Encoded]:
        """Completes every file under its temporary name.

        Raises:
            XorvizError: one of the files cannot be written.
        """
        return [encoder.complete() for encoder in self._encoders]

    def publish(self) -> None:
        """Gives the files, all complete, their names.

        Raises:
            XorvizError: a name is refused.
        """
        for encoder in self._encoders:
            encoder.publish()
