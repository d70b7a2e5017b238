"""The columns of a CSV or NPZ file, as they stand there."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError

_MOST_BYTES = 1 << 28
_MOST_ROWS = 1_000_000


@dataclass(frozen=True)
class Column:
    """One column of a file.

    Attributes:
        path: the file.
        name: of the column.
        texts: its cells.
        lines: the line each cell stands in.
    """

    path: str
    name: str
    texts: Sequence[str]
    lines: Sequence[int]

    def as_numbers(self) -> NDArray[np.float64] | None:
        """The cells as numbers; None if one of them is none, or not finite."""
        try:
            numbers = np.array([float(text) for text in self.texts])
        except ValueError:
            return None
        return numbers if np.isfinite(numbers).all() else None

    def numbers(self, remedy: str) -> NDArray[np.float64]:
        """The cells as numbers: float64 array of shape (n_rows,).

        Raises:
            UsageError: a cell is no finite number; the message names its line and ends with the remedy.
        """
        if (found := self.as_numbers()) is not None:
            return found
        bad = next(k for k, text in enumerate(self.texts) if not _is_finite(text))
        raise UsageError(
            f"{self.path!r}, line {self.lines[bad]}, column {self.name!r} must be a finite number; "
            f"got {self.texts[bad]!r}. {remedy}"
        )


def read_columns(path: Path) -> dict[str, Column]:
    """The columns of a file by name, in order.

    Raises:
        UsageError: no such file, another kind of file, or rows of different lengths.
    """
    if path.suffix not in (".csv", ".tsv", ".npz"):
        raise UsageError(f"data must be a *.csv, *.tsv or *.npz file; got {str(path)!r}.")
    try:
        size = path.stat().st_size
        if size > _MOST_BYTES:
            raise UsageError(f"{str(path)!r} must be at most {_MOST_BYTES:,} bytes; got {size:,}.")
        columns = _from_npz(path) if path.suffix == ".npz" else _from_text(path)
    except OSError as error:
        raise UsageError(f"data must be a readable file; {str(path)!r}: {error.strerror or error}.") from error
    n_rows = {len(column.texts) for column in columns.values()}
    if len(columns) < 2 or 0 in n_rows or len(n_rows) != 1:
        raise UsageError(f"{str(path)!r} must have two columns or more of equal length, and rows below their names.")
    if max(n_rows) > _MOST_ROWS:
        raise UsageError(f"{str(path)!r} must have at most {_MOST_ROWS:,} rows; got {max(n_rows):,}.")
    return columns


def _from_text(path: Path) -> dict[str, Column]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            delimiter = "\t" if path.suffix == ".tsv" else max(",;\t", key=first.count)
            reader = csv.reader(file, delimiter=delimiter, skipinitialspace=True)
            rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(map(str.strip, row))]
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{str(path)!r} must be text in UTF-8, in columns; {error}.") from error
    if not rows:
        raise UsageError(f"{str(path)!r} must begin with a line of column names; it is empty.")
    (_, names), *body = rows
    if len(set(names)) != len(names) or not all(names) or all(map(_is_number, names)):
        raise UsageError(f"{str(path)!r} must begin with a line of different column names; got {names!r}.")
    for line, row in body:
        if len(row) != len(names):
            raise UsageError(f"{str(path)!r}, line {line} must have {len(names)} cells; got {len(row)}.")
    lines = [line for line, _ in body]
    return {name: Column(str(path), name, [row[k] for _, row in body], lines) for k, name in enumerate(names)}


def _from_npz(path: Path) -> dict[str, Column]:
    found: dict[str, Column] = {}
    try:
        # Opened here: of a damaged archive NumPy leaves the file open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            # A file of a few kilobytes may unpack to gigabytes.
            size = sum(entry.file_size for entry in arrays.zip.infolist())
            if size > _MOST_BYTES:
                raise UsageError(f"{str(path)!r} must unpack to at most {_MOST_BYTES:,} bytes; got {size:,}.")
            for name in arrays.files:
                array = arrays[name]
                if array.ndim not in (1, 2) or array.dtype.kind not in "fiubU":
                    raise UsageError(
                        f"{str(path)!r}, array {name!r} must be numbers or text in one or two dimensions; "
                        f"got {array.dtype} of shape {array.shape!r}."
                    )
                named = [(name, array)] if array.ndim == 1 else [(f"{name}{k + 1}", a) for k, a in enumerate(array.T)]
                for column, values in named:
                    texts = [str(value) for value in (values.astype(float) if values.dtype.kind == "b" else values)]
                    found[column] = Column(str(path), column, texts, range(1, len(texts) + 1))
    except (UsageError, OSError):
        raise
    except Exception as error:
        # A damaged archive makes zipfile, zlib and NumPy raise a dozen kinds of errors.
        raise UsageError(f"{str(path)!r} must be an NPZ file of plain arrays; {error}.") from error
    return found


def _is_finite(text: str) -> bool:
    return _is_number(text) and bool(np.isfinite(float(text)))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
