"""Several lines pasted at the table: looked at, corrected, and stored like what is typed."""

import re

import pytest
from playwright.sync_api import Page, expect

from fields.models import Goal
from measures.models import Measure
from tests.journeys.conftest import Held, drawn
from tests.journeys.test_drafts import no_draft
from tests.journeys.test_typing import Board, offline, stored
from workshops.models import Municipality, WorkshopMunicipality

PASTED = re.compile("/measures/paste/")


@pytest.fixture
def board(page, enter, at, facilitator, field, goal) -> Board:
    at("collecting")
    return Board(enter(page, facilitator), field, goal).open()


def paste(page: Page, selector: str, text: str) -> None:
    """Paste as Ctrl+V does; the browser puts a text in by itself unless the page takes it."""
    page.locator(selector).focus()
    page.evaluate(
        """(text) => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const asked = { clipboardData: data, bubbles: true, cancelable: true };
          const isLeft = document.activeElement.dispatchEvent(new ClipboardEvent("paste", asked));
          if (isLeft) document.execCommand("insertText", false, text);
        }""",
        text,
    )


def preview(board: Board, key: object = None):
    return board.page.locator(f"#paste-{key or board.key}")


def titles(board: Board) -> list[str]:
    fields = preview(board).locator("[name=title]").all()
    return [each.input_value() for each in fields]


def test_a_pasted_list_is_looked_at_and_becomes_measures(board, goal, axe):
    page = board.page
    board.type("Bahn").shows("Bahn")
    paste(page, f"#title-{goal.pk}", "• Bus\n• Bahn\n• Rad\tzu leihen\n")
    add = preview(board).locator("[type=submit]")
    expect(add).to_be_focused()
    expect(add).to_have_text("2 Maßnahmen hinzufügen")
    assert (titles(board), stored(board.field)) == (["Bus", "Bahn", "Rad"], ["Bahn"])
    expect(preview(board).locator(".muted")).to_have_text("Gibt es schon: M1 Bahn")
    assert axe(page) == []
    preview(board).locator("[name=title]").first.fill("Bürgerbus")
    page.keyboard.press("Enter")
    board.shows("Bahn", "Bürgerbus", "Rad")
    expect(preview(board)).to_have_count(0)
    expect(board.title).to_be_focused()
    rows = Measure.objects.filter(goal=goal).order_by("number")
    assert list(rows.values_list("title", "description")) == [
        ("Bahn", ""), ("Bürgerbus", ""), ("Rad", "zu leihen"),
    ]  # fmt: skip


def test_a_double_click_adds_each_line_once(board, goal):
    paste(board.page, f"#title-{goal.pk}", "Bus\nBahn")
    preview(board).locator("[type=submit]").dblclick()
    board.shows("Bus", "Bahn")
    assert stored(board.field) == ["Bus", "Bahn"]


def test_pasted_twice_before_it_is_confirmed_nothing_is_lost_or_doubled(board, goal):
    for text, count in (("Bus\nBahn", 2), ("Bahn\nRad", 4)):
        paste(board.page, f"#title-{goal.pk}", text)
        expect(preview(board).locator("[name=title]")).to_have_count(count)
    assert titles(board) == ["Bus", "Bahn", "Bahn", "Rad"]
    preview(board).locator("[type=submit]").press("Enter")
    board.shows("Bus", "Bahn", "Rad")


def test_escape_puts_the_text_into_the_line_as_the_browser_would(board, goal):
    page = board.page
    board.title.fill("Mobil: , bald")
    board.title.evaluate("input => input.setSelectionRange(7, 7)")
    paste(page, f"#title-{goal.pk}", "Bus\n Bahn\n")
    expect(preview(board).locator("[type=submit]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(preview(board)).to_have_count(0)
    expect(board.title).to_be_focused()
    expect(board.title).to_have_value("Mobil: Bus Bahn, bald")
    assert stored(board.field) == []


def test_one_line_is_pasted_as_ever(board, goal):
    paste(board.page, f"#title-{goal.pk}", "Bus auf Zuruf")
    expect(board.title).to_have_value("Bus auf Zuruf")
    expect(preview(board)).to_have_count(0)


def test_lines_that_are_refused_are_shown_again_with_their_reasons(board, goal, axe, witness):
    witness.expect("status of 422")
    page = board.page
    paste(page, f"#title-{goal.pk}", f"Bus\n{'x' * 201}\nRad")
    add = preview(board).locator("[type=submit]")
    expect(add).to_be_focused()
    expect(preview(board).locator(".kern-error")).to_contain_text("201 Zeichen")
    preview(board).locator("[name=take]").first.uncheck()
    expect(add).to_have_text("2 Maßnahmen hinzufügen")
    add.press("Enter")
    long = preview(board).locator("[name=title]").nth(1)
    expect(long).to_be_focused()
    expect(board.pending).to_have_count(0)
    expect(add).to_have_text("2 Maßnahmen hinzufügen")
    assert (titles(board), stored(board.field)) == (["Bus", "x" * 201, "Rad"], [])
    assert axe(page) == []
    long.fill("Bahn")
    again = Board(page.context.new_page(), board.field, goal).open()
    expect(preview(again).locator("[name=title]")).to_have_count(3)
    assert titles(again) == ["Bus", "Bahn", "Rad"]
    page.bring_to_front()
    add.click()
    board.shows("Bahn", "Rad")
    no_draft(page)


def test_what_is_pasted_while_lines_are_refused_joins_them(board, goal, witness):
    witness.expect("status of 422")
    page = board.page
    paste(page, f"#title-{goal.pk}", f"Bus\n{'x' * 201}")
    expect(preview(board)).to_be_visible()
    held = Held(page, PASTED)
    preview(board).locator("[type=submit]").press("Enter")
    held.arrive()
    expect(board.pending).to_have_count(1)
    paste(page, f"#title-{goal.pk}", "Rad\nBahn")
    held.arrive(2)
    held.let_go()
    expect(preview(board).locator("[name=title]")).to_have_count(2)
    held.routes[0].continue_()
    held.arrive(3)
    held.let_go()
    expect(preview(board).locator("[name=title]")).to_have_count(4)
    expect(board.pending).to_have_count(0)
    assert titles(board) == ["Rad", "Bahn", "Bus", "x" * 201]


def test_lines_of_a_collection_that_was_closed_stay_and_can_be_sent_again(
    board, goal, at, witness, axe
):
    witness.expect("status of 403")
    paste(board.page, f"#title-{goal.pk}", "Bus\nBahn")
    expect(preview(board).locator("[type=submit]")).to_be_focused()
    at("rating")
    board.page.keyboard.press("Enter")
    expect(board.pending.locator(".kern-error")).to_be_visible()
    expect(board.pending.locator(".row__text > p:not(.kern-error)")).to_have_text(["Bus", "Bahn"])
    assert axe(board.page) == []
    at("collecting")
    board.pending.locator("button").first.click()
    board.shows("Bus", "Bahn")


def test_in_the_line_for_a_goal_the_lines_become_goals_with_their_indicators(board, field, goal):
    page = board.page
    paste(page, "#new-goal", f"{goal.text}\nJugend\tgestaltet mit\nNiemand bleibt zurück")
    add = preview(board, "goals").locator("[type=submit]")
    expect(add).to_have_text("2 Ziele hinzufügen")
    expect(preview(board, "goals").get_by_label("Indikator")).to_have_value("gestaltet mit")
    add.click()
    expect(page.locator("section.goal h2")).to_have_count(4)
    assert list(field.goals.values_list("text", "indicator")) == [
        (goal.text, ""), ("Jugend", "gestaltet mit"), ("Niemand bleibt zurück", ""),
    ]  # fmt: skip
    expect(page.locator(".goal__indicator")).to_contain_text("gestaltet mit")
    expect(page.locator("#new-goal")).to_be_focused()


@pytest.mark.parametrize("key", ["goals", "none"])
def test_lines_whose_answer_never_came_are_stored_once(key, board, field, witness):
    witness.expect("ERR_(FAILED|INTERNET_DISCONNECTED)")
    place = {"goals": "#new-goal", "none": "#title-none"}[key]
    paste(board.page, place, "Bus\nBahn")
    expect(preview(board, key).locator("[type=submit]")).to_be_focused()
    # The server stores the lines; the browser hears nothing of it.
    board.page.route(PASTED, lambda route: (route.fetch(), route.abort()))
    board.page.keyboard.press("Enter")
    expect(board.page.locator("#outbox-state")).to_be_visible()
    expect(board.pending.locator("p").first).to_have_text("Bus")
    # What is sent again at this very moment goes nowhere, and nobody waits for it.
    board.page.context.set_offline(True)
    board.page.unroute_all(behavior="ignoreErrors")
    board.page.close()
    board.page.context.set_offline(False)
    again = Board(board.page.context.new_page(), field).open()
    expect(again.page.locator(".toast")).to_contain_text("2 Zeilen")
    expect(again.pending).to_have_count(0)
    rows = Goal.objects.filter(order__gt=1) if key == "goals" else Measure.objects.all()
    assert [getattr(each, "text" if key == "goals" else "title") for each in rows] == [
        "Bus",
        "Bahn",
    ]


def test_thirty_lines_are_taken_back_in_one_step(board, goal):
    board.type("Rad").shows("Rad")
    names = [f"Kurs {number}" for number in range(1, 31)]
    paste(board.page, f"#title-{goal.pk}", "\n".join(names))
    preview(board).locator("[type=submit]").press("Enter")
    board.shows("Rad", *names)
    board.page.locator("#undo-edit").click()
    board.shows("Rad")
    board.page.locator("#undo-edit").click()
    board.shows()
    for _each in range(2):
        board.page.locator("#redo-edit").click()
        expect(board.lines.first).to_be_visible()
    board.shows("Rad", *names)


def test_an_answer_that_comes_late_replaces_no_later_one(board, goal):
    page = board.page
    held = Held(page, PASTED)
    paste(page, f"#title-{goal.pk}", "Bus\nBahn")
    held.arrive()
    paste(page, f"#title-{goal.pk}", "Rad\nFähre")
    held.arrive(2)
    held.let_go()
    expect(preview(board).locator("[name=title]")).to_have_count(4)
    with page.expect_response(PASTED):
        held.routes[0].continue_()
    drawn(page)
    assert titles(board) == ["Bus", "Bahn", "Rad", "Fähre"]
    preview(board).locator("[type=submit]").press("Enter")
    held.arrive(3)
    held.let_go()
    board.shows("Bus", "Bahn", "Rad", "Fähre")


def test_all_lines_are_for_the_municipality_of_their_line_until_another_is_chosen(board, goal):
    partner = Municipality.objects.create(name="Ingelheim am Rhein")
    WorkshopMunicipality.objects.create(workshop=board.field.workshop, municipality=partner, seat=2)
    page = board.open().page
    for text, other in (("Bus\nBahn", ""), ("Rad\nFähre", "Bingen am Rhein")):
        page.locator(f"#municipality-{goal.pk}").select_option("Ingelheim am Rhein")
        paste(page, f"#title-{goal.pk}", text)
        chosen = preview(board).get_by_label("Kommune")
        expect(chosen).to_have_value(str(partner.pk))
        if other:
            chosen.select_option(other)
        preview(board).locator("[type=submit]").click()
        expect(preview(board)).to_have_count(0)
    board.shows("Bus", "Bahn", "Rad", "Fähre")
    rows = Measure.objects.order_by("number").values_list("municipality__name", flat=True)
    assert list(rows) == ["Ingelheim am Rhein"] * 2 + ["Bingen am Rhein"] * 2


def test_without_a_network_the_text_goes_into_the_line(board, goal, witness):
    offline(board, witness)
    paste(board.page, f"#title-{goal.pk}", "Bus\nBahn")
    expect(board.title).to_have_value("Bus Bahn")
    expect(board.title).to_be_focused()
    expect(board.page.locator(".toast")).to_contain_text("in einer Zeile")
    offline(board, witness, False)


def test_what_was_confirmed_without_a_network_waits_like_what_is_typed(board, goal, witness):
    paste(board.page, f"#title-{goal.pk}", "Bus\nBahn")
    expect(preview(board).locator("[type=submit]")).to_be_focused()
    offline(board, witness)
    board.page.keyboard.press("Enter")
    expect(board.pending.locator("p")).to_have_text(["Bus", "Bahn", "Wird gespeichert …"])
    expect(board.pending).to_have_count(1)
    board.page.close()
    offline(board, witness, False)
    page = board.page.context.new_page()
    Board(page, board.field, goal).open().shows("Bus", "Bahn")
    assert stored(board.field) == ["Bus", "Bahn"]


def test_a_preview_outlives_the_closed_tab_with_its_corrections(board, goal):
    paste(board.page, f"#title-{goal.pk}", "Bus\nBahn")
    preview(board).locator("[name=title]").first.fill("Bürgerbus")
    board.page.close()
    again = Board(board.page.context.new_page(), board.field, goal).open()
    expect(preview(again).locator("[name=title]")).to_have_count(2)
    assert titles(again) == ["Bürgerbus", "Bahn"]
    preview(again).locator("[type=submit]").click()
    again.shows("Bürgerbus", "Bahn")
    again.open().shows("Bürgerbus", "Bahn")
    expect(preview(again)).to_have_count(0)


def test_who_types_on_while_the_preview_comes_goes_on_typing(board, goal):
    other = Goal.objects.create(field=board.field, text="Alle kommen an", order=2)
    board.open()
    held = Held(board.page, PASTED)
    paste(board.page, f"#title-{goal.pk}", "Bus\nBahn")
    held.arrive()
    elsewhere = board.page.locator(f"#title-{other.pk}")
    elsewhere.focus()
    board.page.keyboard.type("Halb ge")
    held.let_go()
    expect(preview(board).locator("[name=title]")).to_have_count(2)
    board.page.keyboard.type("schrieben")
    expect(elsewhere).to_have_value("Halb geschrieben")


def test_an_open_preview_outlives_a_change_elsewhere_on_the_board(board, goal):
    board.type("Rad", "Fähre").shows("Rad", "Fähre")
    paste(board.page, f"#title-{goal.pk}", "Bus\nBahn")
    preview(board).locator("[name=title]").first.fill("Bürgerbus")
    board.page.locator("#up-2").click()
    expect(board.lines.locator(".line__title")).to_have_text(["Fähre", "Rad"])
    assert titles(board) == ["Bürgerbus", "Bahn"]
    preview(board).locator("[type=submit]").click()
    board.shows("Fähre", "Rad", "Bürgerbus", "Bahn")


def test_too_many_lines_are_told_and_nothing_is_put_anywhere(board, goal, witness):
    witness.expect("status of 422")
    paste(board.page, f"#title-{goal.pk}", "\n".join(f"Kurs {n}" for n in range(101)))
    expect(board.page.locator(".toast--danger")).to_contain_text("101 Zeilen")
    expect(board.title).to_have_value("")


def test_too_many_with_those_pasted_before_leave_those_as_they_were(board, goal, witness):
    witness.expect("status of 422")
    paste(board.page, f"#title-{goal.pk}", "Bus\nBahn")
    preview(board).locator("[name=title]").first.fill("Bürgerbus")
    paste(board.page, f"#title-{goal.pk}", "\n".join(f"Kurs {n}" for n in range(99)))
    expect(board.page.locator(".toast--danger")).to_contain_text("101 Zeilen")
    expect(preview(board).locator("[name=title]")).to_have_count(2)
    assert titles(board) == ["Bürgerbus", "Bahn"]


# On a page of their own --------------------------------------------------------------------------
@pytest.fixture
def page_of_lines(board) -> Page:
    board.page.locator(f"a[href$='/fields/{board.field.pk}/measures/paste/']").click()
    return board.page


def test_the_text_outlives_the_tab_and_the_preview_with_its_corrections(
    page_of_lines, board, goal, witness, axe
):
    witness.expect("status of 422")
    page, address = page_of_lines, page_of_lines.url
    page.locator("#id_goal").select_option(str(goal.pk))
    page.locator("#id_text").fill("Bus\tauf Zuruf\nBahn")
    page.close()
    page = page.context.new_page()
    page.goto(address)
    expect(page.locator("#id_text")).to_have_value("Bus\tauf Zuruf\nBahn")
    page.locator("main form [type=submit]").click()
    expect(page.locator("[name=title]").first).to_have_value("Bus")
    expect(page.locator(".draft-note")).to_have_count(0)
    assert axe(page) == []
    page.close()
    page = page.context.new_page()
    page.goto(address)
    expect(page.locator("#id_text")).to_have_value("Bus\tauf Zuruf\nBahn")
    expect(page.locator("#id_goal")).to_have_value(str(goal.pk))
    page.locator("main form [type=submit]").click()
    page.locator("[name=title]").first.fill("x" * 201)
    page.locator("main form [type=submit]").click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert axe(page) == []
    page.locator(".error-summary a").click()
    expect(page.locator("[name=title]").first).to_be_focused()
    page.locator("[name=title]").first.fill("Bürgerbus")
    page.close()
    page = page.context.new_page()
    page.goto(address)
    expect(page.locator("#id_text")).to_have_value("Bürgerbus\tauf Zuruf\nBahn")
    page.locator("main form [type=submit]").click()
    expect(page.locator("[name=title]").first).to_have_value("Bürgerbus")
    page.locator("main form [type=submit]").click()
    Board(page, board.field, goal).shows("Bürgerbus", "Bahn")
    no_draft(page)
    page.goto(address)
    expect(page.locator("#id_text")).to_have_value("")


def test_who_cancels_the_preview_means_it(page_of_lines):
    page, address = page_of_lines, page_of_lines.url
    page.locator("#id_text").fill("Bus\nBahn")
    page.locator("main form [type=submit]").click()
    page.locator("[data-draft-drop]").click()
    expect(page.locator("#board")).to_be_visible()
    no_draft(page)
    page.goto(address)
    expect(page.locator("#id_text")).to_have_value("")


def test_without_javascript_a_page_shows_and_adds_several_lines(
    board, new_page, enter, facilitator, goal
):
    page = enter(new_page(java_script_enabled=False), facilitator)
    page.goto(board.field.get_absolute_url())
    page.locator(f"a[href$='/fields/{board.field.pk}/measures/paste/']").click()
    page.locator("#id_goal").select_option(str(goal.pk))
    page.locator("#id_text").fill("- Bus\n- Bahn\n- Rad")
    page.locator("main form [type=submit]").click()
    page.locator("[name=take]").nth(1).uncheck()
    page.locator("main form [type=submit]").click()
    Board(page, board.field, goal).shows("Bus", "Rad")
    assert stored(board.field) == ["Bus", "Rad"]
