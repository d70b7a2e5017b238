"""A movie or a picture on a slide of PowerPoint, through python-pptx: starts by itself, goes on for ever, has words."""

from __future__ import annotations

import copy
from collections.abc import Callable
from io import BytesIO
from types import ModuleType
from typing import Any

from xorviz.errors import UsageError

Box = tuple[int, int, int, int]
"""Left, top, width and height in English metric units, of which 914,400 are an inch."""

_SPACE = "http://schemas.openxmlformats.org/presentationml/2006/main"
# What PowerPoint itself writes for a movie that starts "Automatically": an effect in the slide's main sequence.
_SEQUENCE = """
<p:seq xmlns:p="{space}" concurrent="1" nextAc="seek">
  <p:cTn dur="indefinite" nodeType="mainSeq"><p:childTnLst/></p:cTn>
  <p:prevCondLst><p:cond evt="onPrev" delay="0"><p:tgtEl><p:sldTgt/></p:tgtEl></p:cond></p:prevCondLst>
  <p:nextCondLst><p:cond evt="onNext" delay="0"><p:tgtEl><p:sldTgt/></p:tgtEl></p:cond></p:nextCondLst>
</p:seq>"""
_STEP = """
<p:par xmlns:p="{space}"><p:cTn fill="hold">
  <p:stCondLst>
    <p:cond delay="indefinite"/><p:cond evt="onBegin" delay="0"><p:tn val="{sequence}"/></p:cond>
  </p:stCondLst>
  <p:childTnLst><p:par><p:cTn fill="hold">
    <p:stCondLst><p:cond delay="0"/></p:stCondLst>
    <p:childTnLst/>
  </p:cTn></p:par></p:childTnLst>
</p:cTn></p:par>"""
_START = """
<p:par xmlns:p="{space}">
  <p:cTn presetID="1" presetClass="mediacall" presetSubtype="0" fill="hold" nodeType="withEffect">
    <p:stCondLst><p:cond delay="0"/></p:stCondLst>
    <p:childTnLst><p:cmd type="call" cmd="playFrom(0.0)"><p:cBhvr>
      <p:cTn dur="{duration_ms}" fill="hold"/><p:tgtEl><p:spTgt spid="{shape}"/></p:tgtEl>
    </p:cBhvr></p:cmd></p:childTnLst>
  </p:cTn>
</p:par>"""


def python_pptx() -> ModuleType:
    """The package, imported.

    Raises:
        UsageError: it is not installed.
    """
    try:
        import pptx
    except ImportError as error:
        raise UsageError("slides must have python-pptx; install it: pip install 'xorviz[slides]'.") from error
    module: ModuleType = pptx
    return module


def put_movie(slide: Any, movie: bytes, poster: bytes, box: Box, *, alt: str, duration_s: float) -> Any:
    """Put a movie on a slide.

    Args:
        slide: a slide of python-pptx.
        movie: an MP4.
        poster: a PNG, shown until the movie plays and on paper.
        box: where it stands.
        alt: what it shows, in words.
        duration_s (seconds): how long one play takes.

    Returns:
        The shape of python-pptx.
    """
    shape = slide.shapes.add_movie(BytesIO(movie), *box, poster_frame_image=BytesIO(poster), mime_type="video/mp4")
    _describe(shape, alt)
    root = slide.element.find(f".//{{{_SPACE}}}timing//{{{_SPACE}}}cTn[@nodeType='tmRoot']")
    number = _numbers(root)
    start = _START.format(space=_SPACE, duration_ms=round(1000 * duration_s), shape=shape.shape_id)
    _first_step(root, number).append(_numbered(start, number))
    for media in root.iter(f"{{{_SPACE}}}cMediaNode"):
        if media.find(f".//{{{_SPACE}}}spTgt").get("spid") == str(shape.shape_id):
            media.set("mute", "1")
            media.find(f"{{{_SPACE}}}cTn").set("repeatCount", "indefinite")
    return shape


def put_picture(slide: Any, picture: bytes, box: Box, *, alt: str) -> Any:
    """Put a picture on a slide; a GIF moves while the slides are shown, as often as it says itself.

    Returns:
        The shape of python-pptx.
    """
    shape = slide.shapes.add_picture(BytesIO(picture), *box)
    _describe(shape, alt)
    return shape


def fitted(width_px: int, height_px: int, box: Box) -> Box:
    """The largest place of a picture's own shape in the middle of another."""
    left, top, width, height = box
    scale = min(width / width_px, height / height_px)
    own_width, own_height = round(width_px * scale), round(height_px * scale)
    return left + (width - own_width) // 2, top + (height - own_height) // 2, own_width, own_height


def _describe(shape: Any, alt: str) -> None:
    shape._element._nvXxPr.cNvPr.set("descr", alt)


def _first_step(root: Any, number: Callable[[], str]) -> Any:
    """The list of what begins with the slide, which is made if there is none; all in it begins together."""
    sequence = root.find(f".//{{{_SPACE}}}cTn[@nodeType='mainSeq']")
    if sequence is None:
        made = _numbered(_SEQUENCE.format(space=_SPACE), number)
        root.find(f"{{{_SPACE}}}childTnLst").insert(0, made)
        sequence = made.find(f"{{{_SPACE}}}cTn")
    steps = sequence.find(f"{{{_SPACE}}}childTnLst")
    if not len(steps) or steps[0].find("./{*}cTn/{*}stCondLst/{*}cond[@evt='onBegin']") is None:
        steps.insert(0, _numbered(_STEP.format(space=_SPACE, sequence=sequence.get("id")), number))
    return steps[0].find("./{*}cTn/{*}childTnLst/{*}par/{*}cTn/{*}childTnLst")


def _numbered(text: str, number: Callable[[], str]) -> Any:
    """Markup as an element whose time nodes have numbers that no other has."""
    from pptx.oxml import parse_xml

    element = copy.deepcopy(parse_xml(" ".join(text.split()).replace("> <", "><")))
    for node in element.iter(f"{{{_SPACE}}}cTn"):
        node.set("id", number())
    return element


def _numbers(root: Any) -> Callable[[], str]:
    taken = [int(node.get("id")) for node in root.getroottree().iter(f"{{{_SPACE}}}cTn")]
    last = max(taken)

    def following() -> str:
        nonlocal last
        last += 1
        return str(last)

    return following
