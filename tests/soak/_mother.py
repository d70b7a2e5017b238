"""The mother of the programs: imports xorviz once, then forks a child for every line it reads."""

from __future__ import annotations

import atexit
import gc
import json
import os
import resource
import signal
import sys
import threading
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any


def command(*words: str) -> int:
    """A command line of xorviz."""
    from xorviz.render.app import main

    return main(list(words))


def record_rows(path: str) -> int:
    """Record one row after the other for ever, and say so after each."""
    from tests.rows import HEADER, add
    from xorviz.recordings.recording_writer import RecordingWriter

    with RecordingWriter(path, HEADER) as one:
        for snapshot in range(10**9):
            add(one, snapshot)
            os.write(1, b"+")
    return 0


def train_and_record(path: str, every: str) -> int:
    """A loop of somebody's own with a recorder in it, for ever: says so after each `step` that returned."""
    from tests.rows import Loop

    for _ in Loop(path, int(every)):
        os.write(1, b"+")
    return 0


def encode_frames(name: str, n_frames: str) -> int:
    """Encode so many small frames, and say how much memory that took at most, in KiB."""
    import numpy as np

    from xorviz.encoders import encoder_for

    frames = np.full((100, 48, 64, 4), 255, np.uint8)
    for index, frame in enumerate(frames):
        frame[index % 40 : index % 40 + 8, index % 56 : index % 56 + 8, :3] = index
    with encoder_for(name) as encoder:
        encoder.open(name, width_px=64, height_px=48, fps=25, samples=list(frames[::5]))
        for number in range(int(n_frames)):
            encoder.write(frames[number % 100], 40)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    return 0


def open_input(name: str) -> int:
    """Open a file that somebody gave, and say how much memory that took beyond what was there, in KiB."""
    from tests.soak.memory import open_and_refuse

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    open_and_refuse(Path(name))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    return 0


def _child(request: dict[str, Any]) -> int:
    os.setpgid(0, 0)
    os.chdir(request["cwd"])
    null = os.open(os.devnull, os.O_RDONLY)
    out, err = (os.open(request[name], os.O_CREAT | os.O_WRONLY | os.O_APPEND) for name in ("out", "err"))
    for source, target in ((null, 0), (out, 1), (err, 2)):
        os.dup2(source, target)
    # A shell in the background has interrupts ignored, and so have its children.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if request["limit"] is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (request["limit"], request["limit"]))
    return int(globals()[request["function"]](*request["words"]))


def _fork(request: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        # Also here, because whoever asks may signal the group before the child has come so far.
        try:
            os.setpgid(pid, pid)
        except OSError:
            pass
        return pid
    code = 1
    try:
        code = _child(request)
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
    except KeyboardInterrupt:
        code = 130
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stdout.flush()
        sys.stderr.flush()
        # What Python does at its end, and multiprocessing with it, but not taking apart what only fills memory.
        threading._shutdown()
        atexit._run_exitfuncs()
        os._exit(code)


def _ended(pid: int) -> int | None:
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def _warm() -> None:
    """What is imported and cached on use, once for all children."""
    from tqdm import tqdm

    from tests.soak._room import room
    from xorviz.render.app import main

    # No thread that watches over bars: a child forked while it holds their lock would wait for that for ever.
    tqdm.monitor_interval = 0
    with room() as folder:
        run, store = str(folder / "run.xorviz"), str(folder / "study.db")
        with Path(os.devnull).open("w") as null, redirect_stdout(null):
            main(["train", "backprop", "--out", run, "--quiet"])
            outs = [word for suffix in (".gif", ".mp4") for word in ("--out", str(folder / f"a{suffix}"))]
            main(["render", run, *outs, "--size", "160x90", "--duration", "2", "--workers", "1", "--quiet"])
            main(["sweep", "backprop", "--grid", "learning_rate=1", "--runs", "5", "--store", store, "--quiet"])
    assert threading.active_count() == 1
    # As a child finds it that nobody has run a command in.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def main() -> None:
    _warm()
    # Children then do not go through, and copy, what they never free.
    gc.freeze()
    for line in sys.stdin:
        request = json.loads(line)
        answer = _ended(request["poll"]) if "poll" in request else _fork(request)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
