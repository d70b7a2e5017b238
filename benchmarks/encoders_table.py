"""The results of `benchmarks.encoders` as text, verdicts and a plot."""

from __future__ import annotations

from benchmarks.encoders_contenders import CONTENDERS
from benchmarks.table import verdict

REFERENCE = "ffmpeg palettegen GIF"
OURS = "xorviz GIF"
GIFSKI = "gifski GIF, quality 90"
_ALWAYS = (("flicker_ppm", "", 0),)
_NO_WORSE = (("psnr_db", "more", 0), ("ssim", "more", -0.00005), ("p99_oklab", "ratio", 1.0), ("cpu_s", "ratio", 1.0))
_SMALL = (("n_bytes", "ratio", 0.7), ("p99_oklab", "ratio", 1.0), ("cpu_s", "ratio", 0.125), *_ALWAYS)
TARGETS = (
    (OURS, REFERENCE, (("n_bytes", "ratio", 1.05), ("psnr_db", "more", 1.0), ("p99_oklab", "ratio", 1.0),
                       ("cpu_s", "ratio", 0.75), *_ALWAYS, ("peak_mb", "", 120))),
    (f"{OURS} [fast]", REFERENCE, (("n_bytes", "ratio", 0.96), *_NO_WORSE, *_ALWAYS, ("peak_mb", "", 120))),
    (f"{OURS} small", GIFSKI, _SMALL),
    (f"{OURS} small [fast]", GIFSKI, _SMALL),
)  # fmt: skip
"""Who is held against whom: measure, whether as a ratio, as how much more, or as it is, and the limit."""
_COLUMNS = (("MB", "n_bytes", 1e-6, 7, 3), ("CPU s", "cpu_s", 1, 6, 2), ("peak MB", "peak_mb", 1, 8, 0),
            ("PSNR dB", "psnr_db", 1, 8, 2), ("SSIM", "ssim", 1, 7, 4), ("p99", "p99_oklab", 1, 7, 3),
            ("flicker ppm", "flicker_ppm", 1, 12, 0))  # fmt: skip
_WIDTH = 26


def table(title, results):
    """One line for every contender; ratios of bytes and CPU time against the reference."""
    reference = results.get(REFERENCE, {"skipped": "not chosen"})
    heads = "".join(f" {head:>{width}}" for head, _, _, width, _ in _COLUMNS)
    lines = [f"{title:{_WIDTH}}{heads}  × bytes  × CPU"]
    for name, result in results.items():
        if "skipped" in result:
            lines.append(f"{name:{_WIDTH}} not run: {result['skipped']}")
            continue
        cells = "".join(f" {result[key] * unit:{width}.{places}f}" for _, key, unit, width, places in _COLUMNS)
        ratios = ""
        if "skipped" not in reference:
            ratios = "".join(
                f"{result[key] / reference[key]:{width}.2f}" for key, width in (("n_bytes", 9), ("cpu_s", 7))
            )
        lines.append(f"{name:{_WIDTH}}{cells}{ratios}")
    return "\n".join(lines)


def targets(results):
    """What our GIFs are held to: (name, measured, limit, verdict); rows that lack a contender are left out."""
    rows = []
    for ours, peer, limits in TARGETS:
        one, other = results.get(ours, {"skipped": ""}), results.get(peer, {"skipped": ""})
        if "skipped" in one or "skipped" in other:
            continue
        for key, kind, limit in limits:
            if kind == "ratio":
                value = one[key] / other[key]
            elif kind == "more":
                value = other[key] - one[key]
                limit = -limit
            else:
                value = one[key]
            shown = f"{-value:+.4f}" if kind == "more" else f"{value:.3f}" if kind == "ratio" else f"{value:.0f}"
            wanted = f">= {-limit:+g}" if kind == "more" else f"<= {limit:g}"
            name = f"{ours}: {key}" + ({"ratio": " ÷ ", "more": " - "}.get(kind, "") + (peer if kind else ""))
            rows.append((name, shown, wanted, verdict(value <= limit)))
    return rows


def targets_table(rows):
    """The verdicts as text."""
    return "\n".join(f"  {name:66} {value:>8} {limit:>8}  {judged}" for name, value, limit, judged in rows)


def markdown(results):
    """All sets as one table, ratios against the reference, and the verdicts."""
    heads = ("", "MB", "× bytes", "PSNR dB", "SSIM", "p99", "flicker ppm", "CPU s", "peak MB")
    lines = []
    for title, of_set in results.items():
        reference = of_set.get(REFERENCE, {"skipped": ""})
        lines += [f"**{title}**", "", "| " + " | ".join(heads) + " |", "|---|" + "--:|" * (len(heads) - 1)]
        for name, one in of_set.items():
            if "skipped" in one:
                lines.append(f"| {name} | not run: {one['skipped']} |" + " |" * (len(heads) - 2))
                continue
            ratio = "" if "skipped" in reference else f"{one['n_bytes'] / reference['n_bytes']:.2f}"
            cells = (
                name, f"{one['n_bytes'] / 1e6:.3f}", ratio, f"{one['psnr_db']:.2f}", f"{one['ssim']:.4f}",
                f"{one['p99_oklab']:.2f}", f"{one['flicker_ppm']:.0f}", f"{one['cpu_s']:.2f}", f"{one['peak_mb']:.0f}",
            )  # fmt: skip
            lines.append("| " + " | ".join(cells) + " |")
        lines += ["", "```text", targets_table(targets(of_set)), "```", ""]
    return "\n".join(lines)


def plot(results, path, dpi=120):
    """Bytes against error: one panel for every set, a point for every GIF.

    Args:
        results: set -> contender -> result.
        path: a PNG.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import LogLocator, NullFormatter

    n_columns = max(2, int(1.8 * len(results)))
    n_rows = -(-len(CONTENDERS) // n_columns)
    size = max(5.4, 3.6 * len(results)), 3.6 + 0.25 * n_rows
    figure = Figure(size, dpi=dpi, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    all_axes = figure.subplots(1, len(results), squeeze=False)[0]
    marks = dict(zip((name for name in CONTENDERS if "GIF" in name), "oDvdPhsX^*p", strict=True))
    for axes, (title, of_set) in zip(all_axes, results.items(), strict=True):
        for name, mark in marks.items():
            result = of_set.get(name, {"skipped": "not chosen"})
            if "skipped" not in result:
                color = "#d1495b" if name.startswith(OURS) else "#5b7a99"
                at = result["n_bytes"] / 1e6, result["p99_oklab"]
                axes.plot(*at, mark, color=color, markerfacecolor="none", markersize=9, label=name)
        axes.set(title=title, xlabel="megabytes", xscale="log", yscale="log")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axis.set_major_formatter("{x:g}")
            axis.set_minor_formatter(NullFormatter())
    all_axes[0].set_ylabel("99th percentile of the error, 100 × Oklab")
    figure.legend(
        *all_axes[0].get_legend_handles_labels(),
        loc="outside lower center",
        ncols=n_columns,
        frameon=False,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)
