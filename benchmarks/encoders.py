"""Encode the same frames by xorviz and by what users would pick instead: CPU time, bytes, fidelity.

Run ``python -m benchmarks.encoders``; two minutes. CPU time is user + system of this process and its
children, the median of three, so other work on the machine matters little. PSNR is of the frames as a viewer
shows them. The frames are RGBA in memory, as Agg leaves them; what a peer needs done to them is its cost.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from fractions import Fraction
from pathlib import Path

import av
import imageio.v3 as imageio
import numpy as np
from PIL import Image

from benchmarks.dashboard_frames import dashboard
from xorviz.encoders import encoder_for

FPS = 25


def xorviz(frames, path, make=encoder_for):
    n, height_px, width_px, _ = frames.shape
    samples = list(frames[np.linspace(0, n - 1, 12).astype(int)])
    with make(path) as encoder:
        encoder.open(path, width_px=width_px, height_px=height_px, fps=FPS, samples=samples)
        for frame in frames:
            encoder.write(frame, 1000 / FPS)


def x264_veryfast(frames, path):
    """x264 as it comes, at the quality that looks like the source."""
    _, height_px, width_px, _ = frames.shape
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"preset": "veryfast", "crf": "18"})
        stream.width, stream.height, stream.pix_fmt = width_px, height_px, "yuv420p"
        context = stream.codec_context
        context.thread_count = 1
        context.color_primaries = context.color_trc = context.colorspace = context.color_range = 1
        for frame in frames:
            picture = av.VideoFrame.from_ndarray(frame, "rgba")
            container.mux(stream.encode(picture.reformat(format="yuv420p", dst_colorspace="itu709")))
        container.mux(stream.encode(None))


def pillow(frames, path):
    images = (Image.fromarray(frame).convert("RGB") for frame in frames)
    next(images).save(path, save_all=True, append_images=images, duration=1000 // FPS, loop=0)


def imageio_pillow(frames, path):
    imageio.imwrite(path, frames[..., :3], duration=1000 / FPS, loop=0)


def ffmpeg_palette(frames, path):
    """FFmpeg's palettegen and paletteuse without dither, in process: the best GIF among the peers we know."""
    _, height_px, width_px, _ = frames.shape
    graph = av.filter.Graph()
    graph.threads = 1
    source = graph.add_buffer(width=width_px, height=height_px, format="rgba", time_base=Fraction(1, FPS))
    split, generate, sink = graph.add("split"), graph.add("palettegen"), graph.add("buffersink")
    use = graph.add("paletteuse", "dither=none:diff_mode=rectangle")
    source.link_to(split)
    split.link_to(use, 0, 0)
    split.link_to(generate, 1, 0)
    generate.link_to(use, 0, 1)
    use.link_to(sink)
    graph.configure()
    with av.open(str(path), "w") as container:
        stream = container.add_stream("gif", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = width_px, height_px, "pal8"
        for i, frame in enumerate(frames):
            picture = av.VideoFrame.from_numpy_buffer(frame, "rgba")
            picture.pts, picture.time_base = i, Fraction(1, FPS)
            source.push(picture)
        source.push(None)
        for _ in frames:
            picture = sink.pull()
            picture.time_base = Fraction(1, FPS)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))


def imageio_pyav(frames, path):
    imageio.imwrite(path, frames[..., :3], plugin="pyav", codec="libx264", fps=FPS)


def imageio_ffmpeg(frames, path):
    imageio.imwrite(path, frames[..., :3], plugin="FFMPEG", fps=FPS, macro_block_size=2)


def cpu_s():
    return sum(os.times()[:4])


def shown(path):
    """Yields RGB frames and when each begins, in seconds; an untagged video is read as players guess."""
    if path.suffix == ".gif":
        at_ms = 0
        with Image.open(path) as image:
            for i in range(image.n_frames):
                image.seek(i)
                yield np.asarray(image.convert("RGB")), at_ms / 1000
                at_ms += image.info["duration"]
        return
    with av.open(str(path)) as container:
        for picture in container.decode(video=0):
            is_709 = picture.colorspace == 1 or (picture.colorspace == 2 and picture.height >= 720)
            matrix = "itu709" if is_709 else "itu601"
            rgb = picture.reformat(format="rgb24", src_colorspace=matrix, interpolation="BICUBIC")
            yield rgb.to_ndarray(), picture.time


def psnr_db(frames, path):
    """Mean over the stored frames of the PSNR against the source frame that begins at the same time."""
    values = []
    for rgb, at_s in shown(path):
        source = frames[min(len(frames) - 1, round(at_s * FPS)), ..., :3]
        error = np.mean((rgb.astype(np.int16) - source) ** 2.0)
        values.append(10 * np.log10(255**2 / max(error, 1e-9)))
    return float(np.mean(values))


def measure(frames, encoders, folder):
    reference = None
    for name, encode, suffix in encoders:
        path = Path(folder) / f"out{suffix}"
        times = []
        try:
            for _ in range(3):
                start = cpu_s()
                encode(frames, path)
                times.append(cpu_s() - start)
        except ImportError as error:
            print(f"  {name:28} not run: {error}")
            continue
        row = statistics.median(times) / len(frames) * 1000, path.stat().st_size, psnr_db(frames, path)
        reference = reference or row
        ratios = f"x{row[0] / reference[0]:5.2f} CPU  x{row[1] / reference[1]:5.2f} bytes"
        print(f"  {name:28} {row[0]:7.2f} ms/frame {row[1] / 1e6:8.3f} MB {row[2]:6.2f} dB   {ratios}")


def main():
    gif = [
        ("xorviz GIF", xorviz, ".gif"),
        ("FFmpeg palettegen GIF", ffmpeg_palette, ".gif"),
        ("Pillow save_all GIF", pillow, ".gif"),
        ("imageio GIF", imageio_pillow, ".gif"),
    ]
    mp4 = [
        ("xorviz MP4", xorviz, ".mp4"),
        ("x264 veryfast, crf 18", x264_veryfast, ".mp4"),
        ("imageio MP4 (FFMPEG plugin)", imageio_ffmpeg, ".mp4"),
        ("imageio MP4 (pyav plugin)", imageio_pyav, ".mp4"),
    ]
    for width_px, height_px, n_frames in ((960, 540, 120), (1280, 720, 60)):
        frames = np.stack(list(dashboard(width_px, height_px, n_frames)))
        print(f"{width_px}x{height_px}, {n_frames} frames at {FPS} fps")
        with tempfile.TemporaryDirectory() as folder:
            measure(frames, gif, folder)
            measure(frames, mp4, folder)


if __name__ == "__main__":
    main()
