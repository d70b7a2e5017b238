"""Frames like those xorviz draws: a decision field, a turning surface, two traces, a step counter."""

from __future__ import annotations

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

_POINTS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
_TARGETS = np.array([[0], [1], [1], [0]], float)


def _grid(n):
    axis = np.linspace(-0.5, 1.5, n)
    return np.stack(np.meshgrid(axis, axis), axis=-1)


def _train(n_frames, n_steps=1500, seed=3):
    """A tanh 2-6-1 net on XOR: parameters at evenly spread steps, loss and gradient norm at every step."""
    random = np.random.default_rng(seed)
    W1, b1 = random.normal(0, 1, (2, 6)), np.zeros(6)
    W2, b2 = random.normal(0, 1, (6, 1)), np.zeros(1)
    kept, losses, norms = [], [], []
    keep = set(np.linspace(0, n_steps - 1, n_frames).astype(int))
    for step in range(n_steps):
        hidden = np.tanh(_POINTS @ W1 + b1)
        output = 1 / (1 + np.exp(-(hidden @ W2 + b2)))
        if step in keep:
            kept.append((step, W1.copy(), b1.copy(), W2.copy(), b2.copy()))
        error = (output - _TARGETS) / 4
        back = error @ W2.T * (1 - hidden**2)
        gradients = _POINTS.T @ back, back.sum(0), hidden.T @ error, error.sum(0)
        losses.append(float(((output - _TARGETS) ** 2).mean()))
        norms.append(float(np.sqrt(sum((g**2).sum() for g in gradients))))
        for parameter, gradient in zip((W1, b1, W2, b2), gradients, strict=True):
            parameter -= 0.3 * gradient
    return kept, np.array(losses), np.array(norms)


def _field(grid, W1, b1, W2, b2):
    return 1 / (1 + np.exp(-(np.tanh(grid @ W1 + b1) @ W2 + b2)))[..., 0]


def dashboard(width_px, height_px, n_frames):
    """Yields uint8 frames of shape (height_px, width_px, 4); each is a new array."""
    kept, losses, norms = _train(n_frames)
    scale = height_px / 540
    figure = Figure((width_px / 100, height_px / 100), dpi=100)
    canvas = FigureCanvasAgg(figure)
    field = figure.add_axes((0.05, 0.15, 0.4 * 540 * 960 / width_px / height_px * scale**2, 0.74))
    image = field.imshow(
        np.zeros((2, 2)), cmap="RdBu", vmin=0, vmax=1, origin="lower", extent=(-0.5, 1.5, -0.5, 1.5),
        interpolation="bilinear",
    )  # fmt: skip
    field.scatter(*_POINTS.T, c=_TARGETS[:, 0], cmap="RdBu", edgecolors="k", s=60 * scale)
    traces = figure.add_axes((0.55, 0.12, 0.4, 0.3))
    traces.set_yscale("log")
    traces.set_xlim(0, len(losses))
    traces.set_ylim(1e-4, 1)
    loss, = traces.plot([], [], lw=1.2)  # fmt: skip
    norm, = traces.plot([], [], lw=1.2)  # fmt: skip
    surface = figure.add_axes((0.55, 0.47, 0.4, 0.5), projection="3d")
    title = figure.text(0.05, 0.94, "", fontsize=12 * scale)
    fine, coarse = _grid(200), _grid(40)
    drawn = None
    for i, (step, *parameters) in enumerate(kept):
        image.set_data(_field(fine, *parameters))
        loss.set_data(np.arange(step), losses[:step])
        norm.set_data(np.arange(step), norms[:step])
        if drawn is not None:
            drawn.remove()
        drawn = surface.plot_surface(
            coarse[..., 0], coarse[..., 1], _field(coarse, *parameters), cmap="viridis", vmin=0, vmax=1,
            rcount=40, ccount=40, linewidth=0, antialiased=False,
        )  # fmt: skip
        surface.set_zlim(0, 1)
        surface.view_init(30, 30 + 0.5 * i)
        title.set_text(f"XOR: step {step}, loss {losses[step]:.4f}")
        canvas.draw()
        yield np.array(canvas.buffer_rgba())
