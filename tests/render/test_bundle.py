"""``--bundle`` and ``xorviz embed``: everything a place may ask for from one drawing, and what to paste."""

from __future__ import annotations

from PIL import Image

WORDS = (
    "A neural network learns XOR: 2–2–1 sigmoid, cross-entropy, gradient descent. "
    "The loss falls from 3.00 to 0.15 in 140 steps; all 4 points are correct from step 69 on."
)
LIGHT = {f"xor{suffix}" for suffix in (".alt.txt", ".explorer.html", ".gif", ".html", ".mp4", ".png", ".webp")}
DARK = {f"xor-dark{suffix}" for suffix in (".gif", ".html", ".mp4", ".png", ".webp")}


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_light_and_dark_with_the_same_words(run, tiny, folder):
    assert run("render", "--bundle", "xor", "--both-themes", *tiny).code == 0
    assert names(folder) == LIGHT | DARK
    assert (folder / "xor.alt.txt").read_text(encoding="utf-8") == f"{WORDS}\n"
    with Image.open("xor.gif") as light, Image.open("xor-dark.gif") as dark:
        assert light.info["comment"].decode() == dark.info["comment"].decode() == WORDS
        assert light.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
        assert dark.convert("RGB").getpixel((0, 0)) == (15, 20, 27)
    code, out, err = run("embed", "xor")
    assert (code, err) == (0, "")
    assert out.startswith("<picture>\n") and f'alt="{WORDS}"' in out
    assert 'srcset="xor-dark.webp"' in out


def test_a_bundle_beside_other_files_in_words_of_ones_own(run, tiny, folder):
    assert run("render", "--bundle", "xor", "--out", "a.apng", "--alt", "A <net>", *tiny).code == 0
    assert names(folder) == LIGHT | {"a.apng"}
    assert (folder / "xor.alt.txt").read_text() == "A <net>\n"
    assert "A &lt;net&gt;" in (folder / "xor.html").read_text(encoding="utf-8")
    kept = (folder / "xor.gif").stat().st_mtime_ns
    refused = run("render", "--bundle", "xor", *tiny)
    assert (refused.code, refused.err) == (
        2,
        "xorviz: --out must name a new file; 'xor.gif' exists. Add --force to replace it.\n",
    )
    assert (folder / "xor.gif").stat().st_mtime_ns == kept


def test_refused_before_any_work(run, folder):
    (folder / "img").mkdir()
    for words, message in (
        (
            ("--both-themes", "--out", "a.gif"),
            "both_themes must go with bundle, without theme; got no bundle. Write --bundle docs/img/xor.",
        ),
        (
            ("--both-themes", "--bundle", "a", "--theme", "dark"),
            "both_themes must go with bundle, without theme; got a theme. Write --bundle docs/img/xor.",
        ),
        (("--bundle", "a.gif"), "bundle must be a path without a suffix; got 'a.gif'. Try 'a'."),
        (("--bundle", "img"), "bundle must be a path without a suffix, such as docs/img/xor; got the folder 'img'."),
    ):
        assert run("render", *words) == (2, "", f"xorviz: {message}\n")
    assert names(folder) == {"img"}
