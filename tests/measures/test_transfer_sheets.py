"""Workbooks as clerks make them, and as nobody should: which sheets and rows make the table."""

import datetime
import io
import re
import secrets
import zipfile

import openpyxl
import pytest
from django.utils import translation

from measures.transfer.headings import recognised
from measures.transfer.reading import Choices, open_file, read, read_table
from measures.transfer.spelling import UnclearLetters
from measures.transfer.summary import field_facts, reading_facts
from measures.transfer.tables import SheetRow, Table, UnreadableFile, place
from tests.measures.test_transfer_reading import sentence, with_part

HEAD = ("Handlungsfeld", "Maßnahme")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def book(sheets: dict[str, list], *, merged: tuple[str, ...] = (), **states: str) -> bytes:
    """Return a workbook; ``merged`` are ranges of its last sheet, ``states`` by sheet."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        sheet.sheet_state = states.get(name, "visible")
        for row in rows:
            sheet.append(row)
    for ref in merged:
        sheet.merge_cells(ref)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def raw(rows: bytes, merged: bytes) -> bytes:
    """Return a workbook with the XML of its first sheet written by hand."""
    xml = b"<worksheet xmlns='%s'><sheetData>%s</sheetData><mergeCells>%s</mergeCells></worksheet>"
    data = with_part(
        book({"One": [["x"]]}), "xl/worksheets/sheet1.xml", xml % (MAIN.encode(), rows, merged)
    )
    return padded(data)


def padded(data: bytes) -> bytes:
    """Return a workbook that is large enough outside for what it holds inside."""
    return with_part(data, "docProps/app.xml", secrets.token_bytes(150_000))


def row(number: int, *cells: str) -> bytes:
    texts = "".join(f"<c t='inlineStr'><is><t>{cell}</t></is></c>" for cell in cells)
    return f"<row r='{number}'>{texts}</row>".encode()


def strict(data: bytes) -> bytes:
    """Return a workbook as Excel saves it as "Strict Open XML"."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(
                name,
                re.sub(
                    rb"http://schemas\.openxmlformats\.org/(\w+)/2006/",
                    rb"http://purl.oclc.org/ooxml/\1/",
                    old.read(name),
                )
                if name.startswith("xl/")
                else old.read(name),
            )
    return file.getvalue()


def facts(data: bytes, choices: Choices | None = None) -> list[str]:
    source = open_file(data)
    table = read(source, choices or Choices())
    return reading_facts(source.sheets, table) + field_facts(table, recognised(table))


# Which sheets -----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_skipped_and_named(state):
    data = book({"Listen": [["Feld", "Titel"], ["x", "y"]], "M": [HEAD, ("A", "B")]}, Listen=state)
    assert read_table(data) == Table(HEAD, {2: ("A", "B")})
    assert facts(data) == [
        "Sheet read: “M”.",
        "Hidden and therefore not read: the sheet “Listen”.",
    ]


def test_a_hidden_sheet_is_read_if_somebody_names_it():
    data = book({"Alt": [HEAD, ("x", "y")], "M": [HEAD, ("A", "B")]}, Alt="hidden")
    assert read_table(data, choices=Choices(sheets=("Alt",))) == Table(HEAD, {2: ("x", "y")})
    assert facts(data, Choices(sheets=("Alt",))) == ["Sheet read: “Alt”."]


def test_where_everything_is_hidden_it_is_said():
    data = book({"Leer": [], "Alt": [HEAD, ("x", "y")]}, Alt="hidden")
    assert sentence(data) == (
        "The sheets that can be seen are empty. Hidden ones are not read: “Alt”. Show them in your"
        " spreadsheet first."
    )


def test_a_cover_sheet_is_passed_over():
    data = book({"Deckblatt": [["Konzept"], ["2026"]], "M": [HEAD, ("A", "B")], "Leer": []})
    assert read_table(data) == Table(HEAD, {2: ("A", "B")})
    assert facts(data) == ["Sheet read: “M”."]


def test_a_workbook_of_one_sheet_has_nothing_to_tell():
    assert facts(book({"M": [HEAD, ("A", "B")]})) == []


def test_sheets_with_the_same_columns_are_read_together():
    data = book({"X": [HEAD, ("A", "B")], "Y": [HEAD, ("C", "D"), (), ("E", "F")]})
    table = read_table(data)
    assert (table.headers, list(table.rows.values())) == (
        HEAD,
        [("A", "B"), ("C", "D"), ("E", "F")],
    )
    assert list(map(place, table.rows)) == [
        "sheet “X”, row 2",
        "sheet “Y”, row 2",
        "sheet “Y”, row 4",
    ]
    assert facts(data) == ["Sheets read: “X”, “Y”."]


def test_one_sheet_per_field_needs_no_column_for_the_field():
    head = ("Maßnahme", "Beschreibung")
    data = book({"Bildung": [head, ("Tablets", "viele")], "Kultur": [head, ("Chor",)], "X": [[1]]})
    table = read_table(data)
    assert table.headers == (*head, "Name of the sheet")
    assert list(table.rows.values()) == [("Tablets", "viele", "Bildung"), ("Chor", "", "Kultur")]
    assert recognised(table) == {"measure": 0, "description": 1, "field": 2}
    assert facts(data) == [
        "Sheets read: “Bildung”, “Kultur”.",
        "The names of the sheets are taken as action fields.",
    ]


def test_a_single_sheet_lends_its_name_only_if_somebody_chose_it():
    data = book({"Bildung": [["Maßnahme"], ["Tablets"]], "Notizen": [["Text"], ["x"]]})
    assert recognised(read_table(data)) == {"measure": 0}
    chosen = read_table(data, choices=Choices(sheets=("Bildung",)))
    assert recognised(chosen) == {"measure": 0, "field": 1}
    assert chosen.rows == {2: ("Tablets", "Bildung")}


def test_chosen_sheets_with_other_headings_are_joined_by_their_headings():
    data = book(
        {
            "X": [["Maßnahme", "Handlungsfeld", "Maßnahme"], ["a", "b", "c"]],
            "Y": [["handlungsfeld:", "Kosten", "Maßnahme"], ["d", 5, "e", "beyond"]],
        }
    )
    table = read_table(data, choices=Choices(sheets=("Y", "X")))
    assert table.headers == ("Maßnahme", "Handlungsfeld", "Maßnahme", "Kosten")
    assert list(table.rows.values()) == [("a", "b", "c"), ("e", "d", "", "5", "beyond")]


def test_what_stands_beyond_the_headings_stays_there_behind_the_name_of_the_sheet():
    data = book({"X": [["Maßnahme"], ["a", "beyond"]], "Y": [["Maßnahme"], ["b"]]})
    assert list(read_table(data).rows.values()) == [("a", "X", "beyond"), ("b", "Y")]


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        (
            Choices(sheets=("Z",)),
            "There is no sheet “Z” with anything in it. There are: “X”, “Y”.",
        ),
        (Choices(heading_row=3), "Row 3 is empty. In which row do the headings stand?"),
        (Choices(heading_row=2), "The file has headings only, no row below them."),
        (
            Choices(encoding="cp850"),
            "Only a text file has an encoding, not a workbook.",
        ),
    ],
)
def test_impossible_choices_are_refused(choices, expected):
    data = book({"X": [HEAD, ("A", "B")], "Y": [HEAD, ("A", "B")], "Leer": []})
    with pytest.raises(UnreadableFile) as caught:
        read_table(data, choices=choices)
    assert str(caught.value) == expected


def test_a_text_file_has_no_sheets():
    with pytest.raises(UnreadableFile) as caught:
        read_table(b"feld;titel\nA;B\n", choices=Choices(sheets=("X",)))
    assert str(caught.value) == "Only a workbook has sheets, not a text file."


def test_rows_of_several_sheets_are_counted_together():
    rows = [HEAD, *[("A", "B")] * 2501]
    assert sentence(book({"X": rows, "Y": rows})) == "The file has more than 5000 rows."


# Where the headings stand -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "above",
    [
        "Maßnahmenliste Musterstadt, Stand 2026;;\n;;\n",
        ";Ziel;\nStand: 2026\n",
        "Handlungsfeld;Ziel und Maßnahme\n\n",
        "\n",
        "Titel\n" * 20,
    ],
)
def test_headings_below_other_lines_are_found(above):
    table = read_table(f"{above}Handlungsfeld;Maßnahme;Beschreibung\nA;B;C\n".encode())
    found = above.count("\n") + 1
    assert table == Table(
        ("Handlungsfeld", "Maßnahme", "Beschreibung"), {found + 1: ("A", "B", "C")}
    )
    assert table.heading_rows == (found,)


def test_headings_in_the_first_row_stay_the_headings():
    data = "Handlungsfeld;Maßnahme\nZiel;Maßnahme\nFeld;Titel\n"
    assert read_table(data.encode()).rows == {2: ("Ziel", "Maßnahme"), 3: ("Feld", "Titel")}


def test_foreign_headings_in_the_first_row_stay_until_somebody_chooses():
    data = b"Thema;Idee\nVerkehr;Titel\nKlima;Ziel\n"
    assert read_table(data).headers == ("Thema", "Idee")
    chosen = read_table(data, choices=Choices(heading_row=2))
    assert chosen == Table(("Verkehr", "Titel"), {3: ("Klima", "Ziel")})


def test_headings_are_looked_for_in_the_first_thirty_filled_rows():
    def first(lines: int) -> tuple[str, ...]:
        return read_table(b"x\n" * lines + b"feld;titel\nA;B\n").headers

    assert (first(29), first(30)) == (("feld", "titel"), ("x",))


def test_the_line_with_the_headings_is_told():
    assert facts(book({"M": [["Stand 2026"], [], HEAD, ("A", "B")]})) == [
        "The headings stand in row 3; what is above them is left out."
    ]


# Merged cells -----------------------------------------------------------------------------------


def test_a_field_merged_over_its_rows_holds_for_each():
    rows = [HEAD, ("A", "a"), (None, "b"), (None, "c"), ("B", "d"), (), (None, "e"), ("", "f")]
    assert read_table(book({"M": rows}, merged=("A2:A4", "A5:A7"))).rows == {
        2: ("A", "a"),
        3: ("A", "b"),
        4: ("A", "c"),
        5: ("B", "d"),
        7: ("B", "e"),
        8: ("", "f"),
    }


def test_headings_of_two_lines_are_read_from_the_lower_one():
    rows = [
        ("Handlungsfeld", "Maßnahme", "Bewertung", None),
        (None, None, "Relevanz", "Realisierbarkeit"),
        ("A", "B", 3, 4),
    ]
    table = read_table(book({"M": rows}, merged=("A1:A2", "B1:B2", "C1:D1")))
    assert table == Table(
        ("Handlungsfeld", "Maßnahme", "Relevanz", "Realisierbarkeit"), {3: ("A", "B", "3", "4")}
    )


def test_cells_merged_to_the_right_are_not_repeated():
    rows = [HEAD, ("A", None, "x"), (None, None, "y")]
    assert read_table(book({"M": rows}, merged=("A2:B3",))).rows == {
        2: ("A", "", "x"),
        3: ("A", "", "y"),
    }


def test_a_range_over_a_million_rows_costs_nothing():
    data = raw(
        row(1, *HEAD) + row(2, "A", "a") + row(3, "", "b"), b"<mergeCell ref='A2:A1048576'/>"
    )
    assert read_table(data).rows == {2: ("A", "a"), 3: ("A", "b")}


MANY = row(1, *HEAD) + b"".join(row(number, "", "b") for number in range(2, 4000))


@pytest.mark.parametrize(
    ("rows", "merged", "expected"),
    [
        (
            MANY,
            b"<mergeCell ref='A2:A1048576'/>" * 15_000,
            "The workbook holds too much text.",
        ),
        (
            MANY.replace(b"<t></t>", b"<t>%s</t>" % (b"x" * 30_000), 1),
            b"<mergeCell ref='A2:A1048576'/>",
            "The workbook holds too much text.",
        ),
        (
            MANY,
            b"<mergeCell ref='A2:A3'/>" * 20_001,
            "The workbook is damaged and cannot be read. Open it and save it once more.",
        ),
        (
            MANY,
            b"<mergeCell ref='A2:ZZZZ99999999999'/>",
            "The workbook is damaged and cannot be read. Open it and save it once more.",
        ),
        (
            MANY,
            b"<mergeCell/>",
            "The workbook is damaged and cannot be read. Open it and save it once more.",
        ),
    ],
)
def test_merged_cells_that_nobody_makes_are_refused(rows, merged, expected):
    assert sentence(raw(rows, merged)) == expected


# Letters that were misread before ---------------------------------------------------------------

TWICE = "is “Mobilität” or “MobilitÃ¤t” right?"


@pytest.mark.parametrize(
    ("sheets", "place"),
    [
        ({"M": [HEAD, ("MobilitÃ¤t", "B")]}, "Row 2"),
        (
            {"M": [HEAD, ("A", "B")], "N": [HEAD, ("C", "D"), ("MobilitÃ¤t", "x")]},
            "Sheet “N”, row 3",
        ),
    ],
)
def test_a_misread_file_that_became_a_workbook_is_asked_about(sheets, place):
    data = book(sheets)
    with pytest.raises(UnclearLetters) as caught:
        read_table(data)
    assert str(caught.value) == (
        f"The file does not say for certain how its letters are meant. {place}: {TWICE}"
    )
    assert [each.encoding for each in caught.value.spellings] == ["utf-8-twice", "utf-8"]
    told = {
        encoding: [*read_table(data, choices=Choices(encoding)).rows.values()][-1][0]
        for encoding in ("utf-8-twice", "utf-8")
    }
    assert told == {"utf-8-twice": "Mobilität", "utf-8": "MobilitÃ¤t"}


def test_headings_that_were_misread_are_found_once_they_are_mended():
    data = book({"M": [("Handlungsfeld", "MaÃŸnahme"), ("A", "B")]})
    assert read_table(data, choices=Choices("utf-8-twice")) == Table(HEAD, {2: ("A", "B")})


def test_what_is_hidden_raises_no_question():
    data = book({"M": [HEAD, ("A", "B")], "Alt": [HEAD, ("MobilitÃ¤t", "B")]}, Alt="hidden")
    assert read_table(data).rows == {2: ("A", "B")}


def test_letters_that_were_lost_before_are_named_in_the_sheets_that_are_read():
    lost = [HEAD, ("A", "B"), ("Mobilit�t", "Stra�e")]
    data = book({"M": lost, "Notizen": [["�"]]})
    assert sentence(data) == (
        "Letters were lost when the file was saved (row 3: “Mobilit�t”, “Stra�e”). Correct the"
        " words in your file and choose it again."
    )
    data = book({"M": lost[:2], "Notizen": [["�"]]})
    assert read_table(data).rows == {2: ("A", "B")}


# Strict Open XML --------------------------------------------------------------------------------


def test_strict_open_xml_is_read_like_the_usual_kind():
    rows = [("Handlungsfeld", "Maßnahme", "wann", "wie viel"), ("Ä", "B", None, 2.5)]
    data = book({"M": rows, "Alt": [HEAD]}, merged=(), Alt="hidden")
    assert read_table(strict(data)) == read_table(data)
    assert read_table(data).rows == {2: ("Ä", "B", "", "2.5")}


@pytest.mark.parametrize(
    ("number_format", "text"),
    [
        ("mm-dd-yy", "01.12.2025"),  # built in: the short date of the computer's language
        ("dd/mm/yyyy;@", "01.12.2025"),
        (r"dd\.mm\.yyyy", "01.12.2025"),
        ("[$-407]d. mmmm yyyy", "01.12.2025"),
        ('"Stand: "d\\.m\\.yy', "01.12.2025"),
        ("mmm-yy", "12/2025"),
        ("yyyy", "2025"),
        ("yyyy-mm-dd", "2025-12-01"),
        ("m/d/yyyy", "2025-12-01"),
    ],
)
def test_a_date_is_written_as_its_format_shows_it(number_format, text):
    made = openpyxl.Workbook()
    made.active.append((*HEAD, "wann"))
    made.active.append(("A", "B", datetime.date(2025, 12, 1)))
    made.active["C2"].number_format = number_format
    file = io.BytesIO()
    made.save(file)
    assert read_table(file.getvalue()).rows == {2: ("A", "B", text)}


def test_dates_of_strict_open_xml_are_dates():
    data = book({"M": [(*HEAD, "wann"), ("A", "B", datetime.date(2020, 9, 8))]})
    assert read_table(strict(data)).rows == {2: ("A", "B", "2020-09-08")}


def test_entities_in_strict_open_xml_are_refused():
    xml = f"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">]>
        <worksheet xmlns="{MAIN}"><sheetData><row r="1"><c t="inlineStr"><is><t>&a;</t></is></c>
        </row></sheetData></worksheet>"""
    data = with_part(book({"M": [HEAD]}), "xl/worksheets/sheet1.xml", xml.encode())
    assert sentence(strict(data)) == (
        "The workbook is damaged and cannot be read. Open it and save it once more."
    )


# Too many ---------------------------------------------------------------------------------------


def test_more_sheets_than_people_make_are_refused():
    assert sentence(book({f"S{number}": [HEAD] for number in range(201)})) == (
        "The workbook has more than 200 sheets."
    )


@pytest.mark.parametrize(
    ("old", "new"), [(b'r:id="rId2"', b'r:id="rId1"'), (b'name="Y"', b'name="X"')]
)
def test_a_sheet_that_is_listed_twice_is_refused(old, new):
    data = book({"X": [HEAD, ("A", "B")], "Y": [HEAD, ("C", "D")]})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        listed = archive.read("xl/workbook.xml")
    assert old in listed
    assert sentence(with_part(data, "xl/workbook.xml", listed.replace(old, new))) == (
        "The workbook is damaged and cannot be read. Open it and save it once more."
    )


def test_what_is_too_long_does_not_keep_the_other_sheets_from_being_read():
    long = [["Text"], *[["x" * 30_000]] * 170]
    data = padded(book({"M": [HEAD, ("A", "B")], "N": [HEAD, ("C", "D")], "Roh": long}))
    assert list(read_table(data).rows.values()) == [("A", "B"), ("C", "D")]
    with pytest.raises(UnreadableFile) as caught:
        read_table(data, choices=Choices(sheets=("Roh",)))
    assert str(caught.value) == "The workbook holds too much text."


def test_a_row_of_several_sheets_is_a_key_like_any_number():
    one, other = SheetRow(10_000_002, "Y", 2), SheetRow(3, "X", 3)
    assert sorted([one, other]) == [3, 10_000_002]
    assert (other.words, other.heading) == ("sheet “X”, row 3", "Sheet “X”, row 3")
    assert place(3) == "row 3"
