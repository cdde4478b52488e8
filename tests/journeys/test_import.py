"""A catalogue comes in by keyboard: the whole and the button in sight, the rest within reach."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from fields.models import seed_fields
from measures.models import Measure

DATA = Path(__file__).parents[1] / "data"
CASES = DATA / "cases"
ULM = DATA / "ulm_smart_city_massnahmen.csv"
WORDS = "Handlungsfeld;Maßnahme;Umsetzungszeit\nKultur;Chor;bald\nKultur;Bus;ab 2030\n"


@pytest.fixture(params=[True, False], ids=["with scripts", "without"])
def desk(request, new_page, enter, at, facilitator, workshop) -> Page:
    at("collecting")
    workshop.fields.all().delete()
    seed_fields(workshop)
    page = new_page(java_script_enabled=request.param, viewport={"width": 1366, "height": 768})
    return enter(page, facilitator)


def choose_file(desk: Page, workshop, file) -> None:
    desk.goto(f"/workshops/{workshop.pk}/import/")
    desk.locator("[name=file]").set_input_files(file)
    desk.locator("main form button").press("Enter")


def test_a_catalogue_is_matched_and_imported_by_keyboard(desk, workshop):
    choose_file(desk, workshop, ULM)
    expect(desk.locator("#import-preview")).to_be_focused()
    button = desk.get_by_role("button", name="Alles importieren (139 Einträge)")
    expect(button).to_be_in_viewport(ratio=1)
    fields = desk.locator("summary", has_text="Handlungsfelder, die es hier noch nicht gibt (13)")
    expect(fields).to_be_in_viewport(ratio=1)
    desk.keyboard.press("Tab")
    expect(button).to_be_focused()
    desk.keyboard.press("Tab")
    expect(fields).to_be_focused()
    desk.keyboard.press("Enter")
    desk.get_by_label("„Bildung“ (10 Zeilen)").select_option("Bildung und Jugend")
    desk.get_by_role("button", name="Vorschau mit dieser Auswahl zeigen").press("Enter")
    expect(desk.locator("#import-preview")).to_be_focused()
    button = desk.get_by_role("button", name="Alles importieren (138 Einträge)")
    expect(button).to_be_in_viewport(ratio=1)
    button.press("Enter")
    expect(desk.locator("h1")).to_have_text(workshop.title)
    matched = Measure.objects.filter(field__name="Bildung und Jugend")
    assert (matched.count(), Measure.objects.in_workshop(workshop).count()) == (10, 126)


def test_enter_behind_rows_that_are_left_out_shows_the_preview(desk, workshop):
    lines = "Handlungsfeld;Maßnahme\nKultur;Chor\nKultur;Bus\nKultur;Bus\n"
    choose_file(desk, workshop, {"name": "a.csv", "mimeType": "text/csv", "buffer": lines.encode()})
    summary = desk.locator("summary", has_text="Wie die Datei gelesen wird")
    summary.press("Enter")
    rows = desk.get_by_label("Welche Zeilen sollen wegbleiben?")
    rows.fill("4")  # what would be imported stays the same
    rows.press("Enter")
    expect(desk.get_by_text("Auf Wunsch weggelassen: Zeile 4.")).to_be_visible()
    assert Measure.objects.in_workshop(workshop).count() == 0
    summary.press("Enter")
    expect(rows).to_have_value("4")


def test_an_unknown_word_is_answered_where_the_page_asks(desk, workshop, witness):
    witness.expect("status of 422")
    file = {"name": "a.csv", "mimeType": "text/csv", "buffer": WORDS.encode()}
    choose_file(desk, workshop, file)
    told = desk.get_by_role("alert").filter(has_text="2 Wörter der Datei sind hier nicht bekannt")
    expect(told).to_be_focused()
    desk.get_by_label("„bald“ (1 Zeile)").select_option("kurzfristig")
    desk.get_by_label("„ab 2030“ (1 Zeile)").select_option("nicht geschätzt")
    desk.get_by_role("button", name="Vorschau mit dieser Auswahl zeigen").first.press("Enter")
    desk.get_by_role("button", name="Alles importieren (3 Einträge)").press("Enter")
    expect(desk.locator("h1")).to_have_text(workshop.title)
    times = Measure.objects.in_workshop(workshop).values_list("title", "time_horizon")
    assert list(times) == [("Chor", "short"), ("Bus", "unknown")]


def test_letters_in_doubt_are_asked_about_and_chosen_by_keyboard(desk, workshop, witness):
    witness.expect("status of 422")
    choose_file(desk, workshop, CASES / "encoding-excel-csv-msdos-cp850.csv")
    told = desk.get_by_role("alert").filter(has_text="Ist „Mobilität“ oder „Mobilit„t“ richtig?")
    expect(told).to_be_focused()
    expect(desk.get_by_label("Mobilität, Möbel, aufräumen")).to_be_checked()
    desk.get_by_role("button", name="Vorschau mit dieser Auswahl zeigen").press("Enter")
    desk.get_by_role("button", name="Alles importieren (2 Einträge)").press("Enter")
    expect(desk.locator("h1")).to_have_text(workshop.title)
    titles = Measure.objects.in_workshop(workshop).values_list("title", flat=True)
    assert list(titles) == ["Möbel aufräumen"]


def test_other_sheets_of_a_workbook_are_chosen_by_keyboard(desk, workshop):
    choose_file(desk, workshop, CASES / "xlsx-one-sheet-per-field.xlsx")
    expect(
        desk.get_by_text("Gelesene Blätter: „Mobilität“, „Bildung“, „Verwaltung“.")
    ).to_be_visible()
    desk.locator("summary", has_text="Wie die Datei gelesen wird").press("Enter")
    desk.get_by_label("Mobilität", exact=True).press("Space")
    desk.get_by_label("Bildung", exact=True).press("Space")
    button = desk.get_by_role("button", name="Vorschau mit dieser Auswahl zeigen")
    button.and_(desk.locator(":visible")).press("Enter")
    expect(desk.get_by_text("Gelesenes Blatt: „Verwaltung“.")).to_be_visible()
    desk.get_by_role("button", name="Alles importieren (2 Einträge)").press("Enter")
    expect(desk.locator("h1")).to_have_text(workshop.title)
    titles = Measure.objects.in_workshop(workshop).values_list("title", flat=True)
    assert list(titles) == ["Maßnahme zu Verwaltung"]


def test_on_paper_nothing_is_folded(desk, workshop):
    choose_file(desk, workshop, ULM)
    last = desk.locator(".import-more div").last
    expect(last).to_be_hidden()
    desk.emulate_media(media="print")
    expect(last).to_be_visible()


def test_the_preview_with_its_questions_is_accessible(
    page, enter, at, facilitator, workshop, axe, witness
):
    witness.expect("status of 422")
    at("collecting")
    file = {"name": "a.csv", "mimeType": "text/csv", "buffer": WORDS.encode()}
    choose_file(enter(page, facilitator), workshop, file)
    page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
    assert axe(page) == []


@pytest.mark.parametrize(
    "name",
    ["encoding-double-utf8.csv", "xlsx-one-sheet-per-field.xlsx", "heading-not-in-first-row.csv"],
)
def test_the_choices_how_a_file_is_read_are_accessible(
    page, enter, at, facilitator, workshop, axe, witness, name
):
    witness.expect("status of 422")
    at("collecting")
    choose_file(enter(page, facilitator), workshop, CASES / name)
    page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
    assert axe(page) == []
