"""A process is killed while it closes recordings; `tests.soak` kills it while it records."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import textwrap
import time
from pathlib import Path

from tests.rows import check, names
from xorviz.errors import RecordingError
from xorviz.recordings.recording import load

#: Records run after run to one file.
CLOSING_CHILD = """
    import sys
    from pathlib import Path
    from tests.rows import record
    for run in range(10**9):
        record(Path({path!r}), force=True, seed=run)
        sys.stdout.write("+")
        sys.stdout.flush()
"""


def start_child(path: Path) -> subprocess.Popen[bytes]:
    code = textwrap.dedent(CLOSING_CHILD.format(path=str(path)))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment)


def test_a_kill_while_closing_leaves_a_whole_target(tmp_path: Path) -> None:
    generator = random.Random(3)
    path, partial = tmp_path / "run.xorviz", tmp_path / "run.xorviz.partial"
    for _ in range(int(os.environ.get("XORVIZ_KILLS", "5"))):
        child = start_child(path)
        assert child.stdout is not None
        n_closed = len(child.stdout.read(generator.randrange(1, 40)))
        time.sleep(generator.random() * 0.004)
        child.kill()
        n_closed += len(child.stdout.read())
        child.stdout.close()
        assert child.wait() == -9
        recording = load(path)
        check(recording, 3)
        assert recording.complete
        assert recording.seed in (n_closed - 1, n_closed)
        if recording.seed == n_closed - 1 and partial.exists():
            try:
                cut_off = load(partial)
            except RecordingError:
                continue  # killed before its first row
            check(cut_off, cut_off.n_snapshots)
            assert cut_off.seed == n_closed
    assert set(names(tmp_path)) <= {path.name, *(partial.name + end for end in ("", "-wal", "-shm"))}
