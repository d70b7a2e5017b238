"""Packages that make animations from matplotlib's figures, used as their READMEs show: celluloid, gif, matplotloom."""

from __future__ import annotations

import os
from pathlib import Path

from benchmarks.contenders_matplotlib import use_ffmpeg_package
from benchmarks.figures import DPI, draw, new_figure
from benchmarks.jobs import FPS

N_JOBS = 2


def celluloid(work, path):
    """Every frame is drawn over the last into the same axes; the camera remembers which artists were new."""
    from celluloid import Camera
    from matplotlib.animation import FFMpegWriter, PillowWriter

    use_ffmpeg_package()

    def write():
        figure, axes = new_figure(work.job)
        camera = Camera(figure)
        for index in range(work.n_frames):
            draw(work.job, axes, work.shown(index))
            camera.snap()
        writer = FFMpegWriter if path.suffix == ".mp4" else PillowWriter
        camera.animate().save(path, writer=writer(fps=FPS), dpi=DPI)

    return write


def gif(work, path):
    """A decorated function draws one frame; a list of frames is saved."""
    import gif as package

    package.options.matplotlib["dpi"] = DPI

    @package.frame
    def plot(index):
        _, axes = new_figure(work.job)
        draw(work.job, axes, work.shown(index))

    def write():
        frames = [plot(index) for index in range(work.n_frames)]
        package.save(frames, str(path), duration=1000 / FPS)

    return write


def plot_frame(job, shown, index, loom):
    """One frame, in a process of joblib's."""
    figure, axes = new_figure(job)
    draw(job, axes, shown)
    loom.save_frame(figure, index)


def matplotloom(work, path):
    """Figures saved by joblib's processes, which the warm-up has started, then joined by ffmpeg."""
    import imageio_ffmpeg
    from joblib import Parallel, delayed
    from matplotloom import Loom

    # It calls whatever "ffmpeg" is on the path, and the package's program has a longer name.
    link = Path("bin") / "ffmpeg"
    if not link.exists():
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(imageio_ffmpeg.get_ffmpeg_exe())
    os.environ["PATH"] = f"{link.parent.absolute()}{os.pathsep}{os.environ['PATH']}"

    def write():
        with Loom(path, fps=FPS, parallel=True, overwrite=True, savefig_kwargs={"dpi": DPI}) as loom:
            Parallel(n_jobs=N_JOBS)(
                delayed(plot_frame)(work.job, work.shown(index), index, loom) for index in range(work.n_frames)
            )

    return write
