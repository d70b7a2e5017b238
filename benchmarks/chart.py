"""Wall time per frame as one picture: a bar for every contender, by job, on a logarithmic scale."""

from __future__ import annotations

from benchmarks.contender import CONTENDERS
from benchmarks.jobs import JOBS

COLORS = {"xorviz": "#d1495b", "floor": "#c9c9c9", "peer": "#5b7a99"}
_MEANINGS = {"xorviz": "xorviz", "peer": "drawn by matplotlib", "floor": "encoding alone, nothing drawn"}
_BAR, _GAP = 0.76, 1.9


def bars(results, jobs):
    """What to draw, from the top: (position, title, milliseconds, kind) for bars, (position, title) for headings."""
    found, headings, y = [], [], 0.0
    for job in jobs:
        of_job = [(e, r) for e, r in results.items() if e.job == job and "skipped" not in r]
        if not of_job:
            continue
        headings.append((y, JOBS[job].title))
        for entry, result in sorted(of_job, key=lambda pair: pair[1]["wall_ms"]):
            y += 1
            contender = CONTENDERS[entry.contender]
            found.append((y, contender.title, result["wall_ms"], contender.kind))
        y += _GAP
    return found, headings


def draw(results, jobs, path):
    """Write the chart; nothing if no contender ran.

    Args:
        results: result of every entry.
        jobs: names of jobs, from the top.
        path: a PNG.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    found, headings = bars(results, jobs)
    if not found:
        return
    lowest = found[-1][0]
    figure = Figure((9.6, 1.3 + 0.27 * (lowest + 1)), dpi=150, facecolor="white")
    FigureCanvasAgg(figure)
    height = figure.get_figheight()
    axes = figure.add_axes((0.335, 0.5 / height, 0.615, 1 - 1.3 / height))
    least = 0.6 * min(ms for _, _, ms, _ in found)
    for y, title, ms, kind in found:
        weight = "bold" if kind == "xorviz" else "normal"
        axes.barh(y, ms - least, left=least, height=_BAR, color=COLORS[kind])
        label = f"{ms:.0f}" if ms >= 99.5 else f"{ms:.1f}"
        axes.annotate(label, (ms, y), (5, 0), textcoords="offset points", va="center", fontsize=9, fontweight=weight)
        axes.annotate(
            title, (0, y), (-8, 0), xycoords=("axes fraction", "data"), textcoords="offset points", ha="right",
            va="center", fontsize=9, fontweight=weight, color="#222222",
        )  # fmt: skip
    for y, title in headings:
        axes.annotate(title, (-0.53, y), xycoords=("axes fraction", "data"), va="center", fontsize=10.5, weight="bold")
    axes.set(xscale="log", xlim=(least, 1.6 * max(ms for _, _, ms, _ in found)), ylim=(lowest + 0.7, -0.6))
    ticks = [ms for ms in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if axes.get_xlim()[0] <= ms <= axes.get_xlim()[1]]
    axes.set_xticks(ticks, [f"{ms}" for ms in ticks], fontsize=8.5, color="#666666")
    axes.minorticks_off()
    axes.set_yticks([])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.grid(axis="x", color="#e4e4e4", linewidth=0.8)
    axes.set_axisbelow(True)
    figure.text(0.01, 1 - 0.3 / height, "Milliseconds of wall time per frame", fontsize=13, weight="bold", va="center")
    figure.text(
        0.01, 1 - 0.55 / height, "logarithmic scale; shorter is better", fontsize=9.5, color="#666666", va="center"
    )
    handles = [Patch(color=COLORS[kind], label=meaning) for kind, meaning in _MEANINGS.items()]
    figure.legend(
        handles=handles, loc="upper right", bbox_to_anchor=(0.965, 1 - 0.12 / height), fontsize=9, frameon=False,
        ncols=3, handlelength=1.0, columnspacing=1.4,
    )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)
