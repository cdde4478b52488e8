"""Rows of a file beside measures that share one field and title. Plain data, no database."""

from collections.abc import Mapping, Sequence

from measures.transfer.plans import FileRow


def told_apart(rows: Sequence[FileRow]) -> tuple[list[FileRow], list[FileRow]]:
    """Split rows of one field and title into those that mean a measure each, and the others.

    Different numbers mean different measures. The others repeat a number, or have none although
    another row has (of rows without any numbers the first one means the measure).
    """
    first: dict[str, FileRow] = {}
    for row in rows:
        first.setdefault(row.number, row)
    if len(first) > 1:
        first.pop("", None)
    places = {row.row for row in first.values()}
    return list(first.values()), [row for row in rows if row.row not in places]


def pair(
    rows: Sequence[FileRow], measures: Mapping[int, FileRow]
) -> list[tuple[FileRow, int | None]]:
    """Give every row the id of a measure of its own, by number first, then in order, if any is."""
    numbers = {measure.number: pk for pk, measure in measures.items() if measure.number}
    meant = {row.row: numbers[row.number] for row in rows if row.number in numbers}
    rest = iter([pk for pk in measures if pk not in meant.values()])
    return [(row, meant.get(row.row) or next(rest, None)) for row in rows]
