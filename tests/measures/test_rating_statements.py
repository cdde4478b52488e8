"""The statements written by hand say what the ORM says, on workshops made up at random."""

import hashlib
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil
from random import Random

import pytest
from django.db.models import Count, Q

from fields.models import ActionField
from measures.models import GRACE, Measure, Offer, Rating, Round
from measures.rating.saving import Holder, Place, Vote, lots, next_number, place_of, store
from measures.rating.statements import COMPARED, COMPARED_WHEN_DEALT
from workshops.models import Ballot, Participant, Table

pytestmark = pytest.mark.django_db

SECRETS = ("eins", "zwei", "drei", "vier", "fünf")
NOW = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
# From now until a round closes; None where nobody has said.
ENDS = [None, None, timedelta(minutes=2), MOMENT, timedelta(0), MOMENT - GRACE, -GRACE, -2 * GRACE]


def furnish(workshop, random: Random, count: int = 14, *, by_table: bool = False) -> None:
    """Fill a workshop at random: fields open and shut, measures of every kind, some ratings."""
    names = ("Nord", "Süd") if by_table else ()
    tables = [Table.objects.create(workshop=workshop, name=name) for name in names]
    fields = [ActionField.objects.create(workshop=workshop, name=f"Feld {n}") for n in range(3)]
    measures = []
    for number in range(count):
        measure = Measure(workshop=workshop, field=random.choice(fields), title=f"M {number}")
        measure.is_removed = random.random() < 0.15
        measure.merged_into = random.choice([None] * 6 + measures[:1])
        measure.save()
        measures.append(measure)
    groups = [None, *(workshop.groups.create(name=name) for name in ("Rot", "Blau"))]
    states = [["open"], ["shown", "open"], ["open"], ["shown", "closed"], ["set_aside", "waiting"]]
    for number, state in enumerate(random.choice(states), start=1):
        least, reason = (3 if state == "shown" else None), ("x" if state == "set_aside" else "")
        round = Round.objects.create(
            workshop=workshop, number=number, state=state, smallest_room=least, reason=reason
        )
        end = random.choice(ENDS)
        if state == "open" and end is not None:
            round.closes_at = NOW + end
            round.save()
        round.open_fields.set(random.sample(fields, 2))
        offered = random.sample(measures, count - 3)
        offers = Offer.objects.bulk_create(Offer(round=round, measure=each) for each in offered)
        if by_table:
            round.is_by_table = True
            round.save()
            for each in offers:
                each.tables.set(random.sample(tables, random.randint(0, 2)))
        for secret in SECRETS:
            ballot, _new = Ballot.objects.get_or_create(
                workshop=workshop,
                source="account",
                secret_hash=f"{secret} {workshop.pk}",
                defaults={"group": random.choice(groups), "table": random.choice([None, *tables])},
            )
            for measure in random.sample(offered, random.randint(0, 9)):
                Rating.objects.create(
                    ballot=ballot, measure=measure, round=round, relevance=random.randint(1, 5)
                )
    someone = Ballot.objects.filter(workshop=workshop).first()
    Participant.objects.create(workshop=workshop, name="Tom", has_ballot=True, ballot=someone)


def ballot_of(workshop, holder: Holder) -> Ballot | None:
    own = Ballot.objects.filter(workshop=workshop, secret_hash=holder.secret_hash)
    linked = Ballot.objects.filter(workshop=workshop, participant=holder.participant_id)
    by_secret = own.first() if holder.secret_hash else None
    return by_secret or (linked.first() if holder.participant_id else None)


def is_taken(workshop, ballot: Ballot | None, vote: Vote) -> bool:
    """Say by the ORM whether a vote is stored."""
    round = workshop.rounds.filter(state="open").first()
    is_open = round is not None and not round.is_due(NOW)
    taken = is_open and round.takes_now(ballot).filter(number=vote.number).exists()
    means_it = workshop.steps == vote.steps and vote.round in (None, round and round.number)
    return taken and ballot is not None and means_it


def after(ballot: Ballot, round: Round) -> int | None:
    """Say by the ORM which measure comes next."""
    rated = ballot.ratings.filter(round=round).values("measure")
    rows = round.takes_now(ballot).exclude(pk__in=rated)
    counted = rows.annotate(votes=Count("ratings", filter=Q(ratings__round=round)))
    by_lot = sorted(counted, key=lambda each: lot(ballot, each))[:COMPARED]
    chosen = min(by_lot, key=lambda each: (each.votes, lot(ballot, each)), default=None)
    return chosen and chosen.number


def lot(ballot: Ballot, measure: Measure) -> str:
    return hashlib.md5(f"{lots(ballot.pk)}{measure.pk}".encode()).hexdigest()


def after_dealt(ballot: Ballot, round: Round, per_person: int, more: bool) -> int | None:
    """Say in plain Python which measure comes next where each ballot rates only some."""
    offered, open_now = list(round.rateable()), list(round.takes_now())
    ratings = [each for each in Rating.objects.select_related("ballot") if each.round == round]
    own = {each.measure for each in ratings if each.ballot == ballot}
    rated = len(own & {*open_now})
    due = ceil(Fraction(per_person * len(open_now), len(offered))) if offered else 0
    if rated == due and not more:
        return None

    def place(measure: Measure) -> tuple:
        given = [each.ballot.group_id for each in ratings if each.measure == measure]
        return given.count(ballot.group_id), len(given), drawn(measure)

    def drawn(measure: Measure) -> str:
        return hashlib.md5(f"{lots(ballot.pk)}{rated}:{measure.pk}".encode()).hexdigest()

    left = sorted({*open_now} - own, key=drawn)[:COMPARED_WHEN_DEALT]
    chosen = min(left, key=place, default=None)
    return chosen and chosen.number


def stored() -> set[tuple]:
    rows = Rating.objects.values_list(
        "ballot", "measure", "round", "relevance", "feasibility", "turn"
    )
    return {*rows}


@pytest.mark.parametrize("by_table", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_a_vote_is_stored_where_the_orm_says_so_and_changes_nothing_else(
    workshop, other_workshop, seed, by_table
):
    random = Random(seed)
    furnish(workshop, random, by_table=by_table)
    furnish(other_workshop, random)
    someone = workshop.participants.get().pk
    holders = [Holder(f"{secret} {workshop.pk}", None) for secret in SECRETS]
    holders += [Holder(None, someone), Holder("falsch", someone), Holder("falsch", None)]
    holders += [Holder(f"eins {other_workshop.pk}", None), Holder(None, None)]
    for _vote in range(25):
        holder, steps = random.choice(holders), random.choice([5, 5, 5, 4])
        relevance, feasibility = random.choices([None, 1, 2, 3, 4], k=2)
        meant, turn = random.choice([None, None, 1, 2]), random.choice([None, 1, 2, 3])
        vote = Vote(random.randint(1, 15), steps, relevance, feasibility, meant, turn)
        ballot, before = ballot_of(workshop, holder), stored()
        place = store(workshop.pk, holder, vote, now=NOW)
        if not is_taken(workshop, ballot, vote):
            assert (place, stored()) == (None, before)
            continue
        round = workshop.rounds.get(state="open")
        measure = workshop.measures.get(number=vote.number)
        key = (ballot.pk, measure.pk, round.pk)
        others = {row for row in before if row[:3] != key}
        [latest] = [row[3:] for row in before - others] or [(None, None, None)]
        is_older = bool(turn) and turn < (latest[2] or 0)
        is_another = bool(turn) and turn == latest[2] and (relevance, feasibility) != latest[:2]
        if is_older or is_another:
            assert (place, stored()) == (None, before)
            continue
        assert place == Place(ballot.pk, round.pk, is_late=round.is_up(NOW), is_by_table=by_table)
        assert stored() == {*others, (*key, relevance, feasibility, turn or latest[2])}


@pytest.mark.parametrize("by_table", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_what_comes_next_is_what_the_orm_says(workshop, other_workshop, seed, by_table):
    random = Random(seed)
    furnish(other_workshop, random)
    furnish(workshop, random, by_table=by_table)
    workshop.rounds.filter(state__in=["closed", "waiting"]).update(state="open")
    found, wanted = {}, {}
    for round in workshop.rounds.filter(state="open"):
        for ballot in workshop.ballots.all():
            key = (round.number, ballot.secret_hash)
            found[key] = next_number(place_of(ballot, round))
            wanted[key] = after(ballot, round)
    assert found == wanted
    assert wanted


@pytest.mark.parametrize("seed", range(8))
def test_what_is_dealt_next_is_what_plain_python_says(
    workshop, other_workshop, seed, django_assert_num_queries
):
    random = Random(seed)
    furnish(other_workshop, random)
    furnish(workshop, random, count=40)
    workshop.rounds.filter(state__in=["closed", "waiting"]).update(state="open")
    found, wanted = {}, {}
    for round in workshop.rounds.filter(state="open"):
        for ballot in workshop.ballots.all():
            for per_person in (1, 3, 8, 11, 37, 60):
                for more in (False, True):
                    key = (round.number, ballot.secret_hash, per_person, more)
                    with django_assert_num_queries(1):
                        found[key] = next_number(place_of(ballot, round), per_person, more=more)
                    wanted[key] = after_dealt(ballot, round, per_person, more)
    assert found == wanted
    assert len({*wanted.values()}) > 1
