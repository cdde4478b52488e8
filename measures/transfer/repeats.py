"""Rows of a file that say what another of its rows says already. Plain data, no database."""

from collections.abc import Collection, Iterator, Sequence

from measures.transfer.plans import FileRow, Repeat
from measures.transfer.same import by_goal, by_title, content, grouped
from measures.transfer.twins import peers, told_apart


def repeats(rows: Sequence[FileRow], busy: Collection[int]) -> list[Repeat]:
    """Return the rows that repeat another one, whatever the workshop has, in the file's order.

    Not those that are ``busy``: of which something is created or changed.
    """
    found = (*_of_measures(rows), *_of_goals(rows))
    return sorted((each for each in found if each.row.row not in busy), key=_place)


def alike(rows: Sequence[FileRow], new: Sequence[FileRow]) -> list[Repeat]:
    """Return the ``new`` measures that only a municipality tells from others, which is left out."""
    places = {row.row for row in new}
    found = []
    for same in grouped((row for row in rows if row.measure), by_title).values():
        first: dict[tuple, FileRow] = {}
        for row in told_apart(same)[0]:
            goal, values = content(row)
            other = first.setdefault((row.number, goal, frozenset(values.items())), row)
            if other is not row and row.row in places:
                found.append(Repeat(row, other))
    return sorted(found, key=_place)


def _of_measures(rows: Sequence[FileRow]) -> Iterator[Repeat]:
    for same in grouped((row for row in rows if row.measure), by_title).values():
        meant, others = told_apart(same)
        for row in others:
            said = (each for each in peers(row, meant) if content(each) == content(row))
            if first := next(said, None):
                yield Repeat(row, first)


def _of_goals(rows: Sequence[FileRow]) -> Iterator[Repeat]:
    """Yield rows of a goal without a measure, of which an earlier row tells as much."""
    for same in grouped((row for row in rows if row.goal), by_goal).values():
        first: dict[str, FileRow] = {}
        for row in same:
            earlier = first.get(row.indicator)
            if earlier and not row.measure:
                yield Repeat(row, earlier)
            first.setdefault("", row)
            first.setdefault(row.indicator, row)


def _place(repeat: Repeat) -> int:
    return repeat.row.row
