"""matplotlib's own ways: FuncAnimation with two writers, and a picture file per frame made into one GIF."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.figures import DPI, draw, new_figure
from benchmarks.jobs import FPS


def use_ffmpeg_package():
    """Let matplotlib use the ffmpeg that the package imageio-ffmpeg brings."""
    import imageio_ffmpeg
    import matplotlib as mpl

    mpl.rcParams["animation.ffmpeg_path"] = imageio_ffmpeg.get_ffmpeg_exe()


def func_animation(writer_name):
    """FuncAnimation as its documentation has it: a function that clears the axes and draws them again."""

    def prepare(work, path):
        from matplotlib.animation import FFMpegWriter, FuncAnimation, PillowWriter

        if writer_name == "ffmpeg":
            use_ffmpeg_package()
        figure, axes = new_figure(work.job)

        def update(index):
            for an_axes in axes:
                an_axes.clear()
            draw(work.job, axes, work.shown(index))

        def write():
            animation = FuncAnimation(figure, update, frames=work.n_frames, repeat=False)
            writer = {"ffmpeg": FFMpegWriter, "pillow": PillowWriter}[writer_name](fps=FPS)
            animation.save(path, writer=writer, dpi=DPI)

        return write

    return prepare


def savefig_then_gif(work, path):
    """The `backprop` article's way: savefig of a new figure per frame, then all files into one GIF.

    The article joins them by ImageMagick; imageio does here, which needs no program installed.
    """
    import imageio.v3 as imageio
    from matplotlib import pyplot as plt

    def write():
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder) / f"{index:04}.png" for index in range(work.n_frames)]
            for index, file in enumerate(files):
                figure, axes = new_figure(work.job)
                draw(work.job, axes, work.shown(index))
                figure.savefig(file)
                plt.close(figure)
            imageio.imwrite(path, [imageio.imread(file) for file in files], duration=1000 / FPS, loop=0)

    return write
