r"""A folder of frames as a film in a PDF, by LaTeX's package animate."""

from __future__ import annotations

import re

from xorviz.embed.bundles import Bundle
from xorviz.embed.markup import Address
from xorviz.embed.reading import playing_time_s
from xorviz.errors import UsageError

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    '"': r"\textquotedbl{}",
}
_OF_A_PATH = re.compile(r"[\w./+:=@-]+", re.ASCII)


def animated_figure(bundle: Bundle, address: Address) -> str:
    r"""``\animategraphics`` with the alt text as caption; for Beamer, and for articles.

    Acrobat, Okular, PDF-XChange and Foxit play it; others, and paper, show the last frame.

    Args:
        bundle: the files; with a folder of frames, and the GIF or WebP, which says how fast they follow each other.
        address: how the document names them.

    Raises:
        UsageError: the frames are missing, or their path has a character that TeX reads as something else.
    """
    folder = bundle.file(".frames", because="LaTeX, a picture a frame")
    pictures = sorted(path.stem for path in folder.glob("frame-*.png"))
    if not pictures:
        raise UsageError(f"bundle must have pictures in {str(folder)!r}; got none. Write it again with xorviz render.")
    path = address(folder)
    if not _OF_A_PATH.fullmatch(path):
        raise UsageError(
            f"path must be of letters, digits and . / + : = @ - _ for LaTeX; got {path!r}. Rename the folder."
        )
    first, last = (name.removeprefix("frame-") for name in (pictures[0], pictures[-1]))
    moving = bundle.file(".gif", ".webp", ".mp4", because="the time its frames take")
    rate = len(pictures) / playing_time_s(moving)
    options = r"autoplay,loop,controls,poster=last,width=\linewidth"
    return "\n".join(
        [
            r"% \usepackage{animate,graphicx} before \begin{document}; run LaTeX twice.",
            r"\begin{figure}",
            r"  \centering",
            rf"  \animategraphics[{options}]{{{rate:.6g}}}{{{path}/frame-}}{{{first}}}{{{last}}}",
            *([rf"  \caption{{{escaped(bundle.alt)}}}"] if bundle.alt else []),
            r"\end{figure}",
        ]
    )


def escaped(text: str) -> str:
    """Words as LaTeX sets them."""
    return "".join(_SPECIAL.get(character, character) for character in text)
