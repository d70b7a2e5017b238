"""An animation in HTML: a picture, a movie, a page that plays it or runs it again; no network, no style sheet."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from urllib.parse import quote

from xorviz.embed.bundles import EXPLORER, Bundle

Address = Callable[[Path], str]
"""How a page names a file."""

_STILL = "(prefers-reduced-motion: reduce)"
_DARK = "(prefers-color-scheme: dark)"
_TYPES = {".webp": "image/webp", ".gif": "image/gif", ".mp4": "video/mp4", ".webm": "video/webm"}
_PICTURES, _MOVIES = (".webp", ".gif"), (".webm", ".mp4")


def url(path: str) -> str:
    """A path as it stands in an attribute: a comma or space would end it in a srcset, a colon make it a scheme."""
    return escape(quote(path, safe="/~"))


def picture(bundle: Bundle, address: Address, *, width: bool = True) -> str:
    """``<picture>``: the animation, a still where motion is to be reduced, either in dark where there is one.

    GitHub keeps all of it in a README.

    Args:
        bundle: the files.
        address: how the page names them.
        width: write the width, so that the page does not move when the picture arrives.

    Raises:
        UsageError: there is neither a WebP nor a GIF.
    """
    image = bundle.file(".gif", ".webp", because="a picture that moves")
    lines = []
    for variant, media in ((bundle.dark, f"{_STILL} and {_DARK}"), (bundle.light, _STILL)):
        if still := variant.first(".png"):
            lines.append(f'<source media="{media}" srcset="{address(still)}">')
    for variant, media in ((bundle.dark, f'media="{_DARK}" '), (bundle.light, "")):
        for suffix in _PICTURES:
            found = variant.first(suffix)
            if found and found != image:
                lines.append(f'<source {media}type="{_TYPES[suffix]}" srcset="{address(found)}">')
    size = f' width="{bundle.size[0]}"' if width else ""
    lines.append(f'<img src="{address(image)}"{size} alt="{escape(bundle.alt)}">')
    return _inside("<picture>", lines, "</picture>")


def video(bundle: Bundle, address: Address) -> str:
    """``<video>`` with poster and controls, muted and repeated.

    It starts by itself where motion is not to be reduced; where no program runs, it waits with its poster.

    Raises:
        UsageError: there is neither a WebM nor an MP4.
    """
    poster = address(bundle.file(".png", because="a movie, as its poster"))
    bundle.file(".mp4", ".webm", because="a movie")
    width, height = bundle.size
    attributes = f'controls muted loop playsinline preload="metadata" width="{width}" height="{height}"'
    style = 'style="max-width: 100%; height: auto"'
    lines = []
    for variant, media in ((bundle.dark, f'media="{_DARK}" '), (bundle.light, "")):
        for suffix in _MOVIES:
            if found := variant.first(suffix):
                lines.append(f'<source {media}type="{_TYPES[suffix]}" src="{address(found)}">')
    lines.append(f'<img src="{poster}" alt="{escape(bundle.alt)}">')
    label = f'aria-label="{escape(bundle.alt)}"'
    movie = _inside(f'<video {attributes} {style} poster="{poster}" {label}>', lines, "</video>")
    return f"{movie}\n{_program(bundle, address)}"


def player(bundle: Bundle, address: Address) -> str:
    """``<iframe>`` with the page that plays, steps and scrubs; it loads when it is scrolled to.

    Raises:
        UsageError: there is no such page.
    """
    page = address(bundle.file(".html", because="a player"))
    return framed(f'src="{page}" loading="lazy"', bundle.size, bundle.alt)


def explorer(bundle: Bundle, address: Address) -> str:
    """``<iframe>`` with the page that runs the network; it loads when it is scrolled to, and has room for its panels.

    Raises:
        UsageError: there is no such page.
    """
    page = address(bundle.file(EXPLORER, because="an explorer"))
    style = "border: 0; width: 100%; height: 44rem; max-height: 100vh"
    return f'<iframe src="{page}" loading="lazy" title="{escape(bundle.alt)}" style="{style}"></iframe>'


def framed(source: str, size: tuple[int, int], alt: str) -> str:
    """``<iframe>`` around a page that plays, as high as its picture and its controls are at any width.

    Args:
        source: the attribute that says which page, escaped.
        size: width and height of the picture in pixels.
        alt: what it shows.
    """
    width, height = size
    # The picture has a margin of 8 px, the controls below it take 140. Programs that do not know the width of what
    # the frame stands in take the first height.
    high = f"calc(min(100cqw - 16px, {width}px) * {height / width:.4f} + 140px)"
    style = f"border: 0; width: 100%; max-width: {width + 32}px; height: {height + 140}px; height: {high}"
    frame = f'<iframe {source} title="{escape(alt)}" style="{style}"></iframe>'
    return f'<div style="container-type: inline-size">{frame}</div>'


def _program(bundle: Bundle, address: Address) -> str:
    """Starts the movie just before it, unless motion is to be reduced; a poster cannot say for which ground it is."""
    dark = bundle.dark.first(".png")
    ground = f"if (matchMedia('{_DARK}').matches) v.poster = '{address(dark)}'; " if dark else ""
    return (
        f"<script>{{ const v = document.currentScript.previousElementSibling; {ground}"
        f"if (!matchMedia('{_STILL}').matches) v.autoplay = true; }}</script>"
    )


def _inside(before: str, lines: list[str], after: str) -> str:
    return "\n".join([before, *(f"  {line}" for line in lines), after])


MARKUP = {"picture": picture, "video": video, "player": player, "explorer": explorer}
"""What an animation can be in HTML -> how it is written."""
