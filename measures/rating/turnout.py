"""How many are here and how far they are: counts for the front of the room, never what or who.

Counted is who holds a ballot: guests of the hall, and people with an account who took theirs. As
long as fewer than the room's minimum are here only that number is told, so that no single vote is
an event at the front. Groups are told apart from the smallest size on, and never so that the rest
is a small group itself. How much of a field is rated is told in tenths, where each of them is at
least as many answers as the room's minimum: so many lie between two steps, and no vote is one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count as Number

from measures.models import Round
from measures.rating.dealing import due_now
from measures.rating.rounds import open_round_of
from measures.rating.seating import seats_of
from measures.standing import lost_labels
from workshops.models import Ballot, Workshop

Groups = dict[int, int | None]  # by the ballot's id that of its group
Offered = dict[int, int]  # by the measure's id that of its field
Due = Mapping[int, int]  # by the ballot's id how many measures it is asked for now


@dataclass(frozen=True, slots=True)
class Count:
    """Of ``here`` people with a ballot so many have ``begun``, so many ``finished``.

    None where that is not told: no rating is open, or fewer are here than the room's minimum.
    """

    here: int
    begun: int | None = None
    finished: int | None = None

    @property
    def is_told(self) -> bool:
        return self.begun is not None

    @property
    def rating(self) -> int:
        """How many are at it."""
        return (self.begun or 0) - (self.finished or 0)

    @property
    def waiting(self) -> int:
        """How many have not begun."""
        return self.here - (self.begun or 0)


@dataclass(frozen=True, slots=True)
class FieldCount:
    """A field of the open round: its measures, whether it is open, and what is rated in tenths.

    None where that is not told.
    """

    pk: int
    name: str
    measures: int
    is_open: bool
    tenths: int | None


@dataclass(frozen=True, slots=True)
class Turnout:
    """``groups`` are those that may be told apart, by name; ``rest`` is everybody else, together.

    Without any group that may be told both are empty.
    """

    room: Count
    groups: tuple[tuple[str, Count], ...] = ()
    rest: Count | None = None
    fields: tuple[FieldCount, ...] = ()


def turnout_of(workshop: Workshop) -> Turnout:
    """Count. At most 8 queries, of which two read the ratings: in a hall that is often.

    Two more where each table rates its own measures.
    """
    held = Ballot.objects.filter(workshop=workshop, secret_hash__isnull=False).order_by()
    group_of: Groups = dict(held.values_list("pk", "group"))
    round = open_round_of(workshop)
    if round is None:
        return Turnout(Count(len(group_of)))
    offered: Offered = dict(round.rateable().order_by().values_list("pk", "field"))
    open_fields = {*round.open_fields.order_by().values_list("pk", flat=True)}
    if len(group_of) < workshop.smallest_room:
        fields = _fields(round, offered, open_fields, {})
        return Turnout(Count(len(group_of)), fields=fields)
    open_now = [pk for pk, field in offered.items() if field in open_fields]
    rated = _ratings_by("ballot", round, open_now)
    raters = _raters(round, offered, list(group_of))
    asked: Due
    if round.is_by_table:
        asked = Counter(pk for measure in open_now for pk in raters[measure])
    else:
        due = due_now(workshop.measures_per_person, len(open_now), len(offered))
        asked = dict.fromkeys(group_of, due)
    told, rest = _groups(workshop, group_of, rated, asked)
    return Turnout(
        room=_count(group_of, rated, asked),
        groups=told,
        rest=rest,
        fields=_fields(round, offered, open_fields, raters),
    )


def _raters(round: Round, offered: Offered, ballots: list[int]) -> dict[int, list[int]]:
    """Return by the measure's id the ballots that are asked for it."""
    if not round.is_by_table:
        return dict.fromkeys(offered, ballots)
    seats = seats_of(round)
    at = dict(Ballot.objects.filter(pk__in=ballots).order_by().values_list("pk", "table"))
    return {
        measure: [pk for pk in ballots if measure not in seats or at.get(pk) in seats[measure]]
        for measure in offered
    }


def _ratings_by(column: str, round: Round, measures: Iterable[int]) -> dict[int, int]:
    """Return how many ratings of these measures there are, by the ballot's or the measure's id.

    The measures are named one by one: joined to them, PostgreSQL would read three times as much.
    """
    rows = round.ratings.filter(measure__in=list(measures)).order_by()
    return dict(rows.values_list(column).annotate(n=Number("*")))


def _count(ballots: Groups, rated: dict[int, int], due: Due) -> Count:
    begun = [pk for pk in ballots if rated.get(pk)]
    return Count(len(ballots), len(begun), sum(rated[pk] >= due[pk] for pk in begun))


def _groups(
    workshop: Workshop, group_of: Groups, rated: dict[int, int], due: Due
) -> tuple[tuple[tuple[str, Count], ...], Count | None]:
    sizes = Counter(group_of.values())
    lost = lost_labels(dict(sizes), workshop.smallest_group)
    told = {group for group in sizes if group is not None and group not in lost}
    names = workshop.groups.filter(pk__in=told).values_list("pk", "name")
    counts = tuple(
        (name, _count({ballot: g for ballot, g in group_of.items() if g == pk}, rated, due))
        for pk, name in names
    )
    others = {ballot: g for ballot, g in group_of.items() if g not in told}
    return counts, _count(others, rated, due) if counts and others else None


def _fields(
    round: Round, offered: Offered, open_fields: set[int], raters: Mapping[int, list[int]]
) -> tuple[FieldCount, ...]:
    """Return the fields of the round's measures; without ``raters`` nothing of what is rated."""
    least = round.workshop.smallest_room
    counts = Counter(offered.values())
    possible, answers = Counter[int](), Counter[int]()
    for measure, ballots in raters.items():
        possible[offered[measure]] += len(ballots)
    if raters:
        for pk, given in _ratings_by("measure", round, offered).items():
            answers[offered[pk]] += given
    return tuple(
        FieldCount(
            pk=field.pk,
            name=field.name,
            measures=counts[field.pk],
            is_open=field.pk in open_fields,
            tenths=_tenths(answers[field.pk], possible[field.pk], least),
        )
        for field in round.workshop.fields.filter(pk__in=counts)
    )


def _tenths(given: int, possible: int, least: int) -> int | None:
    """Return how many tenths of the possible answers are given; None if one is below ``least``."""
    return min(10 * given // possible, 10) if possible >= 10 * least else None
