"""The jobs as people draw them with matplotlib: four panels, or the surface alone.

It is not held back: the surface keeps plot_surface's own limit of 50×50 faces, and nothing is laid out anew.
"""

from __future__ import annotations

import numpy as np

DPI = 100


def new_figure(job):
    """A pyplot figure of the job's size, and its axes."""
    from matplotlib import pyplot as plt

    width_px, height_px = job.size
    figure = plt.figure(figsize=(width_px / DPI, height_px / DPI), dpi=DPI)
    if job.drawing == "surface":
        return figure, (figure.add_subplot(projection="3d"),)
    return figure, (
        figure.add_subplot(2, 2, 1),
        figure.add_subplot(2, 2, 2, projection="3d"),
        figure.add_subplot(2, 2, 3),
        figure.add_subplot(2, 2, 4),
    )


def draw(job, axes, shown):
    """Draw one frame into axes that are empty."""
    if job.drawing == "surface":
        _surface(axes[0], shown, azimuth_deg=-60 + job.orbit_deg * shown.fraction)
        return
    field, surface, loss, gradients = axes
    _field(field, shown)
    _surface(surface, shown, azimuth_deg=-60)
    _trace(loss, shown, {"loss": shown.losses}, "Loss")
    _trace(gradients, shown, shown.norms, "Gradient norms")


def _field(axes, shown):
    axes.contourf(*shown.grid, shown.outputs, levels=np.linspace(0, 1, 21), cmap="RdBu_r")
    axes.contour(*shown.grid, shown.outputs, levels=[0.5], colors="k")
    axes.scatter(*shown.points.T, c=shown.targets, cmap="RdBu_r", edgecolors="k", s=80)
    axes.set_title(f"Decision field, step {shown.steps[shown.snapshot]}")


def _surface(axes, shown, *, azimuth_deg):
    axes.plot_surface(*shown.grid, shown.outputs, cmap="RdBu_r", vmin=0, vmax=1)
    axes.set_zlim(0, 1)
    axes.view_init(30, azimuth_deg)
    axes.set_title("Output")


def _trace(axes, shown, series, title):
    present = shown.snapshot + 1
    for color, (name, values) in zip(("C0", "C1"), series.items(), strict=False):
        axes.plot(shown.steps[:present], values[:present], color=color, label=name)
    high = max(values.max() for values in series.values())
    axes.legend(loc="upper right")
    axes.set(xlim=(0, shown.steps[-1]), ylim=(0, 1.05 * high), xlabel="step", title=title)
