"""Several lines pasted at the table: looked at, corrected, and stored like what is typed."""

import re

import pytest
from playwright.sync_api import Page, expect

from fields.models import Goal
from measures.models import Measure
from tests.journeys.conftest import Held
from tests.journeys.test_typing import Board, offline, stored

PREVIEW = re.compile("/measures/paste/")


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
    expect(preview(board).locator(".muted")).to_have_text("Steht schon da: M1 Bahn")
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


def test_a_line_left_out_or_too_long_is_not_sent(board, goal, axe):
    page = board.page
    paste(page, f"#title-{goal.pk}", f"Bus\n{'x' * 201}\nRad")
    add = preview(board).locator("[type=submit]")
    expect(add).to_be_focused()
    expect(preview(board).locator(".kern-error")).to_contain_text("201 Zeichen")
    page.keyboard.press("Enter")
    long = preview(board).locator("[name=title]").nth(1)
    expect(long).to_be_focused()
    assert axe(page) == []
    long.fill("Bahn")
    expect(preview(board).locator(".kern-error")).to_have_count(0)
    preview(board).locator("[name=take]").first.uncheck()
    expect(add).to_have_text("2 Maßnahmen hinzufügen")
    add.click()
    board.shows("Bahn", "Rad")


def test_in_the_line_for_a_goal_the_lines_become_goals(board, field, goal):
    page = board.page
    paste(page, "#new-goal", f"1. {goal.text}\n2. Jugend gestaltet mit\n3. Niemand bleibt zurück")
    add = preview(board, "goals").locator("[type=submit]")
    expect(add).to_have_text("2 Ziele hinzufügen")
    add.click()
    expect(page.locator("section.goal h2")).to_have_count(4)
    texts = [goal.text, "Jugend gestaltet mit", "Niemand bleibt zurück"]
    assert list(field.goals.values_list("text", flat=True)) == texts
    last = Goal.objects.get(text=texts[-1])
    expect(page.locator(f"#title-{last.pk}")).to_be_focused()


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
    expect(board.pending).to_have_count(2)
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
    held = Held(board.page, PREVIEW)
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
