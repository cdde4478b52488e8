"""One measure in one screen: what was decided, how it was rated, and the way to the next."""

import re

import pytest
from playwright.sync_api import Page, expect

from measures.models import Measure
from tests.deciding import decide, hold
from tests.rating import save_rating
from workshops.models import Ballot

NEW = "WLAN nur am Bahnhof."
LAPTOP, PHONE = {"width": 1366, "height": 768}, {"width": 360, "height": 740}


@pytest.fixture
def amended(at, workshop, measure, measure_two):
    """WLAN is first and amended, Bus second; two groups of five rated both."""
    texts = {"description": "WLAN auf allen Plätzen."}
    Measure.objects.filter(pk=measure.pk).update(**texts)
    for group in ("Rat", "Verwaltung"):
        row = workshop.groups.get(name=group)
        for step in (5, 5, 4, 4, 3):
            ballot = Ballot.objects.create(workshop=workshop, group=row, source="account")
            save_rating(ballot=ballot, measure=measure, relevance=step, feasibility=4)
            save_rating(ballot=ballot, measure=measure_two, relevance=2, feasibility=2)
    at("deliberating")
    votes = {"votes_for": 8, "votes_against": 1, "votes_abstained": 2}
    return decide(
        hold(workshop, measure, seats=11), measure, outcome="amended", wording=NEW, **votes
    )


@pytest.fixture
def council(page, enter, committee_member) -> Page:
    page.set_viewport_size(LAPTOP)
    return enter(page, committee_member)


def unfold_all(page: Page) -> None:
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")


def is_in_sight(page: Page, selector: str) -> bool:
    """Say whether all of an element is seen without scrolling."""
    box = page.locator(selector).bounding_box()
    return box["y"] + box["height"] <= page.viewport_size["height"]


def test_a_laptop_shows_the_decision_the_result_and_the_groups_without_scrolling(
    council, amended, measure, axe
):
    council.goto(measure.get_absolute_url())
    expect(council.get_by_text(NEW)).to_be_visible()
    expect(council.get_by_text("WLAN auf allen Plätzen.")).to_be_hidden()
    assert [is_in_sight(council, each) for each in (".measure", ".multiples")] == [True, True]
    assert axe(council) == []
    council.get_by_text("Vorschlag der Werkstatt").click()
    expect(council.get_by_text("WLAN auf allen Plätzen.")).to_be_visible()
    unfold_all(council)
    assert axe(council) == []


def test_from_the_ranking_one_walks_from_rank_to_rank(
    council, amended, workshop, measure, measure_two, axe
):
    council.goto(f"{measure.get_absolute_url()}?from=ranking")
    council.get_by_role("link", name="Weiter: Rang 2 Bus").click()
    council.wait_for_url(f"**{measure_two.get_absolute_url()}?from=ranking")
    expect(council.locator("main")).to_contain_text("noch nicht beschlossen")
    assert axe(council) == []
    council.get_by_role("link", name="Zurück: Rang 1 WLAN").click()
    council.wait_for_url(f"**{measure.get_absolute_url()}?from=ranking")
    council.get_by_role("link", name=re.compile("1 von 2.*Rangliste")).click()
    council.wait_for_url(f"**/workshops/{workshop.pk}/dashboard/**")


def test_a_phone_needs_no_sideways_scrolling_and_tells_the_groups(
    page, enter, participant, amended, measure, axe
):
    page.set_viewport_size(PHONE)
    room = enter(page, participant)
    room.goto(measure.get_absolute_url())
    is_wider = "document.documentElement.scrollWidth > innerWidth"
    assert room.evaluate(is_wider) is False
    expect(room.locator(".multiples__name").first).to_have_text("Alle (10)")
    assert axe(room) == []
    unfold_all(room)
    assert (room.evaluate(is_wider), axe(room)) == (False, [])


def test_what_somebody_has_begun_to_write_is_not_left_folded_away(council, amended, measure):
    council.goto(measure.get_absolute_url())
    council.get_by_text("Anmerkungen und Fragen").click()
    council.get_by_label("Text").fill("Wer zahlt das?")
    council.reload()
    expect(council.get_by_label("Text")).to_be_visible()
    expect(council.get_by_label("Text")).to_have_value("Wer zahlt das?")
