"""How soon the dashboard answers: on a middling phone, and while the slider moves; in Chromium.

Served as in production by gunicorn without a proxy. Runs in a process of its own with a database of
its own and prints JSON: python -m tests.benchmarks.first_paint
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median, quantiles
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import chromium
from tests.benchmarks.serving import PRODUCTION, apart, collected, cookies_of, migrated, served

if TYPE_CHECKING:
    from workshops.models import User, Workshop

LARGE = (400, 30)  # measures, raters
TIMES = 5  # that a page is opened, and that the slider goes all the way
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LAPTOP = {"viewport": {"width": 1366, "height": 768}}
SLOWER = 4  # times, on the phone
# "Slow 4G", by its milliseconds before each answer: Lighthouse's, which has a connection already,
# and that of Chromium's own tools, whose longer wait stands for making one. Bytes a second.
SLOW_4G = {
    latency: {
        "offline": False,
        "latency": latency,
        "downloadThroughput": down / 8,
        "uploadThroughput": up / 8,
    }
    for latency, down, up in ((150, 1_600_000, 750_000), (562.5, 1_440_000, 675_000))
}
# The first result is a sentence of the answer strip. The page is to have no mark for us.
WATCH = """
globalThis.firstResult = new Promise((done) => {
  new PerformanceObserver((list) => done(list.getEntries()[0].renderTime))
    .observe({ type: "element", buffered: true });
});
new MutationObserver((_changes, observer) => {
  const sentences = document.querySelectorAll("#answers a > span");
  for (const each of sentences) each.setAttribute("elementtiming", "");
  if (document.getElementById("results")) observer.disconnect();
}).observe(document, { childList: true, subtree: true });
"""
FIGURES = """async () => {
  const result = await firstResult;
  const [page] = performance.getEntriesByType("navigation");
  const isPart = ({ startTime }) => startTime < page.loadEventStart;
  const files = performance.getEntriesByType("resource").filter(isPart);
  const sent = [page, ...files].map((each) => each.transferSize);
  return {
    answered: page.responseStart,
    first: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    result,
    loaded: page.loadEventStart,
    requests: sent.filter(Boolean).length,
    bytes: sent.reduce((sum, each) => sum + each),
  };
}"""
# From one end to the other; after each step everything is drawn before the next.
SLIDE = """async () => {
  const slider = document.getElementById("id_weight");
  const row = document.querySelector(".ranks__row");
  const steps = [];
  for (let weight = 0; weight <= 100; weight += 2) {
    slider.value = weight;
    const start = performance.now();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    const script = performance.now() - start;
    row.getBoundingClientRect();
    steps.push([script, performance.now() - start]);
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  }
  return steps;
}"""


def first_paint_lines() -> dict[str, list[dict]]:
    """Return a line for each size and visit, and for each size and screen of the slider's."""
    return apart("tests.benchmarks.first_paint")


def _measure() -> dict[str, list[dict]]:
    """With the settings of the environment: fill the database, serve it, open its dashboards."""
    people = _people()
    visits, steps = [], []
    with collected(), served(PRODUCTION) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        for measures, (path, cookies) in people.items():
            place = f"{address}{path}"
            signed_in = [
                {"name": name, "value": value, "url": address} for name, value in cookies.items()
            ]
            with _screen(browser, signed_in, PHONE) as nobody:
                _ready(nobody.new_page(), place)  # from now on the page is kept
            for latency in SLOW_4G:
                for visit, figures in _visits(browser, signed_in, place, latency).items():
                    told = {"measures": measures, "latency": latency, "visit": visit}
                    visits.append(told | figures)
            for screen, slower in ((LAPTOP, 1), (PHONE, SLOWER)):
                with _screen(browser, signed_in, screen) as context:
                    figures = _slid(context.new_page(), place, slower)
                size = "{width} × {height}".format(**screen["viewport"])
                steps.append({"measures": measures, "screen": size, "slower": slower, **figures})
    return {"visits": visits, "steps": steps}


def _people() -> dict[int, tuple[str, dict[str, str]]]:
    """Build two workshops; by their measures the dashboard's path and a facilitator's cookies."""
    migrated()
    from measures.demo.build import build_demo
    from measures.demo.content import FACILITATOR
    from tests.benchmarks.data import build
    from workshops.models import User

    demo, _try_out = build_demo(with_ratings=True)
    large = build(*LARGE)
    return {
        demo.measures.standing().count(): _dashboard(demo, User.objects.get(email=FACILITATOR)),
        large.measures: _dashboard(large.workshop, large.facilitator),
    }


def _dashboard(workshop: "Workshop", person: "User") -> tuple[str, dict[str, str]]:
    from django.test import Client
    from django.urls import reverse

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person)
    return f"{reverse('measures:dashboard', args=[workshop.pk])}?view=all", cookies_of(client)


@contextmanager
def _screen(browser: Browser, cookies: list, screen: dict) -> Iterator[BrowserContext]:
    """A browser that has been nowhere, signed in."""
    context = browser.new_context(**screen, locale="de-DE")
    context.add_cookies(cookies)
    context.add_init_script(WATCH)
    try:
        yield context
    finally:
        context.close()


def _visits(browser: Browser, cookies: list, place: str, latency: float) -> dict[str, dict]:
    """Return medians of first visits, and of second ones, whose files the browser has kept."""
    visits: dict[str, list[dict]] = {"cold": [], "warm": []}
    for _load in range(TIMES):
        with _screen(browser, cookies, PHONE) as context:
            for seen in visits.values():
                page = context.new_page()
                _slow(page, SLOW_4G[latency])
                page.goto(place, wait_until="load")
                seen.append(page.evaluate(FIGURES))
                page.close()
    return {
        visit: {name: median(each[name] for each in seen) for name in seen[0]}
        for visit, seen in visits.items()
    }


def _slow(page: Page, network: dict) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", network)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def _ready(page: Page, place: str) -> None:
    """Wait until the rank ranges, which come later, are there as well."""
    page.goto(place, wait_until="load")
    page.locator("#rank-ranges").wait_for(state="attached")


def _slid(page: Page, place: str, slower: int) -> dict[str, float]:
    """Return milliseconds of a step: the script, then with layout the median and 19 of 20.

    A step's time is the median of all turns, because a machine that others use as well makes any
    step slow now and then.
    """
    _ready(page, place)
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    turns = [page.evaluate(SLIDE) for _time in range(TIMES)]
    steps = list(zip(*turns, strict=True))
    scripts = [median(script for script, _whole in step) for step in steps]
    wholes = [median(whole for _script, whole in step) for step in steps]
    return {
        "script": median(scripts),
        "whole": median(wholes),
        "most": quantiles(wholes, n=20)[-1],
    }


if __name__ == "__main__":
    json.dump(_measure(), sys.stdout)
