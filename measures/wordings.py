"""What rated measures read before: told wherever their text stands, so that nobody is misled."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from measures.models import FormerWording, Measure
from measures.models.wording import as_compared
from workshops.models import Workshop


class Former(NamedTuple):
    """What was changed in a measure's wording, as it read before; None for what stayed."""

    at: datetime
    title: str | None
    description: str | None


def former_wordings(measure: Measure) -> list[Former]:
    """Return what a measure read before, the newest change first. 1 query."""
    return former_of(measure.former_wordings.newest_first(), measure)


def former_by_measure(
    workshop: Workshop, measures: Mapping[int, Measure]
) -> dict[int, list[Former]]:
    """Return the same for these measures of a workshop, by their ids. 1 query."""
    found = defaultdict(list)
    for each in FormerWording.objects.filter(measure__workshop=workshop).newest_first():
        found[each.measure_id].append(each)
    return {pk: former_of(found[pk], measures[pk]) for pk in found.keys() & measures.keys()}


def former_of(rows: Iterable[FormerWording], now: Measure) -> list[Former]:
    """Compare each wording, newest first, with the one that replaced it."""
    told: list[Former] = []
    later: FormerWording | Measure = now
    for each in rows:
        title, description = (
            None if as_compared(old) == as_compared(new) else old
            for old, new in ((each.title, later.title), (each.description, later.description))
        )
        told.append(Former(each.at, title, description))
        later = each
    return told
