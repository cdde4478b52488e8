"""The import page: a preview first, then all or nothing; and the two exports."""

import datetime
import html
import io
import re
import secrets
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from fields.models import ActionField, seed_fields
from measures.models import Measure
from measures.transfer.forms import ColumnsForm, pack, unpack
from measures.transfer.matching import name_of_rest, name_of_word
from measures.transfer.reading import Source
from measures.transfer.tables import Sheet, Table, UnreadableFile
from measures.transfer.workbook import _check_archive
from tests.markup import compact
from tests.measures.test_transfer_sheets import book
from tests.rating import save_rating
from workshops.models import Ballot, Edit, Membership, Participant, Role, User, Workshop
from workshops.phases import Phase

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parent.parent / "data"
CASES = DATA / "cases"
GOOD = "Handlungsfeld;Maßnahme\nKultur;Chor\nKultur;Museum\n"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def workshop() -> Workshop:
    return Workshop.objects.create(title="Werkstatt Ü", date=datetime.date(2026, 11, 9))


@pytest.fixture
def sign_in(client, workshop):
    """Sign somebody in who has one role in the workshop, speaking English."""

    def as_(role: str | None):
        user = User.objects.create_user(f"{role}@example.org")
        if role == "participant":
            Participant.objects.create(workshop=workshop, user=user)
        elif role:
            Membership.objects.create(workshop=workshop, user=user, role=role)
        client.force_login(user)
        session = client.session
        session["language"] = "en"
        session.save()
        return client

    return as_


@pytest.fixture
def facilitator(sign_in):
    return sign_in(Role.FACILITATOR)


def url(workshop: Workshop, name: str = "measure-import") -> str:
    return reverse(f"measures:{name}", args=[workshop.pk])


def upload(client, workshop: Workshop, data: str | bytes, name: str = "liste.csv"):
    content = data.encode() if isinstance(data, str) else data
    return client.post(url(workshop), {"file": SimpleUploadedFile(name, content)})


CHECKED = r'<input[^>]*name="%s"[^>]*value="([^"]*)"[^>]*\bchecked'


def form_of(response) -> dict[str, str | list[str]]:
    """Return what a browser would send back from the preview."""
    page = response.content.decode()
    data: dict[str, str | list[str]] = {
        name: html.unescape(value)
        for name, value in re.findall(
            r'type="hidden" name="(table|seen|headings)" value="([^"]*)"', page
        )
    }
    for name, options in re.findall(r'<select name="([\w-]+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        data[name] = html.unescape(chosen[1]) if chosen else ""
    for name in ("encoding", "sheet"):
        values = [html.unescape(value) for value in re.findall(CHECKED % name, page, re.DOTALL)]
        if values:
            data[name] = values if name == "sheet" else values[0]
    return data


def confirm(client, workshop: Workshop, response, **other):
    return client.post(url(workshop, "measure-import-confirm"), form_of(response) | other)


def titles(workshop: Workshop) -> list[str]:
    return list(workshop.measures.values_list("title", flat=True))


def told(response) -> list[str]:
    """Return the messages that the next page shows."""
    return [str(message) for message in response.wsgi_request._messages]


# Preview, then import ---------------------------------------------------------------------------


def test_the_page_asks_for_a_file(facilitator, workshop):
    response = facilitator.get(url(workshop))
    assert response.status_code == 200
    assert 'accept=".csv,.txt,.tsv,.xlsx"' in response.content.decode()


def test_the_preview_shows_and_saves_nothing(facilitator, workshop):
    response = upload(facilitator, workshop, GOOD)
    assert response.status_code == 200
    assert response.context["summary"] == ["1 new action field", "2 new measures"]
    assert [row.measure for row in response.context["plan"].new_measures] == ["Chor", "Museum"]
    sent = form_of(response)
    assert (sent["field"], sent["goal"], sent["measure"]) == ("0", "", "1")
    assert (titles(workshop), workshop.fields.count()) == ([], 0)


def test_what_was_confirmed_is_imported_under_ones_name(facilitator, workshop):
    response = confirm(facilitator, workshop, upload(facilitator, workshop, GOOD))
    assert (response.status_code, response.url) == (302, workshop.get_absolute_url())
    assert told(response) == ["Imported: 1 new action field, 2 new measures."]
    assert titles(workshop) == ["Chor", "Museum"]
    assert Measure.history.first().history_user.email == "facilitator@example.org"


def test_confirming_twice_imports_once_and_says_so(facilitator, workshop):
    preview = upload(facilitator, workshop, GOOD)
    confirm(facilitator, workshop, preview)
    workshop.revision.refresh_from_db()
    before = workshop.revision.number
    response = confirm(facilitator, workshop, preview)
    assert response.status_code == 302
    assert told(response)[-1] == "All of this is here already. Nothing was changed."
    workshop.revision.refresh_from_db()
    assert (titles(workshop), workshop.revision.number) == (["Chor", "Museum"], before)


def test_the_ulm_catalogue_goes_through_the_page(facilitator, workshop):
    for name in ("massnahmen", "ziele"):
        data = (DATA / f"ulm_smart_city_{name}.csv").read_bytes()
        confirm(facilitator, workshop, upload(facilitator, workshop, data))
    assert (workshop.measures.count(), workshop.fields.count()) == (126, 13)
    preview = upload(facilitator, workshop, data)
    assert preview.context["plan"].is_empty
    assert preview.context["ignored"] == ["feld_nr"]


def test_what_changed_in_between_is_shown_again_instead_of_done(facilitator, workshop):
    preview = upload(facilitator, workshop, GOOD)
    ActionField.objects.create(workshop=workshop, name="Kultur")
    response = confirm(facilitator, workshop, preview)
    assert response.status_code == 409
    assert response.context["summary"] == ["2 new measures"]
    assert "This is not what you saw before" in response.content.decode()
    assert titles(workshop) == []
    assert confirm(facilitator, workshop, response).status_code == 302
    assert titles(workshop) == ["Chor", "Museum"]


def test_two_tabs_with_different_files_do_not_mix(facilitator, workshop):
    one = upload(facilitator, workshop, GOOD)
    two = upload(facilitator, workshop, "Feld;Titel\nEnergie;Netze\n")
    assert confirm(facilitator, workshop, one).status_code == 302
    assert confirm(facilitator, workshop, two).status_code == 302
    assert titles(workshop) == ["Chor", "Museum", "Netze"]


# Columns ----------------------------------------------------------------------------------------


def test_foreign_columns_are_asked_for_and_can_be_chosen(facilitator, workshop):
    response = upload(facilitator, workshop, "Thema;Idee\nKultur;Chor\n")
    assert response.status_code == 422
    assert response.context["error"] == (
        "Which column holds the action field? None of the headings says so."
    )
    chosen = form_of(response) | {"field": "0", "measure": "1"}
    preview = facilitator.post(url(workshop), chosen)
    assert (preview.status_code, preview.context["summary"]) == (
        200,
        ["1 new action field", "1 new measure"],
    )
    assert confirm(facilitator, workshop, preview).status_code == 302
    assert titles(workshop) == ["Chor"]


def test_other_columns_than_previewed_are_shown_first(facilitator, workshop):
    preview = upload(facilitator, workshop, "Feld;Titel;Text\nKultur;Chor;Gesang\n")
    response = confirm(facilitator, workshop, preview, measure="2")
    assert (response.status_code, titles(workshop)) == (409, [])
    assert [row.measure for row in response.context["plan"].new_measures] == ["Gesang"]


@pytest.mark.parametrize(
    ("chosen", "error"),
    [
        ({"goal": "1", "measure": "1"}, "The same column of the file is chosen twice."),
        ({"measure": "99"}, "Choose columns that the file has."),
        ({"measure": "x"}, "Choose columns that the file has."),
        ({"measure": "-1"}, "Choose columns that the file has."),
    ],
)
@pytest.mark.parametrize("name", ["measure-import", "measure-import-confirm"])
def test_impossible_columns_are_refused(facilitator, workshop, name, chosen, error):
    sent = form_of(upload(facilitator, workshop, GOOD)) | chosen
    response = facilitator.post(url(workshop, name), sent)
    assert (response.status_code, response.context["error"]) == (422, error)
    assert titles(workshop) == []


# Rows that say the same -------------------------------------------------------------------------

TOWNS = "Feld;Titel;Kommune\nStrom;Wärmenetz;Mainz\nStrom;Wärmenetz;Bremen\nStrom;Wärmenetz;mainz\n"


def rows_of(response, title: str) -> list[list[str]]:
    """Return the cells of one table of the preview, row by row."""
    table = re.search(rf"<caption[^>]*>{title}</caption>.*?</table>", compact(response), re.DOTALL)
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", table[0], re.DOTALL)
    return [re.findall(r"<t[dh][^>]*>([^<]*)</t[dh]>", row) for row in rows]


def test_rows_that_repeat_others_are_counted_and_named(facilitator, workshop):
    preview = upload(facilitator, workshop, GOOD + "Kultur;Chor\n")
    assert preview.context["summary"] == [
        "1 new action field",
        "2 new measures",
        "1 row that repeats another row of the file",
    ]
    assert rows_of(preview, "Rows that repeat others") == [
        ["Row", "Measure or goal", "The same as"],
        ["4", "Chor", "row 2"],
    ]


def test_measures_of_several_municipalities_stay_apart_and_are_named(facilitator, workshop):
    first = upload(facilitator, workshop, TOWNS)
    assert first.status_code == 422
    emptied = form_of(first) | {
        name_of_word("municipality", name): "-" for name in ("Mainz", "Bremen")
    }
    preview = facilitator.post(url(workshop), emptied)
    assert rows_of(preview, "New measures that differ only by the municipality") == [
        ["Row", "Measure or goal", "Municipality in the file", "The same as"],
        ["3", "Wärmenetz", "Bremen", "row 2 (Mainz)"],
    ]
    assert confirm(facilitator, workshop, preview).status_code == 302
    assert titles(workshop) == ["Wärmenetz", "Wärmenetz"]
    again = facilitator.post(url(workshop), emptied)
    assert again.context["summary"] == [
        "1 row that repeats another row of the file",
        "2 rows that change nothing",
    ]
    one = facilitator.post(url(workshop), emptied | {"municipality": ""})
    assert rows_of(one, "Rows that repeat others")[1:] == [
        ["3", "Wärmenetz", "row 2"],
        ["4", "Wärmenetz", "row 2"],
    ]


# How the file is read ---------------------------------------------------------------------------

MS_DOS = "Feld;Titel\nMobilität;Möbel\n".encode("cp850")
LEGEND = "Feld;Titel;Beschreibung\nTextfeld;;frei\nKultur;Chor;\nKultur;Summe;\nx;y;\n"
NO_CHOICE = "Choose sheets, a spelling and rows that the file has."


def labels(response, name: str) -> list[tuple[str, str]]:
    return list(response.context["source_form"].fields[name].widget.choices)


def case(client, workshop: Workshop, name: str):
    return upload(client, workshop, (CASES / name).read_bytes(), name)


def test_of_a_plain_file_rows_can_be_left_out_and_there_is_nothing_to_tell(facilitator, workshop):
    form = upload(facilitator, workshop, GOOD).context["source_form"]
    assert (list(form.fields), form.facts) == (["left_out"], [])


def test_rows_that_are_no_measures_are_left_out_by_number(facilitator, workshop):
    first = upload(facilitator, workshop, LEGEND)
    assert [str(each) for each in first.context["plan"].problems] == [
        "Row 2, column “Titel”: The measure is missing to which the rest belongs."
    ]
    preview = facilitator.post(url(workshop), form_of(first) | {"left_out": "2, 4-5"})
    assert preview.context["summary"] == ["1 new action field", "1 new measure"]
    assert preview.context["source_form"].facts == [
        "Left out by choice are 3 rows: row 2; row 4; row 5."
    ]
    assert 'value="2, 4-5"' in preview.content.decode()
    response = confirm(facilitator, workshop, preview)
    assert (response.status_code, titles(workshop)) == (422, [])  # not what was seen
    assert confirm(facilitator, workshop, preview, left_out="2, 4-5").status_code == 302
    assert titles(workshop) == ["Chor"]


@pytest.mark.parametrize(
    ("rows", "error", "of_field"),
    [
        ("drei", NO_CHOICE, ["Name rows by their numbers, for example: 3, 7-9"]),
        ("9-7", NO_CHOICE, ["Name rows by their numbers, for example: 3, 7-9"]),
        ("3, 7-9", "Below the headings there is no row 7–9 to be left out.", []),
        ("1", "Below the headings there is no row 1 to be left out.", []),
        ("2-5", "All rows below the headings are left out.", []),
    ],
)
def test_rows_that_cannot_be_left_out_are_named_and_stay_typed(
    facilitator, workshop, rows, error, of_field
):
    sent = form_of(upload(facilitator, workshop, LEGEND)) | {"left_out": rows}
    response = facilitator.post(url(workshop), sent)
    form = response.context["source_form"]
    assert (response.status_code, response.context["error"]) == (422, error)
    assert (form["left_out"].value(), form.errors.get("left_out", [])) == (rows, of_field)


def test_letters_in_doubt_are_asked_about_and_chosen_without_the_file(facilitator, workshop):
    question = upload(facilitator, workshop, MS_DOS)
    assert (question.status_code, question.context["error"]) == (
        422,
        "The file does not say for certain how its letters are meant. Row 2: is “Mobilität” or"
        " “Mobilit„t” right?",
    )
    assert labels(question, "encoding") == [
        ("cp850", "Mobilität, Möbel (MS-DOS, 850)"),
        ("cp1252", "Mobilit„t, M”bel (Windows-1252)"),
    ]
    preview = facilitator.post(url(workshop), form_of(question))
    assert preview.status_code == 200
    assert preview.context["plan"].new_fields == ("Mobilität",)
    assert confirm(facilitator, workshop, preview).status_code == 302
    assert titles(workshop) == ["Möbel"]


def test_while_letters_are_asked_about_nothing_else_is(facilitator, workshop):
    question = upload(facilitator, workshop, MS_DOS)
    assert list(question.context["source_form"].fields) == ["encoding"]


def test_the_other_spelling_can_be_chosen_too(facilitator, workshop):
    question = upload(facilitator, workshop, MS_DOS)
    preview = facilitator.post(url(workshop), form_of(question) | {"encoding": "cp1252"})
    assert preview.context["plan"].new_fields == ("Mobilit„t",)
    other = confirm(facilitator, workshop, preview, encoding="cp850")
    assert (other.status_code, titles(workshop)) == (409, [])
    assert other.context["plan"].new_fields == ("Mobilität",)


def test_letters_that_were_stored_twice_are_mended_if_somebody_says_so(facilitator, workshop):
    question = case(facilitator, workshop, "encoding-double-utf8.csv")
    assert labels(question, "encoding") == [
        ("utf-8-twice", "Mobilität, Größe, prüfen (UTF-8, stored twice)"),
        ("utf-8", "MobilitÃ¤t, GrÃ¶ÃŸe, prÃ¼fen (UTF-8)"),
    ]
    preview = facilitator.post(url(workshop), form_of(question))
    assert confirm(facilitator, workshop, preview).status_code == 302
    assert titles(workshop) == ["Größe prüfen"]


def test_a_workbook_with_misread_letters_is_asked_about_as_well(facilitator, workshop):
    data = book({"M": [["Feld", "Titel"], ["Verkehr", "M”bel fr Mobilit„t"]]})
    question = upload(facilitator, workshop, data, "liste.xlsx")
    assert labels(question, "encoding") == [
        ("cp850-as-cp1252", "Möbel, Mobilität (MS-DOS, 850, read as Windows-1252)"),
        ("utf-8", "M”bel, Mobilit„t (as it stands)"),
    ]
    preview = facilitator.post(url(workshop), form_of(question))
    assert confirm(facilitator, workshop, preview).status_code == 302
    assert titles(workshop) == ["Möbel fr Mobilität"]


def test_damaged_letters_are_named_with_row_and_word(facilitator, workshop):
    response = case(facilitator, workshop, "encoding-utf8-one-foreign-byte.csv")
    assert response.status_code == 422
    assert response.context["upload_form"].errors == {
        "file": [
            "Some letters are stored in another way than the rest of the file (row 3: “B�ume”,"
            " “gie�en”). Correct the words in your file, save it as “CSV UTF-8” and choose it"
            " again."
        ]
    }


def test_the_sheets_of_a_workbook_are_named_and_can_be_chosen(facilitator, workshop):
    preview = case(facilitator, workshop, "xlsx-one-sheet-per-field.xlsx")
    assert preview.context["source_form"].facts == [
        "Sheets read: “Mobilität”, “Bildung”, “Verwaltung”."
    ]
    assert re.findall(r'numeric">([^<]*)</td>', compact(preview)) == [
        "Sheet “Mobilität”, row 2",
        "Sheet “Bildung”, row 2",
        "Sheet “Verwaltung”, row 2",
    ]
    fewer = facilitator.post(url(workshop), form_of(preview) | {"sheet": ["Bildung"]})
    assert fewer.context["plan"].new_fields == ("Bildung",)
    assert fewer.context["source_form"].facts == ["Sheet read: “Bildung”."]
    assert form_of(fewer)["sheet"] == ["Bildung"]
    assert confirm(facilitator, workshop, fewer).status_code == 302
    assert titles(workshop) == ["Maßnahme zu Bildung"]


def test_a_hidden_sheet_is_named_and_can_be_chosen(facilitator, workshop):
    preview = case(facilitator, workshop, "xlsx-hidden-sheet-first.xlsx")
    assert preview.context["source_form"].facts == [
        "Sheet read: “Maßnahmen”.",
        "Hidden and therefore not read: the sheet “Listen”.",
    ]
    assert labels(preview, "sheet") == [("Maßnahmen", "Maßnahmen"), ("Listen", "Listen (hidden)")]
    assert preview.context["summary"] == ["1 new action field", "1 new measure"]


def test_no_sheet_at_all_is_asked_for(facilitator, workshop):
    sent = form_of(case(facilitator, workshop, "xlsx-one-sheet-per-field.xlsx"))
    del sent["sheet"]
    response = facilitator.post(url(workshop), sent)
    assert (response.status_code, response.context["error"]) == (422, NO_CHOICE)
    again = facilitator.post(url(workshop), form_of(response) | {"sheet": ["Bildung"]})
    assert again.context["plan"].new_fields == ("Bildung",)


def test_names_of_sheets_become_fields_and_rows_that_say_nothing_else_do_not(facilitator, workshop):
    sheets = {
        "Bildung": [["Maßnahme", "Kosten"], ["Tablets", 5], [None, 7]],
        "Kultur": [["Maßnahme", "Kosten"], ["Chor", None]],
    }
    preview = upload(facilitator, workshop, book(sheets), "liste.xlsx")
    assert preview.status_code == 200
    assert preview.context["plan"].new_fields == ("Bildung", "Kultur")
    assert preview.context["ignored"] == ["Kosten"]
    assert confirm(facilitator, workshop, preview).status_code == 302
    assert titles(workshop) == ["Tablets", "Chor"]


def test_names_of_sheets_are_no_fields_where_another_column_is_chosen(facilitator, workshop):
    data = book({"Info": [["Anleitung"]], "Plan": [["Axe", "Titel"], ["Verkehr", "Radwege"]]})
    first = upload(facilitator, workshop, data, "liste.xlsx")
    assert first.context["source_form"].facts == ["Sheet read: “Plan”."]
    by_name = facilitator.post(url(workshop), form_of(first) | {"field": "2"})
    assert by_name.context["plan"].new_fields == ("Plan",)
    assert by_name.context["source_form"].facts == [
        "Sheet read: “Plan”.",
        "The names of the sheets are taken as action fields.",
    ]
    assert by_name.context["ignored"] == ["Axe"]
    by_column = facilitator.post(url(workshop), form_of(by_name) | {"field": "0"})
    assert by_column.context["plan"].new_fields == ("Verkehr",)
    assert by_column.context["source_form"].facts == ["Sheet read: “Plan”."]
    assert by_column.context["ignored"] == []


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (["", "b"], "Sheet “Y”, row 2, column “Feld”: The action field is missing."),
        (
            ["A", "a", "2"],
            "Sheet “Y”, row 2, column “Titel”: The same measure of the same field stands in sheet"
            " “X”, row 2 with another content. Are they two? Then choose a column as “Number” that"
            " tells them apart.",
        ),
    ],
)
def test_problems_in_several_sheets_say_in_which(facilitator, workshop, other, expected):
    head = ["Feld", "Titel", "Beschreibung"]
    data = book({"X": [head, ["A", "a", "1"]], "Y": [head, other]})
    response = upload(facilitator, workshop, data, "liste.xlsx")
    assert response.status_code == 422
    assert list(map(str, response.context["plan"].problems)) == [expected]


def test_headings_further_down_are_told_and_can_be_chosen(facilitator, workshop):
    preview = case(facilitator, workshop, "heading-not-in-first-row.csv")
    assert preview.context["source_form"].facts == [
        "The headings stand in row 3; what is above them is left out."
    ]
    assert labels(preview, "heading_row") == [
        ("", "the row that fits best"),
        (1, "1: Maßnahmenliste Musterstadt, Stand 2026"),
        (3, "3: Handlungsfeld, Maßnahme, Beschreibung"),
        (4, "4: A, B, C"),
    ]
    assert [row.row for row in preview.context["plan"].new_measures] == [4]
    other = facilitator.post(url(workshop), form_of(preview) | {"heading_row": "1"})
    assert (other.status_code, form_of(other)["heading_row"]) == (422, "1")
    assert form_of(other)["field"] == ""
    back = facilitator.post(url(workshop), form_of(other) | {"heading_row": ""})
    assert back.context["summary"] == ["1 new action field", "1 new measure"]


def test_where_no_heading_is_known_the_row_can_be_chosen(facilitator, workshop):
    response = upload(facilitator, workshop, "Liste\nThema;Idee\nKultur;Chor\n")
    assert response.status_code == 422
    again = facilitator.post(url(workshop), form_of(response) | {"heading_row": "2"})
    chosen = form_of(again) | {"field": "0", "measure": "1"}
    preview = facilitator.post(url(workshop), chosen)
    assert preview.context["summary"] == ["1 new action field", "1 new measure"]
    assert confirm(facilitator, workshop, preview).status_code == 302
    assert titles(workshop) == ["Chor"]


@pytest.mark.parametrize(
    ("chosen", "error"),
    [
        ({"heading_row": "2"}, "Row 2 is empty. In which row do the headings stand?"),
        ({"heading_row": "4"}, "The file has headings only, no row below them."),
        ({"heading_row": "x"}, NO_CHOICE),
        ({"heading_row": "-1"}, NO_CHOICE),
    ],
)
@pytest.mark.parametrize("name", ["measure-import", "measure-import-confirm"])
def test_impossible_rows_are_refused(facilitator, workshop, name, chosen, error):
    sent = form_of(case(facilitator, workshop, "heading-not-in-first-row.csv")) | chosen
    response = facilitator.post(url(workshop, name), sent)
    assert (response.status_code, response.context["error"]) == (422, error)
    assert titles(workshop) == []


@pytest.mark.parametrize("encoding", ["rot13", "utf-16", ""])
def test_impossible_spellings_are_refused(facilitator, workshop, encoding):
    sent = form_of(upload(facilitator, workshop, MS_DOS)) | {"encoding": encoding}
    response = facilitator.post(url(workshop), sent)
    assert (response.status_code, response.context["error"]) == (422, NO_CHOICE)


def test_a_sheet_that_does_not_fit_into_the_page_is_named(facilitator, workshop):
    rows = [[secrets.token_hex(900)] for _each in range(1000)]
    data = book({"M": [["Feld", "Titel"], ["Kultur", "Chor"]], "Roh": rows})
    preview = upload(facilitator, workshop, data, "liste.xlsx")
    note = "Together with the others this sheet is too large. Save it as a file of its own."
    assert preview.status_code == 200
    assert labels(preview, "sheet") == [("M", "M"), ("Roh", f"Roh ({note})")]
    other = facilitator.post(url(workshop), form_of(preview) | {"sheet": ["Roh"]})
    assert (other.status_code, other.context["error"]) == (422, note)
    assert confirm(facilitator, workshop, preview).status_code == 302
    assert titles(workshop) == ["Chor"]


def test_markup_in_the_name_of_a_sheet_is_shown_as_text(facilitator, workshop):
    head = ["Feld", "Titel"]
    data = book({"<b>X": [head, ["A", "a"]], "Y": [head, ["A", "b"]]})
    page = upload(facilitator, workshop, data, "liste.xlsx").content.decode()
    assert ("<b>X" in page, page.count("“&lt;b&gt;X”")) == (False, 2)


# Words that the workshop does not know ----------------------------------------------------------

WORDS = """Handlungsfeld;Maßnahme;Umsetzungszeit
Bildung & Jugend;Kurs;2025–2027
Bildung;Chor;bald
Kultur;Bus;bald
"""


@pytest.fixture
def nine(workshop) -> Workshop:
    seed_fields(workshop)
    return workshop


def chosen(response, **meanings: dict[str, str]) -> dict[str, str]:
    """Return what a browser would send after somebody chose what words mean."""
    names = {
        name_of_word(target, word): meaning
        for target, pairs in meanings.items()
        for word, meaning in pairs.items()
    }
    sent = form_of(response)
    assert names.keys() <= sent.keys()
    return sent | names


def asked(response) -> dict[str, dict[str, str]]:
    """Return the questions of the page with what is chosen."""
    return {
        str(section.title): {str(field.label): field.value() for field in section.questions}
        for section in response.context["matching"].sections()
    }


def test_one_answer_for_all_the_rest_comes_first(facilitator, workshop):
    rows = "".join(f"Kultur;Chor {year};ab {year}\n" for year in range(2030, 2033))
    response = upload(facilitator, workshop, f"Feld;Titel;Zeitraum\n{rows}")
    assert list(asked(response)["Implementation times that are not known here"]) == [
        "All of which nothing is chosen below",
        "“ab 2030” (1 row)",
        "“ab 2031” (1 row)",
        "“ab 2032” (1 row)",
    ]


def test_an_unknown_time_is_asked_for_once_and_nothing_can_be_confirmed(facilitator, nine):
    response = upload(facilitator, nine, WORDS)
    assert response.status_code == 422
    assert "2 words of the file are not known here" in response.content.decode()
    assert asked(response) == {
        "Implementation times that are not known here": {
            "“2025–2027” (1 row)": "",
            "“bald” (2 rows)": "",
        },
        "Action fields that are not there yet": {
            "“Bildung & Jugend” (1 row)": "Bildung und Jugend",
            "“Bildung” (1 row)": "",
            "“Kultur” (1 row)": "",
        },
    }
    assert url(nine, "measure-import-confirm") not in response.content.decode()
    assert confirm(facilitator, nine, response).status_code == 422
    assert titles(nine) == []


def test_what_was_chosen_is_shown_then_imported_and_a_second_time_changes_nothing(
    facilitator, nine
):
    means = {
        "horizon": {"2025–2027": "long", "bald": "unknown"},
        "field": {"Bildung": "Bildung und Jugend"},
    }
    first = upload(facilitator, nine, WORDS)
    shown = facilitator.post(url(nine), chosen(first, **means))
    assert (shown.status_code, shown.context["summary"]) == (
        200,
        ["1 new action field", "3 new measures"],
    )
    assert "Import all of this (4 entries)" in shown.content.decode()
    assert confirm(facilitator, nine, shown).status_code == 302
    assert list(nine.measures.values_list("field__name", "title", "time_horizon")) == [
        ("Bildung und Jugend", "Kurs", "long"),
        ("Bildung und Jugend", "Chor", "unknown"),
        ("Kultur", "Bus", "unknown"),
    ]
    again = upload(facilitator, nine, WORDS)
    assert facilitator.post(url(nine), chosen(again, **means)).context["plan"].is_empty


def test_choices_that_were_not_shown_yet_are_shown_first(facilitator, nine):
    known = WORDS.replace("2025–2027", "kurz").replace("bald", "lang")
    preview = upload(facilitator, nine, known)
    sent = chosen(preview, field={"Kultur": "Tourismus"})
    response = facilitator.post(url(nine, "measure-import-confirm"), sent)
    assert (response.status_code, titles(nine)) == (409, [])
    assert response.context["plan"].new_fields == ("Bildung",)
    assert confirm(facilitator, nine, response).status_code == 302
    assert list(nine.measures.filter(title="Bus").values_list("field__name", flat=True)) == [
        "Tourismus"
    ]


def test_a_field_that_is_like_another_is_offered_first_and_never_taken_by_itself(facilitator, nine):
    preview = upload(facilitator, nine, WORDS)
    choices = preview.context["matching"].fields[name_of_word("field", "Bildung")].choices
    assert choices[:2] == [
        ("", "as a new action field"),
        ("similar name", [("Bildung und Jugend", "Bildung und Jugend")]),
    ]
    assert len(choices[2][1]) == 8
    assert preview.context["plan"].new_fields == ("Bildung", "Kultur")


def test_one_choice_may_hold_for_all_words_that_are_left(facilitator, nine):
    rows = "".join(f"Kultur;Titel {n};ab {2030 + n}\n" for n in range(70))
    preview = upload(facilitator, nine, "feld;titel;horizont\n" + rows)
    assert len(preview.context["matching"].fields) == 62
    assert "10 further words are not listed." in preview.content.decode()
    sent = chosen(preview, horizon={"ab 2031": "short"}) | {name_of_rest("horizon"): "unknown"}
    shown = facilitator.post(url(nine), sent)
    assert shown.status_code == 200
    assert shown.context["matching"][name_of_word("horizon", "ab 2030")].value() == ""
    assert confirm(facilitator, nine, shown).status_code == 302
    assert list(nine.measures.values_list("time_horizon", flat=True))[:3] == [
        "unknown", "short", "unknown",
    ]  # fmt: skip
    assert nine.measures.filter(time_horizon="unknown").count() == 69


def test_the_ulm_catalogue_can_be_matched_to_the_nine_fields(facilitator, nine):
    data = (DATA / "ulm_smart_city_massnahmen.csv").read_bytes()
    fields = {
        "Bildung": "Bildung und Jugend",
        "Handel, Innenstadt und Tourismus": "Tourismus",
        "Wirtschaft, Forschung und Entwicklung": "Kommunale Wirtschaft",
        "Zusammenleben und Gesellschaft": "Silberne Gesellschaft",
    }
    preview = upload(facilitator, nine, data)
    [fields_asked] = preview.context["matching"].sections()
    assert (fields_asked.count, fields_asked.note) == (13, "similar to one that is here: 4")
    shown = facilitator.post(url(nine), chosen(preview, field=fields))
    assert shown.context["summary"] == ["9 new action fields", "126 new measures"]
    confirm(facilitator, nine, shown)
    assert (nine.measures.count(), nine.fields.count()) == (126, 18)
    again = facilitator.post(url(nine), chosen(upload(facilitator, nine, data), field=fields))
    assert again.context["plan"].is_empty


# The page ---------------------------------------------------------------------------------------


def test_the_preview_begins_with_the_whole_and_the_button_and_opens_what_is_new(facilitator, nine):
    page = compact(upload(facilitator, nine, GOOD + "Tourismus;Karte\n"))
    beginnings = [
        ">Preview</h2>", "<li>1 new action field</li><li>3 new measures</li>",
        "Import all of this (4 entries)", "Action fields that are not there yet (1)",
        "New action fields (1)", "New measures (3)", "How the file is read", ">Columns</summary>",
    ]  # fmt: skip
    assert [page.count(text) for text in beginnings] == [1] * len(beginnings)
    assert sorted(beginnings, key=page.index) == beginnings
    folded, opened = ' class="import-part"', ' class="import-part" open'
    parts = [folded, opened, opened, folded, folded]
    assert re.findall(r"<details([^>]*)>", page) == parts


def test_rows_that_change_nothing_are_folded_and_within_reach(facilitator, workshop):
    file = "feld;titel;beschreibung\nKultur;Chor;Laut\nKultur;Oper;\n"
    confirm(facilitator, workshop, upload(facilitator, workshop, file))
    later = file.replace("Laut", "Leise") + "Kultur;Tanz;Im Saal\n"
    response = upload(facilitator, workshop, later)
    assert [row[0] for row in rows_of(response, "Changes")[1:]] == ["2"]
    assert [row[3] for row in rows_of(response, "New measures")[1:]] == ["Tanz"]
    assert rows_of(response, "Unchanged rows")[1:] == [["3", "Kultur", "Oper"]]
    parts = r'<details class="import-\w+"( open)?><summary>(.*?)<'
    found = re.findall(parts, compact(response))
    assert [(bool(is_open), words) for is_open, words in found] == [
        (True, "Changes (1)"), (True, "New measures (1)"), (False, "1 detail"),
        (False, "1 unchanged row"), (False, "How the file is read"), (False, "Columns"),
    ]  # fmt: skip


def turn(client, workshop: Workshop, response, **page: str):
    """Press one of the buttons that turn to another page of a list."""
    sent = {f"page-{name}": number for name, number in page.items()}
    return client.post(url(workshop), form_of(response) | sent)


def test_of_many_bad_cells_twenty_are_shown_with_the_way_to_the_others(facilitator, workshop):
    first = upload(facilitator, workshop, "feld;titel\n" + ";x\n" * 45 + "Kultur;Chor\n")
    page = compact(first)
    assert "45 cells must be corrected first" in page
    counts = re.search(r'<ul class="import-counts">(.*?)<div', page)
    assert re.findall(r"<li>([^<]+)", counts[1]) == [
        "45 rows with cells to correct",
        "feld: The action field is missing. (45)",
        "1 new action field",
        "1 new measure",
    ]
    assert "1 to 20 of 45" in page
    assert [row[0] for row in rows_of(first, "Cells to correct")[1:]] == [
        str(row) for row in range(2, 22)
    ]
    last = turn(facilitator, workshop, first, problems="3")
    assert (last.status_code, "41 to 45 of 45" in compact(last)) == (422, True)
    assert [row[0] for row in rows_of(last, "Cells to correct")[1:]] == [
        "42",
        "43",
        "44",
        "45",
        "46",
    ]


def test_a_long_list_is_turned_over_by_the_hundred_and_stored_as_a_whole(facilitator, workshop):
    file = "feld;titel\n" + "".join(f"Kultur;Chor {number}\n" for number in range(250))
    first = upload(facilitator, workshop, file)
    assert [row[2] for row in rows_of(first, "New measures")[1:]] == [""] * 100
    folded, opened = ' class="import-part"', ' class="import-part" open'
    parts = [opened, opened, folded, folded]
    assert re.findall(r"<details([^>]*)>", compact(first)) == parts
    last = turn(facilitator, workshop, first, new_measures="3")
    assert [row[3] for row in rows_of(last, "New measures")[1:]] == [
        f"Chor {number}" for number in range(200, 250)
    ]
    page = compact(last)
    assert re.findall(r"<details([^>]*)>", page)[1] == ' class="import-part" open'
    assert re.findall(r"<(\w+)[^>]* autofocus", page) == ["span"]  # the list that was turned over
    assert confirm(facilitator, workshop, last).status_code == 302
    assert workshop.measures.count() == 250


@pytest.mark.parametrize("page", ["0", "-1", "99", "zwei", ""])
def test_a_page_that_is_not_there_is_the_first_or_the_last(facilitator, workshop, page):
    file = "feld;titel\n" + "".join(f"Kultur;Chor {number}\n" for number in range(101))
    response = turn(facilitator, workshop, upload(facilitator, workshop, file), new_measures=page)
    shown = [row[3] for row in rows_of(response, "New measures")[1:]]
    assert shown[0] == {"0": "Chor 100", "-1": "Chor 100", "99": "Chor 100"}.get(page, "Chor 0")


def test_the_preview_of_five_thousand_rows_is_hardly_larger_than_that_of_two_hundred(
    facilitator, workshop
):
    sizes = {}
    for rows in (200, 5000):
        lines = "".join(f"Kultur;Chor {number};Text {number}\n" for number in range(rows))
        response = upload(facilitator, workshop, "feld;titel;beschreibung\n" + lines)
        travelling = len(form_of(response)["table"])
        sizes[rows] = len(response.content) - travelling
    assert sizes[5000] < sizes[200] * 1.1


def test_an_import_of_thousands_of_measures_is_taken_back_in_one_step(facilitator, workshop):
    file = "feld;titel\n" + "".join(f"Kultur;Chor {number}\n" for number in range(1200))
    assert confirm(facilitator, workshop, upload(facilitator, workshop, file)).status_code == 302
    assert workshop.measures.standing().count() == 1200
    undo, redo = (reverse(f"measures:edit-{name}", args=[workshop.pk]) for name in ("undo", "redo"))
    facilitator.post(undo, {"edit": Edit.objects.get().pk})
    assert (workshop.measures.standing().count(), workshop.fields.standing().count()) == (0, 0)
    facilitator.post(redo, {"edit": Edit.objects.get().pk})
    assert workshop.measures.standing().count() == 1200


def test_columns_that_nobody_can_guess_stay_open(facilitator, workshop):
    page = compact(upload(facilitator, workshop, "Thema;Idee\nKultur;Chor\n"))
    assert re.findall(r"<details([^>]*)>", page) == [' class="import-part" open'] * 2


# Bad input --------------------------------------------------------------------------------------


def test_every_bad_cell_is_listed_and_nothing_can_be_confirmed(facilitator, workshop):
    response = upload(facilitator, workshop, GOOD + ";Oper\nKultur;" + "x" * 201 + "\n")
    assert response.status_code == 422
    page = compact(response)
    assert re.findall(r"numeric\">(\d+)</td><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td>", page) == [
        ("4", "Handlungsfeld", "The action field is missing."),
        ("5", "Maßnahme", "The text is too long: 201 characters, at most 200 fit."),
    ]
    assert url(workshop, "measure-import-confirm") not in page
    assert confirm(facilitator, workshop, response).status_code == 422
    assert titles(workshop) == []


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("a.csv", b"", "The submitted file is empty."),
        ("a.csv", b"x" * 10_000_000, "The file is too large: 10 MB. At most 5 MB can be read."),
        (
            "a.csv",
            b"%PDF-1.7",
            "This is not a table. Choose a CSV file or an Excel workbook (.xlsx).",
        ),
        (
            "a.csv",
            b"feld;titel\nA;\0",
            "This is not a table: it contains NUL bytes. Choose a CSV file or an .xlsx file.",
        ),
    ],
)
def test_a_file_that_is_none_is_answered_with_a_sentence(facilitator, workshop, name, data, error):
    response = upload(facilitator, workshop, data, name)
    assert response.status_code == 422
    assert response.context["upload_form"].errors == {"file": [error]}


def test_no_file_at_all_is_answered_with_a_sentence(facilitator, workshop):
    response = facilitator.post(url(workshop), {})
    assert response.status_code == 422
    assert response.context["upload_form"].errors == {"file": ["This field is required."]}


def test_markup_in_the_file_is_shown_as_text(facilitator, workshop):
    page = upload(
        facilitator, workshop, "Feld<b>;Feld;Titel\nx;<script>f()</script>;<img src=x onerror=f()>"
    ).content.decode()
    assert "<script>f()" not in page
    assert "<img" not in page
    assert "Feld<b>" not in page
    assert "&lt;script&gt;f()&lt;/script&gt;" in page


def test_more_text_than_a_form_can_bring_back_is_refused(facilitator, workshop):
    rows = "".join(f"F;T{n};{secrets.token_hex(900)}\n" for n in range(1000))
    response = upload(facilitator, workshop, "feld;titel;text\n" + rows)
    assert (response.status_code, response.context["error"]) == (
        422,
        "The file holds too much text for one import. Split it into two files.",
    )


TOO_OLD = "The preview is too old or damaged. Please choose the file once more."


@pytest.mark.parametrize("name", ["measure-import", "measure-import-confirm"])
@pytest.mark.parametrize("table", ["", "x", "W10:1abc:def"])
def test_a_forged_table_is_refused(facilitator, workshop, name, table):
    response = facilitator.post(url(workshop, name), {"table": table, "field": "0"})
    assert (response.status_code, response.context["error"]) == (422, TOO_OLD)


def test_a_table_of_another_workshop_is_refused(facilitator, workshop):
    other = Workshop.objects.create(title="Other", date=datetime.date(2026, 11, 9))
    source = Source(b"\xe4", (Sheet("One", {2: ("A", "B")}, is_hidden=True, fault="x"),))
    travelling, packed = pack(source, other)
    assert travelling == unpack(packed, other) == source
    with pytest.raises(UnreadableFile):
        unpack(packed, workshop)


# Who may ----------------------------------------------------------------------------------------

PAGES = ["measure-import", "measure-import-confirm", "measure-export-csv", "measure-export-xlsx"]


def ask(client, workshop: Workshop, name: str):
    return (client.post if name.endswith("confirm") else client.get)(url(workshop, name))


@pytest.mark.parametrize("name", PAGES)
def test_somebody_without_an_account_is_sent_to_the_login(client, workshop, name):
    response = ask(client, workshop, name)
    assert (response.status_code, response.url.partition("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_finds_nothing(sign_in, workshop, name):
    assert ask(sign_in(None), workshop, name).status_code == 404


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", [Role.COMMITTEE, "participant"])
def test_other_roles_may_not(sign_in, workshop, name, role):
    assert ask(sign_in(role), workshop, name).status_code == 403


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.ADMINISTRATION])
def test_those_who_run_the_workshop_may(sign_in, workshop, role):
    client = sign_in(role)
    assert client.get(url(workshop)).status_code == 200
    assert confirm(client, workshop, upload(client, workshop, GOOD)).status_code == 302


@pytest.mark.parametrize("phase", [Phase.RATING, Phase.DELIBERATING, Phase.CLOSED])
def test_nothing_comes_in_once_people_rate(facilitator, workshop, phase):
    preview = upload(facilitator, workshop, GOOD)
    workshop.phase = phase
    workshop.save()
    assert facilitator.get(url(workshop)).status_code == 403
    assert confirm(facilitator, workshop, preview).status_code == 403
    assert titles(workshop) == []


@pytest.mark.parametrize("name", PAGES)
def test_only_the_right_method_is_answered(facilitator, workshop, name):
    wrong = facilitator.get if name.endswith("confirm") else facilitator.delete
    assert wrong(url(workshop, name)).status_code == 405


# Export -----------------------------------------------------------------------------------------


@pytest.fixture
def rated(workshop):
    field = ActionField.objects.create(workshop=workshop, name="Kultur")
    Measure.objects.create(workshop=workshop, field=field, title="=1+1")
    workshop.phase = Phase.DELIBERATING
    workshop.save()
    return workshop


def test_the_list_comes_out_as_csv(facilitator, rated):
    response = facilitator.get(url(rated, "measure-export-csv"))
    assert (response.status_code, response["Content-Type"]) == (200, "text/csv; charset=utf-8")
    name = f"attachment; filename*=utf-8''werkstatt-%C3%BC-{rated.pk}.csv"
    assert response["Content-Disposition"] == name
    lines = response.content.decode("utf-8-sig").splitlines()
    assert [line.split(";")[1:6] for line in lines] == [
        ['"Number"', '"Action field"', '"Goal"', '"Indicator"', '"Measure"'],
        ['"M1"', '"Kultur"', '""', '""', '"\'=1+1"'],
    ]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Straße der Möglichkeiten", "straße-der-möglichkeiten"),
        ("„Auf!“ / 2. Werkstatt", "auf-2-werkstatt"),
        ("…", "workshop"),
    ],
)
def test_the_name_of_a_file_keeps_the_letters_of_the_title(facilitator, rated, title, name):
    rated.title = title
    rated.save()
    response = facilitator.get(url(rated, "measure-export-csv"))
    stored = response["Content-Disposition"].replace('"', "").replace("*=utf-8''", "=")
    assert unquote(stored) == f"attachment; filename={name}-{rated.pk}.csv"


def test_the_list_comes_out_as_a_workbook(facilitator, rated):
    response = facilitator.get(url(rated, "measure-export-xlsx"))
    assert response.status_code == 200
    _check_archive(response.content)
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert [cell.value for cell in sheet[2]][1:6] == ["M1", "Kultur", None, None, "=1+1"]


@pytest.mark.parametrize("n", [1, 3])
def test_the_export_costs_the_same_queries_however_long_it_is(
    facilitator, rated, django_assert_num_queries, n
):
    for number in range(1, n):
        field = ActionField.objects.create(workshop=rated, name=f"F{number}")
        Measure.objects.create(workshop=rated, field=field, title="x")
    for _each in range(3):
        ballot = Ballot.objects.create(workshop=rated, source=Ballot.Source.GUEST)
        for measure in rated.measures.all():
            save_rating(ballot, measure, relevance=3, feasibility=3)
    with django_assert_num_queries(17):
        facilitator.get(url(rated, "measure-export-csv"))


def test_the_committee_gets_the_list_when_it_deliberates(sign_in, rated):
    client = sign_in(Role.COMMITTEE)
    rated.phase = Phase.RATING
    rated.save()
    assert client.get(url(rated, "measure-export-csv")).status_code == 403
    rated.phase = Phase.DELIBERATING
    rated.save()
    assert client.get(url(rated, "measure-export-csv")).status_code == 200


def test_the_select_preselects_what_was_recognised():
    form = ColumnsForm(Table(("Nr", "Feld", "Titel", ""), ()))
    assert {name: form[name].value() for name in form.fields} == {
        "field": 1,
        "goal": None,
        "indicator": None,
        "measure": 2,
        "short": None,
        "description": None,
        "horizon": None,
        "municipality": None,
        "relevance": None,
        "feasibility": None,
        "number": None,
    }
