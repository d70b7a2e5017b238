"""What the command line says and where: results on stdout, everything else on stderr."""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xorviz.errors import DivergedWarning, UsageError


@dataclass(frozen=True)
class Console:
    """How much is said.

    Attributes:
        quiet: no progress and no summary.
        json: the result is one JSON object instead of a path or a text.
    """

    quiet: bool = False
    json: bool = False

    def result(self, text: str, details: dict[str, Any]) -> None:
        """The answer, on stdout."""
        if self.json:
            import json

            text = json.dumps(_standard(details), indent=2, allow_nan=False)
        # A pipe on Windows has no arrow, and a file's name need not be text.
        encoding = sys.stdout.encoding or "utf-8"
        print(text.encode(encoding, "backslashreplace").decode(encoding), flush=True)

    def say(self, text: str) -> None:
        """A sentence on stderr, unless quiet."""
        if not self.quiet:
            print(text, file=sys.stderr, flush=True)

    def fail(self, error: object) -> None:
        """Why nothing came of it, on stderr, always."""
        text = " ".join(str(error).split())
        print(f"xorviz: {text}", file=sys.stderr, flush=True)

    @contextmanager
    def progress(self, what: str, unit: str, *, n_before: int = 0) -> Iterator[Callable[[int, int], None]]:
        """A bar on stderr; yields a function of how much is done and how much there is.

        Args:
            what: is done.
            unit: what is counted.
            n_before: how much was done before, which says nothing about speed.
        """
        from tqdm import tqdm

        on_terminal = sys.stderr.isatty()
        with tqdm(
            desc=what,
            unit=unit,
            unit_scale=unit == "run",
            initial=n_before,
            disable=self.quiet,
            mininterval=0.1 if on_terminal else 1.0,
            leave=True,
            ascii=" ━",
            # Not shown while it is made: whoever interrupts that would find the line without an end.
            delay=1.0,
        ) as bar:
            bar.delay = 0.0
            bar.refresh()

            def to(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            yield to
            # A run may end before the most steps it was allowed.
            bar.total = bar.n
            bar.refresh()

    @contextmanager
    def warnings_said(self) -> Iterator[None]:
        """Warnings of diverged runs as one line each on stderr."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", DivergedWarning)
            yield
        for warning in caught:
            self.say(f"warning: {warning.message}")

    def may_write(self, out: Path, *, force: bool) -> None:
        """Refuse an existing file, or ask where there is somebody to answer.

        Raises:
            UsageError: the file exists and is not to be replaced.
        """
        if not out.exists() or force:
            return
        if sys.stdin.isatty() and sys.stderr.isatty():
            print(f"{out} exists. Replace it? [y/N] ", end="", file=sys.stderr, flush=True)
            if sys.stdin.readline().strip().lower() in ("y", "yes"):
                return
            raise UsageError(f"--out must name a new file; {str(out)!r} was kept.")
        raise UsageError(f"--out must name a new file; {str(out)!r} exists. Add --force to replace it.")


def _standard(value: Any) -> Any:
    """Values as JSON knows them: it has no infinity and no NaN."""
    if isinstance(value, dict):
        return {key: _standard(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_standard(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
