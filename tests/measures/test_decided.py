"""Which wording of a measure stands after what committees decided on it."""

from datetime import date

import pytest

from measures.decided import DecidedWording, decided_wordings, holding, wording_of
from measures.models import Decision, Session
from tests.deciding import SESSION_DAY, decide, hold
from tests.people import visiting

NEW = "WLAN nur am Rhein."
LATER = date(2020, 12, 10)
AMENDED = {"outcome": "amended", "wording": NEW, "has_basis": False}


@pytest.fixture
def session(workshop, measure, measure_two, at) -> Session:
    at("deliberating")
    return hold(workshop, measure, measure_two)


@pytest.fixture
def later(workshop, session, measure, measure_two) -> Session:
    return hold(workshop, measure, measure_two, date=LATER)


def texts(workshop) -> dict[int, str]:
    return {pk: wording.text for pk, wording in decided_wordings(workshop).items()}


def test_nothing_is_worded_anew_before_somebody_amends_it(workshop, session, measure):
    assert decided_wordings(workshop) == {}
    decide(session, measure, has_basis=False)
    assert decided_wordings(workshop) == {}


def test_a_published_amendment_says_when_and_by_whom(workshop, session, measure):
    decision = decide(session, measure, **AMENDED)
    told = DecidedWording(NEW, SESSION_DAY, "Digitalausschuss", 1, decision.pk)
    assert decided_wordings(workshop) == {measure.pk: told}
    assert wording_of(Decision.objects.get()) == told


def test_a_pending_amendment_is_quoted_nowhere(workshop, session, measure):
    decision = decide(session, measure, is_published=False, **AMENDED)
    assert decided_wordings(workshop) == {}
    assert wording_of(decision) is None
    assert wording_of(None) is None


def test_a_correction_replaces_the_wording_once_it_is_published(workshop, session, measure):
    first = decide(session, measure, **AMENDED)
    decide(session, measure, corrects=first, is_published=False, **AMENDED | {"wording": "Anders."})
    assert texts(workshop) == {measure.pk: NEW}
    Decision.objects.filter(corrects=first).update(
        published_at=first.published_at, publication=first.publication
    )
    assert texts(workshop) == {measure.pk: "Anders."}


@pytest.mark.parametrize(
    "then",
    [
        {"outcome": "rejected"},
        {"outcome": "deferred", "deferred_until": date(2021, 3, 1)},
        {"outcome": "accepted"},
    ],
)
def test_a_later_decision_takes_the_wording_with_it(workshop, session, later, measure, then):
    decide(session, measure, **AMENDED)
    decide(later, measure, has_basis=False, **then)
    assert decided_wordings(workshop) == {}


def test_the_later_session_holds_though_it_was_recorded_first(workshop, session, later, measure):
    decide(later, measure, **AMENDED | {"wording": "Zuletzt."})
    decide(session, measure, **AMENDED)
    assert texts(workshop) == {measure.pk: "Zuletzt."}


def test_a_merged_measures_wording_goes_with_it(workshop, session, measure, measure_two):
    decide(session, measure, **AMENDED)
    measure.merge_into(measure_two)
    [(pk, wording)] = decided_wordings(workshop).items()
    assert (pk, wording.number, wording.text) == (measure_two.pk, measure.number, NEW)
    loaded = Decision.objects.select_related("measure", "session")
    assert {pk: wording_of(each) for pk, each in holding(loaded).items()} == {pk: wording}


def test_each_workshop_has_its_own(other_workshop, session, measure):
    decide(session, measure, **AMENDED)
    assert decided_wordings(other_workshop) == {}


def test_a_decider_knows_the_pending_correction_and_nobody_else_does(
    workshop, session, measure, committee_member, participant
):
    first = decide(session, measure, **AMENDED)
    second = decide(session, measure, corrects=first, is_published=False, **AMENDED)
    known = Decision.objects.in_workshop(workshop).known_to
    assert list(known(visiting(workshop, committee_member))) == [second]
    assert list(known(visiting(workshop, participant))) == [first]


def test_all_wordings_take_one_query(
    workshop, session, measure, measure_two, django_assert_num_queries
):
    with django_assert_num_queries(1):
        decided_wordings(workshop)
    decide(session, measure, **AMENDED)
    decide(session, measure_two, **AMENDED)
    with django_assert_num_queries(1):
        assert len(decided_wordings(workshop)) == 2
