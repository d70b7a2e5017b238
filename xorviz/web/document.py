"""One self-contained HTML document that loads nothing and runs nothing but its own program."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any, final

from xorviz.styles.themes import Theme, theme
from xorviz.web.faces import faces

_POLICY = (
    "default-src 'none'; script-src '{script}'; style-src '{style}'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)


@final
@dataclass(frozen=True, slots=True)
class Document:
    """A page: what it looks like, what it says, and the program that moves it, around a block of data.

    Its policy allows exactly this style and this program, by their hashes, and nothing of a network.

    Attributes:
        title: in plain text.
        body: HTML; whatever comes from a user in it is escaped already.
        style: CSS.
        program: JavaScript; finds its data as ``JSON.parse(document.getElementById("data").textContent)``.
    """

    title: str
    body: str
    style: str
    program: str

    def before(self) -> str:
        """Everything up to the data."""
        policy = _POLICY.format(script=_hash(self.program), style=_hash(self.style))
        return (
            '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{escape(self.title)}</title>\n<style>{self.style}</style>\n<body>\n{self.body}\n"
            '<script type="application/json" id="data">'
        )

    def after(self) -> str:
        """Everything after the data."""
        return f"</script>\n<script>{self.program}</script>\n</html>\n"


def as_data(value: Any) -> str:
    """A value as JSON that cannot end the block it stands in; non-finite numbers are refused."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def style(*names: str) -> str:
    """The named style sheets of this package after the face that every page is set in."""
    return faces() + "".join(map(part, names))


@cache
def part(name: str, package: str = "xorviz.web") -> str:
    """A file of a package: a style sheet, a piece of a page or of a program."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


def colors(name: str, *, selector: str = ":root") -> str:
    """A theme's colours as variables of a style sheet."""
    chosen = theme(name)
    values = "".join(f"--{key}: {value}; " for key, value in variables(chosen).items())
    return f"{selector} {{ color-scheme: {'dark' if name == 'dark' else 'light'}; {values}}}\n"


def variables(chosen: Theme) -> dict[str, str]:
    """What a page calls the colours of a theme."""
    return {
        "paper": chosen.paper,
        "ink": chosen.ink,
        "muted": chosen.muted,
        "faint": chosen.faint,
        "hover": f"color-mix(in srgb, {chosen.faint} 55%, transparent)",
        "accent": chosen.class_texts[1],
        "focus": chosen.class_texts[0],
    }


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
