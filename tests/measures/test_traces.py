"""When old row versions are erased, and for whom that counts as done."""

import re
from dataclasses import replace

import pytest
from django.db import connection
from django.db.transaction import TransactionManagementError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.models import Round
from measures.rating import rounds
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
from tests.people import entering, open_door
from workshops.guests import code_hash, new_code
from workshops.models import JoinCode, WorkshopRevision, mark_changed

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
    return set(re.findall(r'(?:INSERT INTO|UPDATE|DELETE FROM) "?([a-z_]+)', sql))


def test_a_hand_out_and_a_vote_write_nothing_but_the_erased_tables_and_the_revision(
    workshop, measure, participant, signed_in, at
):
    """Whatever else they write must be judged: does it name a ballot, or a person with a time?"""
    at("rating")
    client = signed_in(participant)
    with CaptureQueriesContext(connection) as queries:
        take = reverse("measures:ballot-take", args=[workshop.pk])
        client.post(take, {"promised": workshop.anonymity})
    assert written(queries) == {*TABLES[:2], "workshops_workshoprevision"}
    with CaptureQueriesContext(connection) as queries:
        rate = reverse("measures:rate-measure", args=[workshop.pk, measure.number])
        client.post(rate, {"relevance": 5, "feasibility": 2})
    assert written(queries) == {TABLES[2]}


def test_who_comes_in_writes_nothing_but_the_erased_tables_and_no_card_into_the_cache(workshop):
    code, card = open_door(workshop), new_code(10)
    JoinCode.objects.create(workshop=workshop, code_hash=code_hash(card))
    for text, cached in ((code, {"cache"}), (card, set())):
        with CaptureQueriesContext(connection) as queries:
            Client().post(reverse("measures:join", args=[text]), entering())
        assert written(queries) - {TABLES[3]} == {TABLES[1]} | cached
        assert (TABLES[3] in written(queries)) == (text == card)


def test_within_a_transaction_nothing_can_be_erased(db):
    with pytest.raises(TransactionManagementError):
        erase_old_versions(seconds=0)


# Who waits --------------------------------------------------------------------------------------


@pytest.fixture
def closed(workshop) -> Round:
    return Round.objects.create(workshop=workshop, number=1, state="closed")


def test_a_round_waits_once_it_ended(workshop, other_workshop, at):
    Round.objects.create(workshop=other_workshop, number=1, state="open")
    round = Round.objects.create(workshop=workshop, number=1, state="open")
    assert pending.pending() == {}
    Round.objects.filter(pk=round.pk).update(state="waiting")  # nobody could take a ballot
    assert pending.pending() == {}
    for state in ("closed", "shown"):
        round.state, round.smallest_room = state, 3
        round.save()
        number = WorkshopRevision.objects.get(workshop=workshop).number
        assert pending.pending() == {round.pk: number}


def test_nobody_is_locked_out_if_nobody_waits(workshop, erase):
    asked = erase(DONE)
    assert pending.erase_pending(seconds=5) == Erasure()
    assert asked == []


def test_who_waited_is_done_only_if_every_table_is_clean(closed, erase):
    erase(IN_VAIN)
    assert pending.erase_pending(seconds=5) == replace(IN_VAIN, waiting=(closed.pk,))
    assert Round.objects.get().erased_at is None
    erase(DONE)
    assert pending.erase_pending(seconds=5) == replace(DONE, done=(closed.pk,))
    assert Round.objects.get().erased_at is not None
    assert pending.pending() == {}


def test_a_round_that_is_opened_again_waits_again(workshop, facilitator, closed, erase):
    erase(DONE)
    pending.erase_pending(seconds=5)
    rounds.open_round(workshop, by=facilitator)
    rounds.close(workshop, workshop.rounds.get())
    assert list(pending.pending()) == [closed.pk]


def test_a_workshop_that_votes_and_closes_again_meanwhile_goes_on_waiting(workshop, closed, erase):
    erase(DONE, meanwhile=lambda: mark_changed(workshop.pk))
    assert pending.erase_pending(seconds=5) == replace(DONE, waiting=(closed.pk,))
    assert Round.objects.get().erased_at is None


def test_a_round_that_is_given_up_meanwhile_is_in_nobodys_way(closed, erase):
    erase(DONE, meanwhile=closed.delete)
    assert pending.erase_pending(seconds=5).done == ()


def test_at_once_is_brief_and_what_is_left_goes_to_the_log(closed, erase, caplog):
    asked = erase(IN_VAIN)
    pending.erase_at_once()
    assert asked == [{"seconds": AT_ONCE_SECONDS, "at_most": AT_ONCE_BYTES}]
    assert [record.getMessage() for record in caplog.records] == [
        "Old row versions wait for manage.py erase_traces: workshops_ballot (snapshot)"
    ]


def test_closing_a_round_erases_at_once_and_the_page_says_where_that_is_still_to_come(
    workshop, facilitator, signed_in, erase, at, django_capture_on_commit_callbacks
):
    asked = erase(IN_VAIN)
    at("rating")
    client, day = signed_in(facilitator), reverse("measures:workshop-day", args=[workshop.pk])
    move = reverse("measures:phase-move", args=[workshop.pk])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(move, {"from": "rating", "to": "deliberating"})
    assert len(asked) == 1
    assert "Bis heute Nacht" in client.get(day).content.decode()
    erase(DONE)
    pending.erase_pending(seconds=5)
    assert "Bis heute Nacht" not in client.get(day).content.decode()
