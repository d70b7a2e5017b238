"""A study as a table for other programs: one row per run, as CSV or Parquet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from xorviz.encoders._target import Target
from xorviz.errors import UsageError, XorvizError, unknown
from xorviz.sweeps.axes import short
from xorviz.sweeps.passes import Address
from xorviz.sweeps.settings import Value
from xorviz.sweeps.study import Runs, Study, joined

#: Rows of a Parquet file that are compressed together.
_ROW_GROUP = 100_000
_RESULTS = ("score", "final_loss", "solved_step")


def export(study: Study, out: str | PathLike[str], to: str) -> int:
    """Write every run of a study; the file appears whole or not at all.

    Columns: ``point``, ``block``, ``index``, one for each swept setting, ``score``, ``final_loss`` and
    ``solved_step``, which is empty for a run that never solved its problem. The same study gives the same file.

    Args:
        study: whose runs.
        out: the file; an existing one is replaced.
        to: ``"csv"`` or ``"parquet"``.

    Returns:
        How many runs were written.

    Raises:
        UsageError: another format, a folder that does not exist, or pyarrow is not installed.
        XorvizError: the file cannot be written; nothing is left behind.
    """
    if to not in FORMATS:
        raise unknown("--to", to, FORMATS)
    try:
        target = Target(out)
        try:
            FORMATS[to](study, target.part)
            target.publish()
        finally:
            target.discard()
    except OSError as error:
        raise XorvizError(f"{str(out)!r} could not be written: {error.strerror or error}.") from error
    return study.n_runs


def _columns(study: Study) -> list[str]:
    return ["point", "block", "index", *(axis.setting for axis in study.plan.axes), *_RESULTS]


def _write_csv(study: Study, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_columns(study))
        for (point, block), runs in sorted(study.blocks.items()):
            values = [_plain(value) for value in study.points[point]]
            solved = ["" if step < 0 else step for step in runs.solved_steps.tolist()]
            # As few digits as give the float32 back.
            losses = runs.final_losses.astype(str).tolist()
            rows = zip(runs.scores.tolist(), losses, solved, strict=True)
            writer.writerows((point, block, index, *values, *row) for index, row in enumerate(rows))


def _plain(value: Value) -> bool | int | float | str:
    """A setting's value for a table, which knows no lists."""
    return value if isinstance(value, bool | int | float | str) else short(value)


def _write_parquet(study: Study, path: Path) -> None:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise UsageError("--to parquet must have pyarrow; install it: pip install 'xorviz[parquet]'.") from error
    blocks = sorted(study.blocks.items())
    schema = pyarrow.Table.from_pydict(_arrays(study, blocks[:0])).schema
    with parquet.ParquetWriter(str(path), schema) as writer:
        n_together = max(_ROW_GROUP // study.plan.block_runs, 1)
        for start in range(0, len(blocks), n_together):
            columns = _arrays(study, blocks[start : start + n_together])
            writer.write_table(pyarrow.Table.from_pydict(columns, schema=schema))


def _arrays(study: Study, blocks: Sequence[tuple[Address, Runs]]) -> dict[str, Any]:
    """The columns of some blocks."""
    n, runs = study.plan.block_runs, joined([runs for _, runs in blocks])
    points = np.array([at.point for at, _ in blocks], dtype=np.int32).repeat(n)
    columns: dict[str, Any] = {
        "point": points,
        "block": np.array([at.block for at, _ in blocks], dtype=np.int32).repeat(n),
        "index": np.tile(np.arange(n, dtype=np.int32), len(blocks)),
    }
    for axis, values in zip(study.plan.axes, zip(*study.points, strict=True), strict=True):
        plain = [_plain(value) for value in values]
        is_mixed = len({type(value) for value in plain}) > 1
        columns[axis.setting] = np.array([str(one) for one in plain] if is_mixed else plain)[points]
    solved = np.ma.masked_less(runs.solved_steps, 0)
    return columns | {"score": runs.scores, "final_loss": runs.final_losses, "solved_step": solved}


FORMATS: dict[str, Callable[[Study, Path], None]] = {"csv": _write_csv, "parquet": _write_parquet}
