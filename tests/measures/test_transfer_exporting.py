"""The prioritised list goes out as CSV and XLSX and comes back without loss."""

import csv
import datetime
import io
import re
from decimal import Decimal
from uuid import uuid4

import openpyxl
import pytest
from django.utils import translation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fields.models import ActionField, Goal
from measures.columns import COLUMNS
from measures.models import (
    PROFILE_FIELDS,
    Cost,
    Indicator,
    IndicatorEntry,
    Measure,
    TimeHorizon,
)
from measures.overview import overview_of
from measures.transfer.exporting import rows, to_csv, to_xlsx
from measures.transfer.headings import guess, ignored
from measures.transfer.importing import import_table
from measures.transfer.letters import Damage, Reading, readings
from measures.transfer.proof import leaves
from measures.transfer.reading import read_table
from measures.transfer.texts import has_control_characters, is_spreadsheet_error, read_cell
from tests.deciding import decide, hold, release
from tests.nightly import examples
from tests.rating import agree_on, save_rating, show
from workshops.models import Ballot, Municipality, Workshop, WorkshopMunicipality
from workshops.plain_text import plain_name

FORMATS = [to_csv, to_xlsx]
HEADINGS = [
    "Rank",
    "Number",
    "Action field",
    "Goal",
    "Indicator",
    "Measure",
    "Short title",
    "Description",
    "Decided wording",
    "Implementation time",
    "Municipality",
    "Relevance (group value)",
    "Feasibility (group value)",
    "Round of rating",
    "Ratings (n)",
    "Relevance: mean",
    "Relevance: median",
    "Relevance: agreement",
    "Feasibility: mean",
    "Feasibility: median",
    "Feasibility: agreement",
    "Score",
    "Quadrant",
    "Administration: relevance",
    "Administration: feasibility",
    "Administration: reason",
    "Administration: assessed by",
    "Administration: assessed on",
    "Intended result",
    "Target group",
    "People to involve",
    "Who does it",
    "Resources",
    "Schedule",
    "Signs of success",
    "Costs once (€)",
    "Own share once (€)",
    "Costs per year (€)",
    "Own share per year (€)",
    "Indicators of the measure",
]
NOTHING = [None] * 5  # of what costs and indicators say


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def workshop(db) -> Workshop:
    """Two fields, two goals, three measures; the second one is rated by six people."""
    workshop = new_workshop()
    bingen = seat(workshop, "Bingen", "07339005")
    culture, learning = (
        ActionField.objects.create(workshop=workshop, name=name, order=order)
        for order, name in enumerate(["Kultur", "Bildung"], start=1)
    )
    Goal.objects.create(field=culture, text="Singen", order=1)
    goal = Goal.objects.create(field=learning, text="Alle lernen", indicator="80 %", order=1)
    Measure.objects.create(workshop=workshop, field=culture, title="=Chor", time_horizon="long")
    tablets = Measure.objects.create(
        workshop=workshop,
        field=learning,
        goal=goal,
        title="Tablets",
        short_title="Tablets",
        description='Für "alle";\r\nauch @home',
        time_horizon="short",
        municipality=bingen,
        target_group="-",
        success_signs="Sie werden benutzt",
    )
    Measure.objects.create(workshop=workshop, field=learning, title="<b>Kurs</b>", lead="+1")
    agree_on(measure=tablets, relevance=5, feasibility=None)
    for ballot, relevance in zip(guests(workshop, 6), (5, 5, 5, 4, 4, 4), strict=True):
        save_rating(ballot, tablets, relevance=relevance, feasibility=2)
    show(workshop)
    return workshop


def guests(workshop: Workshop, count: int) -> list[Ballot]:
    return [
        Ballot.objects.create(workshop=workshop, source=Ballot.Source.GUEST) for _ in range(count)
    ]


def new_workshop() -> Workshop:
    return Workshop.objects.create(title="Werkstatt", date=datetime.date(2026, 11, 9))


def seat(workshop: Workshop, name: str, official_key: str | None = None) -> Municipality:
    """Give a municipality, found or new, the next seat of the workshop."""
    found = Municipality.objects.get_or_create(name=name, official_key=official_key)[0]
    number = workshop.seats.count() + 1
    WorkshopMunicipality.objects.create(workshop=workshop, municipality=found, seat=number)
    return found


def new_workshop_like(workshop: Workshop) -> Workshop:
    """Return an empty workshop of the same municipalities."""
    other = new_workshop()
    for municipality in workshop.municipalities.all():
        seat(other, municipality.name, municipality.official_key)
    return other


def export(workshop: Workshop, to) -> bytes:
    return to(*rows(overview_of(workshop, profiles=True)))


def take(workshop: Workshop, data: bytes):
    table = read_table(data)
    plan = import_table(table, guess(table.headers), workshop, None)
    assert plan.problems == ()
    return plan


def content(workshop: Workshop):
    """Return everything the file carries, without numbers and order."""
    measures = workshop.measures.select_related("field", "goal", "municipality")
    return sorted(
        [
            (
                measure.field.name,
                measure.goal.text if measure.goal else "",
                measure.title,
                measure.short_title,
                measure.description.replace("\r\n", "\n"),
                measure.time_horizon,
                str(measure.municipality or ""),
                *(getattr(measure, name) for name in PROFILE_FIELDS),
                getattr(agreed, "relevance", None) or 0,
                getattr(agreed, "feasibility", None) or 0,
            )
            for measure in measures
            for agreed in [measure.group_values.order_by("round__number").last()]
        ]
    ), sorted(Goal.objects.in_workshop(workshop).values_list("field__name", "text", "indicator"))


# What is in it ----------------------------------------------------------------------------------


def test_the_rows_stand_in_ranking_order_with_goals_without_measures_at_the_end(workshop):
    headings, lines = rows(overview_of(workshop, profiles=True))
    assert headings == HEADINGS
    assert lines == [
        [
            *(1, "M2", "Bildung", "Alle lernen", "80 %", "Tablets", "Tablets"),
            *('Für "alle";\nauch @home', "", "short term", "Bingen (07339005)", 5, None, 1, 6),
            *(4.5, 4.5, 0.75, 2.0, 2.0, 1.0, 3.25, "Prepare"),
            *[None] * 5,
            *("", "-", "", "", "", "", "Sie werden benutzt"),
            *NOTHING,
        ],
        [
            *(None, "M1", "Kultur", "", "", "=Chor", "", "", "", "long term", ""),
            *(None, None, None, None),
            *[None] * 13,
            *[""] * 7,
            *NOTHING,
        ],
        [
            *(None, "M3", "Bildung", "", "", "<b>Kurs</b>", "", "", "", "not estimated", ""),
            *(None, None, None, None),
            *[None] * 13,
            *("", "", "", "+1", "", "", ""),
            *NOTHING,
        ],
        [None, None, "Kultur", "Singen", "", *[None] * 35],
    ]


def test_the_list_costs_six_queries_more_than_the_overview(workshop, django_assert_num_queries):
    view = overview_of(workshop, profiles=True)
    with django_assert_num_queries(6):
        rows(view)


def test_the_decided_wording_stands_beside_the_description_and_never_comes_back_in(workshop):
    """While it is pending, nobody takes it home in a file, not even who decided it."""
    measure = workshop.measures.get(number=2)
    decided = hold(workshop, measure)
    amended = {"outcome": "amended", "wording": "=Leihgeräte", "has_basis": False}
    decision = decide(decided, measure, is_published=False, **amended)
    assert wordings(workshop) == ["", "", "", None]
    release(decision)
    assert wordings(workshop) == ["=Leihgeräte", "", "", None]
    before = content(workshop)
    for to in FORMATS:
        data = export(workshop, to)
        headers = read_table(data).headers
        assert "Decided wording" in ignored(headers, guess(headers))
        assert take(workshop, data).is_empty
    assert content(workshop) == before


def wordings(workshop) -> list[str | None]:
    headings, lines = rows(overview_of(workshop, profiles=True))
    return [line[headings.index("Decided wording")] for line in lines]


def test_csv_opens_right_on_a_german_desk(workshop):
    data = export(workshop, to_csv)
    assert data.startswith(b'\xef\xbb\xbf"Rank";"Number";"Action field";')
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert lines[1] == [
        *("1", "M2", "Bildung", "Alle lernen", "80 %", "Tablets", "Tablets"),
        *('Für "alle";\nauch @home', "", "short term", "Bingen (07339005)", "5", "", "1", "6"),
        *("4,50", "4,50", "0,75", "2,00", "2,00", "1,00", "3,25", "Prepare"),
        *("", "", "", "", ""),
        *("", "'-", "", "", "", "", "Sie werden benutzt"),
        *("", "", "", "", ""),
    ]
    assert (lines[2][5], lines[3][31]) == ("'=Chor", "'+1")


def test_a_workbook_holds_texts_and_numbers_and_no_formula(workshop):
    sheet = openpyxl.load_workbook(io.BytesIO(export(workshop, to_xlsx))).active
    assert [cell.value for cell in sheet[1]] == HEADINGS
    assert (sheet["F3"].value, sheet["F3"].data_type) == ("=Chor", "s")
    assert (sheet["AF4"].value, sheet["AF4"].data_type) == ("+1", "s")
    assert (sheet["A2"].value, sheet["P2"].value, sheet["V2"].value) == (1, 4.5, 3.25)
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:AN5")
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n"}


@pytest.fixture
def proved(workshop) -> Workshop:
    """The tablets cost something, and somebody has counted them."""
    tablets = workshop.measures.get(number=2)
    positions = (("=Kauf", "once", "12500.10", 40), ("Wartung", "per_year", 90, None))
    for purpose, kind, amount, share in positions:
        Cost.objects.create(
            measure=tablets, purpose=purpose, kind=kind, amount=amount, source="Produkt 24",
            funder="Land" if share else "", funded_percent=share, client_id=uuid4(),
        )  # fmt: skip
    row = Indicator.objects.create(
        measure=tablets, name="Geräte", unit="Stück", baseline=2, target="20.5",
        baseline_on=datetime.date(2026, 1, 1), target_on=datetime.date(2028, 12, 31),
        client_id=uuid4(),
    )  # fmt: skip
    for value, remark in ((70, ""), (7, "gezählt")):
        IndicatorEntry.objects.create(
            indicator=row, day=datetime.date(2026, 9, 8), value=value, remark=remark,
            client_id=uuid4(),
        )  # fmt: skip
    return workshop


def test_costs_and_indicators_stand_behind_the_profile(proved):
    _headings, lines = rows(overview_of(proved, profiles=True))
    assert lines[0][-5:] == [
        Decimal("12500.10"), Decimal("7500.06"), Decimal("90.00"), Decimal("90.00"),
        "Geräte: at the beginning 2\u00a0Stück (01/01/2026); last measured 7\u00a0Stück"
        " (09/08/2026); to be reached 20.5\u00a0Stück (12/31/2028)",
    ]  # fmt: skip
    assert [line[-5:] for line in lines[1:]] == [NOTHING] * 3
    data = export(proved, to_csv).decode("utf-8-sig")
    line = list(csv.reader(io.StringIO(data, newline=""), delimiter=";"))[1]
    assert line[-5:-1] == ["12500,10", "7500,06", "90,00", "90,00"]


def test_a_workbook_has_a_sheet_of_positions_and_one_of_values(proved):
    book = openpyxl.load_workbook(io.BytesIO(whole_book(proved)))
    assert book.sheetnames == ["Measures", "Costs", "Indicators"]
    costs, indicators = ([[c.value for c in row] for row in book[n]] for n in book.sheetnames[1:])
    assert costs == [
        [
            *("Number", "Measure", "What for", "How often", "Amount (€)", "Funded (€)"),
            *("Own share (€)", "Budget line or programme", "Who funds a part"),
        ],
        ["M2", "Tablets", "=Kauf", "once", 12500.1, 5000.04, 7500.06, "Produkt 24", "Land"],
        ["M2", "Tablets", "Wartung", "per year", 90, 0, 90, "Produkt 24", None],
    ]
    assert book["Costs"]["C2"].data_type == "s"
    assert indicators == [
        ["Number", "Measure", "What is measured", "Unit", "What", "Day", "Value", "Remark"],
        ["M2", "Tablets", "Geräte", "Stück", "at the beginning", "01/01/2026", 2, None],
        ["M2", "Tablets", "Geräte", "Stück", "measured", "09/08/2026", 7, "gezählt"],
        ["M2", "Tablets", "Geräte", "Stück", "to be reached", "12/31/2028", 20.5, None],
    ]


def whole_book(workshop) -> bytes:
    overview = overview_of(workshop, profiles=True)
    return to_xlsx(*rows(overview), leaves(overview))


@pytest.mark.parametrize("language", ["de", "en"])
def test_with_costs_and_indicators_a_file_comes_back_without_a_change(proved, language):
    before = content(proved)
    with translation.override(language):
        files = [export(proved, to_csv), whole_book(proved)]
    for data in files:
        headers = read_table(data).headers
        assert len(ignored(headers, guess(headers))) == 22
        assert take(proved, data).is_empty
        other = new_workshop_like(proved)
        take(other, data)
        assert content(other) == before
        assert not Cost.objects.in_workshop(other).exists()


@pytest.mark.parametrize("to", FORMATS)
def test_an_empty_workshop_gives_the_headings(db, to):
    data = export(new_workshop(), to)
    assert len(data) > 300


# There and back ---------------------------------------------------------------------------------


@pytest.mark.parametrize("to", FORMATS)
def test_into_the_same_workshop_nothing_changes(workshop, to):
    workshop.revision.refresh_from_db()
    before = workshop.revision.number
    plan = take(workshop, export(workshop, to))
    workshop.revision.refresh_from_db()
    assert (plan.is_empty, plan.unchanged, workshop.revision.number) == (True, 4, before)
    assert workshop.rounds.count() == 1


@pytest.mark.parametrize("to", FORMATS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_into_another_workshop_everything_arrives_in_either_language(workshop, to, language):
    with translation.override(language):
        data = export(workshop, to)
    other = new_workshop_like(workshop)
    take(other, data)
    assert content(other) == content(workshop)


LETTERS = st.characters(exclude_categories=["Cc", "Cs"])
# What stands in workbooks for a character that a text cannot hold; here it was typed.
ESCAPED = st.sampled_from(["_x000D_", "_x0041_", "_x005F_", "x005F_", "_x005F_x0009_", "_xD83D_"])
LINE = (
    st.one_of(st.text(LETTERS, max_size=40), ESCAPED, st.lists(ESCAPED, max_size=3).map("".join))
    .map(lambda text: plain_name(text).strip())
    .filter(bool)
)
SINGLE = st.one_of(LINE, st.sampled_from("=+-@＝＋－＠'–—").flatmap(lambda c: LINE.map(c.__add__)))
LINES = st.lists(SINGLE, max_size=3).map("\n".join)


def usable(text: str) -> bool:
    """Tell whether the text is stored as it is, and comes in again without a question."""
    is_bad = has_control_characters(text) or is_spreadsheet_error(text)
    return not is_bad and plain_name(text) == text and reads_as_it_is(text)


def reads_as_it_is(text: str) -> bool:
    """Tell whether nobody takes it for a damaged file: neither "Ã¤" nor a lost letter."""
    try:
        return readings(text.encode("utf-8-sig")) == [Reading("utf-8", text)]
    except Damage:
        return False


@pytest.mark.parametrize("to", FORMATS)
@given(st.lists(LINES.filter(usable).filter(bool), min_size=1, max_size=5))
def test_any_text_comes_back_from_its_cell(to, texts):
    table = read_table(to(HEADINGS[: len(texts)], [texts]))
    assert [read_cell(cell, lines=True) for cell in table.rows[2]] == texts


@pytest.mark.django_db
@pytest.mark.parametrize("to", FORMATS)
@settings(
    max_examples=examples(15),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(SINGLE.filter(usable), SINGLE.filter(usable), SINGLE.filter(usable), LINES.filter(usable))
@example("-", "–", "'=1", "'-")
@example("\t=1", "'", "''=cmd|'/C calc'!A0", "'\t'\n=2")
@example('";', "&lt;b&gt;", "_x0041_", "<script>alert(1)</script>")
@example("1", "01", "1e5", "3,5\n\n4")
@example("true", "2020-09-08", "NaN", "None")
@example("_x000D_", "_x005F_x000D_", "x005F_", "_x0009_\n_xD83D__xDE00_")
@example("<r>a</r>", "<r><t>b</r>", "_x0041_x0041_", "<r>")
def test_any_measure_comes_back_as_it_was(to, name, goal_text, title, description):
    one, other = new_workshop(), new_workshop()
    field = ActionField.objects.create(workshop=one, name=name)
    goal = Goal.objects.create(field=field, text=goal_text)
    Measure.objects.create(
        workshop=one, field=field, goal=goal, title=title, description=description
    )
    data = export(one, to)
    assert take(one, data).is_empty
    take(other, data)
    if to is to_xlsx:  # a workbook shows the text itself; white space around it is cut off
        assert content(other) == stripped(content(one))
    else:
        assert content(other) == content(one)


def stripped(found):
    measures, goals = found
    return (
        [tuple(v.strip() if isinstance(v, str) else v for v in row) for row in measures],
        [tuple(text.strip() for text in row) for row in goals],
    )


SMALL = st.sampled_from(["", "a", "b\n- c", "Ausbau,=1+1", "=1", "'=1", "-", "'", "Über; „uns“"])
NAME = st.sampled_from(["Chor", "=1", "-", "'-", "Ausbau,=1+1", "M1", "; x", "Straße", "#1"])
DRAWN_GOAL = st.tuples(NAME, SMALL.map(lambda text: text.replace("\n", " ")))
DRAWN_MEASURE = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["Chor", "chor", "CHOR", "-", "=1", "Bus"]),
        "goal": st.integers(0, 3),
        "description": SMALL,
        "time_horizon": st.sampled_from(TimeHorizon.values),
        "municipality": st.integers(0, 2),
        "profile": st.dictionaries(st.sampled_from(PROFILE_FIELDS), SMALL, max_size=3),
        "agreed": st.none() | st.tuples(*[st.none() | st.integers(1, 5)] * 2),
        "rated": st.none() | st.tuples(st.integers(1, 5), st.integers(1, 5)),
    }
)
DRAWN_FIELD = st.tuples(
    st.lists(DRAWN_GOAL, max_size=3, unique_by=lambda goal: goal[0]),
    st.lists(DRAWN_MEASURE, max_size=5),
)
WORKSHOPS = st.dictionaries(NAME, DRAWN_FIELD, min_size=1, max_size=3)


def draw_up(fields) -> Workshop:
    """Store a workshop as `WORKSHOPS` describes it, with two municipalities of one name.

    Three people have rated, and the results are shown.
    """
    workshop = new_workshop()
    places = [None, seat(workshop, "Neustadt", "07339001"), seat(workshop, "Neustadt")]
    people = guests(workshop, 3)
    for name, (goals, measures) in fields.items():
        field = ActionField.objects.create(workshop=workshop, name=name)
        stored = [Goal.objects.create(field=field, text=t, indicator=i) for t, i in goals]
        for drawn in measures:
            measure = Measure.objects.create(
                workshop=workshop,
                field=field,
                goal=dict(enumerate(stored)).get(drawn["goal"]),
                municipality=places[drawn["municipality"]],
                **{name: drawn[name] for name in ("title", "description", "time_horizon")},
                **drawn["profile"],
            )
            if drawn["agreed"]:
                relevance, feasibility = drawn["agreed"]
                agree_on(measure=measure, relevance=relevance, feasibility=feasibility)
            if drawn["rated"]:
                relevance, feasibility = drawn["rated"]
                for ballot in people:
                    save_rating(ballot, measure, relevance=relevance, feasibility=feasibility)
    show(workshop)
    return workshop


def input_rows(workshop: Workshop):
    """Return what the columns of the import hold in the export, in a fixed order of rows."""
    headers, lines = rows(overview_of(workshop, profiles=True))
    columns = [place for target, place in guess(headers).items() if target != "number"]
    assert len(columns) == len(COLUMNS) - 1
    return sorted([str(line[place] or "") for place in columns] for line in lines)


@pytest.mark.django_db
@pytest.mark.parametrize("to", FORMATS)
@settings(
    max_examples=examples(20),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(WORKSHOPS, st.sampled_from(["de", "en"]))
def test_any_workshop_comes_back_and_a_second_time_changes_nothing(to, fields, language):
    one = draw_up(fields)
    other = new_workshop_like(one)
    with translation.override(language):
        data = export(one, to)
        if not rows(overview_of(one, profiles=True))[1]:
            return  # fields only: the file has headings only
        assert take(one, data).is_empty
        take(other, data)
        show(other)
        assert input_rows(other) == input_rows(one)
        assert take(other, data).is_empty
        assert take(other, export(other, to)).is_empty
        assert take(one, export(other, to)).is_empty


@given(st.lists(LINES, min_size=1, max_size=4))
def test_every_cell_of_a_csv_is_quoted_so_that_commas_split_nothing_off(texts):
    data = to_csv([str(place) for place in range(len(texts))], [texts]).decode("utf-8-sig")
    inside = re.sub(r'"(?:[^"]|"")*"', "", data)
    assert set(inside) <= {";", "\r", "\n"}


@given(LINES)
def test_no_text_in_a_csv_begins_like_a_formula(text):
    data = to_csv(["Text"], [[text]]).decode("utf-8-sig")
    cell = list(csv.reader(io.StringIO(data, newline=""), delimiter=";"))[1][:1] or [""]
    assert cell[0].lstrip()[:1] not in tuple("=+-@＝＋－＠")
    assert read_cell(cell[0], lines=True) == text.strip()


def test_what_lies_just_below_zero_shows_no_minus_in_a_workbook():
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(["A"], [[-0.004], [-0.005], [0]]))).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [0, -0.005, 0]


def test_a_negative_number_stays_a_number():
    assert to_csv(["A"], [[-0.5], [3], [None]]).decode("utf-8-sig") == (
        '"A"\r\n"-0,50"\r\n"3"\r\n""\r\n'
    )
