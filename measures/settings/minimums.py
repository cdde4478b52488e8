"""What a higher minimum takes away from results that people have seen."""

from copy import copy
from typing import NamedTuple

from measures.by_group import tallies_by_group
from measures.overview import overview_of
from workshops.models import Workshop


class Minimums(NamedTuple):
    room: int
    group: int


class Taken(NamedTuple):
    """How many measures lose their figures, all but their means, the view of a group."""

    figures: int
    spreads: int
    groups: int


class _Seen(NamedTuple):
    """The ids of measures with figures and with a distribution, pairs (group, measure)."""

    figures: frozenset[int]
    spreads: frozenset[int]
    groups: frozenset[tuple[int, int]]


def taken_away(workshop: Workshop, before: Minimums, after: Minimums) -> Taken:
    """Count what is shown with the minimums of before and not with those of after. 26 queries.

    Nothing if neither is raised. Whoever loses all figures is not counted for the rest as well.
    """
    if after.room <= before.room and after.group <= before.group:
        return Taken(0, 0, 0)
    old, new = _seen(workshop, before), _seen(workshop, after)
    figures = old.figures - new.figures
    groups = {measure for _group, measure in old.groups - new.groups}
    return Taken(len(figures), len(old.spreads - new.spreads - figures), len(groups - figures))


def _seen(workshop: Workshop, minimums: Minimums) -> _Seen:
    row = copy(workshop)
    row.smallest_room, row.smallest_group = minimums
    view = overview_of(row)
    return _Seen(
        frozenset(each.measure.pk for each in view.rows if each.round),
        frozenset(each.measure.pk for each in view.rows if each.is_broad),
        frozenset((group, pk) for group, found in tallies_by_group(view).items() for pk in found),
    )
