"""When old row versions are erased, and for whom that counts as done."""

import re

import pytest
from django.db import connection
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.rating.traces import (
    AT_ONCE_BYTES,
    AT_ONCE_SECONDS,
    TABLES,
    Erasure,
    Left,
    Reason,
    erase_old_versions,
    pending,
)
from workshops.models import WorkshopRevision, mark_changed

DONE = Erasure(clean=TABLES)
IN_VAIN = Erasure(clean=TABLES[:1], left=(Left(TABLES[1], Reason.SNAPSHOT, 3),))


@pytest.fixture
def erase(monkeypatch):
    """Return a function that says what the database will answer, and the list of how it is asked.

    ``meanwhile`` is done while it erases.
    """
    asked = []

    def answer(erasure: Erasure, meanwhile=lambda: None) -> list[dict]:
        def erase_old_versions(**limits):
            asked.append(limits)
            meanwhile()
            return erasure

        monkeypatch.setattr(pending, "erase_old_versions", erase_old_versions)
        return asked

    return answer


def written(queries: CaptureQueriesContext) -> set[str]:
    sql = " ; ".join(query["sql"] for query in queries.captured_queries)
    return set(re.findall(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', sql))


def test_a_hand_out_and_a_vote_write_nothing_but_the_erased_tables_and_the_revision(
    workshop, measure, participant, signed_in, at
):
    """Whatever else they write must be judged: does it name a ballot, or a person with a time?"""
    at("rating")
    client = signed_in(participant)
    with CaptureQueriesContext(connection) as queries:
        take = reverse("measures:ballot-take", args=[workshop.pk])
        client.post(take, {"promised": workshop.anonymity})
        rate = reverse("measures:rate-measure", args=[workshop.pk, measure.number])
        client.post(rate, {"relevance": 5, "feasibility": 2})
    assert written(queries) == {*TABLES, "workshops_workshoprevision"}


def test_within_a_transaction_nothing_can_be_erased(db):
    with pytest.raises(TransactionManagementError):
        erase_old_versions(seconds=0)


# Who waits --------------------------------------------------------------------------------------


def test_a_workshop_waits_once_its_rating_closed_and_not_without_ballots(
    workshop, other_workshop, ballots, at
):
    ballots(1)
    at("rating")
    assert pending.pending() == {}
    at("deliberating")
    number = WorkshopRevision.objects.get(workshop=workshop).number
    assert pending.pending() == {workshop.pk: number}


def test_nobody_is_locked_out_if_nobody_waits(workshop, erase):
    asked = erase(DONE)
    assert pending.erase_pending(seconds=5) == pending.Run(Erasure())
    assert asked == []


def test_who_waited_is_done_only_if_every_table_is_clean(workshop, ballots, erase):
    ballots(1)
    erase(IN_VAIN)
    assert pending.erase_pending(seconds=5) == pending.Run(IN_VAIN, (), (workshop.pk,))
    erase(DONE)
    assert pending.erase_pending(seconds=5) == pending.Run(DONE, (workshop.pk,), ())


def test_a_workshop_that_votes_and_closes_again_meanwhile_goes_on_waiting(workshop, ballots, erase):
    ballots(1)
    erase(DONE, meanwhile=lambda: mark_changed(workshop.pk))
    assert pending.erase_pending(seconds=5) == pending.Run(DONE, (), (workshop.pk,))


def test_a_workshop_that_is_deleted_meanwhile_is_in_nobodys_way(workshop, ballots, erase):
    [ballot] = ballots(1)
    erase(DONE, meanwhile=lambda: (ballot.delete(), workshop.delete()))
    assert pending.erase_pending(seconds=5).done == ()


def test_at_once_is_brief_and_what_is_left_goes_to_the_log(workshop, ballots, erase, caplog):
    ballots(1)
    asked = erase(IN_VAIN)
    pending.erase_at_once()
    assert asked == [{"seconds": AT_ONCE_SECONDS, "at_most": AT_ONCE_BYTES}]
    assert [record.getMessage() for record in caplog.records] == [
        "Old row versions wait for manage.py erase_traces: workshops_ballot (snapshot)"
    ]
