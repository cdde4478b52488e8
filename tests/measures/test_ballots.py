"""What a database remembers beyond its tables leads from nobody to a ballot."""

import pytest
from django.db import connection
from django.urls import reverse

from measures.models import Rating
from measures.rating.ballots import hand_out, shuffle
from measures.tallies import piles_of
from tests.people import visiting
from tests.rating import round_of, save_rating
from workshops.models import Ballot, Participant, User, Workshop


def rate_all(workshop, measure, count: int) -> None:
    """Let ``count`` people take a ballot each, one after the other, and rate."""
    for number in range(count):
        user = User.objects.create_user(f"p{number}@bingen.example")
        Participant.objects.create(workshop=workshop, user=user)
        ballot, _secret = hand_out(visiting(workshop, user), promised=workshop.anonymity)
        save_rating(ballot, measure, relevance=1 + number % 5, feasibility=3)


def written_order(model) -> list:
    """Return the primary keys as they lie in the table."""
    place = "ctid" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {model._meta.db_table} ORDER BY {place}")
        return [str(row[0]).replace("-", "") for row in cursor.fetchall()]


def test_after_the_rating_ballots_and_ratings_lie_in_the_order_of_their_random_ids(
    workshop, measure
):
    rate_all(workshop, measure, 12)
    round = round_of(workshop)
    before = piles_of([round], 5)
    shuffle(workshop, round)
    assert written_order(Ballot) == sorted(written_order(Ballot))
    assert written_order(Rating) == sorted(written_order(Rating))
    assert piles_of([round], 5) == before


def test_a_pseudonymous_ballot_is_found_again_after_the_shuffle(workshop, measure):
    workshop.anonymity = Workshop.Anonymity.PSEUDONYMOUS
    workshop.save(update_fields=["anonymity"])
    rate_all(workshop, measure, 3)
    chosen = Participant.objects.order_by("pk").values_list("pk", "ballot__ratings__relevance")
    before, ids = list(chosen), set(Ballot.objects.values_list("pk", flat=True))
    shuffle(workshop, round_of(workshop))
    assert list(chosen.all()) == before
    assert ids.isdisjoint(Ballot.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("wanted", ["deliberating", "collecting"])
def test_leaving_the_rating_shuffles(
    workshop, measure, at, facilitator, signed_in, monkeypatch, wanted
):
    rate_all(at("rating"), measure, 2)
    shuffled = []
    monkeypatch.setattr("measures.rating.rounds.shuffle", lambda *given: shuffled.append(given))
    client, url = signed_in(facilitator), reverse("measures:phase-move", args=[workshop.pk])
    client.post(url, {"from": "rating", "to": "deliberating"})
    client.post(url, {"from": "deliberating", "to": "rating"})
    assert shuffled == [(workshop, round_of(workshop))]
