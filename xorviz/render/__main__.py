"""``python -m xorviz.render`` is ``xorviz render``."""

from __future__ import annotations

import sys

from xorviz.render.app import main

if __name__ == "__main__":
    sys.exit(main(["render", *sys.argv[1:]]))
