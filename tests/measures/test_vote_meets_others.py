"""A vote that is on its way while somebody closes the round, shuts its field or changes the scale.

Either it is stored before and counts, or it is refused; both ways are tried. On PostgreSQL the one
who comes second waits, and is seen to wait; SQLite has one writer at a time.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.urls import reverse

from measures.models import Measure, Rating
from measures.rating import rounds
from measures.rating.saving import Holder, Place, Vote, place_of, store
from workshops.models import Ballot, Workshop, hold_votes, line_up
from workshops.phases import Phase

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 20  # seconds
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


class Hall:
    """A round that is open for WLAN, and two people who act at the same moment."""

    def __init__(self, workshop: Workshop, measure: Measure, pool: ThreadPoolExecutor):
        self.workshop, self.measure, self.pool = workshop, measure, pool
        self.holder = self.ballot()

    def ballot(self) -> Holder:
        secret = uuid4().hex
        Ballot.objects.create(workshop=self.workshop, source="account", secret_hash=secret)
        return Holder(secret, None)

    def vote(self, relevance: int = 4) -> Place | None:
        vote = Vote(self.measure.number, steps=5, relevance=relevance, feasibility=2)
        return store(self.workshop.pk, self.holder, vote)

    def start(self, act: Callable) -> Future:
        def acting():
            try:
                return act()
            finally:
                connection.close()

        return self.pool.submit(acting)

    def both(self, first: Callable, second: Callable) -> tuple:
        """Let one act and stop before it is done; the other begins meanwhile. Return what came."""
        begun, go_on = Event(), Event()

        def acting():
            with transaction.atomic():
                answer = first()
                begun.set()
                assert go_on.wait(PATIENCE)
            return answer

        one = self.start(acting)
        assert begun.wait(PATIENCE), one.result(0)
        other = self.start(second)
        is_late = _waits(other)
        go_on.set()
        answers = one.result(PATIENCE), other.result(PATIENCE)
        assert is_late
        return answers


def _waits(other: Future) -> bool:
    """Say whether the other one waits; on SQLite nobody can tell, so that it only may have."""
    if connection.vendor != "postgresql":
        time.sleep(0.1)
        return not other.done()
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not other.done():
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone() == (1,):
                return True
        time.sleep(0.01)
    return False


def votes() -> list[tuple]:
    return list(Rating.objects.values_list("relevance", "feasibility"))


@pytest.fixture
def hall(workshop, measure, at) -> Iterator[Hall]:
    at("rating")
    with ThreadPoolExecutor(2) as pool:
        yield Hall(workshop, measure, pool)


@pytest.fixture
def close(workshop, facilitator):
    """Return what ends the rating as the facilitator's button does."""

    def closing() -> None:
        with transaction.atomic():
            line_up(workshop.pk)
            fresh = Workshop.objects.get(pk=workshop.pk)
            rounds.move_phase(fresh, Phase.DELIBERATING, by=facilitator)

    return closing


def test_a_vote_before_the_close_is_counted_on_the_ballot_of_the_new_id(hall, close):
    before = Ballot.objects.get()
    place, _closed = hall.both(hall.vote, close)
    ballot = Ballot.objects.get()
    assert place is not None
    assert (ballot != before, list(ballot.ratings.values_list("relevance"))) == (True, [(4,)])
    assert hall.workshop.rounds.get().is_closed


def test_a_vote_that_comes_while_the_round_is_closed_is_refused(hall, close):
    _closed, place = hall.both(close, hall.vote)
    assert (place, votes()) == (None, [])


def test_a_vote_that_waits_while_the_round_is_closed_and_opened_again_is_counted_once(
    hall, close, facilitator
):
    """What it had seen when it began to wait, the ballot before all, is not there any more."""

    def close_and_open():
        close()
        rounds.open_round(Workshop.objects.get(pk=hall.workshop.pk), by=facilitator)

    _opened, place = hall.both(close_and_open, hall.vote)
    ballot = Ballot.objects.get()
    assert place == place_of(ballot, hall.workshop.rounds.get())
    assert (votes(), ballot.ratings.count()) == ([(4, 2)], 1)


def test_a_scale_is_not_changed_under_a_vote_that_is_on_its_way(hall, signed_in, facilitator):
    page = reverse("workshops:workshop-scale", args=[hall.workshop.pk])
    words = {f"{name}_{n}": f"{n}" for name in ("relevance", "feasibility") for n in range(1, 8)}
    client = signed_in(facilitator)
    place, response = hall.both(hall.vote, lambda: client.post(page, {"steps": 7, **words}))
    hall.workshop.refresh_from_db()
    assert place is not None
    assert (response.status_code, hall.workshop.steps, votes()) == (409, 5, [(4, 2)])


def test_a_vote_on_a_scale_that_is_changed_at_this_moment_is_refused(hall):
    def change():
        line_up(hall.workshop.pk)
        hold_votes(hall.workshop.pk)
        Workshop.objects.update(steps=7)

    assert (hall.both(change, hall.vote)[1], votes()) == (None, [])


def test_a_vote_before_its_field_is_shut_counts_and_one_after_it_is_refused(
    hall, signed_in, facilitator
):
    page = reverse("measures:round-fields", args=[hall.workshop.pk, 1])
    client = signed_in(facilitator)
    place, response = hall.both(hall.vote, lambda: client.post(page, {"field": []}))
    assert (place is not None, response.status_code, votes()) == (True, 302, [(4, 2)])
    assert (hall.vote(relevance=1), votes()) == (None, [(4, 2)])


def test_a_vote_for_a_field_that_is_shut_at_this_moment_is_refused(hall):
    def shut():
        line_up(hall.workshop.pk)
        hold_votes(hall.workshop.pk)
        hall.workshop.rounds.get().open_fields.clear()

    assert (hall.both(shut, hall.vote)[1], votes()) == (None, [])


def test_of_two_votes_of_one_ballot_at_the_same_moment_one_whole_pair_is_stored(hall):
    jobs = [hall.start(lambda step=step: hall.vote(step)) for step in (1, 5) * 10]
    places = {job.result(PATIENCE) for job in jobs}
    [(relevance, feasibility)] = votes()
    assert (len(places), relevance in (1, 5), feasibility) == (1, True, 2)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_votes_do_not_wait_for_each_other_nor_for_somebody_who_edits(hall):
    """One vote, and an edit, are not done yet while another is stored."""
    other, begun, go_on = hall.ballot(), Event(), Event()

    def slow():
        with transaction.atomic():
            line_up(hall.workshop.pk)
            hall.vote()
            begun.set()
            assert go_on.wait(PATIENCE)

    job = hall.start(slow)
    assert begun.wait(PATIENCE)
    vote = Vote(1, steps=5, relevance=1, feasibility=1)
    place = hall.start(lambda: store(hall.workshop.pk, other, vote)).result(PATIENCE)
    is_slow = not job.done()
    go_on.set()
    job.result(PATIENCE)
    assert (is_slow, place is not None, len(votes())) == (True, True, 2)


def test_a_vote_for_a_workshop_that_is_deleted_at_this_moment_is_refused(hall):
    """The rows that it refers to go while it is stored; the database says so at its end."""

    def delete():
        Rating.objects.all().delete()
        Ballot.objects.all().delete()

    assert (hall.both(delete, hall.vote)[1], votes()) == (None, [])
