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


def own(workshop: Workshop, number: int) -> str:
    return reverse("measures:public-measure", args=[workshop.pk, number])


@pytest.mark.parametrize(("width", "theme"), [(320, "light"), (390, "dark"), (1280, "light")])
def test_without_script_the_page_is_complete_and_nothing_scrolls_sideways(
    public, new_page, axe, width, theme
):
    size = {"width": width, "height": 800}
    plain = new_page(viewport=size, color_scheme=theme, java_script_enabled=False)
    plain.goto(address("public-page", public))
    expect(plain.locator(".public-card")).to_have_count(3)
    plain.locator("#measure-2 > summary").click()
    expect(plain.locator("#measure-2 .public-card__facts").first).to_be_visible()
    plain.locator("[type=search]").fill("bus")
    plain.keyboard.press("Enter")
    expect(plain.locator(".public-card")).to_have_count(1)
    assert plain.url.endswith("?q=bus&outcome=#found")
    plain.locator("[data-matrix-part] a").click()
    expect(plain.locator(".matrix .mark:visible")).to_have_count(3)
    assert plain.context.cookies() == []
    judged = new_page(viewport=size, color_scheme=theme)  # axe itself is a script
    for url in (address("public-page", public), address("public-matrix", public), own(public, 2)):
        judged.goto(url)
        for folded in judged.locator("main summary:visible").all():
            folded.click()
        assert judged.evaluate("document.documentElement.scrollWidth") <= width
        assert axe(judged) == []


def test_the_list_comes_while_somebody_types_and_stands_in_the_address(public, page, axe):
    page.goto(address("public-page", public))
    cards, said = page.locator(".public-card"), page.locator("#list > [role=status]")
    page.locator("[type=search]").press_sequentially("BÜS")
    expect(cards).to_have_count(1)
    expect(said).to_have_text("1 Maßnahme gefunden")
    expect(page).to_have_url(re.compile(r"\?q=B%C3%9CS$"))
    assert axe(page) == []
    page.locator("[name=outcome]").select_option("open")
    expect(cards).to_have_count(0)
    page.get_by_role("link", name="Alle Maßnahmen zeigen").click()
    expect(cards).to_have_count(3)
    expect(page.locator("[type=search]")).to_have_value("")
    expect(page.locator("#measure-3 > summary")).to_be_focused()  # the first of the list
    assert page.evaluate("location.search") == ""


def test_what_is_found_on_a_phone_is_seen_below_a_short_head(public, field, new_page, axe):
    for number in range(25):
        Measure.objects.create(workshop=public, field=field, title=f"Mehr {number}")
    for has_script in (True, False):
        phone = new_page(viewport={"width": 360, "height": 740}, java_script_enabled=has_script)
        phone.goto(address("public-page", public))
        expect(phone.locator(".public-counts")).to_have_count(1)
        phone.locator("[type=search]").fill("mehr")
        phone.keyboard.press("Enter")
        expect(phone.locator(".public-counts")).to_have_count(0)
        expect(phone.locator("#found")).to_have_text("25 Maßnahmen gefunden")
        expect(phone.locator("#found")).to_be_focused()
        expect(phone.locator(".public-card").nth(5)).to_be_in_viewport(ratio=1)
    judged = new_page(viewport={"width": 360, "height": 740})
    judged.goto(f"{address('public-page', public)}?q=mehr")
    assert axe(judged) == []
    judged.get_by_role("link", name="Alle Maßnahmen zeigen").click()
    expect(judged.locator(".public-counts")).to_have_count(1)


def test_paper_gets_all_measures_by_one_link(public, field, page, new_page):
    for number in range(25):
        Measure.objects.create(workshop=public, field=field, title=f"Mehr {number}")
    page.add_init_script("window.print = () => { window.printed = true; }")
    page.goto(address("public-page", public))
    page.get_by_role("link", name="Alle 28 Maßnahmen drucken").click()
    page.wait_for_function("() => window.printed")
    expect(page.locator(".public-card")).to_have_count(28)
    plain = new_page(java_script_enabled=False)
    plain.goto(address("public-page", public))
    plain.get_by_role("link", name="Alle 28 Maßnahmen drucken").click()
    expect(plain.locator(".public-card")).to_have_count(28)
    expect(plain.get_by_role("link", name="Alle 28 Maßnahmen drucken")).to_have_count(0)


def test_more_measures_come_in_their_place_and_the_focus_with_them(public, field, page):
    for number in range(25):
        Measure.objects.create(workshop=public, field=field, title=f"Mehr {number}")
    page.goto(address("public-page", public))
    cards = page.locator(".public-card")
    expect(cards).to_have_count(20)
    page.get_by_role("link", name="8 weitere Maßnahmen").click()
    expect(cards).to_have_count(28)
    expect(cards.nth(20).locator("summary")).to_be_focused()
    page.goto("about:blank")
    page.goto(f"{address('public-page', public)}#measure-28")
    expect(page.locator("#measure-28 > .public-card__body")).to_be_in_viewport()


def test_the_matrix_comes_when_it_is_reached_whole_on_a_phone_and_leads_to_its_measures(
    public, new_page, axe
):
    phone = new_page(viewport={"width": 390, "height": 500})
    phone.goto(address("public-page", public))
    expect(phone.locator("#list")).to_be_visible()
    expect(phone.locator(".matrix")).to_have_count(0)
    phone.locator("#matrix").scroll_into_view_if_needed()
    picture = phone.locator(".matrix:visible")
    expect(picture.locator(".mark:visible")).to_have_count(3)
    box = picture.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert axe(phone) == []
    phone.locator(".mark:visible").first.focus()
    phone.keyboard.press("Enter")
    expect(phone).to_have_url(re.compile(r"/measures/1/$"))


def test_an_address_is_shared_by_the_phone_or_copied(public, new_page, live_server):
    desk = new_page()
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.add_init_script("delete Navigator.prototype.share")
    desk.goto(own(public, 1))
    desk.get_by_role("button", name="Adresse kopieren").click()
    expect(desk.get_by_text("Die Adresse ist kopiert.")).to_be_visible()
    copied = desk.evaluate("navigator.clipboard.readText()")
    assert copied == live_server.url + own(public, 1)
    phone = new_page()
    phone.add_init_script("Navigator.prototype.share = async (what) => { window.shared = what; }")
    phone.goto(own(public, 1))
    phone.get_by_role("button", name="Teilen").click()
    phone.wait_for_function("window.shared")
    assert phone.evaluate("window.shared") == {
        "title": "M1 WLAN", "url": live_server.url + own(public, 1),
    }  # fmt: skip


def test_by_keyboard_language_search_and_list_are_reached_in_this_order(public, page):
    here = address("public-page", public)
    page.goto(here)
    reached = []
    for _each in range(4):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('href')"))
    assert reached == ["#content", "/", here, f"{here}?lang=en"]
    page.locator("[name=outcome]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".public-card").first).to_have_attribute("open", "")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("link", name="English")).to_have_attribute("aria-current", "true")


def test_paper_shows_what_is_folded(public, page):
    page.goto(address("public-page", public))
    body = page.locator("#measure-1 .public-card__facts").first
    assert page.evaluate("document.querySelector('#measure-1').open") is False
    page.emulate_media(media="print")
    assert body.bounding_box()["height"] > 0
    expect(page.locator(".public-find")).to_be_hidden()


def test_the_administration_looks_first_and_then_switches(
    public, administrator, new_page, enter, axe
):
    public.is_public = False
    public.save(update_fields=["is_public"])
    desk = enter(new_page(), administrator)
    reader = new_page()
    assert reader.goto(address("public-page", public)).status == 404
    desk.goto(address("public-preview", public))
    expect(desk.locator(".public-frame .public-card")).to_have_count(3)
    assert axe(desk) == []
    desk.locator(".public-switch button").click()
    expect(desk.locator(".public-switch--on")).to_be_visible()
    assert axe(desk) == []
    assert reader.goto(address("public-page", public)).status == 200
    desk.locator(".public-switch button").click()
    expect(desk.locator(".public-switch--on")).to_have_count(0)
    assert reader.goto(address("public-page", public)).status == 404


def test_the_code_for_another_site_is_there_once_the_site_is_saved(
    public, administrator, new_page, enter, live_server, axe
):
    desk = enter(new_page(), administrator)
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.goto(address("public-preview", public))
    desk.locator("#frame > summary").click()
    desk.locator("[name=frame_hosts]").fill("https://www.example.org")
    desk.get_by_role("button", name="Websites speichern").click()
    expect(desk.locator("#iframe")).to_be_in_viewport()
    assert axe(desk) == []
    desk.get_by_role("button", name="Code kopieren").click()
    expect(desk.get_by_text("Der Code ist kopiert.")).to_be_visible()
    framed = live_server.url + address("public-matrix", public)
    assert desk.evaluate("navigator.clipboard.readText()") == (
        f'<iframe src="{framed}" title="Prioritätenmatrix" width="100%" height="900"'
        ' loading="lazy"></iframe>'
    )


def test_a_citizen_finds_the_workshop_and_what_is_new_on_a_phone(public, new_page, axe):
    phone = new_page(viewport={"width": 360, "height": 740})
    phone.goto("/")
    expect(phone.get_by_role("link", name="Anmelden")).to_be_in_viewport(ratio=1)
    assert axe(phone) == []
    found = phone.get_by_role("link", name=public.title)
    assert found.bounding_box()["y"] < 370
    found.click()
    expect(phone.locator("h1")).to_have_text(public.title)
    phone.get_by_role("link", name="Neues").click()
    expect(phone.locator("h1")).to_have_text("Neues")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe(phone) == []
    phone.locator(".public-news a").first.click()
    expect(phone).to_have_url(re.compile(r"/measures/3/$"))


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
    expect(frame.locator(".mark:visible")).to_have_count(3)
    frame.locator(".mark:visible", has_text="1").click()
    newspaper.wait_for_url(live_server.url + own(public, 1))
    assert newspaper.context.cookies() == []


def test_no_site_frames_the_whole_page_even_if_it_is_named(
    public, newspaper, settings, live_server
):
    settings.PUBLIC_FRAME_ANCESTORS = ["*"]
    newspaper.goto("/")
    expect(newspaper.frames[1].locator(".mark:visible")).to_have_count(3)
    whole = live_server.url + address("public-page", public)
    with newspaper.expect_event("framenavigated"):
        newspaper.evaluate("(url) => { document.querySelector('iframe').src = url }", whole)
    assert newspaper.frames[1].url == "chrome-error://chromewebdata/"
