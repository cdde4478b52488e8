"""Hands are faster than scripts: what people do before these listen counts all the same.

Every page here is used while all of its scripts that do not hold it up are still on their way.
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from fields.models import Goal
from measures.models import Measure, Session
from tests.deciding import hold
from tests.journeys.test_dashboard import ranking
from tests.journeys.test_matrix import POINTED, card, mark
from tests.journeys.test_rating import PHONE, choice, is_saved, pairs, shown, tap
from tests.journeys.test_typing import Board, stored
from workshops.models import Workshop

LATE = re.compile(r'<script\b(?=[^>]*(?: defer| type="module"))[^>]* src="([^"]+)"')


@pytest.fixture
def open_early() -> Callable[[Page, str], Callable[[], None]]:
    """Return a function that opens a page without its late scripts.

    It returns another one, which lets them come.
    """

    def open_page(page: Page, path: str) -> Callable[[], None]:
        late, held, may_come = set(), [], []

        def look(route: Route) -> None:
            answer = route.fetch()
            late.update(LATE.findall(answer.text()))
            route.fulfill(response=answer)

        page.route(lambda url: urlsplit(url).path == path, look)
        page.route(
            lambda url: urlsplit(url).path in late,
            lambda route: route.continue_() if may_come else held.append(route),
        )
        page.goto(path, wait_until="commit")
        expect(page.locator("footer")).to_be_visible()

        def come() -> None:
            page.wait_for_function("() => document.readyState === 'interactive'")
            may_come.append(True)
            for route in held:
                route.continue_()

        return come

    return open_page


# The results -----------------------------------------------------------------------------------


@pytest.fixture
def dashboard(new_page, enter, rated, committee_member, open_early) -> tuple[Page, Callable]:
    page = enter(new_page(reduced_motion="reduce"), committee_member)
    return page, open_early(page, f"/workshops/{rated.pk}/dashboard/")


def test_a_mouse_that_waits_on_a_mark_gets_its_card(dashboard):
    page, come = dashboard
    mark(page, "Mitte").hover()
    come()
    expect(card(page).locator("a")).to_have_text("M2 Mitte")
    row = page.locator(f"#ranks [data-measure='{Measure.objects.get(title='Mitte').pk}']")
    expect(row).to_have_class(POINTED)
    page.mouse.move(2, 2)
    expect(card(page)).to_be_hidden()
    expect(row).not_to_have_class(POINTED)


def test_a_mouse_that_waits_on_a_row_points_at_its_mark(dashboard):
    page, come = dashboard
    page.locator(f"#ranks [data-measure='{Measure.objects.get(title='Kleinkram').pk}']").hover()
    come()
    expect(mark(page, "Kleinkram")).to_have_class(POINTED)
    expect(card(page)).to_be_hidden()


def test_a_focus_that_waits_on_a_mark_gets_card_and_neighbours(dashboard):
    page, come = dashboard
    page.locator("#matrix-title").evaluate("(title) => title.setAttribute('tabindex', '-1')")
    page.locator("#matrix-title").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(mark(page, "Leuchtturm")).to_be_focused()
    come()
    expect(card(page).locator("a")).to_have_text("M1 Leuchtturm")
    around = mark(page, "Leuchtturm").get_attribute("aria-describedby")
    assert re.findall(r"M\d", page.locator(f"#{around}").text_content()) == ["M2", "M4"]
    expect(page.locator("a.mark[tabindex='0']")).to_have_count(1)
    expect(mark(page, "Leuchtturm")).to_have_attribute("tabindex", "0")


def test_a_filter_that_is_chosen_early_filters(dashboard):
    page, come = dashboard
    page.locator(".dash__filters summary").click()
    page.locator("#id_horizon").select_option("long")
    come()
    ranking(page, "Mitte", "Kleinkram", "Ladenhüter")
    expect(page).to_have_url(re.compile("horizon=long"))


def test_a_slider_that_is_moved_early_ranks(dashboard):
    page, come = dashboard
    page.locator("#id_weight").focus()
    page.keyboard.press("End")
    come()
    ranking(page, "Leuchtturm", "Mitte", "Ladenhüter", "Kleinkram")
    expect(page.locator("output[for=id_weight]")).to_have_text("100 %")
    expect(page).to_have_url(re.compile("weight=100"))


# The frame -------------------------------------------------------------------------------------


def test_the_menu_on_a_phone_opens_at_the_first_tap(new_page, enter, facilitator, open_early):
    page = enter(new_page(viewport={"width": 320, "height": 640}, has_touch=True), facilitator)
    come = open_early(page, "/")
    page.locator("[data-menu-button]").tap()
    come()
    expect(page.locator(".site-nav")).to_be_visible()
    page.wait_for_load_state()
    expect(page.locator(".site-nav")).to_be_visible()


# The board -------------------------------------------------------------------------------------


@pytest.fixture
def board(page, enter, at, facilitator, field, goal, open_early) -> tuple[Board, Callable]:
    for order, title in enumerate(("Bus", "Bahn"), start=1):
        Measure.objects.create(
            workshop=field.workshop, field=field, goal=goal, title=title, order=order
        )
    at("collecting")
    early = open_early(enter(page, facilitator), field.get_absolute_url())
    page.evaluate("window.isStillHere = true")
    return Board(page, field, goal), early


def is_still_here(page: Page) -> bool:
    """Say whether the page is the one that was opened: a new one would cost what is being typed."""
    return page.evaluate("window.isStillHere === true")


def test_lines_typed_early_are_taken_one_by_one(board, field):
    board, come = board
    board.type("Rad", "Roller")
    expect(board.title).to_be_focused()
    board.page.keyboard.type("Halb ge")
    come()
    board.shows("Bus", "Bahn", "Rad", "Roller")
    expect(board.title).to_have_value("Halb ge")
    assert is_still_here(board.page)
    assert stored(field) == ["Bus", "Bahn", "Rad", "Roller"]
    rad = Measure.objects.get(title="Rad").number
    board.page.locator(f"#up-{rad}").click()  # stored lines can be worked with like all others
    board.shows("Bus", "Rad", "Bahn", "Roller")
    assert is_still_here(board.page)


def test_goals_typed_early_are_taken_one_by_one(board, field):
    board, come = board
    page = board.page
    page.locator("#new-goal").focus()
    for goal in ("Jugend gestaltet mit", "Alle sind online"):
        page.keyboard.type(goal)
        page.keyboard.press("Enter")
    page.keyboard.type("Halb ge")
    come()
    expect(page.locator("section.goal h2")).to_contain_text(
        ["Netz", "Jugend gestaltet mit", "Alle sind online"]
    )
    expect(page.locator("#new-goal")).to_have_value("Halb ge")
    assert is_still_here(page)
    goals = Goal.objects.filter(field=field).values_list("text", flat=True)
    assert list(goals)[1:] == ["Jugend gestaltet mit", "Alle sind online"]


@pytest.mark.parametrize("button", ["#up-{}", "#edit-{}"])
def test_a_button_pressed_early_does_not_cost_what_was_typed(board, button):
    board, come = board
    board.title.focus()
    board.page.keyboard.type("Halb ge")
    bahn = Measure.objects.get(title="Bahn").number
    board.page.locator(button.format(bahn)).press("Enter")
    come()
    if "up" in button:
        board.shows("Bahn", "Bus")
    else:
        expect(board.page.locator(".row--editing #id_title")).to_be_focused()
    expect(board.title).to_have_value("Halb ge")
    assert is_still_here(board.page)


# Rating ----------------------------------------------------------------------------------------


@pytest.fixture
def to_rate(at, measure, measure_two) -> Workshop:
    return at("rating")


@pytest.fixture
def rate(enter, participant, to_rate, open_early) -> Callable[[Page], Callable]:
    """Return a function that takes a ballot and opens the first measure early."""

    def open_first(page: Page) -> Callable[[], None]:
        enter(page, participant).goto(f"/workshops/{to_rate.pk}/rate/")
        page.locator("main form button").click()
        page.wait_for_url("**/rate/*/")
        return open_early(page, urlsplit(page.url).path)

    return open_first


def test_a_pair_tapped_early_is_saved_by_itself(new_page, rate):
    page = new_page(**PHONE)
    come = rate(page)
    for criterion, value in (("relevance", 5), ("feasibility", 2)):
        tap(page, criterion, value)
    come()
    is_saved(page)
    assert pairs() == {shown(page).title: (5, 2)}


def test_who_has_begun_elsewhere_keeps_the_focus(page, rate):
    come = rate(page)
    choice(page, "feasibility", 3).check()
    choice(page, "feasibility", 3).focus()
    come()
    page.wait_for_load_state()
    expect(choice(page, "feasibility", 3)).to_be_focused()
    page.keyboard.press("1")
    expect(choice(page, "feasibility", 1)).to_be_checked()
    expect(choice(page, "relevance", 1)).not_to_be_checked()


# On the projector ------------------------------------------------------------------------------


def test_an_arrow_key_pressed_early_leads_to_the_next_point(
    page, enter, rated, committee_member, open_early
):
    session: Session = hold(rated, *Measure.objects.order_by("number"))
    come = open_early(enter(page, committee_member), f"{session.get_absolute_url()}measures/1/")
    page.keyboard.press("ArrowRight")
    come()
    expect(page.locator("h1")).to_have_text("M2 Mitte")


# Messages --------------------------------------------------------------------------------------


def test_a_message_that_comes_with_the_page_stays_until_it_is_dismissed(
    page, enter, at, facilitator, workshop, open_early
):
    at("preparing")
    enter(page, facilitator).clock.install()
    client, name = Client(), settings.SESSION_COOKIE_NAME
    [client.cookies[name]] = [
        each["value"] for each in page.context.cookies() if each["name"] == name
    ]
    moved = {"from": "preparing", "to": "collecting"}
    client.post(reverse("measures:phase-move", args=[workshop.pk]), moved)
    come = open_early(page, f"/workshops/{workshop.pk}/")
    toast = page.locator(".toast--success")
    come()
    expect(toast.locator("[data-dismiss]")).to_be_visible()
    page.clock.run_for(60_000)
    expect(toast).to_be_visible()
    toast.locator("[data-dismiss]").click()
    expect(toast).to_have_count(0)
