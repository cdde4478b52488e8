"""Rows of a file beside measures that share one field and title. Plain data, no database."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from measures.transfer.plans import FileRow
from workshops.plain_text import name_key

Mark = tuple[str, str]  # a row's number and municipality; either may be empty


def told_apart(rows: Sequence[FileRow]) -> tuple[list[FileRow], list[FileRow]]:
    """Split rows of one field and title into those that mean a measure each, and the others.

    Different numbers mean different measures, and so do different municipalities. The others have
    nothing that tells them from each of the former (of rows without both the first one means the
    measure).
    """
    first: dict[Mark, FileRow] = {}
    for row in rows:
        first.setdefault(_mark(row), row)
    # Those that have both come first. Those that have the same of the two are told apart by it.
    found: defaultdict[tuple[bool, ...], dict[Mark, FileRow]] = defaultdict(dict)
    for mark, row in sorted(first.items(), key=lambda each: -sum(map(bool, each[0]))):
        kind = tuple(map(bool, mark))
        unlike = (other for each, marks in found.items() if each != kind for other in marks)
        if all(_differ(mark, other) for other in unlike):
            found[kind][mark] = row
    places = {row.row for marks in found.values() for row in marks.values()}
    return (
        [row for row in rows if row.row in places],
        [row for row in rows if row.row not in places],
    )


def peers(row: FileRow, meant: Sequence[FileRow]) -> list[FileRow]:
    """Return which of the rows that mean a measure one of the others may repeat; at least one."""
    return [each for each in meant if not _differ(_mark(row), _mark(each))]


def pair(
    rows: Sequence[FileRow], measures: Mapping[int, FileRow]
) -> list[tuple[FileRow, int | None]]:
    """Give every row the id of a measure of its own, if any is: by number first, then by
    municipality, then in order."""
    left = dict(measures)
    meant: dict[int, int] = {}
    for mark in (_both, _number, _town):
        free = _places(left, mark)
        for row in rows:
            if row.row not in meant and free.get(mark(row)):
                meant[row.row] = pk = free[mark(row)].pop(0)
                del left[pk]
    rest = iter(left)
    return [(row, meant.get(row.row) or next(rest, None)) for row in rows]


def _places(
    measures: Mapping[int, FileRow], mark: Callable[[FileRow], str]
) -> dict[str, list[int]]:
    """Return the ids of the measures by what marks them; those without a mark stay away."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for pk, measure in measures.items():
        if mark(measure):
            found[mark(measure)].append(pk)
    return dict(found)


def _number(row: FileRow) -> str:
    return row.number


def _town(row: FileRow) -> str:
    return name_key(str(row.values.get("municipality") or row.unknown_place))


def _both(row: FileRow) -> str:
    number, town = _mark(row)
    return f"{number}\n{town}" if number and town else ""


def _mark(row: FileRow) -> Mark:
    return _number(row), _town(row)


def _differ(mark: Mark, other: Mark) -> bool:
    return any(one and two and one != two for one, two in zip(mark, other, strict=True))
