"""Numbers of rounds become rows: nothing that was rated is lost, and what was seen stays seen."""

from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from measures.models import Consensus, Measure, Offer, PaperCount, Rating, Round
from tests import databases
from workshops.models import Ballot

LABELS = ("pk", "group__name", "source")
BEFORE = [
    ("workshops", "0003_rounds_and_public_page"),
    ("measures", "0005_session_not_before_2000"),
]
NOW = datetime(2020, 9, 8, 12, tzinfo=UTC)


def migrate(targets: list[tuple]) -> None:
    MigrationExecutor(connection).migrate(targets)


@pytest.fixture
def old(transactional_db):
    """Return the models of before, with their tables; at the end today's tables are back."""
    databases.take_back(BEFORE)
    yield MigrationExecutor(connection).loader.project_state(BEFORE).apps
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())


class OldWorkshop:
    """A workshop with its measures by title, stored as it was before."""

    def __init__(self, apps, phase: str, round: int = 1):
        self.apps = apps
        self.workshop = self.make("workshops.Workshop", title=phase, date=date(2020, 9, 8),
                                  phase=phase, round=round)  # fmt: skip
        self.pk = self.workshop.pk
        self.field = self.make("fields.ActionField", workshop=self.workshop, name="Alltag")
        self.left_out = self.make("fields.ActionField", workshop=self.workshop, name="Tourismus",
                                  is_worked_on=False)  # fmt: skip
        self.measures: dict = {}

    def make(self, model: str, **columns):
        return self.apps.get_model(model).objects.create(**columns)

    def write(self, title: str, **columns):
        columns = {"field": self.field, "number": len(self.measures) + 1} | columns
        made = self.make("measures.Measure", workshop=self.workshop, title=title, **columns)
        self.measures[title] = made
        return made

    def move(self, before: str, after: str) -> None:
        self.make("workshops.PhaseChange", workshop=self.workshop, before=before, after=after)

    def ballots(self, count: int, group=None, source: str = "account") -> list:
        return [
            self.make("workshops.Ballot", workshop=self.workshop, group=group, source=source)
            for _ in range(count)
        ]

    def rate(self, ballots: list, title: str, round: int, relevance: int = 4) -> None:
        for ballot in ballots:
            self.make("measures.Rating", ballot=ballot, measure=self.measures[title], round=round,
                      relevance=relevance, feasibility=2)  # fmt: skip

    def agree(self, title: str, round: int, relevance: int) -> None:
        """Store a pair with its history, which names the measure and the round."""
        row = {"measure": self.measures[title], "round": round, "relevance": relevance}
        told = self.make("measures.Consensus", **row)
        self.make("measures.HistoricalConsensus", id=told.pk, history_date=NOW, history_type="+",
                  **row)  # fmt: skip

    def count(self, title: str, round: int, sheets: int, group=None) -> None:
        row = {"measure": self.measures[title], "round": round, "criterion": "relevance",
               "step": 3, "count": sheets, "group": group}  # fmt: skip
        told = self.make("measures.PaperCount", **row)
        self.make("measures.HistoricalPaperCount", id=told.pk, history_date=NOW, history_type="+",
                  **row)  # fmt: skip


def rounds(pk: int) -> list[tuple]:
    """Return number and state of a workshop's rounds."""
    return list(Round.objects.filter(workshop=pk).values_list("number", "state"))


def offers(pk: int, number: int) -> dict[str, str | None]:
    """Return by title what the ratings of an offered measure count for."""
    rows = Offer.objects.filter(round__workshop=pk, round__number=number)
    return dict(rows.values_list("measure__title", "counts_for__title"))


def rows_of(model, pk: int, *columns: str) -> Counter:
    rows = model.objects.filter(measure__workshop=pk)
    return Counter(rows.values_list("measure__title", "round__number", *columns))


def labels(pk: int, **of) -> Counter:
    rows = Ballot.objects.filter(workshop=pk, **of).order_by("pk").distinct()
    return Counter((group, source) for _pk, group, source in rows.values_list(*LABELS))


def told(model, pk: int) -> list[tuple]:
    """Return what the history tells; its measure and round are no real references."""
    titles = dict(Measure.objects.filter(workshop=pk).values_list("pk", "title"))
    numbers = dict(Round.objects.values_list("pk", "number"))
    rows = model.history.filter(measure__in=titles).order_by("history_id")
    return [(titles[m], numbers[r]) for m, r in rows.values_list("measure_id", "round_id")]


def deliberating(apps) -> int:
    """Two rounds, a duplicate, a removed duplicate, a removed measure, groups of 6, 5 and 2."""
    old = OldWorkshop(apps, "deliberating", round=2)
    wlan = old.write("WLAN")
    old.write("Funknetz", merged_into=wlan)
    old.write("Hotspot", merged_into=wlan, is_removed=True)
    old.write("Fax", is_removed=True)
    old.write("Bus")
    old.write("Schloss", field=old.left_out)
    council, hall, youth = (
        old.make("workshops.ParticipantGroup", workshop=old.workshop, name=name)
        for name in ("Rat", "Verwaltung", "Jugend")
    )
    people = [*old.ballots(6, council), *old.ballots(5, hall), *old.ballots(2, youth, "guest")]
    for title in ("WLAN", "Funknetz", "Hotspot", "Fax", "Schloss"):
        old.rate(people, title, round=1)
    old.rate(people[:7], "WLAN", round=2, relevance=5)
    old.agree("WLAN", 1, 5)
    old.agree("WLAN", 2, 4)
    old.count("Funknetz", 2, 9)
    old.count("Funknetz", 2, 1, youth)
    return old.pk


def skipping(apps) -> int:
    """Rounds 1 and 3 hold ratings, nobody rated in the second."""
    old = OldWorkshop(apps, "closed", round=3)
    old.write("WLAN")
    people = old.ballots(5)
    old.rate(people, "WLAN", round=1)
    old.rate(people[:3], "WLAN", round=3)
    return old.pk


def rating(apps) -> int:
    """The first round is going on; two of a small group have rated one of two measures."""
    old = OldWorkshop(apps, "rating")
    old.write("WLAN")
    old.write("Funknetz", merged_into=old.measures["WLAN"])
    old.write("Bus")
    old.write("Schloss", field=old.left_out)
    group = old.make("workshops.ParticipantGroup", workshop=old.workshop, name="Rat")
    old.rate(old.ballots(2, group), "WLAN", round=1)
    return old.pk


def collecting(apps) -> int:
    """The tables have agreed on a value; nobody has rated."""
    old = OldWorkshop(apps, "collecting")
    old.write("WLAN")
    old.write("Bus")
    old.agree("WLAN", 1, 5)
    return old.pk


def back_from_rating(apps) -> int:
    """Rating was open; then the workshop went back to collecting. Nobody saw a result."""
    old = OldWorkshop(apps, "collecting")
    old.write("WLAN")
    old.rate(old.ballots(5), "WLAN", round=1)
    old.move("collecting", "rating")
    old.move("rating", "collecting")
    return old.pk


def back_from_deliberating(apps) -> int:
    """Likewise, but the results were seen before."""
    old = OldWorkshop(apps, "collecting")
    old.write("WLAN")
    old.rate(old.ballots(5), "WLAN", round=1)
    for before, after in pairwise(("collecting", "rating", "deliberating", "rating", "collecting")):
        old.move(before, after)
    return old.pk


def test_every_number_of_a_round_becomes_a_row(old):
    """One test for all of it: bringing the tables back and forth takes its time."""
    kinds = (deliberating, skipping, rating, collecting, back_from_rating, back_from_deliberating)
    made = {each: each(old) for each in kinds}
    empty = OldWorkshop(old, "preparing").pk
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())

    pk = made[deliberating]
    assert rounds(pk) == [(1, "shown"), (2, "shown")]
    assert offers(pk, 1) == {
        "WLAN": "WLAN", "Funknetz": "WLAN", "Hotspot": None, "Fax": "Fax", "Schloss": "Schloss",
    }  # fmt: skip
    assert offers(pk, 2) == {"WLAN": "WLAN", "Funknetz": "WLAN", "Bus": "Bus"}
    assert rows_of(Rating, pk, "relevance") == {
        ("WLAN", 1, 4): 13, ("Funknetz", 1, 4): 13, ("Hotspot", 1, 4): 13, ("Fax", 1, 4): 13,
        ("Schloss", 1, 4): 13, ("WLAN", 2, 5): 7,
    }  # fmt: skip
    assert rows_of(Consensus, pk, "relevance") == {("WLAN", 1, 5): 1, ("WLAN", 2, 4): 1}
    # The youth's only sheet lies with those without a group; no history tells that it was theirs.
    assert rows_of(PaperCount, pk, "group", "count") == {("Funknetz", 2, None, 10): 1}
    assert told(Consensus, pk) == [("WLAN", 1), ("WLAN", 2)]
    assert told(PaperCount, pk) == [("Funknetz", 2)]
    # Two of the youth would stand out among those without a group, so the next smallest joins.
    of_all = {("Rat", "account"): 6, (None, "untold"): 7}
    assert labels(pk, ratings=None) == labels(pk, ratings__round__number=1) == of_all
    assert labels(pk, ratings__round__number=2) == {("Rat", "account"): 6, (None, "untold"): 1}
    assert sum(labels(pk).values()) == 13 + 13 + 7  # nothing joins the rounds

    pk = made[skipping]
    assert rounds(pk) == [(1, "shown"), (2, "shown")]
    assert rows_of(Rating, pk) == {("WLAN", 1): 5, ("WLAN", 2): 3}
    assert labels(pk, ratings=None) == {(None, "account"): 5}

    pk = made[rating]
    assert rounds(pk) == [(1, "open")]
    assert offers(pk, 1) == {"WLAN": None, "Bus": None}
    opened = Round.objects.get(workshop=pk)
    assert [field.name for field in opened.open_fields.all()] == ["Alltag"]
    assert {measure.title for measure in opened.takes_now()} == {"WLAN", "Bus"}
    assert rows_of(Rating, pk) == {("WLAN", 1): 2}
    assert labels(pk) == {("Rat", "account"): 2}  # until the rating ends

    pk = made[collecting]
    assert rounds(pk) == [(1, "waiting")]
    assert offers(pk, 1) == {}
    assert rows_of(Consensus, pk, "relevance") == {("WLAN", 1, 5): 1}
    assert told(Consensus, pk) == [("WLAN", 1)]

    pk = made[back_from_rating]
    assert (rounds(pk), offers(pk, 1)) == ([(1, "closed")], {"WLAN": None})

    pk = made[back_from_deliberating]
    assert (rounds(pk), offers(pk, 1)) == ([(1, "shown")], {"WLAN": "WLAN"})

    assert rounds(empty) == []
