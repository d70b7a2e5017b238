"""Recipes, options and tables of numbers that are not what they should be."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.soak._words import is_one_sentence, said
from tests.soak.damage import mutated
from xorviz.animation import check
from xorviz.errors import RecordingError, StudyError, UsageError
from xorviz.problems.tables import read_table
from xorviz.render.source import resolve
from xorviz.scenes.multiples import scene_of_runs

_RECIPES = Path(__file__).parents[2] / "render"
_JUNK = (
    *("", "0", "-1", "1e999", "nan", "-inf", "99999999999999999999", "0x10", "1x1", "640x", "é", "a" * 3000, "../x"),
    *(
        "[1, 2]",
        "{}",
        "true",
        "null",
        "'",
        '"',
        "{step",
        "{title.__class__}",
        "%s",
        "\u202e",
        "🙂",
        "--",
        "-o",
        "tcp://",
    ),
)
_OPTIONS = (
    *("--size", "--fps", "--duration", "--clock", "--hold", "--loop", "--theme", "--seed", "--arithmetic", "--seeds"),
    *("--also", "--align", "--workers", "--scene", "--executor", "--no-such-option"),
)


def _altered(text: str, generator: random.Random) -> bytes:
    """A text with values, keys or bytes that are not what they were."""
    if generator.random() < 0.3:
        return mutated(text.encode(), generator)
    lines = text.split("\n")
    for _ in range(generator.choice([1, 1, 2, 5])):
        at = generator.randrange(len(lines))
        key, equals, value = lines[at].partition("=")
        match generator.randrange(6):
            case 0 if equals:
                junk = generator.choice(_JUNK)
                lines[at] = f"{key}= {junk if generator.random() < 0.5 else repr(junk)}"
            case 1 if equals:
                lines[at] = f"{key.strip()[::-1]} ={value}"
            case 2:
                lines[at] = lines[generator.randrange(len(lines))]
            case 3 if equals:
                lines[at] = f"{key}= {generator.randrange(-(10**9), 10**9)}"
            case 4:
                del lines[at]
                lines = lines or [""]
            case _:
                lines.insert(at, generator.choice(["[panels.field]", "size = [1, 2, 3]", "rows = []", "kind = 'loss'"]))
    return "\n".join(lines).encode()


def mutated_recipe(n: int, generator: random.Random, folder: Path) -> str:
    """A recipe that means nothing is refused in one sentence that names it, with exit code 2."""
    texts = [path.read_text() for path in sorted(_RECIPES.glob("*.toml"))]
    shutil.copytree(_RECIPES / "data", folder / "data")
    path, n_refused = folder / "mutated.toml", 0
    for _ in range(n):
        path.write_bytes(_altered(generator.choice(texts), generator))
        try:
            source = resolve(str(path), seed=None, arithmetic=None)
            check(scene_of_runs(source.scene, len(source.runs)), [folder / "out.gif"])
        except (UsageError, RecordingError, StudyError) as refused:
            n_refused += 1
            if n_refused % 10:
                assert "\n" not in str(refused), str(refused)
                continue
            code, text = said("render", str(path), "--dry-run")
            assert code == 2 or not isinstance(refused, UsageError), (code, text)
            assert is_one_sentence(text), text
        else:
            continue
    assert n_refused > n / 3
    return f"{n_refused:,} of {n:,} recipes refused in one sentence, the others mean something"


def mutated_options(n: int, generator: random.Random, folder: Path) -> str:
    """Options that mean nothing are refused in one sentence, with exit code 2."""
    nowhere = str(folder / "missing" / "xor.gif")
    for _ in range(n):
        # The folder is not there, so that nothing is ever drawn.
        words = ["render", *generator.choice([[], ["backprop"], [generator.choice(_JUNK)]]), "--out", nowhere]
        for _ in range(generator.choice([1, 1, 2, 3])):
            words += [generator.choice(_OPTIONS), generator.choice(_JUNK)]
        code, text = said(*words)
        assert code in (1, 2), (words, code, text)
        assert is_one_sentence(text), (words, text)
    assert list(folder.iterdir()) == []
    return f"{n:,} command lines refused in one sentence"


def mutated_table(n: int, generator: random.Random, folder: Path) -> str:
    """A CSV or NPZ file is read, or refused in one sentence that names it; nothing in it is unpickled."""
    rows = "\n".join(f"{i / 7:.3f},{i % 5 / 3:.3f},{'ab'[i % 2]}" for i in range(40))
    csv, npz = folder / "points.csv", folder / "points.npz"
    np.savez(npz, x=np.arange(40.0).reshape(20, 2), label=np.arange(20) % 2)
    archive = npz.read_bytes()
    wholes: tuple[tuple[Path, Callable[[], bytes]], ...] = (
        (csv, lambda: _altered(f"x,y,label\n{rows}\n", generator)),
        (npz, lambda: mutated(archive, generator)),
    )
    n_refused = 0
    for number in range(n):
        path, data = wholes[number % 2]
        path.write_bytes(data())
        try:
            problem = read_table(path)
        except UsageError as refused:
            assert path.name in str(refused), str(refused)
            assert "\n" not in str(refused), str(refused)
            n_refused += 1
        else:
            assert np.isfinite(problem.inputs).all()
    assert n_refused > n / 10
    return f"{n_refused:,} of {n:,} tables refused in one sentence, the others read"
