"""Ballots get numbers and ratings another key: who rated what stays, who came when is not told."""

from collections import Counter
from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from measures.models import Rating, Round
from measures.rating.rounds import show
from tests import databases
from workshops.models import Ballot, Participant, Workshop

BEFORE = [("measures", "0017_distinct_pair"), ("workshops", "0010_edits")]
STEPS = ("measure__title", "round__number", "relevance", "feasibility")


def migrate(targets: list) -> None:
    MigrationExecutor(connection).migrate(targets)


def leaves() -> list:
    return MigrationExecutor(connection).loader.graph.leaf_nodes()


@pytest.fixture
def old(transactional_db):
    """Return the models of before, with their tables; at the end today's tables are back."""
    databases.take_back(BEFORE)
    yield MigrationExecutor(connection).loader.project_state(BEFORE).apps
    migrate(leaves())


def build(apps) -> None:
    """Two rounds, two measures, three ballots, one of which its person finds again."""

    def make(model: str, **columns):
        return apps.get_model(model).objects.create(**columns)

    workshop = make("workshops.Workshop", title="Bingen", date=date(2020, 9, 8),
                    anonymity="pseudonymous")  # fmt: skip
    make("workshops.WorkshopRevision", workshop=workshop)
    group = make("workshops.ParticipantGroup", workshop=workshop, name="Rat")
    field = make("fields.ActionField", workshop=workshop, name="Alltag")
    wlan, bus = (
        make("measures.Measure", workshop=workshop, field=field, title=title, number=number)
        for number, title in enumerate(("WLAN", "Bus"), 1)
    )
    first = make("measures.Round", workshop=workshop, number=1, state="shown", smallest_room=3)
    last = make("measures.Round", workshop=workshop, number=2, state="closed")
    for round in (first, last):
        make("measures.Offer", round=round, measure=wlan)
    ballots = [
        make("workshops.Ballot", workshop=workshop, source="account", secret_hash="a", group=group),
        make("workshops.Ballot", workshop=workshop, source="guest", secret_hash="b"),
        make("workshops.Ballot", workshop=workshop, source="untold"),
    ]
    make("workshops.Participant", workshop=workshop, name="Anna", has_ballot=True,
         ballot=ballots[0])  # fmt: skip
    make("workshops.Participant", workshop=workshop, name="Ben", has_ballot=True)
    make("workshops.Participant", workshop=workshop, name="Cem")

    def rate(ballot, measure, round, relevance, feasibility):
        make("measures.Rating", ballot=ballot, measure=measure, round=round, relevance=relevance,
             feasibility=feasibility)  # fmt: skip

    for step, ballot in enumerate(ballots, 1):
        rate(ballot, wlan, first, step, None)
    rate(ballots[0], bus, last, None, None)
    rate(ballots[0], wlan, last, 4, 5)
    make("measures.PaperCount", measure=wlan, round=last, criterion="relevance", step=3, count=2)
    make("measures.Consensus", measure=bus, round=first, relevance=2)


def told(ballots) -> Counter:
    """Return what each ballot says, and whose it is where that is known."""
    about = ("secret_hash", "source", "group__name", "participant__name")
    return Counter(
        (
            *ballots.values_list(*about).get(pk=ballot.pk),
            frozenset(ballot.ratings.values_list(*STEPS)),
        )
        for ballot in ballots.all()
    )


def in_order(model) -> list[str | None]:
    """Return the ballots' secrets by their ids: draws among them depend on this order."""
    return list(model.objects.order_by("pk").values_list("secret_hash", flat=True))


SAID = {
    ("a", "account", "Rat", "Anna", frozenset(
        {("WLAN", 1, 1, None), ("Bus", 2, None, None), ("WLAN", 2, 4, 5)}
    )): 1,
    ("b", "guest", None, None, frozenset({("WLAN", 1, 2, None)})): 1,
    (None, "untold", None, None, frozenset({("WLAN", 1, 3, None)})): 1,
}  # fmt: skip


def written(table: str, columns: str) -> list[tuple]:
    """Return the rows as they lie in the table."""
    place = "ctid" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} ORDER BY {place}")
        return cursor.fetchall()


def test_who_rated_what_stays_and_the_rows_lie_in_the_order_of_the_random_numbers(old):
    build(old)
    order = in_order(old.get_model("workshops.Ballot"))
    formers = {
        pk.int for pk in old.get_model("workshops.Ballot").objects.values_list("pk", flat=True)
    }
    migrate(leaves())
    assert (told(Ballot.objects), in_order(Ballot)) == (SAID, order)
    people = Participant.objects.order_by("name").values_list("name", "has_ballot")
    assert list(people) == [("Anna", True), ("Ben", True), ("Cem", False)]
    ids = [pk for (pk,) in written("workshops_ballot", "id")]
    assert ids == sorted(ids)
    assert all(0 < pk < 2**63 for pk in ids) and formers.isdisjoint(ids)
    keys = written("measures_rating", "measure_id, round_id, ballot_id")
    assert (keys, len(keys)) == (sorted(keys), 5)

    # The day goes on in the new tables.
    round = Round.objects.get(number=2)
    show(round, by=None)
    assert Counter(Rating.objects.filter(round=round).values_list(*STEPS)) == {
        ("Bus", 2, None, None): 1, ("WLAN", 2, 4, 5): 1,
    }  # fmt: skip
    new = Round.objects.create(workshop=Workshop.objects.get(), number=3)
    assert new.pk > round.pk


def test_the_way_back_gives_ids_of_sixteen_bytes_again(old):
    build(old)
    order = in_order(old.get_model("workshops.Ballot"))
    migrate(leaves())
    migrate(BEFORE)
    ballots = old.get_model("workshops.Ballot")
    assert (told(ballots.objects), in_order(ballots)) == (SAID, order)
    ids = [pk for (pk,) in written("workshops_ballot", "id")]
    assert ids == sorted(ids)
    ratings = old.get_model("measures.Rating").objects
    assert (ratings.count(), len({*ratings.values_list("pk")})) == (5, 5)
    ids = [pk for (pk,) in written("measures_rating", "id")]
    assert ids == sorted(ids)
