"""Command lines run in this process, and what they said."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout

from xorviz.render.app import main


def said(*words: str) -> tuple[int, str]:
    """Exit code and standard error of a command line."""
    err = io.StringIO()
    with redirect_stderr(err), redirect_stdout(io.StringIO()):
        code = main(list(words))
    return code, err.getvalue()


def is_one_sentence(text: str) -> bool:
    return text.startswith("xorviz: ") and text.endswith("\n") and text.count("\n") == 1 and "Traceback" not in text
