"""What an import would do, compared with plain data; no database."""

from dataclasses import replace

import pytest
from django.utils import translation

from fields.catalogue import NINE_FIELDS
from measures.transfer.headings import guess
from measures.transfer.matching import name_of_rest, name_of_word, similar
from measures.transfer.planning import make_plan
from measures.transfer.plans import Existing, FileRow, Plan, PlannedChange, Problem, Repeat, Unknown
from measures.transfer.reading import Table
from measures.transfer.summary import plan_summary, repeat_lines

EMPTY = Existing(
    limits={
        "field": 20,
        "goal": 30,
        "indicator": 20,
        "measure": 25,
        "description": 40,
        "target_group": 40,
    },
    steps=5,
    horizons={"kurz": "short", "kurzfristig": "short", "longterm": "long", "offen": "unknown"},
    municipalities={"bingen": "Bingen (07339005)", "bingen (07339005)": "Bingen (07339005)"},
)
HEADERS = ("Feld", "Ziel", "Maßnahme", "Beschreibung", "Zeithorizont", "Relevanz", "Machbarkeit")
WIFI = FileRow(
    row=0,
    field="Tourismus",
    goal="Gäste gewinnen",
    measure="Freies WLAN",
    values={
        "description": "Am Rheinufer",
        "horizon": "short",
        "relevance": 4,
        "feasibility": None,
    },
)
THERE = replace(
    EMPTY,
    fields=("Tourismus", "Bildung"),
    goals=(("Tourismus", "Gäste gewinnen", "Gäste"), ("Bildung", "Lernen", "")),
    measures={7: WIFI},
)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def plan(*rows, headers=HEADERS, existing=THERE, meanings=None) -> Plan:
    numbered = {number: tuple(row) for number, row in enumerate(rows, start=2)}
    return make_plan(Table(headers, numbered), guess(headers), existing, meanings)


def nothing(unchanged: int) -> Plan:
    return Plan((), (), (), (), unchanged, ())


def said_twice(found: Plan) -> list[tuple[int, int]]:
    return [(each.row.row, each.first.row) for each in found.repeats]


def words(change: PlannedChange) -> tuple[str, str, str]:
    return change.heading, change.words_before, change.words_after


def reasons(*rows, **options) -> list[tuple[int, str, str]]:
    found = plan(*rows, **options).problems
    return [(problem.row, problem.column, problem.reason) for problem in found]


def test_into_an_empty_workshop_everything_is_new_once():
    assert plan(
        ("Tourismus", "Gäste gewinnen", "Freies WLAN", "Am Ufer", "kurz", "4", ""),
        ("tourismus", "GÄSTE  gewinnen", "Radkarte", "", "", "", ""),
        ("Bildung", "Lernen"),
        existing=EMPTY,
    ) == Plan(
        new_fields=("Tourismus", "Bildung"),
        new_goals=(("Tourismus", "Gäste gewinnen"), ("Bildung", "Lernen")),
        new_measures=(
            FileRow(
                2,
                "Tourismus",
                "Gäste gewinnen",
                "Freies WLAN",
                {"description": "Am Ufer", "horizon": "short", "relevance": 4},
            ),
            FileRow(3, "tourismus", "GÄSTE  gewinnen", "Radkarte", {}),
        ),
        changes=(),
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
    assert found.new_measures == (
        FileRow(2, "Bildung", "Lernen", "-", {"description": "Was es ist"}),
    )
    assert (said_twice(found), found.unchanged, found.problems) == ([(3, 2)], 0, ())


def test_only_what_differs_is_changed():
    found = plan(("Tourismus", "Wandern", "Freies WLAN", "Am Bahnhof", "kurz", "4", "2"))
    assert found == Plan(
        new_fields=(),
        new_goals=(("Tourismus", "Wandern"),),
        new_measures=(),
        changes=tuple(
            PlannedChange(2, "Tourismus", "Freies WLAN", *change, measure=7)
            for change in (
                ("description", "Am Rheinufer", "Am Bahnhof"),
                ("feasibility", None, 2),
                ("goal", "Gäste gewinnen", "Wandern"),
            )
        ),
        unchanged=0,
        problems=(),
    )


def test_one_title_may_stand_in_two_fields():
    found = plan(("Tourismus", "", "Schulung", "a"), ("Bildung", "", "Schulung", "b"))
    assert [(row.field, row.measure) for row in found.new_measures] == [
        ("Tourismus", "Schulung"),
        ("Bildung", "Schulung"),
    ]


def test_the_same_row_twice_is_one_measure_and_the_row_is_named():
    rows = [("Bildung", "", "Schulung", "a"), ("bildung", "", "SCHULUNG", "a")]
    found = plan(*rows)
    assert (len(found.new_measures), found.unchanged, found.problems) == (1, 0, ())
    assert said_twice(found) == [(3, 2)]
    assert plan_summary(found) == ["1 new measure", "1 row that repeats another row of the file"]
    assert repeat_lines(found) == ["Row 3 repeats row 2: “SCHULUNG”"]


def test_a_row_repeats_another_whatever_the_workshop_has():
    measure = FileRow(0, "Bildung", "", "Schulung", {"description": "a"})
    row = ("Bildung", "", "Schulung", "a")
    found = plan(row, ("Tourismus",), row, existing=replace(THERE, measures={7: measure}))
    assert (said_twice(found), found.unchanged) == ([(4, 2)], 1)


def test_a_goal_that_stands_by_itself_repeats_the_row_that_names_it():
    found = plan(
        ("Bildung", "Lesen", "Kurs"),
        ("Bildung", "Schreiben"),
        ("bildung", "lesen"),
        ("Bildung", "Schreiben", "Kurs 2"),
        existing=EMPTY,
    )
    assert (said_twice(found), found.unchanged) == ([(4, 2)], 0)
    assert repeat_lines(found) == ["Row 4 repeats row 2: “lesen”"]


@pytest.mark.parametrize("title", ["Schulung", "Freies WLAN"])
def test_a_measure_twice_with_different_content_names_the_other_row(title):
    assert reasons(
        ("Tourismus", "", title, "a"), ("Bildung", "Lernen"), ("Tourismus", "", title, "b")
    ) == [
        (
            4,
            "Maßnahme",
            "The same measure of the same field stands in row 2 with another content. Are they two?"
            " Then choose a column as “Number” that tells them apart.",
        )
    ]


def test_two_existing_measures_of_one_title_are_both_found():
    other = FileRow(0, "Tourismus", "", "Freies WLAN", {"description": "Im Museum"})
    existing = replace(THERE, measures={7: WIFI, 8: other})
    assert plan(
        ("Tourismus", "", "Freies WLAN", "Am Rheinufer"),
        ("Tourismus", "", "Freies WLAN", "Im Museum"),
        existing=existing,
    ) == nothing(unchanged=2)


def test_a_merged_measure_stays_merged():
    tablets = FileRow(0, "Bildung", "", "Tablets", {"description": "alt"})
    existing = replace(THERE, measures={8: tablets}, merged={8})
    assert plan(("Bildung", "", "Tablets", "neu"), existing=existing) == nothing(unchanged=1)


def test_a_standing_measure_is_meant_rather_than_a_merged_one_of_its_title():
    other = FileRow(0, "Tourismus", "", "Freies WLAN", {})
    existing = replace(THERE, measures={6: other, 7: WIFI}, merged={6})
    found = plan(("Tourismus", "", "Freies WLAN", "neu"), existing=existing)
    assert [change.measure for change in found.changes] == [7]


# Several measures of one title ------------------------------------------------------------------

NUMBERED = ("Nummer", "Feld", "Maßnahme", "Beschreibung")


def twin(number: int, description: str) -> FileRow:
    return FileRow(0, "Bildung", "", "Kurs", {"description": description}, number=str(number))


def numbered(*rows, there=(), merged=()) -> Plan:
    """Plan courses beside those that are there, whose ids are their numbers and 100."""
    cells = [(number, "Bildung", "Kurs", text) for number, text in rows]
    measures = {int(measure.number) + 100: measure for measure in there}
    existing = replace(EMPTY, fields=("Bildung",), measures=measures, merged=set(merged))
    return plan(*cells, headers=NUMBERED, existing=existing)


def changes(found: Plan) -> list[tuple[int, int, str]]:
    return [(each.row, each.measure, each.after) for each in found.changes]


def test_two_numbers_are_two_measures_in_the_order_of_the_file():
    found = numbered(("M7", "a"), ("M2", "b"), ("M2", "b"))
    assert [row.values["description"] for row in found.new_measures] == ["a", "b"]
    assert (said_twice(found), found.unchanged, found.problems) == ([(4, 3)], 0, ())


@pytest.mark.parametrize("cell", ["M2", "m2", "2", " 02 ", "M 2"])
def test_the_number_says_which_of_two_measures_is_meant(cell):
    assert changes(numbered((cell, "neu"), there=[twin(1, "a"), twin(2, "b")])) == [(2, 102, "neu")]


def test_without_its_number_a_row_takes_what_is_left_over_in_order():
    there = [twin(1, "a"), twin(2, "b"), twin(3, "c")]
    found = numbered(("M9", "x"), ("M1", "y"), ("M8", "z"), ("M7", "new"), there=there)
    assert changes(found) == [(2, 102, "x"), (3, 101, "y"), (4, 103, "z")]
    assert [row.row for row in found.new_measures] == [5]


def test_a_number_of_another_title_means_nothing():
    other = FileRow(0, "Bildung", "", "Chor", {}, number="1")
    found = numbered(("M1", "a"), there=[other])
    assert ([row.row for row in found.new_measures], found.changes) == ([2], ())


def test_what_is_there_under_other_numbers_stays():
    there = [twin(1, "b"), twin(2, "a"), twin(3, "")]
    assert numbered(("M1", "a"), ("M2", "b"), ("M3", ""), there=there) == nothing(unchanged=3)


def test_a_row_that_says_little_leaves_the_measure_to_the_row_that_needs_it():
    there = [twin(1, "a"), twin(2, "b"), twin(3, "c")]
    rows = [("M1", ""), ("M2", "a"), ("M3", "b")]
    assert numbered(*rows, there=there) == nothing(unchanged=3)


def test_of_two_measures_the_merged_one_stays_merged():
    there = [twin(1, "a"), twin(2, "b")]
    assert numbered(("M1", "a"), ("M2", "b"), there=there, merged=[102]) == nothing(unchanged=2)
    found = numbered(("M1", "x"), ("M2", "b"), ("M3", "c"), there=there, merged=[102])
    assert changes(found) == [(2, 101, "x")]
    assert [row.row for row in found.new_measures] == [4]


@pytest.mark.parametrize(
    ("rows", "row", "other"),
    [
        ([("M1", "a"), ("M2", "b"), ("M2", "c")], 4, 3),
        ([("M1", "a"), ("M2", "b"), ("", "c")], 4, 2),
        ([("", "c"), ("M1", "a")], 2, 3),
        ([("", "a"), ("", "b")], 3, 2),
    ],
)
def test_one_number_or_none_with_different_content_names_the_other_row(rows, row, other):
    found = numbered(*rows)
    problem = (
        f"The same measure of the same field stands in row {other} with another content. Are they"
        " two? Then give them different numbers."
    )
    assert found.problems == (Problem(row, "Maßnahme", problem),)


def test_rows_with_nothing_but_a_number_are_skipped():
    assert plan(("4", "", "", ""), headers=NUMBERED) == replace(nothing(0), skipped=1)


# Indicators and municipalities ------------------------------------------------------------------

MORE = ("Feld", "Ziel", "Kennzahl", "Maßnahme", "Kommune")


def test_an_indicator_belongs_to_its_goal_new_or_not():
    found = plan(
        ("Bildung", "lernen", "80 %", "Kurs"),
        ("Bildung", "Lernen", "80 %", "Tablets"),
        ("Bildung", "Lehren", "90 %"),
        ("Tourismus", "Gäste gewinnen", "Gäste"),
        ("Tourismus", "Gäste gewinnen"),
        headers=MORE,
    )
    assert found.changes == (
        PlannedChange(2, "Bildung", "lernen", "indicator", "", "80 %"),
        PlannedChange(4, "Bildung", "Lehren", "indicator", None, "90 %"),
    )
    assert [row.values for row in found.new_measures] == [{}, {}]
    assert (said_twice(found), found.unchanged, found.problems) == ([(6, 5)], 1, ())
    assert plan_summary(found) == [
        "1 new goal",
        "1 changed goal",
        "2 new measures",
        "1 row that repeats another row of the file",
        "1 row that changes nothing",
    ]
    assert [words(change) for change in found.changes] == [
        ("Indicator", "", "80 %"),
        ("Indicator", "", "90 %"),
    ]


def test_indicators_that_cannot_be_are_named():
    assert reasons(
        ("Bildung", "Lernen", "80 %", "Kurs"),
        ("Bildung", "LERNEN", "90 %", "Tablets"),
        ("Bildung", "", "80 %", "Bus"),
        ("Bildung", "", "80 %"),
        ("Bildung", "Lehren", "x" * 21),
        headers=MORE,
    ) == [
        (3, "Kennzahl", "The same goal stands in row 2 with another indicator."),
        (4, "Kennzahl", "The goal is missing to which the indicator belongs."),
        (5, "Kennzahl", "The goal is missing to which the indicator belongs."),
        (6, "Kennzahl", "The text is too long: 21 characters, at most 20 fit."),
    ]


def test_two_indicators_of_one_goal_are_refused_even_if_one_is_there():
    rows = [("Tourismus", "Gäste gewinnen", text) for text in ("Betten", "Gäste")]
    assert reasons(*rows, headers=MORE) == [
        (3, "Kennzahl", "The same goal stands in row 2 with another indicator.")
    ]


@pytest.mark.parametrize("cell", ["Bingen", " BINGEN ", "Bingen (07339005)"])
def test_a_municipality_is_known_by_its_name_with_or_without_its_key(cell):
    found = plan(("Bildung", "", "", "Kurs", cell), headers=MORE)
    assert found.new_measures[0].values == {"municipality": "Bingen (07339005)"}


def test_a_municipality_without_a_measure_is_refused():
    assert reasons(("Bildung", "Lernen", "", "", "Bingen"), headers=MORE) == [
        (2, "Maßnahme", "The measure is missing to which the rest belongs.")
    ]


def test_every_bad_cell_is_named_with_row_column_and_reason():
    assert reasons(
        ("", "Lernen", "Schulung"),
        ("Bildung", "", "", "nur Text"),
        ("Bildung", "", "", ""),
        ("Bildung" * 4, "", "x" * 26, "y" * 41, "kurz", "6", "2,5"),
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


def test_no_bad_cell_hides_another_one_of_its_row():
    assert reasons(
        ("", "", "", "y" * 41, "", "6"),
        ("", "x" * 31, "Kurs", "#REF!", "", "", "", "zu viel"),
    ) == [
        (2, "Beschreibung", "The text is too long: 41 characters, at most 40 fit."),
        (
            2,
            "Relevanz",
            "“6” is no step of the scale. Possible are the whole numbers from 1 to 5.",
        ),
        (2, "Feld", "The action field is missing."),
        (3, "Ziel", "The text is too long: 31 characters, at most 30 fit."),
        (3, "Beschreibung", "The cell holds an error of the spreadsheet: #REF!"),
        (3, "8", "The row has more cells than there are headings. Is a quotation mark missing?"),
        (3, "Feld", "The action field is missing."),
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
    row = plan(("Bildung", "", "Tablets \r\n für alle", " eins\r\nzwei ")).new_measures[0]
    assert (row.measure, row.values) == ("Tablets für alle", {"description": "eins\nzwei"})


def test_a_profile_comes_in_with_its_own_heading():
    found = plan(("Bildung", "Tablets", "Schulen"), headers=("Feld", "Maßnahme", "Target group"))
    assert found.new_measures[0].values == {"target_group": "Schulen"}


def test_rows_with_nothing_in_the_imported_columns_are_skipped():
    found = plan(("", "", "7"), ("Bildung", "Tablets", "8"), headers=("Feld", "Maßnahme", "Nr"))
    assert ([row.row for row in found.new_measures], found.problems) == ([3], ())


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
    assert plan_summary(found) == [
        "1 new action field",
        "1 new goal",
        "2 new measures",
        "1 changed measure",
        "1 row that changes nothing",
    ]
    assert plan_summary(plan()) == ["nothing to import"]


def test_the_preview_speaks_in_words():
    found = plan(("Kultur", "", "Chor", "", "kurz"), ("Tourismus", "", "Freies WLAN", "", "offen"))
    assert [row.details for row in found.new_measures] == [[("Implementation time", "short term")]]
    assert [words(change) for change in found.changes] == [
        ("Implementation time", "short term", "not estimated")
    ]


# Words that the workshop does not know ----------------------------------------------------------


def told(**words: dict[str, str]) -> dict[str, str]:
    """Return what a form would say: by target, a word and what it means."""
    return {
        name_of_word(target, word): meaning
        for target, pairs in words.items()
        for word, meaning in pairs.items()
    }


def open_words(found: Plan) -> list[tuple[str, str, int, int]]:
    return [(word.target, word.text, word.row, word.count) for word in found.undecided]


TIMES = [("Bildung", "", "Kurs", "", "2025–2027"), ("Bildung", "", "Chor", "", "bald")]


def test_each_unknown_time_is_asked_for_once_and_keeps_the_file_out_until_then():
    found = plan(*TIMES, ("Bildung", "", "Bus", "", "BALD "), ("Bildung", "", "Rad", "", "kurz"))
    assert open_words(found) == [("horizon", "2025–2027", 2, 1), ("horizon", "bald", 3, 2)]
    assert (found.problems, found.is_ready, len(found.new_measures)) == ((), False, 4)


def test_an_unknown_time_means_what_somebody_says_or_is_not_estimated():
    found = plan(*TIMES, meanings=told(horizon={"2025–2027": "long", "Bald": "unknown"}))
    assert (found.is_ready, [row.values for row in found.new_measures]) == (
        True,
        [{"horizon": "long"}, {"horizon": "unknown"}],
    )


def test_what_is_told_of_the_rest_holds_for_words_of_which_nothing_else_is_told():
    meanings = told(horizon={"bald": "short"}) | {name_of_rest("horizon"): "unknown"}
    found = plan(*TIMES, meanings=meanings)
    assert [row.values["horizon"] for row in found.new_measures] == ["unknown", "short"]


@pytest.mark.parametrize("meaning", ["", "soon", "-", "kurz"])
def test_a_meaning_that_is_none_leaves_the_question_open(meaning):
    found = plan(TIMES[1], meanings=told(horizon={"bald": meaning}))
    assert open_words(found) == [("horizon", "bald", 2, 1)]


@pytest.mark.parametrize(
    ("meaning", "values"), [("Bingen (07339005)", {"municipality": "Bingen (07339005)"}), ("-", {})]
)
def test_an_unknown_municipality_is_one_of_the_workshop_or_left_empty(meaning, values):
    row = ("Bildung", "", "", "Kurs", "Mainz")
    assert open_words(plan(row, headers=MORE)) == [("municipality", "Mainz", 2, 1)]
    found = plan(row, headers=MORE, meanings=told(municipality={"MAINZ": meaning}))
    assert (found.is_ready, found.new_measures[0].values) == (True, values)


# Municipalities tell measures of one title apart ------------------------------------------------

TOWNS = ("Nummer", "Feld", "Maßnahme", "Beschreibung", "Kommune")
TWO_TOWNS = replace(
    THERE,
    municipalities={"bingen": "Bingen (07339005)", "weiler": "Weiler"},
)
EMPTIED = {name_of_rest("municipality"): "-"}


def in_towns(*cells: tuple[str, str, str], there=(), **options) -> Plan:
    """Rows of one field and title: number, description and municipality."""
    rows = [(number, "Strom", "Wärmeplanung", *rest) for number, *rest in cells]
    measures = {100 + place: each for place, each in enumerate(there, 1)}
    existing = replace(TWO_TOWNS, fields=("Strom",), measures=measures)
    return plan(*rows, headers=TOWNS, existing=existing, **options)


def of_town(town: str, description: str, number: str = "") -> FileRow:
    values = {"description": description, "municipality": town}
    return FileRow(0, "Strom", "", "Wärmeplanung", values, number=number)


def new_rows(found: Plan) -> list[int]:
    return [row.row for row in found.new_measures]


def test_one_title_of_two_municipalities_is_two_measures():
    found = in_towns(("", "", "Weiler"), ("", "", "Bingen"), ("", "", "weiler"))
    assert (new_rows(found), said_twice(found), found.problems) == ([2, 3], [(4, 2)], ())
    assert found.alike == ()


def test_they_stay_two_and_are_named_where_the_municipality_is_left_empty():
    found = in_towns(("", "", "Mainz"), ("", "", "Bremen"), ("", "", "MAINZ"), meanings=EMPTIED)
    assert (new_rows(found), said_twice(found)) == ([2, 3], [(4, 2)])
    assert plan_summary(found) == [
        "2 new measures",
        "1 of them differs from others only by the municipality that is left empty",
        "1 row that repeats another row of the file",
    ]
    assert repeat_lines(found) == [
        "Row 4 repeats row 2: “Wärmeplanung”",
        "Row 3 is like row 2 but for the municipality “Bremen”: “Wärmeplanung”",
    ]


def test_nothing_is_told_of_municipalities_while_nobody_has_chosen():
    found = in_towns(("", "", "Mainz"), ("", "", "Bremen"))
    assert (found.is_ready, new_rows(found), found.alike) == (False, [2, 3], ())


def test_the_same_file_with_municipalities_left_empty_changes_nothing_again():
    rows = [("", "", "Mainz"), ("", "", "Bremen")]
    there = [FileRow(0, "Strom", "", "Wärmeplanung", {}) for _row in rows]
    found = in_towns(*rows, there=there, meanings=EMPTIED)
    assert (found.is_empty, found.unchanged, found.alike) == (True, 2, ())


def test_two_words_for_one_municipality_are_one_measure():
    meanings = told(municipality={"Mainz": "Weiler", "Bremen": "Weiler"})
    found = in_towns(("", "", "Mainz"), ("", "", "Bremen"), meanings=meanings)
    assert (new_rows(found), said_twice(found), found.alike) == ([2], [(3, 2)], ())


def test_without_the_column_they_are_one_measure():
    rows = [("Strom", "Wärmeplanung", "Mainz"), ("Strom", "Wärmeplanung", "Bremen")]
    found = plan(*rows, headers=("Feld", "Maßnahme", "Ort"))
    assert (new_rows(found), said_twice(found)) == ([2], [(3, 2)])


@pytest.mark.parametrize(
    ("rows", "new", "problems"),
    [
        # The same number, as a catalogue for many towns has it.
        ([("7", "a", "Weiler"), ("7", "b", "Bingen")], [2, 3], []),
        ([("7", "a", "Weiler"), ("7", "b", "Weiler")], [2], [3]),
        ([("7", "a", "Weiler"), ("8", "b", "Weiler")], [2, 3], []),
        # What says less than another row is told from it by what both say.
        ([("", "b", "Bingen"), ("7", "a", "Weiler")], [2, 3], []),
        ([("", "b", "Weiler"), ("7", "a", "Weiler")], [3], [2]),
        ([("7", "a", ""), ("", "b", "Weiler")], [2], [3]),
        ([("", "a", ""), ("", "b", "Weiler")], [3], [2]),
    ],
)
def test_number_and_municipality_tell_rows_apart_where_both_rows_have_them(rows, new, problems):
    found = in_towns(*rows)
    assert (new_rows(found), [each.row for each in found.problems]) == (new, problems)


def test_a_row_means_the_measure_of_its_number_then_of_its_municipality():
    there = [of_town("Weiler", "a", "1"), of_town("Bingen (07339005)", "b", "2")]
    by_town = in_towns(("", "x", "Bingen"), ("", "y", "Weiler"), there=there)
    assert changes(by_town) == [(2, 102, "x"), (3, 101, "y")]
    by_both = in_towns(("1", "x", "Bingen"), ("1", "y", "Weiler"), there=there)
    assert changes(by_both) == [(2, 102, "x"), (3, 101, "y")]
    by_number = in_towns(("2", "x", "Weiler"), ("", "y", "Bingen"), there=there)
    assert changes(by_number) == [
        (2, 102, "x"),
        (2, 102, "Weiler"),
        (3, 101, "y"),
        (3, 101, "Bingen (07339005)"),
    ]


NINE = replace(THERE, fields=("Tourismus", "Bildung und Jugend"))


@pytest.mark.parametrize("name", ["Bildung & Jugend", "bildung u. jugend", "Bildung/Jugend"])
def test_a_field_of_the_same_words_is_taken_for_the_one_that_is_here(name):
    found = plan((name, "", "Kurs"), existing=NINE)
    assert (found.new_fields, found.new_measures[0].field) == ((), "Bildung und Jugend")
    as_new = plan((name, "", "Kurs"), existing=NINE, meanings=told(field={name: ""}))
    assert (as_new.new_fields, as_new.new_measures[0].field) == ((name,), name)


@pytest.mark.parametrize("name", ["Bildung", "Jugend und Bildung", "Tourismuss", "Kultur", "?"])
def test_any_other_field_is_new_as_long_as_nobody_says_otherwise(name):
    assert plan((name, "", "Kurs"), existing=NINE).new_fields == (name,)


def test_fields_are_matched_with_their_goals_measures_and_what_is_there_already():
    rows = (
        ("Gäste", "Gäste gewinnen", "Freies WLAN", "Am Rheinufer"),
        ("GÄSTE ", "Radwege", ""),
        ("tourismus", "", "Karte"),
        ("Gäste", "", "Karte"),
    )
    assert plan(*rows, meanings=told(field={"Gäste": "TOURISMUS"})) == replace(
        nothing(unchanged=1),
        new_goals=(("Tourismus", "Radwege"),),
        new_measures=(FileRow(4, "tourismus", "", "Karte", {}),),
        unknown=(Unknown(name_of_word("field", "gäste"), "field", "Gäste", 2, 3, "Tourismus"),),
        repeats=(
            Repeat(
                FileRow(5, "Tourismus", "", "Karte", {}), FileRow(4, "tourismus", "", "Karte", {})
            ),
        ),
    )


def test_a_name_too_long_for_a_new_field_may_be_matched():
    row = ("x" * 21, "", "Kurs")
    assert [row[1] for row in reasons(row)] == ["Feld"]
    assert plan(row, meanings=told(field={"x" * 21: "Bildung"})).problems == ()


def test_a_field_that_is_gone_is_a_new_one_again():
    found = plan(("Gäste", "", "Kurs"), meanings=told(field={"Gäste": "Verkehr"}))
    assert found.new_fields == ("Gäste",)


def test_a_workshop_without_fields_has_none_to_choose():
    assert plan(("Kultur", "", "Chor"), existing=EMPTY).unknown == ()


@pytest.mark.parametrize(
    ("name", "likely"),
    [
        ("Bildung", ["Bildung und Jugend"]),
        ("Digitale Infrastrukturen", ["Digitale Infrastruktur"]),
        ("Soziales & Arbeit", ["Arbeit und Soziales"]),
        ("Wirtschaft, Forschung und Entwicklung", ["Kommunale Wirtschaft"]),
        ("Ver- und Entsorgung", []),
        ("Kultur", []),
    ],
)
def test_similar_names_are_offered_and_others_not(name, likely):
    assert similar(name, NINE_FIELDS) == likely


def test_names_that_read_the_same_make_one_field_and_one_measure():
    found = plan(
        ("Digi\xadtalisierung", "", "Ver\xadwaltung online"),
        ("Digitalisierung", "", "Verwaltung online"),
        ("Wald\u200b", "", "Ba\u0308ume"),
        ("Wald", "", "Bäume"),
        ("Touris\xadmus", "", "Freies\u2060 WLAN"),
    )
    assert found.new_fields == ("Digitalisierung", "Wald")
    assert [row.measure for row in found.new_measures] == ["Verwaltung online", "Bäume"]
    assert (said_twice(found), found.unchanged) == ([(3, 2), (5, 4)], 1)


def test_what_is_confirmed_is_what_the_words_were_taken_for():
    prints = {
        plan(*TIMES, meanings=told(horizon={"2025–2027": one, "bald": two})).fingerprint
        for one in ("short", "long")
        for two in ("short", "long")
    }
    assert len(prints) == 4
