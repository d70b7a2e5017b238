"""``python -m xorviz`` is the console script ``xorviz``."""

from __future__ import annotations

import sys

from xorviz.render.app import main

if __name__ == "__main__":
    sys.exit(main())
