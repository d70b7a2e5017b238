"""What only HTML promises: a page that holds every frame, and shows the one it is asked for, in a browser too."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from http.server import BaseHTTPRequestHandler, HTTPServer

import numpy as np
import pytest

from xorviz.encoders.html import HtmlEncoder

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
in_a_browser = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium on the path")

# Sums that depend on the order of pixels, so that a picture in the wrong place does not pass.
SUM = """
const sum = () => {
  const canvas = document.querySelector("canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((total, value, i) => (total * 31 + value) % 1000003, 0);
};
const text = () => document.querySelector("output").textContent;
const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
const go = (index) => {
  const slider = document.querySelector("input");
  slider.value = index;
  slider.dispatchEvent(new Event("input"));
};
const label = () => document.getElementById("play").getAttribute("aria-label");
const click = (id) => document.getElementById(id).click();
const said = [];
const say = () => said.push([text(), sum(), label()]);
"""


def sum_of(frame):
    total = 0
    for value in frame.ravel().tolist():
        total = (total * 31 + value) % 1000003
    return total


def content(path):
    text = path.read_text(encoding="utf-8")
    return json.loads(re.search(r'<script type="application/json" id="frames">(.*?)</script>', text, re.S)[1])


@pytest.fixture
def path(tmp_path):
    return tmp_path / "out.html"


class Listener(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def browse(path, tmp_path):
    """browse(actions, *flags): what `say` saw while the actions, a program, ran on the page."""

    def run(actions, *flags):
        with HTTPServer(("127.0.0.1", 0), Listener) as server:
            server.said, server.timeout = None, 60
            finish = f"const finish = () => fetch('http://127.0.0.1:{server.server_port}', "
            finish += "{ method: 'POST', mode: 'no-cors', body: JSON.stringify(said) });"
            program = f"<script>{SUM}\n{finish}\nconst wait = setInterval(() => {{\nif (!/\\d/.test(text())) return;\n"
            program += f"clearInterval(wait);\n{actions}\n}}, 5);</script>\n</html>"
            page = tmp_path / "driven.html"
            page.write_text(path.read_text(encoding="utf-8").replace("</html>", program), encoding="utf-8")
            words = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", *flags]
            words += [f"--user-data-dir={tmp_path / 'profile'}", page.as_uri()]
            with subprocess.Popen([CHROMIUM, *words], stderr=subprocess.DEVNULL) as browser:
                server.handle_request()
                browser.terminate()
            return server.said

    return run


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


def test_equal_frames_are_stored_once(path, dashboard, encode):
    a, b = dashboard(2, 60, 90)
    encode(HtmlEncoder(), path, [a, a, b, b, b, a])
    assert [frame["ms"] for frame in content(path)["frames"]] == [80, 120, 40]


def test_page_asks_nothing_of_a_network(path, dashboard, encode):
    encode(HtmlEncoder(), path, dashboard(2))
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"\b(src|href)=", text)


@in_a_browser
def test_browser_shows_the_frame_it_is_asked_for(path, dashboard, encode, browse):
    frames = dashboard(50, 60, 90)
    encode(HtmlEncoder(), path, frames)
    asked = [0, 49, 24, 23, 25, 1, 47, 48, 10]
    seen = browse(f"for (const i of {asked}) {{ go(i); say(); }} finish();")
    assert seen == [[f"{i + 1} / 50", sum_of(frames[i]), "Play"] for i in asked]


@in_a_browser
def test_keys_and_buttons_step_and_stop_at_the_ends(path, dashboard, encode, browse):
    frames = dashboard(3, 60, 90)
    encode(HtmlEncoder(), path, frames)
    seen = browse("""
        press("End"); say(); press("ArrowRight"); say(); press("ArrowLeft"); say();
        click("back"); say(); click("back"); say(); click("on"); say(); press("Home"); say(); finish();
    """)
    assert seen == [[f"{i + 1} / 3", sum_of(frames[i]), "Play"] for i in (2, 2, 1, 0, 0, 1, 0)]


@in_a_browser
def test_page_plays_by_itself_and_ends_after_the_last_loop(path, dashboard, encode, browse):
    frames = dashboard(3, 60, 90)
    encode(HtmlEncoder(), path, frames, durations_ms=[200, 200, 200], n_loops=2)
    seen = browse("""say(); const ended = setInterval(() => {
        if (label() === "Play") { clearInterval(ended); say(); finish(); }
    }, 20);""")
    assert seen[0][2] == "Pause"
    assert seen[-1] == ["3 / 3", sum_of(frames[2]), "Play"]


@in_a_browser
def test_space_pauses_and_goes_on(path, dashboard, encode, browse):
    encode(HtmlEncoder(), path, dashboard(3, 60, 90), durations_ms=[200, 200, 2000])
    seen = browse("""press(" "); press("Home"); say(); setTimeout(() => { say(); press(" "); say();
        const on = setInterval(() => { if (text() === "3 / 3") { clearInterval(on); say(); finish(); } }, 20);
    }, 700);""")
    assert [(text, label) for text, _, label in seen] == [
        ("1 / 3", "Play"), ("1 / 3", "Play"), ("1 / 3", "Pause"), ("3 / 3", "Pause"),
    ]  # fmt: skip


@in_a_browser
def test_page_stands_still_where_motion_is_unwelcome(path, dashboard, encode, browse):
    encode(HtmlEncoder(), path, dashboard(3, 60, 90))
    seen = browse("say(); setTimeout(() => { say(); finish(); }, 700);", "--force-prefers-reduced-motion")
    assert [(text, label) for text, _, label in seen] == [("1 / 3", "Play")] * 2
