"""``python -m xorviz.render`` is ``xorviz render``."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    # Not above: every worker imports this module under another name.
    from xorviz.render.starting import start

    sys.exit(start("render"))
