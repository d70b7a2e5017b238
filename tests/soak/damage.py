"""Ways to damage a file: flipped bits, other bytes, spliced, cut out, cut off."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from copy import deepcopy
from pathlib import Path
from typing import Any


def mutated(whole: bytes, generator: random.Random) -> bytes:
    """A copy with bits flipped, bytes replaced, a stretch copied elsewhere, cut out, or cut off."""
    data = bytearray(whole)
    # Most of a small file is empty; half of the damage is aimed at what is not.
    used = [at for at, byte in enumerate(whole) if byte] if generator.random() < 0.5 else range(len(whole))
    match generator.randrange(5):
        case 0:
            for _ in range(generator.choice([1, 1, 2, 8])):
                data[generator.choice(used)] ^= 1 << generator.randrange(8)
        case 1:
            at, n_bytes = generator.choice(used), generator.choice([1, 2, 4, 64, 512])
            data[at : at + n_bytes] = generator.randbytes(len(data[at : at + n_bytes]))
        case 2:
            n_bytes = generator.choice([1, 2, 8, 72, 300, 4096])
            source, at = generator.choice(used), generator.choice(used)
            if n_bytes == 4096:
                source, at = source & ~4095, at & ~4095
            data[at : at + n_bytes] = data[source : source + n_bytes][: len(data) - at]
        case 3:
            at = generator.choice(used)
            del data[at : at + generator.choice([1, 8, 4096])]
        case 4:
            del data[generator.choice(used) :]
    return bytes(data)


#: Of the kinds of values that JSON has, and some more.
_STRANGE: tuple[Any, ...] = (
    *(None, True, -1, 0, 1, 2**31, 2**63, -(2**70), 1e308, -0.0, 0.5, "", "x", "\ud800", "é" * 3000, [], {}, [[]]),
    *([1, 2], [0.5], {"kind": "x"}, [[1, 2], [3]]),
)


def altered_json(text: bytes, generator: random.Random) -> bytes:
    """The same JSON with values that are not what they should be, somewhere in it."""
    if generator.random() < 0.05:
        # As deep as no parser should follow.
        return text.replace(b"{", b'{"a":' * 5000 + b"1" + b"}" * 5000, 1)
    if generator.random() < 0.1:
        return mutated(text, generator)
    whole = json.loads(text)
    for _ in range(generator.choice([1, 1, 2, 4])):
        places = list(_places(whole))
        holder, key = generator.choice(places)
        match generator.randrange(8):
            case 3 | 4 | 5 if isinstance(holder[key], int | float):
                # Still of its kind, so that it comes further.
                holder[key] *= generator.choice([-1, 0, 2, 1000, 10**6])
            case 0:
                del holder[key]
            case 1:
                other, its = generator.choice(places)
                holder[key] = deepcopy(other[its])
            case 2 if isinstance(holder[key], list):
                holder[key] = holder[key] * generator.choice([2, 1000])
            case _:
                holder[key] = deepcopy(generator.choice(_STRANGE))
    return json.dumps(whole).encode("utf-8", "surrogatepass")


def _places(value: Any) -> Any:
    """Every container in a value with every key of it."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


def vandalised(path: Path, write: Callable[[], object], statements: Iterable[str]) -> Iterator[str]:
    """Write a database anew for each statement and run that on it; yields the statements that SQLite carried out."""
    for statement in statements:
        path.unlink(missing_ok=True)
        write()
        try:
            with closing(sqlite3.connect(path)) as connection:
                connection.executescript(statement)
        except sqlite3.Error:
            continue
        yield statement
