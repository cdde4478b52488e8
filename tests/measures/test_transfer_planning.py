"""What an import would do, compared with plain data; no database."""

import pytest
from django.utils import translation

from measures.transfer.columns import guess
from measures.transfer.lines import Line, Problem, Rules
from measures.transfer.planning import (
    Change,
    ChangedMeasure,
    Existing,
    ExistingMeasure,
    Plan,
    make_plan,
)
from measures.transfer.reading import Table, TableRow
from measures.transfer.summary import changed_lines, new_lines, summary

RULES = Rules(
    limits={"field": 20, "goal": 30, "measure": 25, "description": 40, "target_group": 40},
    steps=5,
    horizons={"kurz": "short", "kurzfristig": "short", "longterm": "long", "offen": "unknown"},
)
HEADERS = ("Feld", "Ziel", "Maßnahme", "Beschreibung", "Zeithorizont", "Relevanz", "Machbarkeit")
WIFI = ExistingMeasure(
    id=7,
    field="Tourismus",
    goal="Gäste gewinnen",
    title="Freies WLAN",
    values={
        "description": "Am Rheinufer",
        "horizon": "short",
        "relevance": 4,
        "feasibility": None,
    },
)
THERE = Existing(
    fields=("Tourismus", "Bildung"),
    goals=(("Tourismus", "Gäste gewinnen"), ("Bildung", "Lernen")),
    measures=(WIFI,),
)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def plan(*rows, headers=HEADERS, existing=THERE, rules=RULES) -> Plan:
    numbered = tuple(TableRow(number, tuple(row)) for number, row in enumerate(rows, start=2))
    return make_plan(Table(headers, numbered), guess(headers), existing, rules)


def nothing(unchanged: int) -> Plan:
    return Plan((), (), (), (), unchanged, ())


def reasons(*rows, **options) -> list[tuple[int, str, str]]:
    found = plan(*rows, **options).problems
    return [(problem.row, problem.column, problem.reason) for problem in found]


def test_into_an_empty_workshop_everything_is_new_once():
    assert plan(
        ("Tourismus", "Gäste gewinnen", "Freies WLAN", "Am Ufer", "kurz", "4", ""),
        ("tourismus", "GÄSTE  gewinnen", "Radkarte", "", "", "", ""),
        ("Bildung", "Lernen"),
        existing=Existing(),
    ) == Plan(
        new_fields=("Tourismus", "Bildung"),
        new_goals=(("Tourismus", "Gäste gewinnen"), ("Bildung", "Lernen")),
        new_measures=(
            Line(
                2,
                "Tourismus",
                "Gäste gewinnen",
                "Freies WLAN",
                {"description": "Am Ufer", "horizon": "short", "relevance": 4},
            ),
            Line(3, "tourismus", "GÄSTE  gewinnen", "Radkarte", {}),
        ),
        changed_measures=(),
        unchanged=0,
        problems=(),
    )


def test_what_is_there_in_other_case_and_spacing_stays():
    assert plan(
        (" TOURISMUS", "Gäste  Gewinnen", "freies  wlan ", " Am Rheinufer", "Kurzfristig", "4"),
        ("Bildung", "lernen"),
    ) == nothing(unchanged=2)


def test_an_empty_cell_leaves_alone_what_exists():
    assert plan(("Tourismus", "", "Freies WLAN", "", "", "", "")) == nothing(unchanged=1)


@pytest.mark.parametrize("cell", ["-", "–", " - ", "—"])
def test_a_lone_dash_is_an_empty_cell(cell):
    row = ("Tourismus", cell, "Freies WLAN", cell, cell, cell, cell)
    assert plan(row) == nothing(unchanged=1)


def test_a_dash_is_a_title_if_the_row_tells_more_about_it():
    found = plan(("Bildung", "Lernen", "-", "Was es ist"), ("Bildung", "Lernen", "-", "-"))
    assert found.new_measures == (Line(2, "Bildung", "Lernen", "-", {"description": "Was es ist"}),)
    assert (found.unchanged, found.problems) == (1, ())


def test_only_what_differs_is_changed():
    found = plan(("Tourismus", "Wandern", "Freies WLAN", "Am Bahnhof", "kurz", "4", "2"))
    assert found == Plan(
        new_fields=(),
        new_goals=(("Tourismus", "Wandern"),),
        new_measures=(),
        changed_measures=(
            ChangedMeasure(
                2,
                7,
                "Tourismus",
                "Freies WLAN",
                (
                    Change("description", "Am Rheinufer", "Am Bahnhof"),
                    Change("feasibility", None, 2),
                    Change("goal", "Gäste gewinnen", "Wandern"),
                ),
            ),
        ),
        unchanged=0,
        problems=(),
    )


def test_one_title_may_stand_in_two_fields():
    found = plan(("Tourismus", "", "Schulung", "a"), ("Bildung", "", "Schulung", "b"))
    assert [(line.field, line.measure) for line in found.new_measures] == [
        ("Tourismus", "Schulung"),
        ("Bildung", "Schulung"),
    ]


def test_the_same_row_twice_is_one_measure():
    found = plan(("Bildung", "", "Schulung", "a"), ("bildung", "", "SCHULUNG", "a"))
    assert (len(found.new_measures), found.unchanged, found.problems) == (1, 1, ())


@pytest.mark.parametrize("title", ["Schulung", "Freies WLAN"])
def test_a_measure_twice_with_different_content_names_the_other_row(title):
    assert reasons(
        ("Tourismus", "", title, "a"), ("Bildung", "Lernen"), ("Tourismus", "", title, "b")
    ) == [
        (
            4,
            "Maßnahme",
            "The same measure of the same field stands in row 2 with another content.",
        )
    ]


def test_two_existing_measures_of_one_title_are_both_found():
    other = ExistingMeasure(8, "Tourismus", "", "Freies WLAN", {"description": "Im Museum"})
    existing = Existing(THERE.fields, THERE.goals, (WIFI, other))
    assert plan(
        ("Tourismus", "", "Freies WLAN", "Am Rheinufer"),
        ("Tourismus", "", "Freies WLAN", "Im Museum"),
        existing=existing,
    ) == nothing(unchanged=2)


def test_a_merged_measure_stays_merged():
    merged = ExistingMeasure(8, "Bildung", "", "Tablets", {"description": "alt"}, is_merged=True)
    existing = Existing(THERE.fields, THERE.goals, (merged,))
    assert plan(("Bildung", "", "Tablets", "neu"), existing=existing) == nothing(unchanged=1)


def test_a_standing_measure_is_meant_rather_than_a_merged_one_of_its_title():
    merged = ExistingMeasure(6, "Tourismus", "", "Freies WLAN", {}, is_merged=True)
    existing = Existing(THERE.fields, THERE.goals, (merged, WIFI))
    found = plan(("Tourismus", "", "Freies WLAN", "neu"), existing=existing)
    assert [changed.id for changed in found.changed_measures] == [7]


def test_every_bad_cell_is_named_with_row_column_and_reason():
    assert reasons(
        ("", "Lernen", "Schulung"),
        ("Bildung", "", "", "nur Text"),
        ("Bildung", "", "", ""),
        ("Bildung" * 4, "", "x" * 26, "y" * 41, "bald", "6", "2,5"),
        ("Bildung", "", "Schu\x07lung"),
        ("Bildung", "", "Schulung", "#REF!"),
        ("Bildung", "", "Schulung", "", "", "", "", "zu", "viel"),
    ) == [
        (2, "Feld", "The action field is missing."),
        (3, "Maßnahme", "The measure is missing to which the rest belongs."),
        (4, "Maßnahme", "The row has an action field, but no goal and no measure."),
        (5, "Feld", "The text is too long: 28 characters, at most 20 fit."),
        (5, "Maßnahme", "The text is too long: 26 characters, at most 25 fit."),
        (5, "Beschreibung", "The text is too long: 41 characters, at most 40 fit."),
        (
            5,
            "Zeithorizont",
            "“bald” is no implementation time. Possible are short, medium, long and unknown.",
        ),
        (
            5,
            "Relevanz",
            "“6” is no step of the scale. Possible are the whole numbers from 1 to 5.",
        ),
        (
            5,
            "Machbarkeit",
            "“2,5” is no step of the scale. Possible are the whole numbers from 1 to 5.",
        ),
        (6, "Maßnahme", "The text contains control characters that cannot be stored."),
        (7, "Beschreibung", "The cell holds an error of the spreadsheet: #REF!"),
        (
            8,
            "9",
            "The row has more cells than there are headings. Is a quotation mark missing?",
        ),
    ]


def test_texts_at_the_limit_fit():
    row = ("B" * 20, "Z" * 30, "M" * 25, "T" * 40)
    assert plan(row).problems == ()


@pytest.mark.parametrize("cell", ["0", "-1", "11", "3.5", "drei", "٣", "3 4", "1e0", "=3", "NaN"])
def test_what_is_no_step_is_refused(cell):
    assert len(reasons(("Bildung", "", "Schulung", "", "", cell))) == 1


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("1", {"relevance": 1}),
        ("5", {"relevance": 5}),
        ("3,0", {"relevance": 3}),
        ("k. A.", {}),
        ("K.A.", {}),
        ("keine Angabe", {}),
    ],
)
def test_steps_and_no_answers_are_understood(cell, values):
    found = plan(("Bildung", "", "Schulung", "", "", cell))
    assert (found.new_measures[0].values, found.problems) == (values, ())


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("Kurz-fristig", {"horizon": "short"}),
        ("LONG TERM", {"horizon": "long"}),
        ("offen", {"horizon": "unknown"}),
        ("", {}),
    ],
)
def test_horizons_are_understood_in_any_spelling(cell, values):
    assert plan(("Bildung", "", "Schulung", "", cell)).new_measures[0].values == values


def test_line_breaks_stay_in_descriptions_and_become_spaces_in_titles():
    line = plan(("Bildung", "", "Tablets \r\n für alle", " eins\r\nzwei ")).new_measures[0]
    assert (line.measure, line.values) == ("Tablets für alle", {"description": "eins\nzwei"})


def test_a_profile_comes_in_with_its_own_heading():
    found = plan(("Bildung", "Tablets", "Schulen"), headers=("Feld", "Maßnahme", "Target group"))
    assert found.new_measures[0].values == {"target_group": "Schulen"}


def test_rows_with_nothing_in_the_imported_columns_are_skipped():
    found = plan(("", "", "7"), ("Bildung", "Tablets", "8"), headers=("Feld", "Maßnahme", "Nr"))
    assert ([line.row for line in found.new_measures], found.problems) == ([3], ())


def test_a_problem_reads_as_a_sentence():
    assert str(Problem(12, "Feld", "The action field is missing.")) == (
        "Row 12, column “Feld”: The action field is missing."
    )


def test_plans_that_do_the_same_have_the_same_fingerprint():
    row = ("Bildung", "", "Tablets", "a")
    assert plan(row).fingerprint == plan(row, row).fingerprint
    assert plan(row).fingerprint != plan(("Bildung", "", "Tablets", "b")).fingerprint


def test_the_summary_counts_what_happens():
    found = plan(
        ("Kultur", "Singen", "Chor", "", "kurz"),
        ("Kultur", "", "Museum"),
        ("Tourismus", "", "Freies WLAN", "neu"),
        ("Bildung", "Lernen"),
    )
    assert summary(found) == [
        "1 new action field",
        "1 new goal",
        "2 new measures",
        "1 changed measure",
        "1 row that changes nothing",
    ]
    assert summary(plan()) == ["nothing to import"]


def test_the_preview_speaks_in_words():
    found = plan(("Kultur", "", "Chor", "", "kurz"), ("Tourismus", "", "Freies WLAN", "", "offen"))
    assert [line["details"] for line in new_lines(found)] == [
        [{"column": "Implementation time", "text": "short term"}]
    ]
    assert changed_lines(found) == [
        {
            "row": 3,
            "measure": "Freies WLAN",
            "column": "Implementation time",
            "before": "short term",
            "after": "not estimated",
        }
    ]
