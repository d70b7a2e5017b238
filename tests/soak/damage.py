"""Ways to damage a file: flipped bits, other bytes, spliced, cut out, cut off."""

from __future__ import annotations

import random


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
