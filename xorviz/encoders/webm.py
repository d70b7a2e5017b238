"""WebM: VP9, free of patents, in every current browser; or AV1, smaller still where much moves."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar, final

from xorviz.encoders._av1 import av1
from xorviz.encoders._coding import Coding
from xorviz.encoders._video import VideoEncoder
from xorviz.errors import UsageError, unknown

# On dashboards in light and dark at 960×540, against MP4 as it comes: 0.82 of the bytes at 0.2 dB less, in twice the
# coder's time. Deadline "good" saves another sixth of the bytes for five times the time; cpu-used 8 costs a quarter
# more bytes for a sixth less time. Without lag and hidden references a run is complete in its own packets.
_VP9 = {
    "b": "0",
    "deadline": "realtime",
    "cpu-used": "6",
    "tune-content": "screen",
    "lag-in-frames": "0",
    "auto-alt-ref": "0",
    "row-mt": "0",
}
_CODECS = ("vp9", "av1")
_DEFAULT_CRF = {"vp9": 27, "av1": 28}


_CAUTION = "lossless VP9 is RGB (profile 1), which not every browser and phone shows"
_LOSSLESS = Coding("libvpx-vp9", {"lossless": "1", **_VP9}, pix_fmt="gbrp", caution=_CAUTION)


@final
class WebmEncoder(VideoEncoder):
    """Writes VP9 or AV1 in WebM; see `VideoEncoder`. The container's clock counts milliseconds.

    Opacities are a second VP9 stream beside the first, coded alike.

    References:
        The WebM Project, VP9 alpha in WebM, https://www.webmproject.org/docs/container/ (AlphaMode, BlockAdditions).
    """

    format_name: ClassVar[str] = "a WebM"
    muxer: ClassVar[str] = "webm"

    def __init__(self, *, codec: str = "vp9", crf: int | None = None, lossless: bool = False) -> None:
        """Sets codec and quality.

        Args:
            codec: ``"vp9"``, or ``"av1"``: 0.7 of the bytes, closer to the source, in 2.6 of the time.
            crf: constant quality, 0 (largest file) to 63; that of the codec which looks like the source if not given.
                Without meaning if lossless.
            lossless: exact colours, as RGB; VP9 only.

        Raises:
            UsageError: ``codec`` or ``crf`` is none of these, or a codec without this choice.
        """
        if codec not in _CODECS:
            raise unknown("codec", codec, _CODECS)
        crf = _DEFAULT_CRF[codec] if crf is None else crf
        if not 0 <= crf <= 63:
            raise UsageError(f"crf must be 0 to 63; got {crf!r}.")
        if lossless and codec != "vp9":
            raise UsageError(
                f"lossless must go with codec 'vp9'; got {codec!r}, whose coder halves the colours' sides."
            )
        # AV1 has no opacities in WebM, nor has VP9 as RGB.
        self.sees_through = codec == "vp9" and not lossless
        vp9 = _LOSSLESS if lossless else Coding("libvpx-vp9", {"crf": str(crf), **_VP9})
        super().__init__(av1(crf) if codec == "av1" else vp9)

    def _layout(self, rate: Fraction, n_loops: int) -> Mapping[str, str]:
        del rate, n_loops
        # Exact: without a random name of the file and the muxer's version, so that equal frames give equal bytes.
        return {"fflags": "+bitexact"}
