"""What phones ask most, as statements written by hand: all SQL of the rating stands here.

Two hundred phones send them many times a second, and the ORM takes longer to compile one than a
database to answer it. Each is checked against the ORM on random data, see tests.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import IntegrityError, connection

from measures.models import Rating, Round
from workshops.models import Ballot, votes_key

# How many measures are compared before the least rated of them comes next. Each phone draws others,
# so a hall is spread nearly as evenly as by comparing all, and not sent to one measure together
# (Mitzenmacher, Richa, Sitaraman: The Power of Two Random Choices, 2001).
COMPARED = 3

Id = int | str | UUID
Values = Mapping[str, Id | None]

_LOCK = "SELECT pg_advisory_xact_lock_shared(%(key)s);"

# What a round takes now, see Round.takes_now. A ballot is found by its secret; by its participant
# only where the workshop links them. Subqueries where joins would do: PostgreSQL weighs all orders
# of joins, which took it five times as long as the answer.
_VOTE = """
INSERT INTO measures_rating (id, ballot_id, measure_id, round_id, relevance, feasibility)
SELECT %(id)s, ballot.id, measure.id, round.id, %(relevance)s, %(feasibility)s
FROM measures_round AS round
JOIN measures_measure AS measure ON measure.workshop_id = round.workshop_id
JOIN workshops_ballot AS ballot ON ballot.workshop_id = round.workshop_id
WHERE round.workshop_id = %(workshop)s AND round.state = 'open'
    AND measure.number = %(number)s
    AND NOT measure.is_removed AND measure.merged_into_id IS NULL
    AND measure.id = (
        SELECT measure_id FROM measures_offer WHERE round_id = round.id AND measure_id = measure.id
    )
    AND measure.field_id = (
        SELECT actionfield_id FROM measures_round_open_fields
        WHERE round_id = round.id AND actionfield_id = measure.field_id
    )
    AND ballot.id = COALESCE(
        (
            SELECT id FROM workshops_ballot
            WHERE secret_hash = %(secret)s AND workshop_id = %(workshop)s
        ),
        (SELECT ballot_id FROM workshops_participant WHERE id = %(participant)s)
    )
    AND %(steps)s = (SELECT steps FROM workshops_workshop WHERE id = %(workshop)s)
ON CONFLICT (ballot_id, measure_id, round_id)
    DO UPDATE SET relevance = excluded.relevance, feasibility = excluded.feasibility
RETURNING ballot_id, round_id
"""

# "+ 0" leads by the measure's index; by the round's all of its ratings would be read.
_NEXT = f"""
SELECT drawn.number FROM (
    SELECT measure.id, measure.number, MD5(%(lots)s || CAST(measure.id AS text)) AS lot
    FROM measures_offer AS offer
    JOIN measures_measure AS measure ON measure.id = offer.measure_id
    JOIN measures_round_open_fields AS open_field
        ON open_field.round_id = offer.round_id AND open_field.actionfield_id = measure.field_id
    WHERE offer.round_id = %(round)s
        AND NOT measure.is_removed AND measure.merged_into_id IS NULL
        AND NOT EXISTS (
            SELECT 1 FROM measures_rating AS own WHERE own.ballot_id = %(ballot)s
                AND own.measure_id = measure.id AND own.round_id = offer.round_id
        )
    ORDER BY lot LIMIT {COMPARED}
) AS drawn
ORDER BY (
    SELECT COUNT(*) FROM measures_rating AS given
    WHERE given.measure_id = drawn.id AND given.round_id + 0 = %(round)s
), drawn.lot
LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Holder:
    """What leads to a person's ballot: the hash of a secret, a participant, one of them or none."""

    secret_hash: str | None
    participant_id: int | None


@dataclass(frozen=True, slots=True)
class Vote:
    """What a ballot chose for a measure, on a scale of so many steps; None is "cannot judge"."""

    number: int
    steps: int
    relevance: int | None
    feasibility: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a vote was stored: the ids of ballot and round, as the database has them."""

    ballot: Id
    round: int


def store(workshop_id: int, holder: Holder, vote: Vote) -> Place | None:
    """Store or change a ballot's steps for a measure; None where nothing may be stored. 1 query.

    Nothing is stored unless at that moment the ballot is there, a round of its workshop is open and
    takes the measure, and the scale is the one that the vote means. On PostgreSQL the lock that
    ``hold_votes`` takes alone is shared first, by a statement of its own: the next one sees all
    that who held it has changed. Both travel and end together, in one transaction. What PostgreSQL
    finds gone at its end all the same, a workshop deleted at this moment, is not stored either.
    """
    values: Values = {
        "key": votes_key(workshop_id),
        "id": Rating._meta.pk.get_db_prep_save(uuid4(), connection),
        "secret": holder.secret_hash,
        "participant": holder.participant_id,
        "workshop": workshop_id,
        "number": vote.number,
        "steps": vote.steps,
        "relevance": vote.relevance,
        "feasibility": vote.feasibility,
    }
    lock = _LOCK if connection.vendor == "postgresql" else ""
    try:
        with connection.cursor() as cursor:
            cursor.execute(lock + _VOTE, values)
            if lock:
                cursor.nextset()
            row = cursor.fetchone()
    except IntegrityError:
        return None
    return Place(*row) if row else None


def place_of(ballot: Ballot, round: Round) -> Place:
    """Return the place of what a ballot chooses in a round. No query."""
    return Place(Ballot._meta.pk.get_db_prep_value(ballot.pk, connection), round.pk)


def next_number(place: Place) -> int | None:
    """Return the number of the measure that this ballot rates next, None after the last. 1 query.

    Of three that it has not rated, drawn by its own lot, the least rated one. Asked while the round
    is open.
    """
    ballot = Ballot._meta.pk.to_python(place.ballot)
    values: Values = {"lots": lots(ballot), "ballot": place.ballot, "round": place.round}
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, values)
        row = cursor.fetchone()
    return row[0] if row else None


def lots(ballot_id: Id) -> str:
    """Return what, with a measure's id behind it, is hashed to the lot of that measure."""
    return f"{ballot_id}:"
