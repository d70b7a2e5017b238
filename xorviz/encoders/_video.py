"""What all video formats share: pictures at a constant rate, coded in parts, put into one container."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

from xorviz.encoders._base import Encoder
from xorviz.encoders._coding import Coding
from xorviz.encoders._compressor import Frame
from xorviz.encoders._video_compressor import BESIDE, VideoCompressor, VideoPart
from xorviz.errors import UsageError


class VideoEncoder(Encoder):
    """Writes pictures at a constant rate, converted to BT.709 and tagged so, without sound.

    A frame held longer is repeated. A side that the codec does not take is padded with its last row or column. Every
    part starts with a picture of its own, where players can jump to.

    Args:
        coding: of the pictures.

    Attributes:
        format_name: with its article, for messages.
        muxer: FFmpeg's name of the container.
    """

    n_samples: ClassVar[int] = 0
    format_name: ClassVar[str]
    muxer: ClassVar[str]

    def __init__(self, coding: Coding) -> None:
        self._coding = coding
        self._container: Any = None

    def check(self, *, width_px: int, height_px: int, fps: float) -> None:
        """Refuses sides beyond what hardware decoders take, and rates that no screen shows.

        Raises:
            UsageError: naming the argument and what is allowed, or PyAV is not installed.
        """
        if find_spec("av") is None:
            raise UsageError(
                f"{self.format_name} must be written by PyAV; install it: pip install av. Or write a .gif."
            )
        for name, side in (("width_px", width_px), ("height_px", height_px)):
            if not 1 <= side <= 4096:
                raise UsageError(f"{name} must be 1 to 4096 in {self.format_name}; got {side!r}.")
        if not 1 <= fps <= 240:
            raise UsageError(f"fps must be 1 to 240 in {self.format_name}; got {fps!r}.")

    @abstractmethod
    def _layout(self, rate: Fraction, n_loops: int) -> Mapping[str, str]:
        """Returns the options of the muxer."""

    def _begin(self, part: Path, *, fps: float, samples: Sequence[Frame], n_loops: int) -> None:
        import av

        self._rate = Fraction(fps).limit_denominator(1001)
        self._chosen = replace(self._coding, pix_fmt="yuva420p") if self._matte else self._coding
        layout = dict(self._layout(self._rate, n_loops))
        self._container = av.open(str(part), "w", format=self.muxer, container_options=layout)
        self._stream = self._container.add_stream(self._chosen.codec, rate=self._rate)
        self._chosen.open(self._stream.codec_context, self._shape, self._rate)
        self._container.start_encoding()
        self._n_frames = 0

    def _compressor(self, *, alone: bool) -> VideoCompressor:
        del alone
        return VideoCompressor(self._shape, self._rate, self._chosen, self._matte)

    def _append(self, part: VideoPart) -> None:
        from av import Packet

        for n_decoded, (data, position, is_key, opacities) in enumerate(part):
            packet: Any = Packet(data)
            packet.stream = self._stream
            packet.pts = self._n_frames + position
            packet.dts = self._n_frames + n_decoded - self._coding.n_ahead
            packet.time_base = 1 / self._rate
            packet.duration = 1
            packet.is_keyframe = is_key
            if opacities:
                _put_opacities(packet, opacities)
            self._container.mux_one(packet)
        self._n_frames += len(part)

    def _finish(self) -> tuple[int, float, tuple[str, ...]]:
        self._container.close()
        return self._n_frames, float(self._n_frames / self._rate), self._notes()

    def _abort(self) -> None:
        if self._container is not None:
            from av import FFmpegError

            # Closing writes an index, which a full disk refuses again; the first failure is what to report.
            with suppress(FFmpegError):
                self._container.close()

    def _notes(self) -> tuple[str, ...]:
        height_px, width_px, _ = self._shape
        new_height_px, new_width_px, _ = self._coding.padded(self._shape)
        notes = [self._coding.caution] if self._coding.caution else []
        if (height_px, width_px) != (new_height_px, new_width_px):
            notes.append(f"padded {width_px}×{height_px} to {new_width_px}×{new_height_px}: {self._coding.rule}")
        return tuple(notes)


def _put_opacities(packet: Any, opacities: bytes) -> None:
    """Puts beside a picture the one of its opacities, where WebM has a place for it."""
    from av.packet import PacketSideData, packet_sidedata_type_from_literal

    # Its stub has no constructor.
    make: Any = PacketSideData
    beside = make(packet_sidedata_type_from_literal(BESIDE), len(opacities))
    beside.update(opacities)
    packet.set_sidedata(beside)
