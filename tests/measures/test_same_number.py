"""One number reads the same wherever it is shown: on pages, in files, in what was frozen."""

import csv
import io
import re
from decimal import ROUND_HALF_UP, Decimal

import openpyxl
import pytest
from django.urls import reverse
from django.utils import translation

from measures.matrix.file import matrix_figure
from measures.models import Measure
from measures.overview import overview_of
from measures.results.columns import COLUMNS
from measures.results.picture import matrix_of
from tests.deciding import decide, hold
from tests.markup import compact
from tests.measures.publishing import words
from tests.rating import agree_on, save_rating
from workshops.models import Workshop

# Raters, and the sums of what they gave for relevance and feasibility, on a scale from 1 to 5.
ROOMS = [
    (8, 17, 37),  # 2.125 and 4.625
    (8, 27, 35),  # 3.375 and 4.375
    (16, 34, 54),  # 2.125 and 3.375
    (16, 33, 71),  # 2.0625 and 4.4375, ties in the fourth digit
    (24, 51, 81),
    (32, 68, 140),  # 2.125 and 4.375
    (40, 81, 137),  # 2.025 and 3.425, as floats both below
    (40, 83, 161),  # 2.075 and 4.025
]


def votes(n: int, total: int) -> list[int]:
    """Return ``n`` steps whose sum is ``total``, as even as they can be."""
    step, more = divmod(total, n)
    return [step + (rater < more) for rater in range(n)]


def by_hand(n: int, total: int, digits: int = 2) -> str:
    mean = (Decimal(total) / n).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return str(mean).replace(".", ",")


@pytest.fixture
def desk(administrator, signed_in, public):
    """Return the administration's browser; the page is public and the workshop deliberates."""
    return signed_in(administrator)


@pytest.fixture
def get(desk, workshop):
    """Return a function that asks for a page of the workshop: ``get("dashboard")``."""

    def ask(name: str, *args, **parameters):
        response = desk.get(
            reverse(f"measures:{name}", args=[workshop.pk, *args]), parameters or None
        )
        assert response.status_code == 200
        return response

    return ask


def rate(measure: Measure, ballots: list, relevance: list[int], feasibility: list[int]) -> None:
    for ballot, *steps in zip(ballots, relevance, feasibility, strict=True):
        save_rating(ballot, measure, relevance=steps[0], feasibility=steps[1])


def cells(html: str) -> list[str]:
    row = re.search(r"<tbody>\s*(<tr.*?</tr>)", html, re.S)[1]
    return [words(cell) for cell in re.findall(r"<t[dh].*?</t[dh]>", row, re.S)]


def figures_of(page: str, *, place: int) -> list[str]:
    """Return a column of the table behind a measure's figures, both criteria first."""
    table = page.split('aria-label="Zahlen"')[1].split("</table>")[0]
    rows = re.findall(r"<tr>.*?</tr>", table.split("<tbody>")[1], re.S)
    return [words(re.findall(r"<t[dh].*?</t[dh]>", row, re.S)[place]) for row in rows]


def as_excel_shows(cell) -> str:
    """Excel keeps fifteen digits of a number and rounds what it shows half away from zero."""
    digits = len(cell.number_format.partition(".")[2])
    kept = Decimal(f"{cell.value:.15g}")
    return str(kept.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)).replace(".", ",")


def csv_row(get) -> dict[str, str]:
    text = get("measure-export-csv").content.decode("utf-8-sig")
    return next(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def xlsx_row(get) -> dict:
    book = openpyxl.load_workbook(io.BytesIO(get("measure-export-xlsx").content))
    head, row = list(book.active.iter_rows())[:2]
    return {name.value: cell for name, cell in zip(head, row, strict=True)}


def dossier_values(page, label: str) -> list[str]:
    """Return what the lines of this label say, then and now."""
    lines = [line for _title, lines in page.context["parts"] for line in lines]
    return [each for line in lines if line.label == label for each in (line.then, line.now)]


ALL_COLUMNS = {"col": [key for key, _heading, _is_number in COLUMNS]}


def surfaces(get, measure: Measure, session, decision) -> dict[str, list[str]]:
    """Return by surface the means of relevance and feasibility as one reads them there."""
    html = get("dashboard", **ALL_COLUMNS).content.decode()
    row, sheet, line = cells(html), xlsx_row(get), csv_row(get)
    name = re.search(r'class="mark [^>]*aria-label="([^"]*)"', html)[1]
    page = words(get("measure-detail", measure.number).content.decode())
    agenda = words(get("session-detail", session.pk).content.decode())
    point = compact(get("agenda-item", session.pk, measure.number))
    form = compact(get("decision-add", session.pk, measure.number))
    dossier = get("decision-detail", decision.pk)
    public = words(get("public-page").content.decode())
    public_alone = words(get("public-measure", measure.number).content.decode())
    alone = get("public-matrix").content.decode()
    two = r"Relevanz (\d,\d+),? Realisierbarkeit (\d,\d+)"
    then_now = dossier_values(dossier, "Mittelwert")
    return {
        "table of the dashboard": [row[5], row[8]],
        "card beside the mark": re.search(r'data-means="(\S+) (\S+)"', html).groups(),
        "name of the mark": re.search(two, name).groups(),
        "page of the measure": re.findall(r"(?:Relevanz|Realisierbarkeit) (\d,\d+) ", page)[:2],
        "agenda": re.search(two, agenda).groups(),
        "point of the agenda": re.findall(r'class="item__mean">.*?<strong>(.*?)</strong>', point),
        "name of the place in the matrix": re.search(two, point).groups(),
        "basis of the decision": re.findall(r"<dt>Mittelwert</dt><dd>(.*?)</dd>", form),
        "dossier, then": then_now[::2],
        "dossier, now": then_now[1::2],
        "public card": re.search(two, public).groups(),
        "public page of the measure": re.search(two, public_alone).groups(),
        "public picture": re.search(two, re.search(r'aria-label="(M1 [^"]*)"', alone)[1]).groups(),
        "public matrix as a table": cells(alone)[2:4],
        "CSV": [line["Relevanz: Mittelwert"], line["Realisierbarkeit: Mittelwert"]],
        "XLSX": [
            as_excel_shows(sheet[f"{name}: Mittelwert"])
            for name in ("Relevanz", "Realisierbarkeit")
        ],
    }


@pytest.mark.parametrize(("n", "relevance", "feasibility"), ROOMS)
def test_a_mean_reads_the_same_on_every_surface(
    get, workshop, measure, ballots, at, n, relevance, feasibility
):
    rate(measure, ballots(n), votes(n, relevance), votes(n, feasibility))
    session = hold(workshop, measure)
    decision = decide(session, measure)
    # A second session, which has not decided yet and shows the basis in its form.
    later = hold(workshop, measure, committee="Rat")
    with translation.override("de"):
        found = surfaces(get, measure, later, decision)
    expected = [by_hand(n, relevance), by_hand(n, feasibility)]
    assert {name: list(pair) for name, pair in found.items()} == dict.fromkeys(found, expected)


def test_a_score_reads_the_same_and_a_tie_goes_up(get, workshop, measure, ballots):
    """(1.125 + 3.125) / 2 = 2.125."""
    rate(measure, ballots(8), votes(8, 9), votes(8, 25))
    decision = decide(hold(workshop, measure), measure)
    row = cells(get("dashboard", **ALL_COLUMNS).content.decode())
    frozen = dossier_values(get("decision-detail", decision.pk), "Gesamtwert")
    shown = [row[11], csv_row(get)["Gesamtwert"], as_excel_shows(xlsx_row(get)["Gesamtwert"])]
    assert [*shown, *frozen] == ["2,13"] * 5


def test_scores_of_different_ranks_differ_in_the_files_as_they_do_in_the_table(
    get, workshop, measure, measure_two, ballots
):
    """3.375 and 3.38 would both read 3.38."""
    rate(measure, ballots(8), votes(8, 17), votes(8, 37))
    rate(measure_two, ballots(50), votes(50, 169), votes(50, 169))
    html = get("dashboard", **ALL_COLUMNS).content.decode()
    table = [words(row).split() for row in re.findall(r'<tr id="row-.*?</tr>', html, re.S)]
    text = get("measure-export-csv").content.decode("utf-8-sig")
    lines = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    sheet = xlsx_row(get)
    assert [[word for word in row if word in ("3,380", "3,375")] for row in table] == [
        ["3,380"], ["3,375"],
    ]  # fmt: skip
    assert [line["Gesamtwert"] for line in lines] == ["3,380", "3,375"]
    assert (as_excel_shows(sheet["Gesamtwert"]), sheet["Gesamtwert"].value) == ("3,380", 3.38)
    assert as_excel_shows(sheet["Relevanz: Mittelwert"]) == "3,38"


def test_a_room_in_two_camps_has_a_true_minus_sign_but_for_spreadsheets(
    get, workshop, measure, ballots
):
    """A = -1 in relevance, and -0.125 in feasibility."""
    rate(measure, ballots(8), [1] * 4 + [5] * 4, [1, 1, 1, 2, 3, 4, 5, 5])
    decision = decide(hold(workshop, measure), measure)
    row = cells(get("dashboard", **ALL_COLUMNS).content.decode())
    page = get("measure-detail", measure.number).content.decode()
    dossier = get("decision-detail", decision.pk)
    talk = words(get("stability").content.decode())
    line, sheet = csv_row(get), xlsx_row(get)
    assert [row[7], row[10]] == ["−1,00", "−0,13"]
    assert figures_of(page, place=6) == ["−1,00", "−0,13"]
    assert dossier_values(dossier, "Einigkeit")[::2] == ["−1,00", "−0,13"]
    assert re.findall(r"Einigkeit (\S+)\)", talk)[:2] == ["−1,00", "−0,13"]
    assert [line[f"{name}: Einigkeit"] for name in ("Relevanz", "Realisierbarkeit")] == [
        "-1,00", "-0,13",
    ]  # fmt: skip
    cell = sheet["Relevanz: Einigkeit"]
    assert (cell.value, cell.data_type, as_excel_shows(cell)) == (-1, "n", "-1,00")


def test_groups_and_agreed_values_are_rounded_like_the_room(
    get, workshop, measure, measure_two, ballots
):
    """Rat 4.125 / 3.375, Verwaltung 2.125 / 3.375; together 3.125 / 3.375."""
    council, town_hall = ballots(8, group="Rat"), ballots(8, group="Verwaltung")
    rate(measure, council, votes(8, 33), votes(8, 27))
    rate(measure, town_hall, votes(8, 17), votes(8, 27))
    agree_on(measure, relevance=3, feasibility=5)
    session = hold(workshop, measure)
    group = workshop.groups.get(name="Rat")
    page = get("measure-detail", measure.number).content.decode()
    by_criterion = ["3,13", "3,38", "4,13", "2,13", "3,38", "3,38"]
    assert figures_of(page, place=3) == by_criterion
    groups = re.search(r'<table class="multiples".*?</table>', page, re.S)[0]
    assert re.findall(r'<span class="nums">(.*?)</span>', groups) == [
        "3,13", "4,13", "2,13", "3,38", "3,38", "3,38",
    ]  # fmt: skip
    point = get("agenda-item", session.pk, measure.number).content.decode()
    assert re.findall(r'<span class="nums">(.*?)</span>', point) == ["4,13", "3,38", "2,13", "3,38"]
    sentence = "„Rat“ bewertet die Relevanz mit 4,13, „Verwaltung“ mit 2,13."
    assert [sentence in words(html) for html in (point, get("stability").content.decode())] == [
        True, True,
    ]  # fmt: skip
    assert "1,63" in page  # from 3.375 to the agreed 5
    assert cells(get("dashboard", **ALL_COLUMNS).content.decode())[12] == "3 / 5 (1,63)"
    lens = get("dashboard", lens=f"group-{group.pk}").content.decode()
    moves = re.search(r'<tr data-measure="\d+">.*?</tr>', lens, re.S)[0]
    assert words(moves).startswith("M1 WLAN 3,13 → 4,13 3,38 → 3,38 1,00")


def test_one_of_eight_is_thirteen_percent(get, measure, ballots):
    rate(measure, ballots(8), [1] + [5] * 7, [3] * 8)
    html = get("measure-detail", measure.number).content.decode()
    shares = re.findall(r"Stufe \d: \d \((\d+ %)\)", html)
    assert shares == ["13 %", "88 %", "100 %"]


def test_thresholds_have_the_same_digits_on_page_picture_file_and_public_page(
    get, workshop, measure, ballots
):
    Workshop.objects.filter(pk=workshop.pk).update(relevance_threshold=Decimal("2.5"))
    rate(measure, ballots(8), votes(8, 17), votes(8, 37))
    view = overview_of(Workshop.objects.get(pk=workshop.pk))
    with translation.override("de"):
        drawn = matrix_figure(matrix_of(view, list(view.rows)), view)
    note = next(t.get_text() for t in drawn.axes[0].texts if "Schwelle" in t.get_text())
    pages = [words(get(name).content.decode()) for name in ("dashboard", "public-page")]
    told = [re.findall(r"\d,\d+", note)]
    told += [re.findall(r"ab (\d,\d+)", page) for page in pages]
    assert told == [["2,50", "3,00"]] * 3
