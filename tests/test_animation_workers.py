"""The file is the same to the byte whoever draws it."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import active_children
from pathlib import Path

import pytest

from xorviz.animation import animate
from xorviz.errors import UsageError
from xorviz.production.drawing import Run, runs
from xorviz.recordings.recording import Recording, load

SMALL = {"size": (320, 180), "duration_s": 5.0, "hold_s": 0.5}
FORMATS = [".gif", ".mp4"]


@pytest.fixture(scope="module", params=FORMATS)
def serial(request: pytest.FixtureRequest, recording: Recording, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("serial") / f"run{request.param}"
    animate(recording, path, **SMALL)
    return path


def test_runs_cover_every_frame_once() -> None:
    assert runs(50, 24) == [Run(0, 16), Run(16, 33), Run(33, 50)]
    assert runs(24, 24) == [Run(0, 24)]
    assert runs(1) == [Run(0, 1)]
    assert [run.stop - run.start for run in runs(102)] == [25, 26, 25, 26]


@pytest.mark.parametrize("n_workers", [2, 3])
def test_processes(recording: Recording, serial: Path, tmp_path: Path, n_workers: int) -> None:
    done = []
    path = tmp_path / serial.name
    encoded = animate(recording, path, workers=n_workers, progress=lambda *count: done.append(count), **SMALL)
    assert path.read_bytes() == serial.read_bytes()
    assert encoded.n_bytes == serial.stat().st_size
    assert done == sorted(set(done))
    assert done[-1] == (102, 102)
    assert active_children() == []


def test_a_recording_in_a_file(recording: Recording, serial: Path, tmp_path: Path) -> None:
    recording.save(tmp_path / "run.xorviz")
    path = tmp_path / serial.name
    animate(load(tmp_path / "run.xorviz"), path, workers=2, **SMALL)
    assert path.read_bytes() == serial.read_bytes()


def test_any_executor(recording: Recording, serial: Path, tmp_path: Path) -> None:
    path = tmp_path / serial.name
    with ThreadPoolExecutor(3) as executor:
        animate(recording, path, executor=executor, workers=3, **SMALL)
    assert path.read_bytes() == serial.read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="kills a process as POSIX does")
def test_a_worker_killed_while_drawing(recording: Recording, serial: Path, tmp_path: Path) -> None:
    path = tmp_path / serial.name
    killed = []

    def kill() -> None:
        deadline = time.monotonic() + 20
        while not killed and time.monotonic() < deadline:
            for child in active_children():
                os.kill(child.pid, signal.SIGKILL)
                killed.append(child.pid)
            time.sleep(0.01)

    killer = threading.Thread(target=kill)
    killer.start()
    animate(recording, path, workers=2, **SMALL)
    killer.join()
    assert killed
    assert path.read_bytes() == serial.read_bytes()


def test_nothing_is_left_when_drawing_fails(recording: Recording, tmp_path: Path) -> None:
    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        animate(recording, tmp_path / "run.gif", workers=2, progress=interrupt, **SMALL)
    assert list(tmp_path.iterdir()) == []
    assert active_children() == []


@pytest.mark.parametrize("n_workers", [0, -1, 257, 1.5, True, "2"])
def test_refused(recording: Recording, tmp_path: Path, n_workers: object) -> None:
    with pytest.raises(UsageError) as caught:
        animate(recording, tmp_path / "run.gif", workers=n_workers, **SMALL)
    assert str(caught.value) == f"workers must be a whole number from 1 to 256; got {n_workers!r}."


def test_a_dask_cluster(recording: Recording, serial: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="dask.distributed comes with the extra 'dask'")
    path = tmp_path / serial.name
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        animate(recording, path, executor=client.get_executor(), workers=2, **SMALL)
    assert path.read_bytes() == serial.read_bytes()


def test_a_process_pool_of_the_callers_own(recording: Recording, serial: Path, tmp_path: Path) -> None:
    from multiprocessing import get_context

    path = tmp_path / serial.name
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        animate(recording, path, executor=executor, workers=2, **SMALL)
    assert path.read_bytes() == serial.read_bytes()
