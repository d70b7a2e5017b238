"""A part belongs to the process that writes it, and is a leftover when that is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from xorviz.encoders._part import Part

pytestmark = pytest.mark.skipif(os.name == "nt", reason="files cannot be locked there; leftovers stay")

CHILD = """
import sys, time
from pathlib import Path
from xorviz.encoders._part import Part
part = Part(Path(sys.argv[1]), is_folder=sys.argv[2] == "folder")
if sys.argv[2] == "folder":
    (part.path / "0.png").write_bytes(b"half")
print(part.path, flush=True)
time.sleep(60)
"""


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_leftovers_of_a_killed_process_go_and_parts_of_a_living_one_stay(tmp_path: Path, kind: str) -> None:
    destination = tmp_path / "xor [1].gif"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(destination), kind], stdout=subprocess.PIPE, env=environment, text=True
    )
    assert child.stdout is not None
    with child.stdout:
        theirs = Path(child.stdout.readline().strip())
    try:
        # Other names are nobody's business.
        bystanders = [".xor [1].gif.part", ".xor [1].gif.12-00ff00ff.part.bak", "xor [1].gif.12-00ff00ff.part"]
        for name in bystanders:
            (tmp_path / name).touch()
        own = Part(destination)
        assert theirs.exists()
        again = Part(destination)
        assert own.path.exists()
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
    own.release()
    last = Part(destination, is_folder=kind == "folder")
    assert names(tmp_path) == sorted([*bystanders, again.path.name, last.path.name])
    again.discard()
    last.discard()
    assert names(tmp_path) == sorted(bystanders)


def test_a_link_that_looks_like_a_leftover_is_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("kept")
    link = tmp_path / ".a.gif.1-00000000.part"
    link.symlink_to(precious)
    Part(tmp_path / "a.gif").discard()
    assert precious.read_text() == "kept"
