"""Rows of a file beside measures that share one field and title. Plain data, no database."""

from collections.abc import Sequence
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
