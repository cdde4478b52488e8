"""Which measure another one is the same as: searched by people, or suggested by its title.

Suggested only: what is merged is said by people. Pairs of which somebody said that they are not the
same are suggested no more.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from measures.board.likeness import Alike, alike_pairs, alike_to, closeness
from measures.models import DistinctPair, Measure
from measures.searching.finding import measures_fitting
from workshops.models import Workshop
from workshops.visits import Visit

SHOWN = 10  # of what a search finds; more of them nobody compares
PAIRS_SHOWN = 100


class Found(NamedTuple):
    """What a search found, the best first, as far as it is shown; the ids of what was rated."""

    measures: list[Measure]
    total: int
    rated: set[int]

    @property
    def left_out(self) -> int:
        return self.total - len(self.measures)


class Pair(NamedTuple):
    """Two measures that may be the same, the older one first."""

    first: Measure
    second: Measure

    @property
    def key(self) -> str:
        """Its id on the page."""
        return f"pair-{self.first.number}-{self.second.number}"


def standing_of(workshop: Workshop) -> list[Measure]:
    """Return the measures by number, with field and goal. 1 query."""
    rows = Measure.objects.in_workshop(workshop).standing()
    return list(rows.select_related("field", "goal").order_by("number"))


def find(visit: Visit, measure: Measure, sought: str) -> Found:
    """Return what a measure may be the same as; the titles most like its own are first.

    ``sought`` is what the one search finds; without it all are found. At most 5 queries.
    """
    others = [each for each in standing_of(visit.workshop) if each.pk != measure.pk]
    ranks: dict[int, float] = {each.pk: 0 for each in others}
    if sought:
        ranks = measures_fitting(visit, sought, without=[measure.pk])
    likeness = {each.pk: closeness(measure.title, each.title) for each in others}
    found = [each for each in others if each.pk in ranks]
    found.sort(key=lambda each: (ranks[each.pk], -likeness[each.pk]))
    return Found(found[:SHOWN], len(found), rated_among(found[:SHOWN]))


def rated_among(measures: Iterable[Measure]) -> set[int]:
    """Return the ids of those that were rated. 1 query."""
    rows = Measure.objects.filter(pk__in=[each.pk for each in measures])
    return set(rows.rated().values_list("pk", flat=True))


def similar_to(measure: Measure) -> Measure | None:
    """Return the measure, with its field, whose title is most like a new one's. 2 queries."""
    rows = Measure.objects.filter(workshop=measure.workshop_id).standing().exclude(pk=measure.pk)
    alike = alike_to(measure.title, dict(rows.order_by("number").values_list("pk", "title")))
    return rows.select_related("field").filter(pk=alike[0][0]).first() if alike else None


def alike_among(workshop: Workshop, measures: Iterable[Measure]) -> list[Alike]:
    """Return the pairs of a workshop's standing measures that people should look at. 1 query."""
    distinct = DistinctPair.objects.in_workshop(workshop).pairs()
    pairs = alike_pairs({each.pk: each.title for each in measures})
    return [each for each in pairs if frozenset((each[0], each[1])) not in distinct]


def similar_pairs(workshop: Workshop) -> tuple[list[Pair], int]:
    """Return the pairs that people should look at, the most alike first, and how many there are.

    At most ``PAIRS_SHOWN`` are returned. 2 queries.
    """
    measures = {each.pk: each for each in standing_of(workshop)}
    pairs = [
        Pair(measures[first], measures[second])
        for first, second, _percent in alike_among(workshop, measures.values())
    ]
    return pairs[:PAIRS_SHOWN], len(pairs)


def ways_on(pairs: Sequence[Pair]) -> list[str]:
    """Return for each pair the key of that with which one goes on: the next, at the end the last.

    "" where it is the only one.
    """
    keys = [pair.key for pair in pairs]
    return [*keys[1:], *(keys[-2:-1] or [""])][: len(keys)]
