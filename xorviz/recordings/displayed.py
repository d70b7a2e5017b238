"""What a notebook shows of a recording, an animation or a study on a line of its own."""

from __future__ import annotations

from collections.abc import Container
from importlib import import_module
from typing import Any


class Displayed:
    """Has notebooks show a player, a picture where no page can play, and text."""

    __slots__ = ()

    def _repr_mimebundle_(
        self, include: Container[str] | None = None, exclude: Container[str] | None = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        """By MIME type what is shown, and its sizes; called by IPython, which chooses among them."""
        del include, exclude
        # What it takes to show something stands far to the right, and is imported when something is shown.
        bundle: tuple[dict[str, str], dict[str, Any]] = import_module("xorviz.embed.notebook").mimebundle(self)
        return bundle
