"""What many tests start from."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import settings
from playwright.sync_api import sync_playwright

import xorviz
from xorviz.recordings.recording import Recording

# A busy machine is no failure.
settings.register_profile("xorviz", deadline=None)
settings.load_profile("xorviz")


@pytest.fixture(scope="session")
def recording() -> Recording:
    """The shortest article, solved: 140 steps, 141 snapshots."""
    return xorviz.train("backprop", seed=0)


@pytest.fixture(scope="module")
def chromium():
    """A browser without a window.

    The one thing that tests need and no Python package brings: `.ci/run` installs it, and where it is missing the pages
    are not looked at, rather than that nobody can run the tests without a browser.
    """
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("pages are shown in Chromium, which pip cannot install: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium):
    """open_page(path, **context): the page of a file once its controls are there, in a window of its own.

    Whatever the page asks of a network, and whatever goes wrong in it, fails the test.
    """
    contexts, wrong = [], []
    own = ("file:", "data:", "about:")

    def run(path, *, prepare=lambda page: None, ready="form.transport:not([hidden])", **context):
        contexts.append(chromium.new_context(**context))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: request.url.startswith(own) or wrong.append(request.url))
        prepare(page)
        page.goto(path.as_uri())
        if ready:
            page.wait_for_selector(ready)
        return page

    yield run
    for context in contexts:
        context.close()
    assert wrong == []
