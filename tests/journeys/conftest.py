"""A real Chromium that tells on us: no request leaves the live server, no console error passes.

With ``JOURNEY_SEED=7`` the journeys run in a random order, the same one for the same seed.
"""

import os
import random
import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from tests import chromium

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in this thread
os.environ.setdefault("DJANGO_LIVE_TEST_SERVER_ADDRESS", "127.0.0.1")

FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SEED = os.environ.get("JOURNEY_SEED")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_report_header() -> str | None:
    return f"journeys in the random order of JOURNEY_SEED={SEED}" if SEED else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Shuffle the journeys if a seed is given: none may live on what another one left."""
    if not SEED:
        return
    places = [at for at, item in enumerate(items) if Path(__file__).parent in item.path.parents]
    journeys = [items[at] for at in places]
    random.Random(SEED).shuffle(journeys)
    for at, journey in zip(places, journeys, strict=True):
        items[at] = journey


class Witness:
    """Records what the pages of one test asked for and complained about."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self._expected: list[str] = []

    def expect(self, pattern: str) -> None:
        """Let a console error pass that the test provokes, e.g. "status of 409"."""
        self._expected.append(pattern)

    def watch(self, context) -> None:
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("console", self._note)
        context.on("weberror", lambda error: self.complaints.append(f"page error: {error.error}"))

    def _note(self, message) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def strangers(self) -> list[str]:
        """Return the requests that left the live server."""
        own = ("data", "blob", "about")
        return [
            url
            for url in self.requests
            if urlsplit(url).scheme not in own and urlsplit(url).netloc != self.host
        ]

    def unexpected(self) -> list[str]:
        """Return the complaints no test asked for; a breach of the CSP is never expected."""
        return [
            text
            for text in self.complaints
            if "Content Security Policy" in text
            or not any(re.search(pattern, text) for pattern in self._expected)
        ]


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[..., Browser]]:
    """Return a function that starts a Chromium; takes what Playwright's launch takes."""
    reason = chromium.missing()
    if reason and os.environ.get("CI", "").lower() in ("true", "1"):
        pytest.fail(f"NOT RUN: browser journeys, because {reason}")
    if reason:
        pytest.skip(f"NOT RUN: browser journeys, because {reason}")
    root = sys.platform != "win32" and os.geteuid() == 0
    with sync_playwright() as playwright:
        flags = [*FLAGS, "--no-sandbox"] if root else FLAGS
        yield partial(playwright.chromium.launch, executable_path=chromium.find(), args=flags)


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Browser]) -> Iterator[Browser]:
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture
def witness(live_server) -> Witness:
    return Witness(urlsplit(live_server.url).netloc)


@pytest.fixture
def new_page(browser: Browser, live_server, witness: Witness) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page of its own: another person, another device.

    Takes what Playwright's new_context takes, e.g. `java_script_enabled=False`. Paths are enough:
    `page.goto("/workshops/")`.
    """
    contexts = []

    def open_page(**options) -> Page:
        defaults = {"locale": "de-DE", "viewport": {"width": 1280, "height": 800}}
        context = browser.new_context(base_url=live_server.url, **{**defaults, **options})
        context.set_default_timeout(10_000)
        witness.watch(context)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    strangers, complaints = witness.strangers(), witness.unexpected()
    assert not strangers, "requests left the live server:\n" + "\n".join(strangers)
    assert not complaints, "the browser complained:\n" + "\n".join(complaints)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture
def enter(live_server) -> Callable[[Page, object], Page]:
    """Return a function that signs a person in on a page: ``enter(page, facilitator)``.

    The log-in form has a journey of its own; here the session's cookie is handed over.
    """

    def sign_in(page: Page, user) -> Page:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
        page.context.add_cookies([cookie])
        return page

    return sign_in


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """Return a function that lists a page's accessibility faults, one line each."""

    def violations(page: Page) -> list[str]:
        # Colours are judged when they have arrived, not half way through a transition.
        page.evaluate("Promise.allSettled(document.getAnimations().map((each) => each.finished))")
        options = {"runOnly": AXE_TAGS, "resultTypes": ["violations"]}
        found = Axe().run(page, options=options).response["violations"]
        return [
            f"{fault['id']}: {fault['help']}: {node['target']}"
            for fault in found
            for node in fault["nodes"]
        ]

    return violations
