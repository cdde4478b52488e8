"""CSV and XLSX files become tables of plain strings, or one clear sentence."""

import datetime
import io
import re
import secrets
import subprocess
import sys
import zipfile

import openpyxl
import pytest
import xlsxwriter
from django.utils import translation

from measures.transfer.headings import (
    ColumnProblem,
    check,
    guess,
    heading,
    ignored,
    override_guess,
)
from measures.transfer.reading import read_table
from measures.transfer.tables import Table, UnreadableFile
from measures.transfer.texts import guard, guard_ambiguous, read_cell

TEXT = 'feld{d}maßnahme{d}text\nBildung{d}"Tür, Tor; „Öffnung“\tund mehr"{d}größer – 5 €\n'
TABLE = Table(
    ("feld", "maßnahme", "text"),
    {2: ("Bildung", "Tür, Tor; „Öffnung“\tund mehr", "größer – 5 €")},
)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(*rows, sheets: int = 1) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("One")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        for number in range(1, sheets):
            book.add_worksheet(f"Other {number}").write(0, 0, "other")
    return file.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """Return a workbook in which one part is replaced."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            new.writestr(entry, content if entry == name else old.read(entry))
    return file.getvalue()


def sentence(data: bytes, name: str = "") -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_table(data, name)
    return str(caught.value)


# CSV --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_encoding_with_every_delimiter_gives_the_same_table(encoding, delimiter):
    assert read_table(TEXT.format(d=delimiter).encode(encoding)) == TABLE


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_understood(end):
    assert read_table(TEXT.format(d=";").replace("\n", end).encode()) == TABLE


def test_commas_in_the_texts_do_not_outvote_the_semicolon():
    data = "feld;titel\n" + "A;eins, zwei, drei, vier, fünf\n" * 3
    assert read_table(data.encode()).rows[2] == ("A", "eins, zwei, drei, vier, fünf")


def test_a_heading_with_commas_in_quotation_marks_does_not_mislead():
    table = read_table(b'"feld, lang, sehr";"titel, kurz"\nA;B\n')
    assert table.headers == ("feld, lang, sehr", "titel, kurz")


def test_rows_are_counted_as_a_spreadsheet_counts_them():
    table = read_table(b'feld,titel\nA,"eins\nzwei\ndrei"\n\nB,vier\n,,\nC,sechs\n')
    assert table.rows == {
        2: ("A", "eins\nzwei\ndrei"),
        4: ("B", "vier"),
        6: ("C", "sechs"),
    }


def test_the_line_that_tells_excel_the_delimiter_is_no_row():
    assert read_table(b"sep=;\r\nfeld;titel\r\nA;B,C\r\n") == Table(
        ("feld", "titel"), {2: ("A", "B,C")}
    )


def test_a_missing_quotation_mark_is_named_with_its_row():
    assert sentence(b'feld;titel\nA;B\nC;"D\nE;F\n') == (
        "Row 3 cannot be read. Probably a quotation mark is missing or stands in the wrong place"
        " there."
    )


def test_rows_with_wrong_quotation_marks_are_named_together():
    data = (
        'Feld;Titel;Text\nA;a;"x"\nB;b;"sagt "ja" dazu"\nC;c;"eins\nzwei"\nD;d;"am "Tor""\n'
        'E;e;"auch "hier"\nund weiter"\nF;f;y\nG;g;"offen\nH;h;z\n'
    )
    assert sentence(data.encode()) == (
        'At least 4 rows cannot be read: row 3 (“B;b;"sagt "ja" dazu"”), row 5 (“D;d;"am'
        ' "Tor""”), row 6 (“E;e;"auch "hier"”), row 8 (“G;g;"offen”). Probably a quotation'
        " mark is missing or stands in the wrong place in each of them."
    )


def test_of_many_broken_rows_ten_are_named():
    data = "Feld;Titel\n" + 'Ein langer Name eines Feldes;"a "b" c"\n' * 200
    told = sentence(data.encode())
    assert told.startswith(
        "At least 10 rows cannot be read: row 2 (“Ein langer Name eines Feldes;…”)"
    )
    assert re.findall(r"row (\d+) \(", told) == [str(row) for row in range(2, 12)]


# XLSX -------------------------------------------------------------------------------------------


def test_the_first_sheet_is_read_with_numbers_as_written():
    data = workbook(
        ["feld", "titel", "relevanz"], ["A", "=1+1", 3], ["B", "  x ", 2.5], [7, "y"], sheets=2
    )
    assert read_table(data) == Table(
        ("feld", "titel", "relevanz"),
        {
            2: ("A", "=1+1", "3"),
            3: ("B", "  x ", "2.5"),
            4: ("7", "y"),
        },
    )


def test_formulas_give_the_value_that_was_saved_with_them():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["feld", "titel"])
        sheet.write_formula(1, 0, "=1+2", value=3)
        sheet.write_formula(1, 1, '="a"&"b"', value="ab")
    assert read_table(file.getvalue()).rows == {2: ("3", "ab")}


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("a_x000D_b", "a\rb"),
        ("a_x0009_b", "a\tb"),
        ("a_x0007_b", "a\x07b"),
        ("_x005F_x0041_", "_x0041_"),
        ("_x005F_x005F_x000D_", "_x005F\r"),
        ("_xD83D__xDC4D_", "👍"),
        ("x005F_ und _x00_", "x005F_ und _x00_"),
    ],
)
def test_what_a_workbook_escapes_is_read_as_what_it_is(stored, text):
    strings = f"<si><t>feld</t></si><si><r><t>{stored}</t></r></si>"
    xml = f'<sst xmlns="{MAIN}" count="2" uniqueCount="2">{strings}</sst>'.encode()
    data = with_part(workbook(["feld"], ["x"]), "xl/sharedStrings.xml", xml)
    assert read_table(data).rows == {2: (text,)}


def test_dates_and_truth_values_become_words_and_empty_rows_count():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["feld", "titel", "wann"])
    sheet["A5"], sheet["B5"], sheet["C5"] = "A", True, datetime.date(2020, 9, 8)
    file = io.BytesIO()
    book.save(file)
    assert read_table(file.getvalue()).rows == {5: ("A", "TRUE", "2020-09-08")}


def test_a_zip_bomb_is_not_opened():
    bomb = with_part(workbook(["feld"], ["A"]), "xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    assert len(bomb) < 100_000
    assert sentence(bomb) == (
        "The workbook is far larger inside than outside and is not opened for safety."
    )


def test_an_archive_of_very_many_files_is_not_opened():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(1001):
            archive.writestr(f"{number}", "")
        archive.writestr("xl/workbook.xml", "")
    assert sentence(file.getvalue()) == (
        "The workbook is far larger inside than outside and is not opened for safety."
    )


def test_millions_of_empty_cells_are_not_read():
    bomb = with_part(workbook(["feld"], ["A"]), "xl/worksheets/sheet1.xml", b"<c/>" * 1_000_001)
    padded = with_part(bomb, "docProps/app.xml", secrets.token_bytes(100_000))
    assert sentence(padded) == (
        "The workbook is far larger inside than outside and is not opened for safety."
    )


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
def test_entities_in_the_xml_are_refused(part):
    laughs = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>
        <sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
        <si><t>&b;</t></si></sst>"""
    assert sentence(with_part(workbook(["feld"], ["A"]), part, laughs)) == (
        "The workbook is damaged and cannot be read. Open it and save it once more."
    )


def test_a_row_number_beyond_any_spreadsheet_costs_nothing():
    sheet = b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
        <sheetData><row r="2000000000"><c t="inlineStr"><is><t>x</t></is></c></row></sheetData>
        </worksheet>"""
    data = with_part(workbook(["feld"], ["A"]), "xl/worksheets/sheet1.xml", sheet)
    assert sentence(data) == "The file is empty."


def test_one_long_text_in_very_many_cells_is_refused():
    data = workbook(["feld", "titel"], *[["A", "x" * 30_000]] * 200)
    assert sentence(data) == "The workbook holds too much text."


@pytest.mark.parametrize("cut", [30, 500, -30])
def test_half_a_workbook_is_damaged(cut):
    assert sentence(workbook(["feld"], ["A"])[:cut]) == (
        "The workbook is damaged and cannot be read. Open it and save it once more."
    )


# What is no table -------------------------------------------------------------------------------

NO_TABLE = "This is not a table. Choose a CSV file or an Excel workbook (.xlsx)."


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"", "a.csv", "The file is empty."),
        (b" \r\n;;\r\n", "a.csv", "The file is empty."),
        (b"\xef\xbb\xbf", "a.csv", "The file is empty."),
        (b"feld;titel\n", "a.csv", "The file has headings only, no row below them."),
        (b"%PDF-1.7\nfeld;titel\nA;B", "a.csv", NO_TABLE),
        (b"feld;titel\nA;B", "a.xlsx", NO_TABLE),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "a.xls",
            "This is an old Excel file (.xls) or one with a password. Save it as .xlsx without a"
            " password, or as CSV.",
        ),
        (
            b"feld;titel\nA;B\0C",
            "a.csv",
            "This is not a table: it contains NUL bytes. Choose a CSV file or an .xlsx file.",
        ),
        (b"x" * 10_000_001, "a.csv", "The file is too large: 11 MB. At most 5 MB can be read."),
        (b"feld;titel\n" + b"A;B\n" * 5001, "a.csv", "The file has more than 5000 rows."),
        (b";".join([b"x"] * 51) + b"\nA\n", "a.csv", "The file has more than 50 columns."),
    ],
)
def test_the_reason_is_a_sentence(data, name, expected):
    assert sentence(data, name) == expected


def test_a_document_in_a_zip_is_no_workbook():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert sentence(file.getvalue()) == NO_TABLE


def test_the_limits_themselves_are_allowed():
    data = b";".join([b"x"] * 50) + b"\n" + b"A;B\n" * 5000
    table = read_table(data)
    assert (len(table.headers), len(table.rows)) == (50, 5000)


# Columns ----------------------------------------------------------------------------------------


def test_the_columns_of_ulm_are_recognised_and_the_numbers_left_out():
    measures = ("feld_nr", "handlungsfeld", "massnahme_nr", "titel", "beschreibung")
    assert guess(measures) == {"field": 1, "measure": 3, "description": 4}
    assert ignored(measures, guess(measures)) == ["feld_nr", "massnahme_nr"]
    assert guess(("feld_nr", "handlungsfeld", "ziel")) == {"field": 1, "goal": 2}


@pytest.mark.parametrize(
    "headers",
    [
        ("Handlungsfeld", "Ziel", "Maßnahme", "Beschreibung", "Umsetzungszeit"),
        ("HANDLUNGSFELD ", "Ziele:", "Massnahmen", "beschreibung", "Zeit-Horizont"),
        ("field", "goal", "measure", "description", "horizon"),
        ("Action field", "Goals", "Title", "Description", "Implementation time"),
    ],
)
def test_headings_are_understood_in_both_languages_and_any_spelling(headers):
    assert guess((*headers, "Relevanz", "Realisierbarkeit")) == {
        "field": 0,
        "goal": 1,
        "measure": 2,
        "description": 3,
        "horizon": 4,
        "relevance": 5,
        "feasibility": 6,
    }


@pytest.mark.parametrize(
    "headers",
    [
        ("Indikator", "Kommune", "Nummer"),
        ("indicator", "municipality", "number"),
        ("Messgröße", "GEMEINDE:", "Maßnahmen-Nummer"),
        ("Kennzahl", "Kommunen", "Number"),
    ],
)
def test_indicator_municipality_and_number_are_understood_too(headers):
    assert guess(headers) == {"indicator": 0, "municipality": 1, "number": 2}


@pytest.mark.parametrize("language", ["de", "en"])
def test_our_own_headings_come_back_in_either_language(language):
    with translation.override(language):
        headers = (heading("field"), heading("relevance"), heading("target_group"))
    with translation.override("en"):
        assert guess(headers) == {"field": 0, "relevance": 1, "target_group": 2}


def test_the_german_headings_of_older_files_are_still_known():
    headers = ("Relevanz (Gruppenwert)", "Realisierbarkeit (Gruppenwert)", "Zeichen des Erfolgs")
    assert guess(headers) == {"relevance": 0, "feasibility": 1, "success_signs": 2}


def test_own_columns_win_over_the_guess_and_take_the_column_away_from_it():
    headers = ("Thema", "Titel", "Text", "Beschreibung")
    chosen = {"field": "thema", "description": "Titel", "measure": "Text", "goal": ""}
    assert override_guess(headers, chosen) == {"field": 0, "description": 1, "measure": 2}


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"measure": "Foo"}, "The file has no column “Foo”. Its columns are: feld, titel."),
        ({"goal": "titel", "measure": "titel"}, "The same column of the file is chosen twice."),
        (
            {"colour": "titel"},
            "There is no column “colour” to import. Possible are: field, goal, indicator,"
            " measure, short, description, horizon, municipality, relevance, feasibility, number,"
            " intended_result, target_group, stakeholders, lead, resources, schedule,"
            " success_signs.",
        ),
    ],
)
def test_impossible_columns_are_refused(chosen, expected):
    with pytest.raises(ColumnProblem) as caught:
        override_guess(("feld", "titel"), chosen)
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            ("titel",),
            "Which column holds the action field? None of the headings says so.",
        ),
        (
            ("feld", "beschreibung"),
            "Which column holds the measure or the goal? None of the headings says so.",
        ),
    ],
)
def test_missing_columns_are_asked_for(headers, expected):
    with pytest.raises(ColumnProblem) as caught:
        check(guess(headers))
    assert str(caught.value) == expected


def test_a_column_without_a_heading_is_named_by_its_number():
    assert ignored(("feld", "", "titel"), {"field": 0, "measure": 2}) == [
        "column 2, without a heading"
    ]


# Texts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ("=1+1", "'=1+1"),
        ("+49 6721", "'+49 6721"),
        ("-5 Grad", "'-5 Grad"),
        ("@home", "'@home"),
        ("\t=1", "'\t=1"),
        ("\rx", "'\rx"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠a", "'＠a"),
        ("'=1", "''=1"),
        ("-", "'-"),
        ("–", "'–"),
        ("'n Abend", "'n Abend"),
        ("1=1", "1=1"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_would_evaluate_gets_an_apostrophe_that_comes_off_again(text, guarded):
    assert guard(text) == guarded
    assert read_cell(guarded, lines=True) == text.replace("\r", "\n")


@pytest.mark.parametrize(
    ("text", "guarded"), [("=1", "=1"), ("'=1", "''=1"), ("-", "'-"), ("–", "'–"), ("'n", "'n")]
)
def test_in_a_workbook_only_the_ambiguous_is_guarded(text, guarded):
    assert guard_ambiguous(text) == guarded
    assert read_cell(guarded, lines=True) == text


def test_nothing_loads_libraries_for_spreadsheets_before_a_file_is_read():
    code = (
        "import django, os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings';"
        "django.setup(); import measures.transfer.views;"
        "print(sorted({'pandas', 'numpy', 'openpyxl', 'xlsxwriter'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
