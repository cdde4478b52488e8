"""“Back” shows a page as the browser kept it: as it was left, but for what has changed since."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import chromium
from tests.journeys.test_matrix import card, mark
from tests.journeys.test_rating import choice, is_saved, pairs


@pytest.fixture(scope="module")
def browser(launch: Callable[..., Browser]) -> Iterator[Browser]:
    """A whole Chromium that keeps pages as everybody's does; Playwright's does not."""
    browser = launch(
        executable_path=chromium.find(), ignore_default_args=["--disable-back-forward-cache"]
    )
    yield browser
    browser.close()


def leave(page: Page, act: Callable[[], None]) -> None:
    """Go to another page in the way that `act` says."""
    page.evaluate("window.isKept = true")
    with page.expect_navigation():
        act()


def back(page: Page) -> None:
    """Go back, and be sure that the page was kept and not drawn anew."""
    page.evaluate("history.back()")
    page.wait_for_function("() => window.isKept === true")


def test_a_card_closes_when_the_mouse_has_left_its_mark_meanwhile(
    page, enter, rated, committee_member
):
    enter(page, committee_member).goto(f"/workshops/{rated.pk}/dashboard/")
    mark(page, "Mitte").hover()
    expect(card(page)).to_be_visible()
    leave(page, lambda: page.evaluate("location.assign('/')"))
    page.mouse.move(2, 2)
    back(page)
    expect(card(page)).to_be_hidden()
    expect(page.locator(".is-pointed")).to_have_count(0)
    mark(page, "Kleinkram").hover()
    expect(card(page).locator("a")).to_have_text("M3 Kleinkram")


def test_keys_choose_for_the_measure_before(page, enter, at, participant, measure, measure_two):
    enter(page, participant).goto(f"/workshops/{at('rating').pk}/rate/")
    page.locator("main form button").click()
    choice(page, "relevance", 1).focus()
    for key in ("4", "2"):
        page.keyboard.press(key)
    is_saved(page)
    leave(page, lambda: page.keyboard.press("Enter"))
    back(page)
    choice(page, "feasibility", 2).focus()
    page.keyboard.press("5")
    expect(choice(page, "feasibility", 5)).to_be_checked()
    is_saved(page)
    assert list(pairs().values()) == [(4, 5)]
