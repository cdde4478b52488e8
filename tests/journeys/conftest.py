"""A real Chromium that tells on us: no request leaves the live server, no console error passes."""

import os
import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from measures.models import Measure
from tests import chromium
from tests.journeys import judged
from tests.nightly import NIGHTLY
from tests.rating import save_rating
from workshops.models import Ballot, Workshop

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in this thread
os.environ.setdefault("DJANGO_LIVE_TEST_SERVER_ADDRESS", "127.0.0.1")

PATIENCE = 60_000  # milliseconds; costs nothing where all goes well, and much may run beside
expect.set_options(timeout=PATIENCE)
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Held:
    """Keeps requests back on their way to the server: ``Held(page, "**/move/", "POST")``."""

    def __init__(self, page: Page, url, method: str = "") -> None:
        self.page, self.method = page, method
        self.routes: list[Route] = []
        page.route(url, self._keep)

    def _keep(self, route: Route) -> None:
        if self.method in ("", route.request.method):
            self.routes.append(route)
        else:
            route.fallback()

    def arrive(self, count: int = 1) -> None:
        """Wait until so many requests are held, and be sure that there are no more."""
        for _each in range(PATIENCE // 20):
            if len(self.routes) >= count:
                break
            self.page.wait_for_timeout(20)
        assert len(self.routes) == count

    def let_go(self) -> None:
        """Send the last one on."""
        self.routes[-1].continue_()


def drawn(page: Page) -> None:
    """Wait until whatever an event has set off is drawn, its scrolling, too."""
    page.evaluate(
        """async () => {
          for (const _each of [1, 2, 3]) await new Promise((done) => requestAnimationFrame(done));
        }"""
    )


def pass_time(page: Page, milliseconds: int) -> None:
    """Let time pass for the page: its timers that are due by then have run."""
    page.evaluate("(time) => new Promise((done) => setTimeout(done, time))", milliseconds)


# Whoever leaves a page, or asks again, breaks off what it still waits for: no fault of the page.
# What fails on its own says so by another name ("htmx:sendError", "htmx:timeout").
BROKEN_OFF = r"^htmx:(sendAbort|afterRequest), \[object "


class Witness:
    """Records what the pages of one test asked for and complained about."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self._expected = [BROKEN_OFF]

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
    """Return a function that starts a Chromium; takes what Playwright's launch takes.

    By day without a window around the page, at night the whole browser.
    """
    reason = chromium.missing()
    if reason and os.environ.get("CI", "").lower() in ("true", "1"):
        pytest.fail(f"NOT RUN: browser journeys, because {reason}")
    if reason:
        pytest.skip(f"NOT RUN: browser journeys, because {reason}")
    root = sys.platform != "win32" and os.geteuid() == 0
    with sync_playwright() as playwright:
        flags = [*chromium.FLAGS, "--no-sandbox"] if root else chromium.FLAGS
        path = chromium.find() if NIGHTLY else chromium.light()
        yield partial(playwright.chromium.launch, executable_path=path, args=flags)


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
        defaults = {
            "locale": "de-DE",
            "viewport": {"width": 1280, "height": 800},
            "service_workers": "block",  # what it fetches no test could hold back
        }
        context = browser.new_context(base_url=live_server.url, **{**defaults, **options})
        context.set_default_timeout(PATIENCE)
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


# Title: relevance, feasibility. Each weight has another winner.
RATED = {"Leuchtturm": (5, 1), "Mitte": (4, 4), "Kleinkram": (1, 5), "Ladenhüter": (2, 2)}


@pytest.fixture
def rated(at, field, goal) -> Workshop:
    """Four measures in two fields, rated by three people, while the workshop deliberates."""
    workshop = field.workshop
    ballots = [Ballot.objects.create(workshop=workshop, source="account") for _each in range(3)]
    for order, (title, (relevance, feasibility)) in enumerate(RATED.items(), start=1):
        measure = Measure.objects.create(
            workshop=workshop,
            field=field if order != 4 else workshop.fields.get(name="Tourismus"),
            goal=goal if order != 4 else None,
            title=title,
            time_horizon="short" if order == 1 else "long",
            order=order,
        )
        for ballot in ballots:
            save_rating(
                ballot=ballot, measure=measure, relevance=relevance, feasibility=feasibility
            )
    return at("deliberating")


# Only what is wrong leaves the page: all of axe's report takes as long to hand over as to find.
AXE_RUN = """async (options) => {
  // What a bar that stays in sight covers by half is not too small: it scrolls free.
  const { scrollX, scrollY } = window;
  scrollTo({ top: 0, behavior: "instant" });
  const { violations } = await axe.run(options);
  scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id}: ${help}: ${JSON.stringify(target)}`));
}"""


@pytest.fixture(scope="session")
def axe(request, browser: Browser) -> Iterator[Callable[[Page], list[str]]]:
    """Return a function that lists a page's accessibility faults, one line each."""
    script = Axe().axe_script
    options = {"runOnly": AXE_TAGS, "resultTypes": ["violations"], "reporter": "no-passes"}
    cache = None if NIGHTLY else getattr(request.config, "cache", None)
    known = judged.Judged(
        cache.mkdir("judged") if cache else None, by=f"{browser.version}{script}{options}"
    )

    def violations(page: Page) -> list[str]:
        def judge() -> list[str]:
            if not page.evaluate("'axe' in window"):
                page.evaluate(script)
            return page.evaluate(AXE_RUN, options)

        return known.once(page, judge)

    yield violations
    known.forget_old()
