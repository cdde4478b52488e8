"""A "?" beside the heading or in the bar opens the section that explains the page."""

import re

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def desk(page, enter, facilitator) -> Page:
    return enter(page, facilitator)


def seen_at_the_top(page: Page, section: str) -> None:
    expect(page).to_have_url(re.compile(f"/help/facilitator/{section}$"))
    expect(page.locator(section)).to_be_in_viewport()
    top = "(section) => document.querySelector(section).getBoundingClientRect().top"
    page.wait_for_function(f"(section) => ({top})(section) < 200", arg=section)


def test_the_question_mark_beside_a_heading_opens_its_section(desk, workshop):
    desk.goto(f"/workshops/{workshop.pk}/people/")
    desk.get_by_role("link", name="Hilfe: Personen und Rollen").click()
    seen_at_the_top(desk, "#people")
    expect(desk.get_by_role("heading", name="Personen und Rollen")).to_be_visible()


def test_where_the_heading_is_not_seen_it_stands_in_the_bar_on_a_phone_too(desk, workshop):
    desk.goto(f"/workshops/{workshop.pk}/")
    mark = desk.get_by_role("link", name="Hilfe: Durch den Tag führen")
    for width in (1024 - 15, 320):  # a scroll bar takes its own
        desk.set_viewport_size({"width": width, "height": 700})
        assert desk.locator(".topbar__row").bounding_box()["height"] <= 52
        assert desk.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    expect(mark).to_be_in_viewport()
    assert min(mark.bounding_box()["width"], mark.bounding_box()["height"]) >= 24
    mark.press("Enter")
    seen_at_the_top(desk, "#day")


def test_on_paper_a_guide_has_its_pictures_and_no_contents(desk):
    desk.goto("/help/facilitator/")
    desk.emulate_media(media="print")
    expect(desk.locator(".guide__contents")).to_be_hidden()
    pictures = desk.locator(".guide__picture")
    assert pictures.count() == 5
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("(one) => one.naturalWidth > 0 && one.clientHeight <= 345")
