"""``python -m xorviz.render`` is ``xorviz render``."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    # Not above: every worker imports this module under another name.
    from xorviz.render.app import main

    sys.exit(main(["render", *sys.argv[1:]]))
