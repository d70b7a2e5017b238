"""The results of `benchmarks.encoders` as text, verdicts and a plot."""

from __future__ import annotations

from benchmarks.encoders_contenders import CONTENDERS
from benchmarks.table import verdict

REFERENCE = "ffmpeg palettegen GIF"
OURS = "xorviz GIF"
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
    """What the GIF is held to against the reference: (name, measured, limit, verdict)."""
    ours, reference = results.get(OURS), results.get(REFERENCE)
    if ours is None or reference is None or "skipped" in ours or "skipped" in reference:
        return []
    bytes_, cpu, worst = (ours[key] / reference[key] for key in ("n_bytes", "cpu_s", "p99_oklab"))
    closer_db = ours["psnr_db"] - reference["psnr_db"]
    return [
        ("bytes / reference", f"{bytes_:.3f}", "<= 1.05", verdict(bytes_ <= 1.05)),
        ("PSNR - reference", f"{closer_db:+.2f} dB", ">= +1 dB", verdict(closer_db >= 1)),
        ("p99 / reference", f"{worst:.3f}", "<= 1", verdict(worst <= 1)),
        ("flicker", f"{ours['flicker_ppm']:.0f} ppm", "0", verdict(ours["flicker_ppm"] == 0)),
        ("CPU / reference", f"{cpu:.2f}", "<= 0.75", verdict(cpu <= 0.75)),
        ("peak memory", f"{ours['peak_mb']:.0f} MB", "<= 120 MB", verdict(ours["peak_mb"] <= 120)),
    ]


def targets_table(rows):
    """The verdicts as text."""
    return "\n".join(f"  {name:20} {value:>10} {limit:>10}  {judged}" for name, value, limit, judged in rows)


def plot(results, path):
    """Bytes against error: one panel for every set, a point for every GIF.

    Args:
        results: set -> contender -> result.
        path: a PNG.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import LogLocator, NullFormatter

    figure = Figure((3.6 * len(results), 4.4), dpi=120, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    all_axes = figure.subplots(1, len(results), squeeze=False)[0]
    marks = dict(zip((name for name in CONTENDERS if "GIF" in name), "oDPsX^", strict=True))
    for axes, (title, of_set) in zip(all_axes, results.items(), strict=True):
        for name, mark in marks.items():
            result = of_set.get(name, {"skipped": "not chosen"})
            if "skipped" not in result:
                color = "#d1495b" if name == OURS else "#5b7a99"
                at = result["n_bytes"] / 1e6, result["p99_oklab"]
                axes.plot(*at, mark, color=color, markerfacecolor="none", markersize=9, label=name)
        axes.set(title=title, xlabel="megabytes", xscale="log", yscale="log")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axis.set_major_formatter("{x:g}")
            axis.set_minor_formatter(NullFormatter())
    all_axes[0].set_ylabel("99th percentile of the error, 100 × Oklab")
    figure.legend(*all_axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=6, frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)
