"""``python -m tests.soak.fuzz recipe [--seconds 600]``: a fuzzer that looks at which lines an input reaches.

For the night: Atheris (``pip install 'xorviz[fuzz]'``) runs libFuzzer over what reads files. What it finds is written
beside where it was started, as ``crash-…``, and is given again as ``python -m tests.soak.fuzz recipe crash-…``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

_ROOT = Path(__file__).parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.fuzz", description=__doc__)
    parser.add_argument("target", choices=("recipe", "csv", "npz", "recording", "header", "study", "plan"))
    parser.add_argument("again", nargs="*", help="inputs that were found before")
    parser.add_argument("--seconds", type=int, default=600)
    given = parser.parse_args()
    try:
        import atheris
    except ImportError:
        parser.error("atheris must be installed: pip install 'xorviz[fuzz]', on Linux")
    with atheris.instrument_imports(include=["xorviz"]):
        seeds, read = _target(given.target)
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds):
            Path(corpus, str(number)).write_bytes(seed)
        limits = [f"-max_total_time={given.seconds}", "-timeout=10", "-rss_limit_mb=2000"]
        atheris.Setup([sys.argv[0], *limits, *(given.again or [corpus])], _refusing(read))
        atheris.Fuzz()


def _refusing(read: Callable[[bytes], object]) -> Callable[[bytes], None]:
    """Whatever else than a refusal in one sentence is a find."""
    from xorviz.errors import XorvizError

    def one(data: bytes) -> None:
        try:
            read(data)
        except XorvizError as error:
            assert "\n" not in str(error), error

    return one


def _target(name: str) -> tuple[Iterator[bytes], Callable[[bytes], object]]:
    """What to begin with, and what reads it."""
    from tests import rows
    from tests.soak import recordings, studies
    from tests.soak.memory import READERS
    from xorviz.recordings.header import encode_header
    from xorviz.recordings.recording import load
    from xorviz.sweeps.passes import Address
    from xorviz.sweeps.study import Study

    folder = Path(tempfile.mkdtemp(prefix="xorviz-fuzz-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    path = folder / {"recording": "a.xorviz", "study": "a.db", "recipe": "a.toml"}.get(name, f"a.{name}")

    def file(data: bytes) -> object:
        path.write_bytes(data)
        return READERS[path.suffix](path)

    def header(data: bytes) -> object:
        path.unlink(missing_ok=True)
        recordings.forge(path, data)
        return recordings.used(load(path))

    def plan(data: bytes) -> object:
        path.unlink(missing_ok=True)
        studies.forge(path, data, Address(2, 0))
        return studies.used(Study(path))

    match name:
        case "recipe":
            return (one.read_bytes() for one in sorted((_ROOT / "render").glob("*.toml"))), file
        case "csv":
            return iter([b"x,y,label\n0,1,a\n1.5,-2,b\n", b"x\ty\n1\t2\n"]), file
        case "npz":
            return iter([_npz(folder)]), file
        case "recording":
            rows.record(folder / "whole.xorviz", 5)
            return iter([(folder / "whole.xorviz").read_bytes()]), file
        case "study":
            studies.write(folder / "whole.db")
            return iter([(folder / "whole.db").read_bytes()]), file
        case "header":
            return iter([encode_header(rows.HEADER)[0].encode()]), header
    import msgspec

    return iter([msgspec.json.encode(studies.plan())]), plan


def _npz(folder: Path) -> bytes:
    import numpy as np

    np.savez(folder / "whole.npz", x=np.arange(8.0).reshape(4, 2), label=np.arange(4) % 2)
    return (folder / "whole.npz").read_bytes()


if __name__ == "__main__":
    main()
