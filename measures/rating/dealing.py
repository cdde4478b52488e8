"""Not everybody must rate everything: how many measures a ballot is due, and what each one gets.

A deal is stored nowhere: what a ballot has rated is what it was dealt, and what comes next is
chosen anew each time by ``saving.next_number``. The arithmetic is pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from measures.models import Rating, Round
from workshops.models import Ballot

# Phones ask at the same moment and are then sent to the same measure. In simulated rooms of 10 to
# 200 phones that all rate at once, the least rated measure had at most one rating less than its
# whole share, or two where that is more than ten (tests/measures/test_dealing.py).
FEW = 10


@dataclass(frozen=True, slots=True)
class Due:
    """How far a ballot is: of ``open`` measures that can be rated now it rated ``rated``.

    ``due`` is how many it is asked for, ``offered`` how many the round has, in fields that are open
    at the moment or not. ``is_dealt``: it is asked for fewer than there are.
    """

    rated: int
    due: int
    open: int
    offered: int

    @property
    def is_done(self) -> bool:
        return self.rated >= self.due

    @property
    def is_dealt(self) -> bool:
        return self.due < self.open

    @property
    def counted(self) -> int:
        """How many of those due are rated: who rates more has rated all of them."""
        return min(self.rated, self.due)


def due_of(ballot: Ballot, round: Round) -> Due:
    """Return how far a ballot is in a round that is open, in what is asked of it. 1 query."""
    own = Rating.objects.filter(ballot=ballot, round=round, measure=OuterRef("pk"))
    open_now = Q(field__in=round.open_fields.all())
    counts = round.asked_of(ballot).aggregate(
        offered=Count("pk"),
        open=Count("pk", filter=open_now),
        rated=Count("pk", filter=open_now & Q(Exists(own))),
    )
    per_person = round.workshop.measures_per_person
    return Due(due=due_now(per_person, counts["open"], counts["offered"]), **counts)


def due_now(per_person: int | None, open_now: int, offered: int) -> int:
    """Return how many measures a ballot is asked for while some fields are open.

    Of the open ones as large a share, rounded up, as of all: otherwise those fields that are opened
    first would use up what everybody gives.
    """
    if per_person is None or not offered:
        return open_now
    return min(open_now, -(-per_person * open_now // offered))


@dataclass(frozen=True, slots=True)
class Share:
    """What each measure gets from so many ``people``: ``mean`` ratings, and at least ``least``.

    ``wanted`` is the minimum below which nothing is shown, ``needed`` the smallest number per
    person that meets it; None if there are too few people for any. ``name`` is the group's, "" for
    all people together.
    """

    name: str
    people: int
    mean: float
    least: int
    wanted: int
    needed: int | None

    @property
    def is_enough(self) -> bool:
        return self.least >= self.wanted


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a round of ``offered`` measures gets if everybody rates ``each`` of them."""

    offered: int
    each: int
    room: Share
    groups: tuple[Share, ...]

    @property
    def shares(self) -> tuple[Share, ...]:
        return (self.room, *self.groups)

    @property
    def is_dealt(self) -> bool:
        return self.each < self.offered

    @property
    def like_people(self) -> int:
        """Of how many people who rate everything the ranks would be a little more certain.

        As simulated in tests/benchmarks/dealt.py.
        """
        return int(self.room.mean)

    @property
    def lacking(self) -> list[Share]:
        """Groups that are large enough to be shown, but not with this number."""
        return [each for each in self.groups if each.needed is not None and not each.is_enough]

    @property
    def proposed(self) -> int | None:
        """The smallest number with which every measure has figures; None if no number does."""
        return self.room.needed

    @property
    def proposed_for_groups(self) -> int | None:
        """The same, with which all groups that are large enough are shown; None if none is."""
        found = [each.needed for each in self.groups if each.needed is not None]
        return max(found, default=None)


def forecast(
    by_group: Mapping[str, int],
    people: int,
    *,
    per_person: int | None,
    offered: int,
    smallest_room: int,
    smallest_group: int,
) -> Forecast:
    """Say what each measure gets from ``people``, and from those of them known to be in a group.

    ``by_group`` counts these by the group's name.
    """
    each = offered if per_person is None else min(per_person, offered)
    return Forecast(
        offered,
        each,
        _share("", people, each, offered, smallest_room),
        tuple(_share(name, n, each, offered, smallest_group) for name, n in by_group.items()),
    )


def _share(name: str, people: int, each: int, offered: int, wanted: int) -> Share:
    mean = people * each / offered if offered else 0.0
    least = least_of(people, each, offered)
    return Share(name, people, mean, least, wanted, needed_for(people, offered, wanted))


def least_of(people: int, each: int, offered: int) -> int:
    """Return how many ratings the least rated measure gets at least."""
    if each >= offered:
        return people
    whole = people * each // offered
    return max(0, whole - _short_by(whole))


def _short_by(whole: int) -> int:
    return 1 if whole <= FEW else 2


def needed_for(people: int, offered: int, wanted: int) -> int | None:
    """Return the smallest number per person with which every measure gets ``wanted`` ratings.

    None if there are fewer people.
    """
    if people < wanted:
        return None
    whole = wanted + _short_by(wanted + 1)
    return min(offered, -(-whole * offered // people))
