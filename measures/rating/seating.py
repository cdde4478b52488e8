"""Where each table rates its own measures: at which table the person with a ballot is.

The ballot knows it while the round is open, because what comes next depends on it; closing forgets
it. What was rated tells the same of a round, so nothing more is told by it.
"""

from django.db import transaction
from django.db.models import Exists

from measures.models import Offer, Rating, Round
from workshops.models import Ballot, Table, hold_votes, line_up

Seats = dict[int, frozenset[int]]  # by the measure's id the tables that rate it; none for everybody


def seats_of(round: Round) -> Seats:
    """Return the tables of each measure that only some rate. 1 query."""
    pairs = Offer.tables.through.objects.filter(offer__round=round)
    found: dict[int, set[int]] = {}
    for measure, table in pairs.values_list("offer__measure", "table"):
        found.setdefault(measure, set()).add(table)
    return {measure: frozenset(tables) for measure, tables in found.items()}


def needs_table(ballot: Ballot, round: Round) -> bool:
    """Say whether this person must say first at which table he or she is."""
    return round.is_by_table and ballot.table_id is None


def tables_for(ballot: Ballot, round: Round) -> list[Table]:
    """Return the tables at which this person can be: they rate all it has rated. 3 queries."""
    seats = seats_of(round)
    possible = frozenset[int]().union(*seats.values())
    rated = ballot.ratings.filter(round=round).values_list("measure", flat=True)
    for measure in rated:
        possible &= seats.get(measure, possible)
    return list(Table.objects.filter(pk__in=possible))


@transaction.atomic
def take_seat(ballot: Ballot, round: Round, table: Table) -> bool:
    """Note at which table this person is; False if another table's measure was rated meanwhile.

    No vote is on its way while it is looked at, and on SQLite the look is part of the one write.
    """
    line_up(round.workshop_id)
    hold_votes(round.workshop_id)
    elsewhere = [pk for pk, tables in seats_of(round).items() if table.pk not in tables]
    rated = Rating.objects.filter(round=round, measure__in=elsewhere)
    is_open = Round.objects.filter(pk=round.pk, state=Round.State.OPEN)
    rows = Ballot.objects.filter(Exists(is_open), pk=ballot.pk)
    return rows.exclude(pk__in=rated.values("ballot")).update(table=table) == 1
