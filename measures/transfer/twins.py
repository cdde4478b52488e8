"""Rows of a file beside measures that share one field and title. Plain data, no database."""

from collections import deque
from collections.abc import Callable, Sequence
from functools import cache
from itertools import chain
from typing import TypeVar

from measures.transfer.lines import Line

M = TypeVar("M")  # with ``id`` and ``number``


def told_apart(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Split rows of one field and title into those that mean a measure each, and the others.

    Different numbers mean different measures. The others repeat a number, or have none although
    another row has (of rows without any numbers the first one means the measure).
    """
    first: dict[str, Line] = {}
    for line in lines:
        first.setdefault(line.number, line)
    if len(first) > 1:
        first.pop("", None)
    rows = {line.row for line in first.values()}
    return list(first.values()), [line for line in lines if line.row not in rows]


def pair(lines: Sequence[Line], measures: Sequence[M]) -> list[tuple[Line, M | None]]:
    """Give every row a measure of its own, by number first, then in order, as long as any are."""
    numbers = {str(measure.number): measure for measure in measures}
    meant = {line.row: numbers[line.number] for line in lines if line.number in numbers}
    taken = {measure.id for measure in meant.values()}
    rest = iter([measure for measure in measures if measure.id not in taken])
    return [(line, meant.get(line.row) or next(rest, None)) for line in lines]


def all_fit(askers: int, places: int, fits: Callable[[int, int], bool]) -> bool:
    """Tell whether every asker can have a place of its own that ``fits(asker, place)``.

    Both are counted from 0. Looks for one augmenting path per asker, breadth first; without one
    there is no such matching (Berge 1957). The place of the same count is tried first, so that
    what is in order takes no search.
    """
    if askers > places:
        return False
    fits = cache(fits)
    place_of: dict[int, int] = {}
    asker_at: dict[int, int] = {}
    for newcomer in range(askers):
        asked_by: dict[int, int] = {}
        place = _free_place(newcomer, places, fits, asker_at, asked_by)
        if place is None:
            return False
        while place is not None:  # everybody on the path moves on by one
            asker = asked_by[place]
            asker_at[place] = asker
            place_of[asker], place = place, place_of.get(asker)
    return True


def _free_place(newcomer: int, places: int, fits, asker_at, asked_by) -> int | None:
    """Return a free place that becomes reachable when others move; fill in who asks for which."""
    queue = deque([newcomer])
    while queue:
        asker = queue.popleft()
        for place in chain([asker], range(places)):
            if place in asked_by or not fits(asker, place):
                continue
            asked_by[place] = asker
            if place not in asker_at:
                return place
            queue.append(asker_at[place])
    return None
