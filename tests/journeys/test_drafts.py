"""Half-typed text outlives the page, and goes with what it has become; steps are taken back."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from measures.models import Measure
from tests.journeys.conftest import Held

HALF = "Ein Nachtbus, der"


@pytest.fixture
def desk(page, enter, at, facilitator, measure) -> Page:
    at("collecting")
    enter(page, facilitator).goto(measure.field.get_absolute_url())
    return page


@pytest.fixture
def line(desk):
    return desk.locator(".add-line [name=title]").first


def edit(desk: Page, measure: Measure) -> None:
    desk.goto(measure.field.get_absolute_url())
    desk.locator(f"#edit-{measure.number}").press("Enter")
    expect(desk.locator("#id_title")).to_be_visible()


def close_and_open(desk: Page, address: str = "") -> Page:
    """Close the tab and open the page in a new one, as after a crash."""
    address = address or desk.url
    context = desk.context
    desk.close()
    page = context.new_page()
    page.goto(address)
    return page


def title_on(page: Page):
    return page.locator(".add-line [name=title]").first


def no_draft(page: Page) -> None:
    """Wait until this browser keeps none."""
    left = "Object.keys(localStorage).filter((name) => name.startsWith('draft:')).length"
    for _moment in range(50):
        if not page.evaluate(left):
            return
        page.wait_for_timeout(100)
    pytest.fail("A draft was left.")


# Lines --------------------------------------------------------------------------------------------
def test_half_a_line_is_there_after_another_field_and_after_the_tab_was_closed(desk, line):
    address = desk.url
    line.press_sequentially(HALF)
    desk.locator(".field-switch a:not([aria-current])").first.click()
    expect(title_on(desk)).to_have_value("")
    desk.go_back()
    expect(title_on(desk)).to_have_value(HALF)
    again = close_and_open(desk, address)
    expect(title_on(again)).to_have_value(HALF)
    title_on(again).press("Enter")
    expect(again.locator(".line__title", has_text=HALF)).to_be_visible()
    expect(title_on(close_and_open(again))).to_have_value("")


def test_half_a_goal_is_there_as_well(desk):
    desk.locator("#new-goal").press_sequentially("Alle kommen mit")
    again = close_and_open(desk)
    expect(again.locator("#new-goal")).to_have_value("Alle kommen mit")
    again.locator("#new-goal").press("Enter")
    expect(again.locator("h2", has_text="Alle kommen mit")).to_be_visible()
    no_draft(again)
    expect(close_and_open(again).locator("#new-goal")).to_have_value("")


def test_at_a_shared_laptop_nobody_reads_anothers_words(
    desk, line, enter, administrator, facilitator
):
    address = desk.url
    line.press_sequentially(HALF)
    enter(desk, administrator).goto(address)
    expect(title_on(desk)).to_have_value("")
    enter(desk, facilitator).goto(address)
    expect(title_on(desk)).to_have_value(HALF)


def test_what_one_tab_has_sent_the_other_does_not_offer_again(desk, line):
    line.press_sequentially(HALF)
    other = desk.context.new_page()
    other.goto(desk.url)
    expect(title_on(other)).to_have_value(HALF)
    title_on(other).press("Enter")
    expect(line).to_have_value("")


# Forms --------------------------------------------------------------------------------------------
def test_half_a_change_waits_until_it_is_stored_or_discarded(desk, measure):
    edit(desk, measure)
    desk.locator("#id_description").fill("Fährt bis zwei")
    again = close_and_open(desk, measure.field.get_absolute_url())
    again.locator(f"#edit-{measure.number}").press("Enter")
    expect(again.locator(".draft-note")).to_contain_text("noch nicht gespeichert")
    expect(again.locator("#id_description")).to_have_value("Fährt bis zwei")
    again.locator(".draft-note button").click()
    edit(again, measure)
    expect(again.locator("#id_description")).to_have_value(measure.description)
    again.locator("#id_description").fill("Fährt bis drei")
    again.locator("#id_title").press("Enter")
    expect(again.locator(".line", has_text="Fährt bis drei")).to_be_visible()
    no_draft(again)


def test_cancelling_is_meant(desk, measure):
    edit(desk, measure)
    desk.locator("#id_title").fill("Soll niemand lesen")
    desk.keyboard.press("Escape")
    expect(desk.locator("#id_title")).to_have_count(0)
    no_draft(desk)


def test_a_draft_overwrites_nothing_that_was_stored_meanwhile(desk, measure, witness):
    witness.expect("status of 409")
    edit(desk, measure)
    desk.locator("#id_title").fill("Meine Fassung")
    again = close_and_open(desk, measure.field.get_absolute_url())
    measure.title = "Andere Fassung"
    measure.save()
    edit(again, measure)
    expect(again.locator("#id_title")).to_have_value("Meine Fassung")
    again.locator("#id_title").press("Enter")
    expect(again.locator("[role=alert]")).to_contain_text("Andere Fassung")
    measure.refresh_from_db()
    assert measure.title == "Andere Fassung"


def test_a_page_of_its_own_keeps_its_words_until_they_are_stored(desk, measure):
    arguments = [measure.workshop_id, measure.number]
    address = reverse("measures:measure-profile", args=arguments)
    desk.goto(address)
    desk.locator("#id_lead").fill("Bauhof")
    desk.locator(".topbar__title").first.click()
    desk.goto(address)
    expect(desk.locator("#id_lead")).to_have_value("Bauhof")
    desk.locator("main button[type=submit]").first.click()
    expect(desk.locator("#id_lead")).to_have_count(0)
    no_draft(desk)
    measure.refresh_from_db()
    assert measure.lead == "Bauhof"


# Steps --------------------------------------------------------------------------------------------
def test_a_line_is_taken_back_and_done_again_in_the_bar(desk, line, axe):
    line.press_sequentially("Bürgerbus")
    line.press("Enter")
    stored = desk.locator(".line__title", has_text="Bürgerbus")
    expect(stored).to_be_visible()
    desk.locator("#undo-edit").press("Enter")
    expect(stored).to_have_count(0)
    expect(desk.locator("#redo-edit")).to_contain_text("Bürgerbus hinzugefügt")
    assert axe(desk) == []
    desk.locator("#redo-edit").press("Enter")
    expect(stored).to_be_visible()


def test_who_is_about_to_take_back_a_line_stays_there_while_another_is_stored(desk, line):
    line.press_sequentially("Bürgerbus")
    line.press("Enter")
    expect(desk.locator("#undo-edit")).to_contain_text("Bürgerbus")
    held = Held(desk, "**/measures/add/")
    line.press_sequentially("Rad")
    line.press("Enter")
    held.arrive()
    desk.locator("#undo-edit").focus()
    held.let_go()
    expect(desk.locator("#undo-edit")).to_contain_text("Rad")
    expect(desk.locator("#undo-edit")).to_be_focused()


def test_what_was_removed_comes_back_from_the_bin(desk, measure, axe):
    desk.locator(f"#measure-{measure.number} form[action$='/remove/'] button").click()
    expect(desk.locator("#undo")).to_be_visible()
    desk.locator(".undo-bar__bin").click()
    expect(desk.locator("h1")).to_have_text("Papierkorb")
    assert axe(desk) == []
    desk.locator("form[action$='/restore/'] button").first.click()
    expect(desk.locator("main")).to_contain_text("Der Papierkorb ist leer")
    measure.refresh_from_db()
    assert measure.stands


def test_half_a_line_whose_goal_is_turned_goes_on_among_those_without_a_goal(desk, goal):
    desk.locator("#new-goal").press_sequentially("Nur ein Ziel")
    desk.locator("#new-goal").press("Enter")
    line = desk.locator(".goal", has_text="Nur ein Ziel").locator("[name=title]")
    line.press_sequentially(HALF)
    desk.locator("form[action$='/to-measure/'] button").click()
    expect(desk.locator("#title-none")).to_have_value(HALF)
    expect(title_none := close_and_open(desk).locator("#title-none")).to_have_value(HALF)
    title_none.fill("")


def test_what_the_server_refused_on_the_board_is_still_a_draft(desk, measure, witness):
    witness.expect("status of 422")
    edit(desk, measure)
    desk.locator("#id_title").fill("")
    desk.locator("#id_description").fill("Fährt bis zwei")
    desk.locator("#id_title").press("Enter")
    expect(desk.locator(".row--editing [aria-invalid=true]")).to_be_visible()
    again = close_and_open(desk, measure.field.get_absolute_url())
    again.locator(f"#edit-{measure.number}").press("Enter")
    expect(again.locator("#id_description")).to_have_value("Fährt bis zwei")


def test_what_could_not_be_sent_is_there_when_another_page_was_opened_since(desk, measure, witness):
    witness.expect("ERR_INTERNET_DISCONNECTED")
    address = reverse("measures:measure-profile", args=[measure.workshop_id, measure.number])
    desk.goto(address)
    desk.locator("#id_lead").fill("Bauhof")
    desk.context.set_offline(True)
    desk.locator("main button[type=submit]").first.click()
    desk.context.set_offline(False)
    desk.goto(measure.field.get_absolute_url())
    desk.goto(address)
    expect(desk.locator("#id_lead")).to_have_value("Bauhof")


def test_strange_words_in_the_storage_cost_no_draft(desk, line):
    for text in ("kaputt", "null", "{}"):
        desk.evaluate("(text) => localStorage.setItem(`draft:${text}`, text)", text)
    desk.reload()
    title_on(desk).press_sequentially(HALF)
    expect(title_on(close_and_open(desk))).to_have_value(HALF)


# Typing on ----------------------------------------------------------------------------------------
def test_who_types_on_after_a_removal_types_in_the_line(desk, line, measure):
    line.press_sequentially("Ein Nacht")
    desk.locator(f"#measure-{measure.number} form[action$='/remove/'] button").click()
    expect(desk.locator("#undo")).to_be_focused()
    desk.keyboard.type("bus für alle")
    expect(title_on(desk)).to_have_value("Ein Nachtbus für alle")
    measure.refresh_from_db()
    assert measure.is_removed


def test_enter_stores_from_the_implementation_time_too(desk, line):
    line.press_sequentially("Bürgerbus")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.locator(".line__title", has_text="Bürgerbus")).to_be_visible()
    expect(title_on(desk)).to_be_focused()


def test_a_goal_without_a_connection_waits_like_a_line(desk, witness, field):
    witness.expect("ERR_INTERNET_DISCONNECTED")
    desk.context.set_offline(True)
    for text in ("Alle kommen an", "Keiner bleibt zurück"):
        desk.locator("#new-goal").press_sequentially(text)
        desk.locator("#new-goal").press("Enter")
    expect(desk.locator(".line--pending")).to_have_count(2)
    desk.context.set_offline(False)
    expect(desk.locator("h2", has_text="Keiner bleibt zurück")).to_be_visible()
    expect(desk.locator(".line--pending")).to_have_count(0)
    texts = field.goals.order_by("order").values_list("text", flat=True)
    assert [*texts][-2:] == ["Alle kommen an", "Keiner bleibt zurück"]


def test_a_line_that_came_too_late_is_sent_when_collecting_goes_on(desk, line, at, witness):
    witness.expect("status of 403")
    at("rating")
    line.press_sequentially("Bürgerbus")
    line.press("Enter")
    expect(desk.locator(".line--pending .kern-error")).to_be_visible()
    desk.reload()
    expect(desk.locator(".line--pending")).to_contain_text("Das Sammeln ist beendet")
    at("collecting")
    desk.reload()
    expect(desk.locator(".line__title", has_text="Bürgerbus")).to_be_visible()
    expect(desk.locator(".line--pending")).to_have_count(0)


def test_who_types_on_after_a_goal_was_turned_types_in_a_line_that_is_there(desk):
    desk.locator("#new-goal").press_sequentially("Eigentlich eine Maßnahme")
    desk.locator("#new-goal").press("Enter")
    turn = desk.locator("form[action$='/to-measure/'] button")
    expect(turn).to_be_visible()
    expect(desk.locator(".goal", has_text="Eigentlich").locator("[name=title]")).to_be_focused()
    turn.click()
    expect(desk.locator(".line__title", has_text="Eigentlich eine")).to_be_visible()
    desk.keyboard.type("Und noch eine")
    expect(desk.locator("[name=title]:focus")).to_have_value("Und noch eine")


def test_a_goal_that_has_a_measure_by_now_is_not_offered_to_be_turned(desk):
    desk.locator("#new-goal").press_sequentially("Alle kommen mit")
    desk.locator("#new-goal").press("Enter")
    expect(desk.locator("form[action$='/to-measure/']")).to_have_count(1)
    expect(desk.locator(".goal", has_text="kommen mit").locator("[name=title]")).to_be_focused()
    desk.keyboard.type("Bürgerbus")
    desk.keyboard.press("Enter")
    expect(desk.locator("form[action$='/to-measure/']")).to_have_count(0)
