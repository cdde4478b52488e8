"""A facilitator types in sheets of paper: by keyboard alone, also without a network."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from measures.models import Measure, Rating
from workshops.models import Ballot

OPINIONS = ["11", "22", "33", "44", "55", "0k", "12", "45", "", "53"]


@pytest.fixture
def rating(at, field, measure):
    for n in range(2, 11):
        Measure.objects.create(
            workshop=measure.workshop, field=field, goal=measure.goal, title=f"Idee {n}", order=n
        )
    return at("rating")


@pytest.fixture
def desk(new_page: Callable[..., Page], enter, facilitator, rating) -> Page:
    page = enter(new_page(viewport={"width": 1366, "height": 768}), facilitator)
    page.goto(f"/workshops/{rating.pk}/entry/sheets/")
    expect(page.locator("[name=group]")).to_be_focused()
    return page


def cell(page: Page, number: int):
    return page.locator(f"[name=m{number}]")


def type_sheet(page: Page, opinions: list[str]) -> None:
    """Press the keys of one sheet, from its first field on."""
    for answers in opinions:
        page.keyboard.type(answers)
        page.keyboard.press("Enter")


def listed(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in page.locator("[data-sheets] li").all_inner_texts()]


def stored() -> list[list[tuple]]:
    """Return the sheets as lists of (measure, relevance, feasibility)."""
    rows = Rating.objects.order_by("measure__number")
    return sorted(
        list(rows.filter(ballot=each).values_list("measure__number", "relevance", "feasibility"))
        for each in Ballot.objects.all()
    )


FIRST = [
    (1, 1, 1), (2, 2, 2), (3, 3, 3), (4, 4, 4), (5, 5, 5), (6, None, None), (7, 1, 2), (8, 4, 5),
    (10, 5, 3),
]  # fmt: skip


def test_two_sheets_of_ten_measures_by_keyboard_alone(desk, axe):
    """The group, then two digits a measure and Enter: after the last one the next sheet begins."""
    desk.keyboard.press("R")  # the first letter of the group
    desk.keyboard.press("Enter")
    expect(cell(desk, 1)).to_be_focused()
    type_sheet(desk, OPINIONS)
    expect(desk.locator("[data-state]")).to_have_text("Bogen 1 ist gespeichert.")
    expect(desk.locator("h1")).to_have_text("Bögen eingeben: Bogen 2")
    assert listed(desk) == ["Bogen 1 Rat, 9 Maßnahmen"]
    expect(cell(desk, 1)).to_be_focused()
    type_sheet(desk, ["51"])
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("[data-state]")).to_have_text("Bogen 2 ist gespeichert.")
    assert listed(desk) == ["Bogen 2 Rat, 1 Maßnahme", "Bogen 1 Rat, 9 Maßnahmen"]
    assert stored() == [FIRST, [(1, 5, 1)]]
    assert set(Ballot.objects.values_list("source", "group__name")) == {("paper", "Rat")}
    assert axe(desk) == []


def test_what_is_wrong_is_refused_at_once_and_keys_lead_back(desk):
    desk.locator("[name=group]").select_option("none")
    desk.keyboard.press("Control+Enter")
    said = desk.locator("[data-said]")
    expect(said).to_have_text("Noch ist nichts eingegeben.")
    cell(desk, 1).focus()
    desk.keyboard.type("46")
    expect(said).to_have_text("Jede Antwort ist 1 bis 5 oder 0.")
    expect(cell(desk, 1)).to_have_value("4")
    desk.keyboard.press("Enter")
    expect(said).to_have_text(
        "Hier gehören zwei Antworten hin oder keine: erst Relevanz, dann Realisierbarkeit."
    )
    expect(cell(desk, 1)).to_have_attribute("aria-invalid", "true")
    desk.keyboard.type("K3")
    expect(said).to_have_text("Hier stehen schon zwei Antworten. Mit Enter geht es weiter.")
    expect(cell(desk, 1)).to_have_value("4k")
    desk.keyboard.press("Enter")
    expect(cell(desk, 2)).to_be_focused()
    expect(said).to_be_hidden()
    desk.keyboard.press("Backspace")
    expect(cell(desk, 1)).to_be_focused()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    expect(cell(desk, 3)).to_be_focused()
    desk.keyboard.press("ArrowUp")
    expect(cell(desk, 2)).to_be_focused()
    assert stored() == []


def test_without_a_network_sheets_wait_in_their_order_and_nothing_stays_in_the_browser(
    desk, witness
):
    witness.expect("ERR_INTERNET_DISCONNECTED")
    desk.locator("[name=group]").select_option("none")
    cell(desk, 1).focus()
    desk.context.set_offline(True)
    for answers in ("11", "22"):
        desk.keyboard.type(answers)
        desk.keyboard.press("Control+Enter")
    expect(desk.locator("h1")).to_have_text("Bögen eingeben: Bogen 3")
    expect(desk.locator("[data-state]")).to_contain_text("Keine Verbindung.")
    assert stored() == []
    kept = "JSON.stringify([{...localStorage}, {...sessionStorage}])"
    assert "m1" not in desk.evaluate(kept)
    asked = []
    desk.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    desk.locator(".way a").first.click()
    expect(cell(desk, 1)).to_be_visible()
    assert asked == ["beforeunload"]
    desk.context.set_offline(False)
    expect(desk.locator("[data-state]")).to_have_text("Bogen 2 ist gespeichert.")
    assert stored() == [[(1, 1, 1)], [(1, 2, 2)]]


def test_a_sheet_that_comes_too_late_is_given_back_to_whoever_typed_it(desk, rating, witness):
    witness.expect("status of 403")
    desk.locator("[name=group]").select_option("none")
    cell(desk, 1).focus()
    rating.rounds.update(state="closed")
    type(rating).objects.filter(pk=rating.pk).update(phase="deliberating")
    desk.keyboard.type("45")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("[data-said]")).to_contain_text("In der Phase „Beratung im Gremium“")
    expect(cell(desk, 1)).to_have_value("45")
    assert stored() == []


def test_sheets_that_waited_until_the_rating_was_closed_can_all_be_taken_up(desk, rating, witness):
    witness.expect("ERR_INTERNET_DISCONNECTED")
    witness.expect("status of 403")
    desk.locator("[name=group]").select_option("none")
    cell(desk, 1).focus()
    desk.context.set_offline(True)
    for answers in ("11", "22"):
        desk.keyboard.type(answers)
        desk.keyboard.press("Control+Enter")
    rating.rounds.update(state="closed")
    type(rating).objects.filter(pk=rating.pk).update(phase="deliberating")
    desk.context.set_offline(False)
    other = desk.get_by_role("button", name="Nicht gespeicherten Bogen zurückholen")
    expect(other).to_have_count(1)
    expect(cell(desk, 1)).to_have_value("11")
    other.click()
    expect(cell(desk, 1)).to_have_value("22")
    other.click()
    expect(cell(desk, 1)).to_have_value("11")
    assert stored() == []


def test_a_sheet_that_came_too_late_outlives_the_page_until_it_is_saved_or_discarded(
    desk, rating, witness, axe
):
    witness.expect("ERR_INTERNET_DISCONNECTED|status of 403")
    desk.on("dialog", lambda dialog: dialog.accept())
    desk.locator("[name=group]").select_option("none")
    cell(desk, 1).focus()
    desk.context.set_offline(True)
    for answers in ("45", "12"):
        desk.keyboard.type(answers)
        desk.keyboard.press("Control+Enter")
    rows = type(rating).objects.filter(pk=rating.pk)
    rating.rounds.update(state="closed")
    rows.update(phase="deliberating")
    desk.context.set_offline(False)
    back = desk.get_by_role("button", name="Nicht gespeicherten Bogen zurückholen")
    expect(back).to_have_count(1)
    rating.rounds.update(state="open")
    rows.update(phase="rating")
    desk.reload()
    expect(back).to_have_count(2)
    assert axe(desk) == []
    back.first.click()
    expect(cell(desk, 1)).to_have_value("45")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("[data-state]")).to_have_text("Bogen 1 ist gespeichert.")
    desk.get_by_role("button", name="Verwerfen").click()
    expect(back).to_have_count(0)
    desk.reload()
    expect(desk.locator("[data-number]")).to_have_text("Bogen 2")
    expect(back).to_have_count(0)
    assert stored() == [[(1, 4, 5)]]


def test_whoever_is_signed_out_signs_in_beside_and_nothing_has_to_be_typed_again(
    desk, enter, facilitator, witness
):
    witness.expect("status of 401")
    desk.locator("[name=group]").select_option("none")
    cell(desk, 1).focus()
    Session.objects.all().delete()
    desk.keyboard.type("45")
    desk.keyboard.press("Control+Enter")
    state = desk.locator("[data-state]")
    expect(state).to_contain_text("Sie sind abgemeldet.")
    expect(state.get_by_role("link", name="Anmelden")).to_have_attribute("target", "_blank")
    enter(desk, facilitator)
    desk.evaluate("dispatchEvent(new Event('focus'))")  # back from the other tab
    expect(state).to_have_text("Bogen 1 ist gespeichert.")
    assert stored() == [[(1, 4, 5)]]


def test_a_sheet_is_corrected_and_removed(desk):
    desk.locator("[name=group]").select_option("none")
    cell(desk, 1).focus()
    desk.keyboard.type("45")
    desk.keyboard.press("Control+Enter")
    desk.get_by_role("link", name="Bogen 1").focus()
    desk.keyboard.press("Enter")
    expect(cell(desk, 1)).to_be_focused()
    desk.keyboard.type("51")  # what is there is selected, so typing takes its place
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("h1")).to_have_text("Bögen eingeben: Bogen 2")
    assert stored() == [[(1, 5, 1)]]
    desk.get_by_role("link", name="Bogen 1").click()
    desk.get_by_role("button", name="Diesen Bogen entfernen").click()
    expect(desk.locator("[data-sheets] li")).to_have_text("Bogen 1 entfernt", use_inner_text=True)
    assert stored() == []
