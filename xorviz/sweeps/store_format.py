"""The format of a study's store: one SQLite file, one row per block of runs, a checksum on every row.

SQLite checks no page, so each row has a CRC-32 that starts from the header's, and a row of another study or another
place does not pass. A row that is missing is a block that has not been run. A run takes 16 bytes: its score as a
float64, because means over millions of runs are compared; its final loss as a float32, whose seven digits tell any two
plateaus apart; its steps to success as an int32.
"""

from __future__ import annotations

from struct import Struct
from zlib import crc32

from xorviz.errors import StudyError
from xorviz.recordings.storage import FileFormat

ABOUT = """\
A study by xorviz: many training runs over a grid of settings. With xorviz: xorviz export study.db --to csv.
Without it:
- header.json is the plan: the experiment, the swept settings and their values, the seed, runs per block.
  Points are numbered from 0: a grid's last setting runs fastest; a random plan takes the settings' values side by side.
- block has one row per block of runs of a point. scores: little-endian float64, the sum over steps of the reported
  loss. final_losses: little-endian float32, the reported loss of the last parameters. solved_steps: little-endian
  int32, the step from which every point stays on the right side of 0.5, -1 for never. NaN: the run diverged.
- header.crc is the CRC-32, as of zlib, of json. block.crc starts from it: point and block as little-endian int64,
  then the three blobs.
In Python: numpy.frombuffer(row["scores"], "<f8")
"""

TABLES = {
    "about": "CREATE TABLE about (text TEXT NOT NULL)",
    "header": "CREATE TABLE header (json TEXT NOT NULL, crc INTEGER NOT NULL)",
    # One number for both: SQLite then needs no index beside the table.
    "block": (
        "CREATE TABLE block "
        "(ordinal INTEGER PRIMARY KEY, point INTEGER NOT NULL, block INTEGER NOT NULL, scores BLOB NOT NULL, "
        "final_losses BLOB NOT NULL, solved_steps BLOB NOT NULL, crc INTEGER NOT NULL)"
    ),
}

STUDY = FileFormat("study", "study's .db file", StudyError, 0x786F7273, 1, TABLES, ABOUT)  # "xors"
SCORES, FINAL_LOSSES, SOLVED_STEPS = "<f8", "<f4", "<i4"

_TWO = Struct("<qq")


def ordinal_of(n_points: int, point: int, block: int) -> int:
    """Where a block's row stands: block after block, in each point after point."""
    return block * n_points + point


def header_crc(text: bytes) -> int:
    """CRC-32 of the plan; the *seal* every other checksum of the file starts from."""
    return crc32(text)


def block_crc(seal: int, point: int, block: int, blobs: tuple[bytes, bytes, bytes]) -> int:
    """CRC-32 of a block's row."""
    scores, final_losses, solved_steps = blobs
    return crc32(solved_steps, crc32(final_losses, crc32(scores, crc32(_TWO.pack(point, block), seal))))
