"""What only HTML promises: a page that holds every frame and shows the one it is asked for; in a browser, too."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from xorviz.encoders import About
from xorviz.encoders.html import HtmlEncoder

SUM = """() => {
  const canvas = document.querySelector("canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((total, value, i) => (total * 31 + value) % 1000003, 0);
}"""
STILL = {"reduced_motion": "reduce"}


def stop_time(page):
    """From now on time passes only where a test says so."""
    page.clock.install(time=0)
    page.clock.pause_at(1000)


def sum_of(frame):
    """Depends on the order of pixels, so that a picture in the wrong place does not pass."""
    total = 0
    for value in frame.ravel().tolist():
        total = (total * 31 + value) % 1000003
    return total


def content(path):
    text = path.read_text(encoding="utf-8")
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)[1])


def seen(page):
    """What stands beside the slider, what the canvas shows, and what the button would do."""
    return [page.text_content("#count"), page.evaluate(SUM), page.get_attribute("#play", "aria-label")]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "out.html"


@pytest.fixture
def three(path, dashboard, encode):
    """Frames of a page of three, each shown for 200 ms."""
    frames = dashboard(3, 60, 90)
    encode(HtmlEncoder(), path, frames, durations_ms=[200, 200, 200], n_loops=2)
    return frames


def test_every_frame_is_in_the_page_without_loss(path, dashboard, encode, decode):
    frames = dashboard(50, 60, 90)
    encoded = encode(HtmlEncoder(), path, frames, n_loops=2)
    assert content(path)["loops"] == 2
    shown, durations_s = decode(path)
    assert encoded.n_frames == len(shown) == 50
    assert durations_s == [0.04] * 50
    for frame, got in zip(frames, shown, strict=True):
        np.testing.assert_array_equal(got, frame[..., :3])


def test_parts_begin_with_a_whole_picture(path, dashboard, encode):
    encode(HtmlEncoder(), path, dashboard(50, 60, 90))
    whole = [i for i, frame in enumerate(content(path)["frames"]) if frame["whole"]]
    assert whole == [0, 30]


def test_equal_frames_are_stored_once_with_the_caption_of_the_first(path, dashboard, encode):
    a, b = dashboard(2, 60, 90)
    encode(HtmlEncoder(), path, [a, a, b, b, b, a], about=About(captions=tuple("uvwxyz")))
    stored = content(path)["frames"]
    assert [(one["ms"], one["frame"], one["caption"]) for one in stored] == [(80, 0, "u"), (120, 2, "w"), (40, 5, "z")]


def test_page_asks_nothing_of_a_network(path, dashboard, encode):
    encode(HtmlEncoder(), path, dashboard(2))
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert re.findall(r'\b(?:src|href)="(?!data:)', text) == []


def test_browser_shows_the_frame_it_is_asked_for(path, dashboard, encode, open_page):
    frames = dashboard(50, 60, 90)
    encode(HtmlEncoder(), path, frames)
    page = open_page(path, **STILL)
    for i in (0, 49, 30, 29, 31, 1, 48, 10):
        page.evaluate(
            """(value) => {
              const slider = document.querySelector("#position");
              slider.value = value;
              slider.dispatchEvent(new Event("input"));
            }""",
            i,
        )
        assert seen(page) == [f"{i + 1} / 50", sum_of(frames[i]), "Play"]


def test_keys_and_buttons_step_and_stop_at_the_ends(path, three, open_page):
    page = open_page(path, **STILL)
    expected = {"End": 2, "ArrowRight": 2, "ArrowLeft": 1, ",": 0, "Home": 0, ".": 1, "PageUp": 1, "#back": 0, "#on": 1}
    for action, i in expected.items():
        if action.startswith("#"):
            page.click(action)
        else:
            page.keyboard.press(action)
        assert seen(page) == [f"{i + 1} / 3", sum_of(three[i]), "Play"], action


def test_page_plays_by_itself_and_ends_after_the_last_loop(path, three, open_page):
    page = open_page(path, prepare=stop_time)
    assert page.get_attribute("#play", "aria-label") == "Pause"
    page.clock.run_for(1000)
    assert page.get_attribute("#play", "aria-label") == "Pause"
    page.clock.run_for(400)
    assert seen(page) == ["3 / 3", sum_of(three[2]), "Play"]


def test_space_pauses_and_goes_on_and_loops_go_on_for_ever(path, three, open_page):
    page = open_page(path, prepare=stop_time, **STILL)
    page.keyboard.press("Home")
    page.clock.run_for(1000)
    assert page.text_content("#count") == "1 / 3"
    page.keyboard.press(" ")
    page.clock.run_for(300)
    page.keyboard.press(" ")
    page.clock.run_for(1000)
    assert seen(page) == ["2 / 3", sum_of(three[1]), "Play"]
    page.keyboard.press("l")
    assert page.get_attribute("#loop", "aria-pressed") == "true"
    page.keyboard.press(" ")
    page.clock.run_for(6000)
    assert page.get_attribute("#play", "aria-label") == "Pause"


def test_speed_is_chosen(path, three, open_page):
    page = open_page(path, prepare=stop_time, **STILL)
    for speed, shown in (("1", "2 / 3"), ("0.5", "1 / 3"), ("4", "3 / 3")):
        page.keyboard.press("Home")
        page.select_option("#speed", speed)
        page.click("#play")
        page.clock.run_for(300 if speed != "4" else 120)
        page.click("#play")
        assert page.text_content("#count") == shown, speed


def test_page_stands_still_at_the_end_where_motion_is_unwelcome(path, three, open_page):
    page = open_page(path, prepare=stop_time, **STILL)
    page.clock.run_for(1000)
    assert seen(page) == ["3 / 3", sum_of(three[2]), "Play"]


def test_poster_is_seen_where_no_program_may_run(path, dashboard, encode, open_page):
    encode(HtmlEncoder(), path, dashboard(3, 60, 90), about=About(alt='A "field"'))
    page = open_page(path, ready=None, java_script_enabled=False)
    poster = page.locator("#poster")
    assert poster.is_visible() and not page.locator("form").is_visible()
    assert poster.get_attribute("alt") == 'A "field"'
    assert "allow this page to run its program" in page.inner_text("body")


def test_what_a_user_writes_is_shown_and_never_run(path, dashboard, encode, open_page):
    bad = "</title></script><script>window.ran = 1</script><img src=x onerror='window.ran = 1'>\u2028&amp;"
    about = About(title=bad, alt=f'" onload="{bad}', captions=(bad,) * 3)
    encode(HtmlEncoder(), path, dashboard(3, 60, 90), about=about)
    page = open_page(path, **STILL)
    assert page.title() == bad.replace("\u2028", " ") or page.title() == bad
    assert page.text_content("#words") == bad
    assert page.get_attribute("canvas", "aria-label") == f'" onload="{bad}'
    assert page.evaluate("window.ran") is None


def test_policy_lets_nothing_else_run(path, three, open_page):
    page = open_page(path, **STILL)
    page.evaluate("""() => {
      const other = document.createElement("script");
      other.textContent = "window.ran = 1";
      document.body.append(other);
    }""")
    assert page.evaluate("window.ran") is None
    assert page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'went', () => 'refused')") == "refused"


def test_page_works_in_a_narrow_frame_of_another_page(path, three, tmp_path, open_page):
    outer = tmp_path / "outer.html"
    outer.write_text('<iframe sandbox="allow-scripts" width="320" height="420" src="out.html"></iframe>')
    page = open_page(outer, ready=None, **STILL)
    inner = page.frames[-1]
    inner.wait_for_selector("form.transport:not([hidden])")
    inner.click("#back")
    assert inner.text_content("#count") == "2 / 3"
    assert inner.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name in ("#back", "#play", "#on", "#loop", "#speed", "#position"):
        box = inner.locator(name).bounding_box()
        assert min(box["width"], box["height"]) >= 44, name
    rows = {round(inner.locator(name).bounding_box()["y"]) for name in ("#back", "#play", "#loop", "#speed")}
    assert len(rows) == 1


@pytest.mark.parametrize(("theme", "paper"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(15, 20, 27)")])
def test_page_has_the_colours_of_its_pictures(path, dashboard, encode, open_page, theme, paper):
    encode(HtmlEncoder(), path, dashboard(3, 60, 90), about=About(theme=theme))
    page = open_page(path, **STILL)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == paper
