"""The benchmarks run and report; how fast anything is, is for them to print and not for a test to judge."""

from __future__ import annotations

import importlib.util
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("xorviz", "xorviz-2", "xorviz-2-warm", "encoder", "x264", "command")
NUMBERS = {"n_frames", "cpu_ms", "wall_ms", "others_cores", "n_bytes", "peak_mb"}
RESULT = {"n_frames": 4, "cpu_ms": 8.0, "wall_ms": 9.0, "others_cores": 0.0, "n_bytes": 4000, "peak_mb": 100.0}


@pytest.fixture(autouse=True)
def benchmarks_are_importable(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))


@pytest.fixture(scope="module")
def measured():
    """Every contender of xorviz, and one peer, in a process of its own, on four tiny frames."""
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(2) as pool:
        patch.syspath_prepend(str(ROOT))
        from benchmarks.measuring import measure

        names = (*OURS, "pillow-writer")
        jobs = ["tiny-mp4" if name == "x264" else "tiny" for name in names]
        return dict(zip(names, pool.map(measure, names, jobs, [4] * len(names)), strict=True))


@pytest.mark.parametrize("name", [*OURS, "pillow-writer"])
def test_a_contender_draws_and_says_what_it_cost(measured, name):
    result = measured[name]
    assert set(result) == NUMBERS, result
    assert result["n_frames"] == (102 if name == "command" else 4)
    assert min(result[key] for key in NUMBERS - {"others_cores"}) > 0


def test_the_floor_writes_the_very_file_that_xorviz_writes(measured):
    assert measured["encoder"]["n_bytes"] == measured["xorviz"]["n_bytes"] == measured["xorviz-2"]["n_bytes"]


def test_a_peer_that_is_not_installed_says_so(monkeypatch, tmp_path):
    from benchmarks.contender import CONTENDERS, run
    from benchmarks.jobs import TINY

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert run(CONTENDERS["gif"], TINY, 3, tmp_path) == {"skipped": "gif not installed; pip install 'xorviz[bench]'"}
    assert all(contender.obstacle() for contender in CONTENDERS.values() if contender.needs)


def test_a_contender_that_fails_says_why():
    from benchmarks.measuring import measure

    assert measure("gif", "no-such-job", 3)["skipped"].startswith("failed: ")


def test_rounds_become_the_median_and_the_least_wall_time():
    from benchmarks.measuring import together

    rounds = [
        {**RESULT, "cpu_ms": cpu_ms, "wall_ms": wall_ms, "others_cores": others}
        for cpu_ms, wall_ms, others in ((1.0, 9.0, 0.5), (3.0, 5.0, 0.1), (2.0, 7.0, 0.3))
    ]
    assert together(rounds) == {**RESULT, "cpu_ms": 2.0, "wall_ms": 5.0, "others_cores": 0.1}
    assert together([RESULT, {"skipped": "because"}]) == {"skipped": "because"}


def results():
    from benchmarks.contest import Entry

    times = {
        Entry("dashboard", "xorviz", 4): RESULT,
        Entry("dashboard", "xorviz-2", 4): {**RESULT, "wall_ms": 4.5},
        Entry("dashboard", "x264", 4): {**RESULT, "cpu_ms": 4.0},
        Entry("dashboard", "ffmpeg-writer", 4): {**RESULT, "wall_ms": 180.0},
        Entry("dashboard", "celluloid", 4): {"skipped": "celluloid not installed; pip install 'xorviz[bench]'"},
    }
    lengths = {
        Entry("long-mp4", "xorviz", 100): {**RESULT, "n_frames": 100},
        Entry("long-mp4", "xorviz", 10_000): {**RESULT, "n_frames": 10_000, "peak_mb": 151.0},
        Entry("long-gif", "pillow-writer", 60): {"skipped": "failed: MemoryError"},
    }
    return times, lengths


def test_the_report_has_a_line_for_everything():
    from benchmarks.__main__ import report

    text = report("a machine", *results())
    lines = {line[:36].strip(): line[36:].split() for line in text.splitlines()}
    assert lines["FuncAnimation, FFMpegWriter"] == ["4", "8.0", "1.00", "180.0", "20", "0.0", "1.0", "100"]
    assert "celluloid                            not run: celluloid not installed; pip install 'xorviz[bench]'" in text
    assert "GIF     60 not run: failed: MemoryError" in text


def test_targets_are_kept_or_missed():
    from benchmarks.table import targets

    assert targets(*results()) == [
        ("CPU, four panels to MP4 / x264 veryfast on frames in memory", "2.00", "<= 1.5", "MISSED"),
        ("wall, FFMpegWriter / xorviz, 2 workers", "40.00", ">= 35", "kept"),
        ("wall, 1 worker / 2 workers", "2.00", ">= 1.8", "kept"),
        ("memory, xorviz, MP4, 10000 - 100 frames", "+51 MB", "<= 50 MB", "MISSED"),
    ]


def test_wall_times_are_not_judged_while_others_work():
    from benchmarks.table import targets

    times, _ = results()
    times = {entry: result | {"others_cores": 0.9} for entry, result in times.items()}
    verdicts = [verdict for *_, verdict in targets(times, {})]
    assert verdicts == ["MISSED", *["not judged: other work used 0.9 cores"] * 2]


def test_the_chart_has_a_bar_for_everyone_who_ran(tmp_path):
    from benchmarks.chart import bars, draw

    times, _ = results()
    found, headings = bars(times, ["dashboard", "gif"])
    assert [title for _, title, _, _ in found] == [
        "xorviz, 2 workers",
        "xorviz",
        "floor: x264 veryfast alone, crf 23",
        "FuncAnimation, FFMpegWriter",
    ]
    assert len(headings) == 1
    draw(times, ["dashboard", "gif"], tmp_path / "new" / "chart.png")
    assert (tmp_path / "new" / "chart.png").read_bytes().startswith(b"\x89PNG")


def test_every_scene_has_entries_and_quick_has_fewer_frames():
    from benchmarks.contest import long_entries, timed_entries
    from benchmarks.jobs import SCENES

    for scene in SCENES:
        make = long_entries if scene == "lengths" else timed_entries
        full, quick = make([scene], is_quick=False), make([scene], is_quick=True)
        assert full
        assert sum(entry.n_frames for entry in quick) < sum(entry.n_frames for entry in full)
    assert {entry.contender for entry in timed_entries(list(SCENES), is_quick=False, only=["gif"])} == {"gif"}


def test_every_panel_has_its_time(monkeypatch, capsys):
    from benchmarks import panels
    from xorviz.panels import KINDS

    monkeypatch.setattr(panels, "N_FRAMES", 2)
    monkeypatch.setattr(panels, "N_ROUNDS", 1)
    monkeypatch.setattr(panels, "SIZE", (480, 270))
    panels.main([])
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.split()[0] for line in lines[: len(KINDS)]] == list(KINDS)
    assert all(float(line.split()[-1]) > 0 for line in lines)


def test_the_sweeps_benchmark_compares_every_engine_with_the_article(capsys):
    from benchmarks.sweeps import main

    main(["--rounds", "1", "--steps", "2", "--starts", "2", "--whole", "40"])
    lines = capsys.readouterr().out.splitlines()
    table = {line.split()[0]: line.split() for line in lines if line}
    for name in ("article", "numpy"):
        assert float(table[name][1].replace(",", "")) > 0
    errors = [line.split() for line in lines if line.startswith("  ")]
    assert {"numpy", "train,", "article"} <= {words[0] for words in errors}
    assert all(float(words[-2]) < 1e-11 for words in errors)
