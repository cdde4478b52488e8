"""Phones go along with the day by themselves, and no answer that somebody has in hand is lost."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from measures.models import Rating
from measures.rating import rounds
from tests.people import open_door
from workshops.models import Workshop
from workshops.phases import Phase

PHONE = {"viewport": {"width": 375, "height": 700}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def move(workshop, facilitator):
    """Return what moves the workshop to a phase as the facilitator's button does."""

    def moving(phase: Phase) -> None:
        fresh = Workshop.objects.get(pk=workshop.pk)
        rounds.move_phase(fresh, phase, by=facilitator)

    return moving


@pytest.fixture
def phone(new_page, enter, participant, workshop, measure, measure_two, move) -> Page:
    """The participant's phone, with the ballot taken and the first measure open."""
    move(Phase.RATING)
    page = enter(new_page(**PHONE), participant)
    page.goto(f"/workshops/{workshop.pk}/rate/")
    page.locator("main form button").tap()
    expect(page.locator("[data-rate]")).to_be_visible()
    page.evaluate("localStorage.setItem('phone:auto', 'off')")
    return page


def choice(page: Page, criterion: str, value) -> object:
    return page.locator(f"input[name={criterion}][value='{value}']")


def test_the_phone_is_told_when_rating_ends_and_goes_on_when_it_is_opened_again(phone, move, axe):
    move(Phase.DELIBERATING)
    expect(phone.locator("[data-rate]")).to_have_count(0)
    expect(phone.locator("h1")).to_have_text("Die Bewertung ist gerade geschlossen")
    assert axe(phone) == []
    move(Phase.RATING)
    expect(phone.locator("[data-rate]")).to_have_count(1)


def test_who_waits_while_others_collect_sees_the_first_measure_come(
    new_page, workshop, measure, move, axe
):
    move(Phase.COLLECTING)
    page = new_page(**PHONE)
    page.goto(reverse("measures:join", args=[open_door(workshop)]))
    page.locator("main form button").first.tap()
    expect(page.locator("h1")).to_have_text("Sie sind dabei.")
    assert axe(page) == []
    move(Phase.RATING)
    expect(page.locator("h1")).to_have_text("WLAN")


def test_half_an_answer_stays_in_hand_while_the_day_goes_on(phone, move, axe):
    choice(phone, "relevance", 4).check()
    move(Phase.DELIBERATING)
    note = phone.locator("[data-moment] .notice")
    expect(note).to_be_visible()
    assert axe(phone) == []
    before = phone.locator("[data-moment]").get_attribute("data-drawn")
    move(Phase.RATING)
    expect(phone.locator("[data-moment]")).not_to_have_attribute("data-drawn", before)
    expect(note).to_have_count(0)
    expect(choice(phone, "relevance", 4)).to_be_checked()
    choice(phone, "feasibility", 2).check()
    expect(phone.locator("[data-mark]")).to_have_text("✓ gespeichert")
    assert list(Rating.objects.values_list("relevance", "feasibility")) == [(4, 2)]


def test_who_waits_on_the_page_of_the_day_sees_it_begin(
    new_page, enter, participant, workshop, measure, move
):
    page = enter(new_page(**PHONE), participant)
    page.goto(f"/workshops/{workshop.pk}/")
    way = page.locator(f"main a[href='/workshops/{workshop.pk}/rate/']")
    expect(way).to_have_count(0)
    move(Phase.RATING)
    expect(way).not_to_have_count(0)


def test_a_measure_that_is_saved_leads_on_without_sending_it_again(phone):
    sent = []
    phone.on("request", lambda request: sent.append(request.method))
    choice(phone, "relevance", 4).check()
    choice(phone, "feasibility", 2).check()
    expect(phone.locator("[data-mark]")).to_have_text("✓ gespeichert")
    here = phone.url
    phone.locator("[data-go]").tap()
    expect(phone).not_to_have_url(here)
    assert sent.count("POST") == 1
