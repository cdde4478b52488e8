"""Phones go along with the day by themselves, and no answer that somebody has in hand is lost."""

import pytest
from playwright.sync_api import Page, expect

from measures.models import Rating
from measures.rating import rounds
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
    expect(choice(page, "relevance", 1)).to_be_focused()
    return page


def choice(page: Page, criterion: str, value) -> object:
    return page.locator(f"input[name={criterion}][value='{value}']")


def test_the_phone_is_told_when_rating_ends_and_goes_on_when_it_is_opened_again(
    phone, move, axe, witness
):
    witness.expect("status of 403")
    move(Phase.DELIBERATING)
    expect(phone.locator("main [data-rate]")).to_have_count(0)
    expect(phone.locator("h1")).to_have_text("Die Bewertung ist gerade geschlossen")
    assert axe(phone) == []
    move(Phase.RATING)
    expect(phone.locator("main [data-rate]")).to_have_count(1)


def test_a_choice_that_is_not_saved_stays_in_hand_with_a_note_and_saved_it_lets_the_page_go(
    phone, move, axe
):
    choice(phone, "relevance", 4).check()
    move(Phase.DELIBERATING)
    move(Phase.RATING)
    note = phone.locator("[data-moment] a")
    expect(note).to_be_visible()
    assert axe(phone) == []
    expect(choice(phone, "relevance", 4)).to_be_checked()
    before = phone.locator("[data-moment]").get_attribute("data-drawn")
    choice(phone, "feasibility", 2).check()
    expect(phone.locator("[data-moment]")).not_to_have_attribute("data-drawn", before)
    expect(choice(phone, "relevance", 4)).to_be_checked()
    assert list(Rating.objects.values_list("relevance", "feasibility")) == [(4, 2)]
    expect(note).to_have_count(0)


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
    expect(phone.locator("[data-state]")).to_have_text("Gespeichert")
    here = phone.url
    phone.locator("[data-bar] button").tap()
    expect(phone).not_to_have_url(here)
    assert sent.count("POST") == 1
