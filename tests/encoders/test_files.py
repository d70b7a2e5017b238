"""A file appears whole or not at all, whatever the format and whatever happens."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from xorviz.encoders import BESIDE, FORMATS, encoder_for
from xorviz.errors import UsageError, XorvizError

unix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX")


def python(code, *arguments):
    """Runs code in a fresh interpreter that treats warnings as errors; returns what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code), *map(str, arguments)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


@pytest.fixture(params=sorted(set(FORMATS) - {".frames"}))
def path(request, tmp_path):
    path = tmp_path / f"out{request.param}"
    path.write_bytes(b"old")
    return path


@pytest.fixture
def opened(path, dashboard):
    def run(target=path):
        encoder = encoder_for(path)
        encoder.open(target, width_px=200, height_px=120, fps=25, samples=dashboard(2))
        return encoder

    return run


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


def test_the_old_file_stays_until_close(path, opened, dashboard):
    encoder = opened()
    encoder.write(dashboard(1)[0], 40)
    assert path.read_bytes() == b"old"
    (part,) = set(names(path.parent)) - {path.name}
    assert part.startswith(f".{path.name}.{os.getpid()}-")
    assert part.endswith(".part")
    encoder.close()
    assert names(path.parent) == [path.name]
    assert path.stat().st_size > 100


def test_an_exception_leaves_the_old_file_and_nothing_else(path, opened, dashboard):
    with pytest.raises(KeyboardInterrupt), opened() as encoder:
        encoder.write(dashboard(1)[0], 40)
        raise KeyboardInterrupt
    assert names(path.parent) == [path.name]
    assert path.read_bytes() == b"old"


def test_a_block_left_normally_is_closed(path, opened, dashboard):
    with opened() as encoder:
        encoder.write(dashboard(1)[0], 40)
    assert names(path.parent) == [path.name]
    assert path.stat().st_size > 100


def test_a_file_without_frames_is_refused(path, opened):
    with pytest.raises(UsageError) as caught:
        opened().close()
    assert str(caught.value) == f"{path} must get at least one frame; got none."
    assert names(path.parent) == [path.name]
    assert path.read_bytes() == b"old"


def test_a_failing_encoder_leaves_nothing(path, opened, dashboard, monkeypatch):
    encoder = opened()

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(encoder, "_finish", fail)
    encoder.write(dashboard(1)[0], 40)
    with pytest.raises(XorvizError) as caught:
        encoder.close()
    reason = "No space left on device. Nothing was left behind; make room or choose another place."
    assert str(caught.value) == f"{path} could not be written: {reason}"
    assert names(path.parent) == [path.name]
    assert path.read_bytes() == b"old"


@unix
@pytest.mark.parametrize("limit_bytes", [10, 2_000, 60_000])
def test_a_full_disk_leaves_the_old_file(path, limit_bytes):
    code = """
        import resource, sys
        import numpy as np
        from xorviz.encoders import encoder_for
        from xorviz.errors import XorvizError
        path, limit_bytes = sys.argv[1], int(sys.argv[2])
        noise = np.random.default_rng(0).integers(0, 256, (60, 96, 128, 4), dtype=np.uint8)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))
        try:
            with encoder_for(path) as encoder:
                encoder.open(path, width_px=128, height_px=96, fps=25, samples=list(noise[:2]))
                for frame in noise:
                    encoder.write(frame, 40)
        except XorvizError as error:
            print(error)
    """
    said = python(code, path, limit_bytes)
    reason = "File too large. Nothing was left behind; make room or choose another place."
    assert said == f"{path} could not be written: {reason}"
    assert names(path.parent) == [path.name]
    assert path.read_bytes() == b"old"


@unix
def test_a_link_is_kept_and_its_destination_replaced(path, opened, dashboard):
    (path.parent / "elsewhere").mkdir()
    destination = path.rename(path.parent / "elsewhere" / path.name)
    path.symlink_to(destination)
    with opened() as encoder:
        encoder.write(dashboard(1)[0], 40)
        assert len(names(destination.parent)) == 2
    assert path.is_symlink()
    assert destination.stat().st_size > 100
    assert names(destination.parent) == [path.name]


@unix
def test_a_link_to_nothing_yet_makes_its_destination(path, opened, dashboard):
    path.unlink()
    path.symlink_to(path.parent / "later")
    with opened() as encoder:
        encoder.write(dashboard(1)[0], 40)
    assert path.is_symlink()
    assert (path.parent / "later").stat().st_size > 100


def test_a_missing_folder_is_refused(path, opened):
    target = path.parent / "missing" / path.name
    with pytest.raises(UsageError) as caught:
        opened(target)
    folder = os.path.realpath(target.parent)
    assert str(caught.value) == (f"out must be in an existing folder; got {str(target)!r}. Create {folder!r} first.")


def test_a_folder_is_refused(path, opened):
    with pytest.raises(UsageError) as caught:
        opened(path.parent)
    message = f"out must be a regular file; got {str(path.parent)!r}, a folder. Choose another name."
    assert str(caught.value) == message


@unix
def test_a_pipe_is_refused(path, opened):
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(UsageError) as caught:
        opened()
    kind = "a pipe, device or circular link"
    assert str(caught.value) == f"out must be a regular file; got {str(path)!r}, {kind}. Choose another name."


@unix
def test_memory_does_not_grow_with_the_number_of_frames(path):
    code = """
        import resource, sys
        import numpy as np
        from xorviz.encoders import encoder_for
        path, n_frames = sys.argv[1], int(sys.argv[2])
        y, x = np.mgrid[0:120, 0:160].astype(np.float32) / 120
        def frame(i):
            made = np.full((120, 160, 4), 255, np.uint8)
            made[..., 1] = 127 + 120 * np.sin(5 * x + i / 9) * np.cos(4 * y)
            return made
        with encoder_for(path) as encoder:
            samples = [frame(i) for i in range(0, 50, 5)]
            encoder.open(path, width_px=160, height_px=120, fps=25, samples=samples)
            for i in range(n_frames):
                encoder.write(frame(i), 40)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    """
    few, many = (int(python(code, path, n)) for n in (50, 600))
    # 550 frames more are 42 MB raw and over 10 MB as indices; kibibytes on Linux.
    assert many - few < 5_000


def test_importing_the_package_imports_no_codec():
    code = """
        import sys
        import xorviz.encoders
        print([name for name in ("av", "PIL", "matplotlib", "imageio") if name in sys.modules])
        from xorviz.encoders import FORMATS, encoder_for
        encoder_for("x.gif")
        print([name for name in ("av", "matplotlib", "imageio") if name in sys.modules])
        for suffix in FORMATS:
            encoder_for("x" + suffix)
        print("av" in sys.modules)
    """
    assert python(code) == "[]\n[]\nFalse"


@pytest.mark.parametrize("name", ["a.gif", "b/c.MP4", "d.x.Gif", "e.WebM"])
def test_the_suffix_chooses_the_format(name):
    assert type(encoder_for(name)).__name__.lower() == f"{name.lower().split('.')[-1]}encoder"


@pytest.mark.parametrize(
    "name, suffix, hint",
    [("a.qqqq", ".qqqq", ""), ("a", "", ""), ("a.giff", ".giff", " Did you mean '.gif'?"), ("gif", "", "")],
)
def test_an_unknown_suffix_is_refused(name, suffix, hint):
    with pytest.raises(UsageError) as caught:
        encoder_for(name)
    known = ", ".join(FORMATS | BESIDE)
    assert str(caught.value) == f"the suffix of out must be one of {known}; got {suffix!r}.{hint}"


def test_frames_are_not_changed(path, opened, dashboard):
    frames = dashboard(2)
    with opened() as encoder:
        for frame in frames:
            encoder.write(frame, 40)
    for frame, fresh in zip(frames, dashboard(2), strict=True):
        np.testing.assert_array_equal(frame, fresh)
