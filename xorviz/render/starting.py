"""The way into the command line, which Ctrl-C may come upon while it is still being imported."""

from __future__ import annotations

import sys

_INTERRUPTED = 130


def start(*words: str) -> int:
    """Run a command line with the words of this process.

    Args:
        words: go before those.

    Returns:
        The exit code.
    """
    try:
        from xorviz.render.app import main
    except KeyboardInterrupt:
        # Nothing was begun, and nobody is waiting for a word of it.
        return _INTERRUPTED
    return main([*words, *sys.argv[1:]])
