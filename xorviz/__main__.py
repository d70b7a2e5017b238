"""``python -m xorviz`` is the console script ``xorviz``."""

from __future__ import annotations

import sys


def main() -> int:
    """The console script."""
    # Not above: every worker imports this module under another name.
    from xorviz.render.starting import start

    return start()


if __name__ == "__main__":
    sys.exit(main())
