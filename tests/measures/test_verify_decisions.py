"""The command that names every decision somebody changed by hand."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from measures.decisions.snapshot import canonical, fingerprint
from measures.models import Decision, Session
from tests.deciding import decide, hold


@pytest.fixture
def decision(workshop, measure, at) -> Decision:
    at("deliberating")
    return decide(hold(workshop, measure), measure)


@pytest.fixture
def place(workshop, decision) -> str:
    return (
        f"Workshop {workshop.pk} “Digital-Werkstatt Bingen”, M1, Digitalausschuss of 2020-10-22, "
        f"decision {decision.pk}"
    )


def verify(**options) -> tuple[int, list[str]]:
    """Return the exit status and the printed lines, the last one included."""
    printed = StringIO()
    with translation.override("en"):
        try:
            call_command("verify_decisions", stdout=printed, **options)
        except CommandError as error:
            return error.returncode, [*printed.getvalue().splitlines(), str(error)]
    return 0, printed.getvalue().splitlines()


def tamper(decision: Decision, **columns) -> None:
    """Change a row past every guard, as somebody with a database client would."""
    Decision.objects.filter(pk=decision.pk).update(**columns)


def test_without_any_decision_there_is_nothing_to_complain_about(db):
    assert verify() == (0, ["0 decisions checked, all unchanged."])


def test_untouched_decisions_pass_also_corrected_and_pending_ones(decision, measure):
    second = decide(decision.session, measure, corrects=decision, reason="Genauer.")
    decide(decision.session, measure, corrects=second, reason="Neu.", is_published=False)
    assert verify() == (0, ["3 decisions checked, all unchanged."])


LAST = "1 of 1 decisions were changed after they were recorded."


def test_a_changed_column_is_named(decision, place):
    tamper(decision, reason="Niemand braucht das.")
    line = "Reason: the entry says “Niemand braucht das.”, frozen was “Der Bedarf ist groß.”."
    assert verify() == (1, [f"{place}: {line}", LAST])


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        ({"outcome": "rejected"}, "Decision: the entry says “rejected”, frozen was “accepted”."),
        ({"outcome": "amended", "wording": "Nur am Bahnhof"},
         "New wording: the entry says “Nur am Bahnhof”, frozen was “–”."),
        ({"votes_for": 9, "votes_against": 0, "votes_abstained": 0},
         "Votes: the entry says “9 in favour, 0 against, 0 abstained”, frozen was “–”."),
        ({"seats": 30}, "Members with a vote: the entry says “30”, frozen was “–”."),
        ({"responsible": "Hauptamt"},
         "Responsible unit: the entry says “Hauptamt”, frozen was “–”."),
        ({"due_date": date(2021, 1, 31)},
         "Due date: the entry says “Jan. 31, 2021”, frozen was “–”."),
        ({"outcome": "deferred", "deferred_until": date(2021, 1, 31)},
         "Deferred until: the entry says “Jan. 31, 2021”, frozen was “–”."),
        ({"budget_note": "0 Euro"}, "Note on the budget: the entry says “0 Euro”, frozen was “–”."),
        ({"decided_on": date(2020, 1, 1)},
         "Date of the session: the entry says “Jan. 1, 2020”, frozen was “Oct. 22, 2020”."),
    ],
)  # fmt: skip
def test_every_column_that_says_what_was_decided_is_compared(decision, place, columns, line):
    tamper(decision, **columns)
    status, lines = verify()
    assert (status, f"{place}: {line}" in lines, lines[-1]) == (1, True, LAST)


def test_a_decision_moved_to_another_measure_is_named(decision, place, measure_two):
    tamper(decision, measure=measure_two)
    line = "Number of the measure: the entry says “2”, frozen was “1”."
    assert verify() == (1, [f"{place.replace('M1', 'M2')}: {line}", LAST])


def test_a_decision_moved_to_another_session_is_named(decision, workshop, measure):
    other = hold(workshop, measure, committee="Hauptausschuss")
    tamper(decision, session=other)
    place = (
        f"Workshop {workshop.pk} “Digital-Werkstatt Bingen”, M1, Hauptausschuss of 2020-10-22, "
        f"decision {decision.pk}"
    )
    line = f"the entry says “{other.pk}”, frozen was “{decision.session_id}”."
    assert verify() == (1, [f"{place}: Id of the session: {line}", LAST])


def test_a_committee_may_be_renamed(decision):
    Session.objects.filter(pk=decision.session_id).update(committee="Ausschuss für Digitales")
    assert verify() == (0, ["1 decision checked, unchanged."])


def test_publication_author_time_and_address_lie_outside_the_seal(decision, administrator):
    moment = datetime(2030, 1, 1, tzinfo=UTC)
    address = "anders@bingen.example"
    tamper(decision, published_at=None, by=administrator, at=moment, responsible_email=address)
    assert verify() == (0, ["1 decision checked, unchanged."])


def test_a_changed_snapshot_is_named(decision, place):
    forged = decision.snapshot.replace('"title":"WLAN"', '"title":"WLAN überall"')
    tamper(decision, snapshot=forged)
    line = f"The frozen text has the hash {fingerprint(forged)}, but {decision.sha256} was stored."
    assert verify() == (1, [f"{place}: {line}", LAST])


def test_a_changed_hash_is_named(decision, place):
    tamper(decision, sha256="0" * 64)
    line = f"The frozen text has the hash {decision.sha256}, but {'0' * 64} was stored."
    assert verify() == (1, [f"{place}: {line}", LAST])


def test_a_snapshot_and_hash_forged_together_are_betrayed_by_the_correction(
    decision, place, measure
):
    decide(decision.session, measure, corrects=decision, reason="Genauer.")
    forged = canonical(decision.frozen | {"committee": "Anderer Ausschuss"})
    tamper(decision, snapshot=forged, sha256=fingerprint(forged))
    status, [line, last] = verify()
    correction = Decision.objects.get(corrects=decision)
    told = f"the entry says “{fingerprint(forged)}”, frozen was “{decision.sha256}”."
    assert (status, last) == (1, "1 of 2 decisions were changed after they were recorded.")
    assert line.endswith(f"decision {correction.pk}: Hash of the corrected entry: {told}")


def test_one_workshop_can_be_checked_alone(decision, other_workshop):
    tamper(decision, reason="Anders.")
    there = {"workshop": other_workshop.pk}
    assert verify(**there) == (0, ["0 decisions checked, all unchanged."])
    assert verify(workshop=decision.get_workshop_id())[0] == 1


def test_an_unknown_workshop_is_refused(db):
    assert verify(workshop=7) == (1, ["There is no workshop with the id 7."])


def test_the_check_takes_one_query_for_any_number(decision, measure, django_assert_num_queries):
    for count in (1, 3):
        with django_assert_num_queries(1):
            verify()
        if count == 1:
            second = decide(decision.session, measure, corrects=decision, reason="Genauer.")
            decide(decision.session, measure, corrects=second, reason="Noch genauer.")
