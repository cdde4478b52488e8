"""What rated measures read before: told wherever their text stands, so that nobody is misled."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from measures.models import FormerWording, Measure
from measures.models.wording import plain
from workshops.models import Workshop


class Wording(NamedTuple):
    title: str
    description: str


class Former(NamedTuple):
    """What was changed in a measure's wording, as it read before; None for what stayed."""

    at: datetime
    title: str | None
    description: str | None


def former_wordings(measure: Measure) -> list[Former]:
    """Return what a measure read before, the newest change first. 1 query."""
    rows = measure.former_wordings.newest_first().values_list("at", "title", "description")
    return changes(rows, Wording(measure.title, measure.description))


def former_by_measure(workshop: Workshop, now: dict[int, Wording]) -> dict[int, list[Former]]:
    """Return the same for the measures whose present wordings are given, by their ids. 1 query."""
    rows = FormerWording.objects.filter(measure__workshop=workshop).newest_first()
    found = defaultdict(list)
    for pk, *row in rows.values_list("measure", "at", "title", "description"):
        found[pk].append(row)
    return {pk: changes(found[pk], now[pk]) for pk in found.keys() & now.keys()}


def changes(rows: Iterable[tuple[datetime, str, str]], now: Wording) -> list[Former]:
    """Compare each wording, newest first, with the one that replaced it."""
    told, later = [], now
    for at, *texts in rows:
        before = Wording(*texts)
        differing = [
            old if plain(old) != plain(new) else None
            for old, new in zip(before, later, strict=True)
        ]
        told.append(Former(at, *differing))
        later = before
    return told
