"""Saving ratings and choosing what a person rates next."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection
from django.utils import timezone

from measures.models import GRACE, Measure, Round
from measures.rating.statements import LOCK, NEXT, NEXT_AT_TABLE, NEXT_DEALT, VOTE
from workshops.compiled import LARGEST
from workshops.models import Ballot, votes_key

Values = Mapping[str, int | str | datetime | None]


@dataclass(frozen=True, slots=True)
class Holder:
    """What leads to a person's ballot: the hash of a secret, a participant, one of them or none."""

    secret_hash: str | None
    participant_id: int | None


@dataclass(frozen=True, slots=True)
class Vote:
    """What a ballot chose for a measure, on a scale of so many steps; None is "cannot judge".

    ``round`` is the number of the round it was meant for, None for the one that is open. ``turn``
    says which of this ballot's choices for the measure it is, None is the newest in any case.
    """

    number: int
    steps: int
    relevance: int | None
    feasibility: int | None
    round: int | None = None
    turn: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a vote was stored: the ids of ballot and round, and whether in the grace.

    ``is_by_table``: in that round each table rates its own measures.
    """

    ballot: int
    round: int
    is_late: bool = False
    is_by_table: bool = False


def store(
    workshop_id: int, holder: Holder, vote: Vote, *, now: datetime | None = None
) -> Place | None:
    """Store or change a ballot's steps for a measure; None where nothing may be stored. 1 query.

    Nothing is stored unless at that moment the ballot is there, a round of its workshop is open, in
    time or in its grace, and takes the measure, and both are those that the vote means, round and
    scale; nor in place of a choice with a higher turn. On PostgreSQL the lock that ``hold_votes``
    takes alone is shared first, by a statement of its own: the next one sees all that who held it
    has changed. Both travel and end together, in one transaction. What PostgreSQL finds gone at its
    end all the same, a workshop deleted at this moment, is not stored either. ``now`` is when the
    vote came, None for this moment.
    """
    now = now or timezone.now()
    if vote.number > LARGEST:
        return None
    values: Values = {
        "key": votes_key(workshop_id),
        "secret": holder.secret_hash,
        "participant": holder.participant_id,
        "workshop": workshop_id,
        "number": vote.number,
        "steps": vote.steps,
        "now": connection.ops.adapt_datetimefield_value(now),
        "taken_from": connection.ops.adapt_datetimefield_value(now - GRACE),
        "relevance": vote.relevance,
        "feasibility": vote.feasibility,
        "round": vote.round,
        "turn": vote.turn,
    }
    lock = LOCK if connection.vendor == "postgresql" else ""
    try:
        with connection.cursor() as cursor:
            cursor.execute(lock + VOTE, values)
            if lock:
                cursor.nextset()
            row = cursor.fetchone()
    except IntegrityError:
        return None
    if row is None:
        return None
    return Place(row[0], row[1], is_late=bool(row[2]), is_by_table=bool(row[3]))


def turn_of(ballot: Ballot, round: Round, number: int) -> int:
    """Return the turn of the choice stored for a measure, 0 where there is none. 1 query."""
    rows = ballot.ratings.filter(round=round, measure__number=number)
    return rows.values_list("turn", flat=True).first() or 0


def place_of(ballot: Ballot, round: Round) -> Place:
    """Return the place of what a ballot chooses in a round. No query."""
    return Place(ballot.pk, round.pk, is_by_table=round.is_by_table)


def next_number(place: Place, per_person: int | None = None, *, more: bool = False) -> int | None:
    """Return the number of the measure that this ballot rates next, None after the last. 1 query.

    Of some that it has not rated, drawn by its own lot, the least rated one. Where each ballot
    rates only ``per_person``, None comes once these are rated; whoever asks for ``more`` gets
    another one, and from then on the next as long as there are any. Where each table rates its own
    measures, others do not come. Asked while the round is open.
    """
    values: dict[str, int | str] = {
        "lots": lots(place.ballot),
        "ballot": place.ballot,
        "round": place.round,
    }
    if per_person is not None:
        values |= {"per_person": per_person, "beyond": 0 if more else 1}
        statement = NEXT_DEALT
    else:
        statement = NEXT_AT_TABLE if place.is_by_table else NEXT
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    return row[0] if row else None


def lots(ballot_id: int) -> str:
    """Return what, with a measure's id behind it, is hashed to the lot of that measure."""
    return f"{ballot_id}:"


def in_personal_order(ballot: Ballot, measures: Iterable[Measure]) -> list[Measure]:
    """Return ``measures`` in an order that is random, but always the same for this ballot.

    Whoever reads a list from the top is kinder to its beginning; different orders even that out.
    """
    return sorted(measures, key=lambda measure: _lot(ballot.pk, measure.pk))


def _lot(ballot_id: int, measure_id: int) -> str:
    """Return the same lot as the statement that says what comes next; a digest for its evenness."""
    return hashlib.md5(f"{lots(ballot_id)}{measure_id}".encode(), usedforsecurity=False).hexdigest()


def rated_pairs(ballot: Ballot, round: Round) -> dict[int, tuple[int | None, int | None]]:
    """Return the ballot's own (relevance, feasibility) by the id of each measure to be rated.

    Those of this round: earlier ones stay stored, but nobody is led by them.
    """
    rows = ballot.ratings.filter(round=round, measure__in=round.rateable())
    steps = rows.values_list("measure", "relevance", "feasibility")
    return {measure: (relevance, feasibility) for measure, relevance, feasibility in steps}
