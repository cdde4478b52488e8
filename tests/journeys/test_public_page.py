"""The public page as anybody meets it: without script, by keyboard, on a phone, in a frame."""

import re
import uuid
from collections.abc import Iterator
from datetime import date
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from measures.models import Measure, Remark, Session, StatusEntry
from tests.deciding import decide
from tests.journeys.conftest import PATIENCE
from tests.rating import save_rating
from workshops.models import Workshop

LONG = "Donaudampfschifffahrtsgesellschaftskapitänspatentverwaltung"


@pytest.fixture
def public(workshop, field, goal, at, ballots, administrator) -> Workshop:
    """Return a published workshop with three measures that five people rated."""
    voters = ballots(5)
    for title, pair in (
        ("WLAN", (5, 4)), (LONG, (2, 2)), ("Bus", (3, 5)),
    ):  # fmt: skip
        measure = Measure.objects.create(workshop=workshop, field=field, goal=goal, title=title)
        for ballot in voters:
            save_rating(ballot, measure, relevance=pair[0], feasibility=pair[1])
    day, written = date(2026, 10, 12), {"measure": measure, "by": administrator}
    session = Session.objects.create(workshop=workshop, committee=LONG, date=day)
    decide(
        session, outcome="amended", wording=LONG, reason=LONG, responsible=LONG,
        at=timezone.now(), has_basis=False, **written,
    )  # fmt: skip
    StatusEntry.objects.create(
        state="running", sentence=LONG, date=day, client_id=uuid.uuid4(), **written
    )
    Remark.objects.create(text=LONG, is_released=True, client_id=uuid.uuid4(), **written)
    workshop.introduction, workshop.is_public = LONG, True
    workshop.save()
    return at("deliberating")


def address(name: str, workshop: Workshop) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk])


@pytest.mark.parametrize(("width", "theme"), [(320, "light"), (390, "dark"), (1280, "light")])
def test_without_script_the_page_is_complete_and_nothing_scrolls_sideways(
    public, new_page, axe, width, theme
):
    size = {"width": width, "height": 800}
    plain = new_page(viewport=size, color_scheme=theme, java_script_enabled=False)
    for name in ("public-page", "public-matrix"):
        plain.goto(address(name, public))
        expect(plain.locator(".matrix .mark")).to_have_count(3)
        expect(plain.locator(".public-table tbody tr")).to_have_count(3)
        assert plain.context.cookies() == []
    plain.goto(address("public-page", public))
    expect(plain.locator(".public-measure")).to_have_count(3)
    judged = new_page(viewport=size, color_scheme=theme)  # axe itself is a script
    for name in ("public-page", "public-matrix"):
        judged.goto(address(name, public))
        assert judged.evaluate("document.documentElement.scrollWidth") <= width
        assert axe(judged) == []


def test_a_mark_leads_to_its_measure_and_the_measure_is_marked(public, page):
    page.goto(address("public-page", public))
    mark = page.locator(".mark", has_text="1")
    mark.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#measure-1$"))
    measure = page.locator("#measure-1")
    expect(measure).to_be_in_viewport()
    assert measure.evaluate("each => getComputedStyle(each).outlineStyle") == "solid"


def test_from_the_end_of_every_part_the_way_back_to_the_contents_is_short(public, page):
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(address("public-page", public))
    parts = page.locator(".public > section").count()
    expect(page.locator(".public > section + .public-top")).to_have_count(parts)
    page.locator(".public-top a").last.click()
    expect(page.locator("h1")).to_be_in_viewport()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#decisions"


def test_by_keyboard_language_and_contents_are_reached_first(public, page):
    page.goto(address("public-page", public))
    reached = []
    for _each in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('href')"))
    here = address("public-page", public)
    assert reached == ["#content", "/", here, f"{here}?lang=en", "#decisions", "#progress"]
    page.goto(here)
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("link", name="English")).to_have_attribute("aria-current", "true")


def test_the_administration_looks_first_and_then_switches(
    public, administrator, new_page, enter, axe
):
    public.is_public = False
    public.save(update_fields=["is_public"])
    desk = enter(new_page(), administrator)
    reader = new_page()
    assert reader.goto(address("public-page", public)).status == 404
    desk.goto(address("public-preview", public))
    expect(desk.locator(".public-frame .public-measure")).to_have_count(3)
    assert axe(desk) == []
    desk.locator(".public-switch button").click()
    expect(desk.locator(".public-switch--on")).to_be_visible()
    assert axe(desk) == []
    assert reader.goto(address("public-page", public)).status == 200
    desk.locator(".public-switch button").click()
    expect(desk.locator(".public-switch--on")).to_have_count(0)
    assert reader.goto(address("public-page", public)).status == 404


@pytest.fixture(autouse=True)
def provoked(witness) -> None:
    witness.expect("status of 404")


# In the frame of another site --------------------------------------------------------------------


class _Newspaper(BaseHTTPRequestHandler):
    """Another origin, because its port is another one: a page with nothing but the frame."""

    def __init__(self, framed: str, *args):
        self.framed = framed
        super().__init__(*args)

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f'<iframe src="{self.framed}" width="900" height="700"></iframe>'.encode())

    def log_message(self, *args) -> None:
        """Say nothing."""


@pytest.fixture
def newspaper(browser, live_server, public) -> Iterator[Page]:
    """Return a reader's page on another origin that frames the matrix; not opened yet."""
    framed = live_server.url + address("public-matrix", public)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Newspaper, framed))
    Thread(target=server.serve_forever, daemon=True).start()
    context = browser.new_context(base_url=f"http://127.0.0.1:{server.server_port}")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()
    server.shutdown()
    server.server_close()


def test_another_site_frames_the_matrix_only_if_the_operator_named_it(
    public, newspaper, settings, live_server
):
    newspaper.goto("/")
    assert newspaper.frames[1].url == "chrome-error://chromewebdata/"
    settings.PUBLIC_FRAME_ANCESTORS = [newspaper.url.rstrip("/")]
    newspaper.goto("/")
    frame = newspaper.frames[1]
    expect(frame.locator(".mark")).to_have_count(3)
    frame.locator(".mark", has_text="1").click()
    expect(frame.locator("#measure-1")).to_be_in_viewport()
    assert frame.url.endswith("#measure-1")
    frame.locator("main a[target=_top]").click()
    newspaper.wait_for_url(live_server.url + address("public-page", public))
    assert newspaper.context.cookies() == []


def test_no_site_frames_the_whole_page_even_if_it_is_named(
    public, newspaper, settings, live_server
):
    settings.PUBLIC_FRAME_ANCESTORS = ["*"]
    newspaper.goto("/")
    expect(newspaper.frames[1].locator(".mark")).to_have_count(3)
    whole = live_server.url + address("public-page", public)
    with newspaper.expect_event("framenavigated"):
        newspaper.evaluate("(url) => { document.querySelector('iframe').src = url }", whole)
    assert newspaper.frames[1].url == "chrome-error://chromewebdata/"
