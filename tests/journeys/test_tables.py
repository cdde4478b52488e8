"""Several tables on one board: nothing moves under a hand, and nothing is overwritten."""

import pytest
from playwright.sync_api import Page, expect

from measures.hall.tables import add_table
from measures.models import Idea, Measure
from workshops.models import Table, Workshop


@pytest.fixture
def board(workshop, field, goal, at):
    """A field with three measures, on which two tables work."""
    at("collecting")
    Workshop.objects.filter(pk=workshop.pk).update(takes_ideas=True)
    for title in ("WLAN am Rheinufer", "Rundgang mit Ton", "Digitale Gästekarte"):
        Measure.objects.create(workshop=workshop, field=field, goal=goal, title=title)
    for name in ("Tisch 4", "Tisch 7"):
        add_table(Table(workshop=workshop, name=name), [field])
    return field


@pytest.fixture
def sit(new_page, board):
    """Return a function that opens the board at a table: ``sit("Tisch 4")``."""

    def open_board(name: str, **how) -> Page:
        page = new_page(**how)
        page.goto(f"/j/{Table.objects.get(name=name).code}/")
        page.get_by_role("button", name=f"Als {name} eingeben").click()
        expect(page.locator(".table-name")).to_have_text(name)
        return page

    return open_board


def top(page: Page) -> float:
    return page.evaluate("document.activeElement.getBoundingClientRect().top")


def typed(page: Page) -> tuple[str, str]:
    return tuple(page.evaluate("[document.activeElement.id, document.activeElement.value]"))


def test_a_line_of_another_table_comes_without_moving_what_somebody_types(sit, goal, axe):
    here, there = sit("Tisch 4"), sit("Tisch 7")
    line = f"#title-{goal.pk}"
    here.focus(line)
    here.keyboard.type("Freies WLAN")
    before = top(here)
    there.focus(line)
    there.keyboard.type("Führungen buchen")
    there.keyboard.press("Enter")
    expect(there.locator("li.line")).to_have_count(4)
    news = here.get_by_role("button", name="1 neue Zeile. Zeigen")
    expect(news).to_be_visible()
    expect(here.locator("[data-live]")).to_have_text("1 neue Zeile")
    assert (top(here), typed(here)) == (before, (line[1:], "Freies WLAN"))
    assert axe(here) == []
    news.click()
    expect(here.locator("li.line").nth(3)).to_contain_text("von Tisch 7")
    assert abs(top(here) - before) <= 1  # also where the page is too short to scroll
    assert typed(here) == (line[1:], "Freies WLAN")
    here.keyboard.type(" am Ufer")
    here.keyboard.press("Enter")
    expect(here.locator("li.line:not(.line--pending)")).to_have_count(5)


def test_what_lies_out_of_sight_is_there_at_once(sit, workshop, field, goal):
    for number in range(20):
        Measure.objects.create(workshop=workshop, field=field, goal=goal, title=f"Nr. {number}")
    here = sit("Tisch 4")
    here.evaluate("document.activeElement.blur()")
    here.evaluate("scrollTo(0, 0)")
    Measure.objects.create(workshop=workshop, field=field, goal=goal, title="Von fern")
    expect(here.locator("li.line", has_text="Von fern")).to_have_count(1)
    assert here.evaluate("scrollY") == 0
    expect(here.locator("#arrivals")).to_have_count(0)


def test_two_change_one_line_and_one_chooses(sit, board, axe, witness):
    here, there = sit("Tisch 4"), sit("Tisch 7")
    for page, text in ((here, "Gästekarte für die Stadt"), (there, "Gästekarte für den Bus")):
        page.click("#edit-3")
        page.locator(".row--editing [name=title]").fill(text)
    there.locator(".row--editing").get_by_role("button", name="Speichern").click()
    expect(there.locator("#measure-3")).to_contain_text("Gästekarte für den Bus")
    witness.expect("status of 409")
    here.locator(".row--editing").get_by_role("button", name="Speichern").click()
    clash = here.locator(".clash")
    expect(clash).to_contain_text("M3 wurde zugleich geändert")
    expect(clash.locator("mark")).to_have_text(["die Stadt", "den Bus"])
    expect(clash).to_be_focused()
    assert axe(here) == []
    clash.get_by_role("button", name="Diesen nehmen").click()
    expect(here.locator("#edit-3")).to_be_focused()
    expect(here.locator("#measure-3")).to_contain_text("Gästekarte für die Stadt")
    assert Measure.objects.get(number=3).title == "Gästekarte für die Stadt"
    states = Measure.history.filter(number=3).order_by("history_id")
    assert [*states.values_list("title", "history_change_reason")] == [
        ("Digitale Gästekarte", None),
        ("Gästekarte für den Bus", "Tisch 7"),
        ("Gästekarte für die Stadt", "Tisch 4"),
        ("Gästekarte für die Stadt", "Tisch 4"),
    ]


def test_an_idea_from_a_phone_waits_in_the_tray_and_becomes_a_line(sit, board, axe):
    here = sit("Tisch 4")
    Idea.objects.create(field=board, text="Speisekarten auf einer Seite")
    here.get_by_role("button", name="1 neue Idee. Zeigen").click()
    tray = here.get_by_role("complementary", name="Ideen (1)")
    expect(tray).to_contain_text("Speisekarten auf einer Seite")
    assert axe(here) == []
    tray.get_by_role("button", name="Übernehmen").click()
    expect(here.locator("#measure-4")).to_contain_text("aus einer Idee")
    expect(here.locator("#edit-4")).to_be_focused()
