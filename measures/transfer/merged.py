"""Merged cells: what stands in the first one holds for those below it."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, NamedTuple

from measures.transfer.tables import (
    HEAD,
    MAX_COLUMNS,
    MAX_ROWS,
    too_much_text,
    without_empty_end,
)

MAX_MERGED = 20_000  # ranges; more than 5000 rows can make sense of


class Merged(NamedTuple):
    """The first column of a merged range, counted from 0, and its first and last row."""

    column: int
    first: int
    last: int


def merged_ranges(xml: IO[bytes]) -> list[Merged]:
    """Return the ranges of a sheet's XML that hold more than one row.

    Raises ValueError for more than a table of our size can have.
    """
    from defusedxml.ElementTree import iterparse
    from openpyxl.utils import range_boundaries

    found = []
    for number, ref in enumerate(_refs(iterparse(xml, events=("start", "end"))), start=1):
        if number > MAX_MERGED:
            raise ValueError("There are too many merged cells.")
        column, first, _last_column, last = range_boundaries(ref)
        if first < last and column <= MAX_COLUMNS:
            found.append(Merged(column - 1, first, last))
    return found


def _refs(events) -> Iterator[str]:
    """Yield what each mergeCell names; of the rows nothing is kept."""
    path = []
    for event, node in events:
        if event == "start":
            path.append(node)
            continue
        path.pop()
        if node.tag.rpartition("}")[2] == "mergeCell":
            yield node.get("ref", "")
        if len(path) in (1, 2):  # a part of the sheet, or one row of it
            path[-1].remove(node)


def filled_down(
    rows: Mapping[int, Sequence[str]], ranges: Sequence[Merged], room: int
) -> dict[int, tuple[str, ...]]:
    """Return the rows with what merged cells hold in each row; an empty row stays away.

    Raises UnreadableFile beyond ``room`` characters, and where ranges lie upon each other.
    """
    filled = {number: [*cells] for number, cells in rows.items()}
    numbers = sorted(filled)
    cells_left = (MAX_ROWS + HEAD) * MAX_COLUMNS
    for column, first, last in ranges:
        below = numbers[bisect_right(numbers, first) : bisect_right(numbers, last)]
        value = _cell(filled.get(first, ()), column)
        cells_left -= len(below)
        room -= len(below) * len(value)
        if cells_left < 0 or room < 0:
            raise too_much_text()
        if value.strip():
            for number in below:
                _put(filled[number], column, value)
    return {number: without_empty_end(cells) for number, cells in filled.items()}


def _cell(cells: Sequence[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""


def _put(cells: list[str], column: int, value: str) -> None:
    cells.extend([""] * (column + 1 - len(cells)))
    cells[column] = cells[column] or value
