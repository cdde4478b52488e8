"""The same measure twice: seen while typing, searched from the row, merged and parted again."""

import re

import pytest
from playwright.sync_api import Page, expect

from fields.models import Goal
from measures.models import Measure
from tests.journeys.conftest import Held
from tests.journeys.test_typing import Board, stored
from workshops.models import Municipality, WorkshopMunicipality


@pytest.fixture
def board(page, enter, at, facilitator, field, goal) -> Board:
    at("collecting")
    elsewhere = field.workshop.fields.get(name="Tourismus")
    for title in ("Bürgerbus", "Stadtführung"):
        Measure.objects.create(workshop=field.workshop, field=elsewhere, title=title)
    return Board(enter(page, facilitator), field, goal).open()


def found(page: Page, number: int):
    return page.locator(f"#candidates-{number} .line__title")


def test_a_measure_is_searched_from_its_row_and_merged_and_parted(board, axe):
    page = board.page
    board.type("Rundgang", "Rad").shows("Rundgang", "Rad")
    page.locator("#merge-3").press("Enter")
    expect(page.locator("#sought-3")).to_be_focused()
    expect(found(page, 3)).to_have_text(["Stadtführung", "Rad", "Bürgerbus"])
    assert axe(page) == []
    page.keyboard.type("stadtfuh", delay=20)
    expect(found(page, 3)).to_have_text(["Stadtführung"])
    expect(page.locator("#found-3")).to_contain_text("1")
    expect(page.locator("#sought-3")).to_be_focused()
    page.keyboard.press("Enter")  # searches once more and merges nothing
    page.locator("#same-3-2").press("Enter")
    expect(page.locator("#undo")).to_be_focused()
    expect(page.locator("#undo-text")).to_contain_text("M2 Stadtführung")
    assert stored(board.field) == ["Rad"]
    page.keyboard.press("Enter")
    board.shows("Rundgang", "Rad")
    expect(page.locator("#edit-3")).to_be_focused()


def test_escape_leaves_the_search_and_goes_back_to_its_button(board):
    page = board.page
    board.type("Rad").shows("Rad")
    page.locator("#merge-3").click()
    expect(page.locator("#sought-3")).to_be_focused()
    page.keyboard.press("Escape")
    board.shows("Rad")
    expect(page.locator("#merge-3")).to_be_focused()


def test_the_last_letters_are_searched_also_when_an_answer_is_long_in_coming(board):
    page = board.page
    board.type("Rad").shows("Rad")
    page.locator("#merge-3").click()
    expect(page.locator("#sought-3")).to_be_focused()
    held = Held(page, re.compile(r"merge/\?.*q="))
    page.keyboard.type("Bürger")
    held.arrive()
    page.keyboard.type("meister")
    held.let_go()
    held.arrive(2)
    held.let_go()
    expect(found(page, 3)).to_have_count(0)


def test_a_line_like_another_one_says_so_and_is_compared_or_kept(board, axe):
    page = board.page
    board.type("Ein Bürgerbus", "Bürgerbus auf Zuruf", "Rad")
    board.shows("Ein Bürgerbus", "Bürgerbus auf Zuruf", "Rad")
    expect(board.title).to_be_focused()
    first, second = page.locator("#similar-3"), page.locator("#similar-4")
    expect(first).to_contain_text("M1 Bürgerbus (Tourismus)")
    expect(page.locator(".similar")).to_have_count(2)
    assert axe(page) == []
    first.locator("button").press("Enter")
    expect(first).to_have_count(0)
    expect(page.locator("#edit-3")).to_be_focused()
    second.locator("a.text-button").press("Enter")
    expect(found(page, 4)).to_have_text(["Bürgerbus", "Ein Bürgerbus", "Stadtführung", "Rad"])
    assert stored(board.field) == ["Ein Bürgerbus", "Bürgerbus auf Zuruf", "Rad"]


def test_a_suggestion_outlives_a_board_that_is_drawn_anew(board):
    page = board.page
    board.type("Rad", "Ein Bürgerbus").shows("Rad", "Ein Bürgerbus")
    page.locator("#up-4").click()
    board.shows("Ein Bürgerbus", "Rad")
    expect(page.locator("#measure-4 .similar")).to_contain_text("M1 Bürgerbus")
    page.locator("#similar-4 button").click()
    expect(page.locator(".similar")).to_have_text(re.compile("M1"))
    expect(page.locator(".similar button")).to_have_count(0)
    page.locator("#down-4").click()
    board.shows("Rad", "Ein Bürgerbus")
    expect(page.locator(".similar")).to_have_count(0)


def test_who_merges_with_what_was_removed_meanwhile_is_told_and_searches_on(board, witness, axe):
    witness.expect("status of 422")
    page = board.page
    board.type("Rad").shows("Rad")
    page.locator("#merge-3").click()
    expect(found(page, 3)).to_have_count(2)
    Measure.objects.filter(number=1).update(is_removed=True)
    page.locator("#same-3-1").click()
    expect(page.locator("#measure-3 [role=alert]")).to_be_focused()
    expect(found(page, 3)).to_have_text(["Stadtführung"])
    assert axe(page) == []


def test_two_tabs_that_merge_each_other_leave_one_measure(board, witness):
    witness.expect("status of 422")
    board.type("Rad", "Fahrrad").shows("Rad", "Fahrrad")
    other = Board(board.page.context.new_page(), board.field, Goal.objects.get()).open()
    for tab, number in ((board, 3), (other, 4)):
        tab.page.locator(f"#merge-{number}").click()
        expect(tab.page.locator(f"#sought-{number}")).to_be_focused()
    board.page.locator("#same-3-4").click()
    expect(board.page.locator("#undo")).to_be_focused()
    other.page.locator("#same-4-3").click()
    expect(other.page.locator("#measure-4 [role=alert]")).to_be_visible()
    assert stored(board.field) == ["Fahrrad"]


def test_without_javascript_a_page_searches_and_merges(board, new_page, enter, facilitator):
    board.type("Rad").shows("Rad")
    page = enter(new_page(java_script_enabled=False), facilitator)
    page.goto(board.field.get_absolute_url())
    page.locator("#merge-3").click()
    page.locator("#sought-3").fill("burgerbus")
    page.keyboard.press("Enter")
    expect(found(page, 3)).to_have_text(["Bürgerbus"])
    page.locator("#same-3-1").click()
    expect(page.locator("#undo-text")).to_contain_text("M1 Bürgerbus")
    assert stored(board.field) == []


def test_pairs_are_judged_one_after_the_other(board, axe):
    page = board.page
    board.type("Ein Bürgerbus", "Führungen", "Stadtführungen")
    board.shows("Ein Bürgerbus", "Führungen", "Stadtführungen")
    page.goto(f"/workshops/{board.field.workshop_id}/measures/")
    page.locator("a[href$='/measures/similar/']").click()
    expect(page.locator(".pair")).to_have_count(2)
    assert axe(page) == []
    page.locator(".pair").first.locator("button").first.click()
    expect(page.locator("#undo-text")).to_contain_text("M3 Ein Bürgerbus")
    page.locator(".pair > form button").click()
    expect(page.locator(".pair")).to_have_count(0)
    assert axe(page) == []


def test_who_judges_a_pair_stands_at_the_next_one(board):
    page = board.page
    board.type("Ein Bürgerbus", "Führungen", "Stadtführungen")
    board.shows("Ein Bürgerbus", "Führungen", "Stadtführungen")
    page.goto(f"/workshops/{board.field.workshop_id}/measures/similar/")
    second = page.locator(".pair").nth(1).get_attribute("id")
    page.locator(".pair > form button").first.press("Enter")
    expect(page.locator(".pair")).to_have_count(1)
    expect(page.locator(f"#{second}")).to_be_focused()


def test_what_cannot_be_turned_is_told_and_the_board_stays(board, goal, witness):
    witness.expect("status of 422")
    Measure.objects.create(workshop=board.field.workshop, field=board.field, title="Alt", goal=goal)
    board.page.locator(f"form[action$='/goals/{goal.pk}/to-measure/'] button").click()
    expect(board.page.locator(".toast--danger")).to_contain_text("Nur ein Ziel ohne Maßnahmen")
    expect(board.title).to_be_visible()


def test_several_lines_in_a_row_are_for_one_municipality(board, goal, axe, witness):
    witness.expect("status of 422")
    partner = Municipality.objects.create(name="Ingelheim am Rhein")
    seat = WorkshopMunicipality.objects.create(
        workshop=board.field.workshop, municipality=partner, seat=2
    )
    page = board.open().page
    chosen = page.locator(f"#municipality-{goal.pk}")
    chosen.select_option("Ingelheim am Rhein")
    board.type("Bus", "Bahn").shows("Bus", "Bahn")
    expect(chosen).to_have_value(str(partner.pk))
    expect(page.locator("#municipality-none")).to_have_value("")
    expect(board.lines.locator(".muted")).to_have_text(["Ingelheim am Rhein"] * 2)
    assert axe(page) == []
    seat.delete()
    board.type("Rad")
    expect(board.pending.locator(".kern-error")).to_contain_text("nimmt nicht")
    board.pending.locator("select").select_option("")
    board.pending.locator("button").first.click()
    board.shows("Bus", "Bahn", "Rad")
    names = Measure.objects.filter(field=board.field).order_by("number")
    assert list(names.values_list("municipality__name", flat=True)) == [
        "Ingelheim am Rhein", "Ingelheim am Rhein", None,
    ]  # fmt: skip
