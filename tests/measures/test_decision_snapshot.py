"""What is frozen: one text for the same data, its hash, what differs from it."""

import hashlib
import json
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from measures.committee.basis import basis_of
from measures.committee.dossier_lines import (
    decision_lines,
    place_lines,
    record_lines,
    setting_lines,
    text_lines,
    value_lines,
    words_of,
)
from measures.committee.sealing import recorded, recorded_session
from measures.committee.snapshot import Fault, differences, faults, flat, rounded
from measures.models import Measure
from measures.seals.text import canonical, fingerprint, read
from tests.deciding import decide, hold
from tests.rating import agree_on, count_paper, save_rating
from workshops.models import Criterion, Workshop
from workshops.setup import set_scale

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)  # fmt: skip


# Pure -------------------------------------------------------------------------------------------


def test_the_text_is_sorted_tight_and_in_plain_utf8():
    data = {"b": [1, 2.5, None], "a": {"ö": "Straße\n„x“", "n": True}}
    text = '{"a":{"n":true,"ö":"Straße\\n„x“"},"b":[1,2.5,null]}'
    assert canonical(data) == text
    assert fingerprint(text) == hashlib.sha256(text.encode("utf-8")).hexdigest()


def test_the_hash_is_the_one_of_the_standard():
    """The first example of FIPS 180-2, appendix B.1."""
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert fingerprint("abc") == known


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_refused(number):
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"mean": number})


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), JSON))
def test_what_is_read_again_gives_the_same_text_in_any_order(data):
    text = canonical(data)
    backwards = dict(reversed(list(data.items())))
    assert canonical(read(text)) == text == canonical(backwards)


@pytest.mark.parametrize("text", ["", "x", "[1]", "7", "null", "{", "[" * 100_000])
def test_a_text_that_is_no_snapshot_reads_as_nothing(text):
    assert read(text) == {}


@pytest.mark.parametrize(
    ("value", "told"),
    [(None, None), (1 / 3, 0.333333), (2 / 3, 0.666667), (-1e-9, 0.0), (5, 5.0)],
)
def test_numbers_are_rounded_to_six_digits_and_minus_zero_is_zero(value, told):
    assert (rounded(value), str(rounded(value))) == (told, str(told))


def test_nested_data_is_compared_by_path():
    then = {"a": {"b": 1, "c": [1, 2]}, "d": None, "e": "x"}
    now = {"a": {"b": 1, "c": [2, 1]}, "f": None, "e": "y"}
    assert flat(then) == {"a.b": 1, "a.c": [1, 2], "d": None, "e": "x"}
    assert differences(then, now) == {"a.c", "e"}
    assert differences(then, then) == set()


ROW = {"outcome": "accepted", "votes": [5, 3, 1], "reason": "x"}


def test_what_a_row_says_differently_from_its_seal_is_told_column_by_column():
    assert faults(ROW, dict(ROW)) == []
    assert faults(ROW, ROW | {"votes": [9, 0, 0], "reason": "y"}) == [
        Fault("reason", "y", "x"),
        Fault("votes", [9, 0, 0], [5, 3, 1]),
    ]
    assert faults({}, {"outcome": "accepted", "due_date": None}) == [Fault("outcome", "accepted")]


# From a workshop --------------------------------------------------------------------------------


@pytest.fixture
def rated(workshop, measure, measure_two, ballots, at):
    """WLAN by six people and two sheets, Bus by three; WLAN agreed as 5 and 2; all of it shown."""
    at("rating")
    people = ballots(6)
    for ballot, pair in zip(people, [*[(5, 1)] * 3, *[(4, 1)] * 2, (4, None)], strict=True):
        save_rating(ballot, measure, relevance=pair[0], feasibility=pair[1])
    for ballot in people[:3]:
        save_rating(ballot, measure_two, relevance=2, feasibility=2)
    for step, criterion in ((3, "relevance"), (2, "feasibility")):
        count_paper(measure=measure, criterion=criterion, step=step, count=2)
    agree_on(measure=measure, relevance=5, feasibility=2)
    Measure.objects.filter(pk=measure.pk).update(description="Überall", lead="Bauamt")
    at("deliberating")
    return Measure.objects.get(pk=measure.pk)


def fresh(workshop) -> Workshop:
    return Workshop.objects.get(pk=workshop.pk)


def test_the_basis_holds_texts_place_values_and_settings(workshop, rated):
    assert basis_of(fresh(workshop), rated) == {
        "measure": {
            "number": 1, "title": "WLAN", "description": "Überall", "field": "Alltagsleben",
            "goal": "Alle kommen ins Netz", "time_horizon": "unknown", "municipality": None,
            "profile": {
                "intended_result": "", "target_group": "", "stakeholders": "", "lead": "Bauamt",
                "resources": "", "schedule": "", "success_signs": "",
            },
        },
        "ranking": {
            "score": 2.705357, "rank": 1, "of": 2, "range": [1, 1], "all_weights": [1, 2],
            "quadrant": "prepare", "quadrant_name": "Vorbereiten",
        },
        "ratings": {
            "n": 8, "paper": 2, "round": 1, "agreed": {"relevance": 5, "feasibility": 2},
            "relevance": {
                "n": 8, "mean": 4.125, "median": 4.0, "quartiles": [3.75, 5.0],
                "counts": [0, 0, 2, 3, 3], "agreement": 0.5625,
            },
            "feasibility": {
                "n": 7, "mean": 1.285714, "median": 1.0, "quartiles": [1.0, 1.5],
                "counts": [5, 2, 0, 0, 0], "agreement": 0.857143,
            },
        },
        "settings": {
            "weight": 50, "thresholds": {"relevance": 3.0, "feasibility": 3.0}, "steps": 5,
            "words": {
                "relevance": ["sehr gering", "gering", "mittel", "hoch", "sehr hoch"],
                "feasibility": ["sehr gering", "gering", "mittel", "hoch", "sehr hoch"],
            },
        },
    }  # fmt: skip


def test_the_basis_is_the_same_twice_and_in_every_language(workshop, rated):
    texts = set()
    for language in ("de", "en", "de"):
        with translation.override(language):
            texts.add(canonical(basis_of(fresh(workshop), rated)))
    assert len(texts) == 1


def test_groups_are_not_frozen(workshop, measure, ballots, at):
    at("deliberating")
    for ballot in [*ballots(6, "Rat"), *ballots(6, "Verwaltung")]:
        save_rating(ballot, measure, relevance=4, feasibility=4)
    found = basis_of(fresh(workshop), measure)
    assert found["ratings"]["n"] == 12
    text = canonical(found)
    assert ("Rat" in text, "Verwaltung" in text, "Gruppe" in text) == (False, False, False)


def vote(measure, ballots, pairs) -> None:
    for ballot, (relevance, feasibility) in zip(ballots(len(pairs)), pairs, strict=True):
        save_rating(ballot, measure, relevance=relevance, feasibility=feasibility)


@pytest.mark.parametrize(
    ("pairs", "place"),
    [
        ([], (None, None, 0, None, None)),
        ([(5, 5)] * 2, (None, None, 0, None, None)),
        ([(5, 5)] * 4, (5.0, 1, 1, [None, None], [1, 1])),
        ([(5, 5)] * 5, (5.0, 1, 1, [1, 1], [1, 1])),
        ([(3, 3)] * 7, (3.0, 1, 1, [1, 1], [1, 1])),
        ([(None, 4)] * 7, (None, None, 0, None, None)),
        ([(None, None)] * 7, (None, None, 0, None, None)),
    ],
)
def test_few_ratings_equal_ones_and_none_can_be_frozen(
    workshop, measure, ballots, at, pairs, place
):
    at("deliberating")
    vote(measure, ballots, pairs)
    found = basis_of(fresh(workshop), measure)["ranking"]
    assert tuple(found[k] for k in ("score", "rank", "of", "range", "all_weights")) == place


@pytest.mark.parametrize(
    ("people", "distribution"),
    [
        (4, {"median": None, "quartiles": None, "counts": [], "agreement": None}),
        (5, {"median": 5.0, "quartiles": [5.0, 5.0], "counts": [0, 0, 0, 0, 5], "agreement": 1.0}),
    ],
)
def test_of_a_few_no_distribution_is_frozen(workshop, measure, ballots, at, people, distribution):
    at("deliberating")
    vote(measure, ballots, [(5, 1)] * people)
    found = basis_of(fresh(workshop), measure)["ratings"]["relevance"]
    assert found == {"n": people, "mean": 5.0} | distribution


def test_a_scale_of_ten_steps_with_thresholds_of_its_own(workshop, measure, ballots, at):
    workshop.steps, workshop.relevance_threshold = 10, Decimal("7.25")
    workshop.save()
    set_scale(workshop)
    at("deliberating")
    vote(measure, ballots, [*[(10, 1)] * 2, *[(7, 10)] * 3])
    basis = basis_of(fresh(workshop), measure)
    assert basis["settings"]["thresholds"] == {"relevance": 7.25, "feasibility": 5.5}
    assert len(basis["settings"]["words"]["relevance"]) == 10
    assert basis["ratings"]["relevance"]["counts"] == [0, 0, 0, 0, 0, 0, 3, 0, 0, 2]


@pytest.mark.parametrize("kind", ["consensus", "paper"])
def test_a_group_value_alone_and_paper_alone_can_be_frozen(workshop, measure, at, kind):
    at("deliberating")
    if kind == "consensus":
        agree_on(measure=measure, relevance=5, feasibility=None)
    else:
        for criterion in Criterion:
            count_paper(measure=measure, criterion=criterion, step=2, count=3)
    found = basis_of(fresh(workshop), measure)
    told = (
        found["ratings"]["n"],
        found["ranking"]["rank"],
        found["ratings"]["agreed"]["relevance"],
    )
    assert told == ((0, None, 5) if kind == "consensus" else (3, 1, None))


# In words ---------------------------------------------------------------------------------------


def test_every_value_of_the_basis_stands_in_some_line(workshop, rated):
    """Or a change of it would be refused (409) without being shown."""
    lines = [*text_lines(), *place_lines(), *setting_lines()]
    lines += [line for criterion in Criterion for line in value_lines(criterion)]
    shown = {path for _label, paths, _words in lines for path in paths}
    assert {*flat(basis_of(fresh(workshop), rated))} - shown == {"measure.number"}


def test_every_value_of_the_decision_stands_in_some_line(workshop, rated, at):
    at("deliberating")
    session = hold(workshop, rated)
    row = recorded(decide(session, rated)) | recorded_session(session) | {"published": None}
    told = {path for _label, paths, _words in record_lines() for path in paths}
    assert {*row} - told == {"snapshot"}
    assert {path for _l, paths, _w in decision_lines() for path in paths} < told


@pytest.mark.parametrize("wrong", [{}, [], "x", -1, 1.5, True, [1], [None, None], {"a": {}}])
def test_a_forged_value_of_any_kind_is_shown_and_breaks_nothing(workshop, wrong):
    lines = [*text_lines(), *place_lines(), *setting_lines(), *record_lines()]
    lines += [line for criterion in Criterion for line in value_lines(criterion)]
    for line in lines:
        values = dict.fromkeys(line[1], wrong)
        assert isinstance(words_of(line, values), str)


def test_the_stored_text_is_canonical(workshop, rated, at):
    at("deliberating")
    decision = decide(hold(workshop, rated), rated)
    assert canonical(json.loads(decision.snapshot)) == decision.snapshot
    assert fingerprint(decision.snapshot) == decision.seal.data["snapshot"]
