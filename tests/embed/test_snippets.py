"""What is to be pasted: the right file for every reader, in a real browser; names and words that would break it."""

from __future__ import annotations

import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

import xorviz
from xorviz.embed import TARGETS, find_bundle, snippet
from xorviz.errors import UsageError

MOTIONS = {"no-preference": "xor{}.webp", "reduce": "xor{}.png"}

ON = ("muted", "loop", "controls", "playsInline")


@pytest.fixture
def look(chromium, folder):
    """look(markup, motion=…, scheme=…): a page with the markup, as that reader sees it."""
    contexts = []

    def look(markup, *, motion="no-preference", scheme="light", where="page.html"):
        page_file = folder / where
        page_file.parent.mkdir(exist_ok=True)
        page_file.write_text(f"<!doctype html><meta charset=utf-8>{markup}<p>after", encoding="utf-8")
        contexts.append(chromium.new_context(reduced_motion=motion, color_scheme=scheme))
        page = contexts[-1].new_page()
        page.goto(page_file.as_uri())
        return page

    yield look
    for context in contexts:
        context.close()


def of(page, element, *properties):
    """Properties of the first such element."""
    read = "(e, names) => Object.fromEntries(names.map((name) => [name, e[name]]))"
    return page.locator(element).first.evaluate(read, properties)


def name_of(url):
    return url.rpartition("/")[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("motion", MOTIONS)
def test_a_picture_is_the_readers(look, words, motion, scheme):
    page = look(snippet("xor", "readme"), motion=motion, scheme=scheme)
    page.wait_for_function("document.images[0].complete")
    image = of(page, "img", "currentSrc", "alt", "naturalWidth")
    assert name_of(image["currentSrc"]) == MOTIONS[motion].format("-dark" if scheme == "dark" else "")
    assert (image["alt"], image["naturalWidth"]) == (words, 160)


def test_without_a_dark_variant_the_light_one_is_shown(look, folder):
    for path in folder.glob("xor-dark*"):
        path.unlink()
    page = look(snippet("xor", "readme"), scheme="dark", motion="reduce")
    assert name_of(page.evaluate("document.images[0].currentSrc")) == "xor.png"
    assert "dark" not in snippet("xor", "html") + snippet("xor", "html", kind="picture")


def test_a_movie_starts_by_itself_and_again(look, words):
    page = look(snippet("xor", "html"))
    page.wait_for_function("document.querySelector('video').currentTime > 0.1", timeout=5000)
    movie = of(page, "video", "currentSrc", "poster", *ON, "paused", "width", "height", "ariaLabel")
    assert (name_of(movie.pop("currentSrc")), name_of(movie.pop("poster"))) == ("xor.mp4", "xor.png")
    assert movie == {
        **dict.fromkeys(ON, True),
        "paused": False,
        "width": 160,
        "height": 90,
        "ariaLabel": words,
    }


def test_a_movie_waits_where_motion_is_to_be_reduced(look):
    page = look(snippet("xor", "html"), motion="reduce", scheme="dark")
    page.wait_for_timeout(500)
    assert page.evaluate("document.querySelector('video').paused")
    assert page.evaluate("document.querySelector('video').currentTime") == 0
    assert name_of(page.evaluate("document.querySelector('video').poster")) == "xor-dark.png"
    assert name_of(page.evaluate("document.querySelector('video').currentSrc")) == "xor-dark.mp4"


def test_a_player_is_a_page_in_the_page(look, words):
    page = look(snippet("xor", "markdown", kind="player", page="docs/page.html"), where="docs/page.html")
    assert page.get_attribute("iframe", "title") == words
    page.locator("iframe").scroll_into_view_if_needed()
    page.frame_locator("iframe").locator("canvas").wait_for(timeout=5000)


def test_an_explorer_is_a_page_in_the_page(look, folder, recording, words):
    xorviz.explore(recording, folder / "xor.explorer.html")
    page = look(snippet("xor.explorer.html", "html", kind="explorer"))
    assert page.get_attribute("iframe", "title") == words
    page.frame_locator("iframe").locator("canvas").first.wait_for(timeout=5000)
    assert "data-src=" in snippet("xor", "reveal", kind="explorer")


def test_a_bundle_without_an_explorer(folder):
    with pytest.raises(
        UsageError,
        match=r"^bundle must have 'xor.explorer.html' for an explorer; there is no .* xorviz explore SOURCE ",
    ):
        snippet("xor", "html", kind="explorer")


def test_paths_begin_at_the_page_and_are_escaped(look, folder):
    odd = folder / "a, b#c?"
    odd.mkdir()
    for path in folder.glob("xor*.*"):
        if path.is_file():
            path.rename(odd / path.name.replace("xor", "x'o&r%41"))
    markup = snippet(odd / "x'o&r%41", "readme", page=folder / "docs" / "index.md")
    assert '<img src="../a%2C%20b%23c%3F/x%27o%26r%2541.gif"' in markup
    for motion, suffix in (("reduce", ".png"), ("no-preference", ".webp")):
        page = look(markup, where="docs/index.html", motion=motion)
        page.wait_for_function("document.images[0].complete")
        assert page.evaluate("document.images[0].naturalWidth") == 160
        assert page.evaluate("document.images[0].currentSrc").endswith(f"x%27o%26r%2541{suffix}")


def test_markdown_leaves_it_as_it_is(look, words):
    markdown = pytest.importorskip("markdown_it", reason="renders Markdown: pip install markdown-it-py").MarkdownIt()
    for target in ("readme", "markdown"):
        page = look(markdown.render(f"# Title\n\n{snippet('xor', target)}\n\n*after*\n"))
        assert page.get_attribute("picture > img", "alt") == words
        assert page.locator("picture > source").count() == 5
        assert page.inner_text("em") == "after"
    page = look(markdown.render(f"{snippet('xor', 'markdown', kind='video')}\n\n*after*\n"))
    page.wait_for_function("document.querySelector('video').currentTime > 0.1", timeout=5000)


@pytest.mark.skipif(shutil.which("pandoc") is None, reason="reads Quarto's Markdown: apt-get install pandoc")
def test_pandoc_makes_html_of_the_movie_and_paper_of_the_still(folder, words):
    (folder / "page.qmd").write_text(f"Before.\n\n{snippet('xor', 'quarto')}\n\nAfter.\n", encoding="utf-8")
    html, latex = (
        subprocess.run(["pandoc", "-f", "markdown", "page.qmd", "-t", to], capture_output=True, text=True, check=True)
        for to in ("html", "latex")
    )
    assert '<source type="video/mp4" src="xor.mp4">' in html.stdout
    assert words in {unescape(found) for found in re.findall(r'data-fig-alt="([^"]*)"', html.stdout)}
    assert "{xor.png}" in latex.stdout and "mp4" not in latex.stdout and "<" not in latex.stdout


def test_what_github_drops_is_not_in_a_readme(folder):
    """Its sanitiser knows these elements and attributes."""
    text = snippet("xor", "readme")
    assert set(re.findall(r"<(\w+)", text)) == {"picture", "source", "img"}
    assert set(re.findall(r' ([a-z]+)="', text)) == {"media", "type", "srcset", "src", "width", "alt"}


def test_files_that_are_missing(folder):
    (folder / "xor.mp4").unlink()
    with pytest.raises(UsageError) as caught:
        snippet("xor", "html")
    assert str(caught.value) == (
        "bundle must have 'xor.mp4' for a movie; there is no 'xor.mp4'. Write it: xorviz render SOURCE --out 'xor.mp4'."
    )
    (folder / "xor.png").write_bytes(b"GIF89a")
    with pytest.raises(UsageError, match=r"^poster must be a PNG; got 'xor.png', which is not\. Write it again"):
        snippet("xor", "readme")
    (folder / "xor.png").unlink()
    with pytest.raises(UsageError, match=r"^bundle must have 'xor.png' for every snippet, as a still; there is no"):
        snippet("xor", "readme")


def test_targets_and_kinds_that_there_are_not(folder):
    with pytest.raises(UsageError, match=r"^target must be one of readme, .*; got 'html5'\. Did you mean 'html'\?$"):
        snippet("xor", "html5")
    with pytest.raises(UsageError, match=r"^kind for readme must be one of picture; got 'video'\.$"):
        snippet("xor", "readme", kind="video")


def test_any_file_names_the_bundle(folder):
    assert {find_bundle(path).stem for path in ("xor", "xor.gif", "xor.alt.txt", "xor.frames")} == {Path("xor")}
    assert find_bundle(folder / "xor-dark").light.first(".gif") == folder / "xor-dark.gif"


@pytest.mark.parametrize("target", [name for name in TARGETS if name not in ("latex", "sphinx")])
def test_words_are_escaped(folder, words, target):
    text = snippet("xor", target)
    assert "<XOR>" not in re.sub(r"fig-alt=.*", "", text)
    assert words in {unescape(found) for found in re.findall(r'(?:alt|label|title)="([^"]*)"', text)}
