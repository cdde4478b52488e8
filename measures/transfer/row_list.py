"""Rows that somebody names, as in the pages of a printer: 3, 7-9. Knows no files."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

Rows = tuple[tuple[int, int], ...]  # first and last row of each range

_RANGE = re.compile(r"\s*(\d{1,7})(?:\s*[-–]\s*(\d{1,7}))?\s*", re.ASCII)


def rows_in(text: str) -> Rows:
    """Return the rows that ``text`` names. Raises ValueError with a sentence for people."""
    if not text.strip():
        return ()
    found = [_RANGE.fullmatch(part) for part in re.split("[,;]", text)]
    ranges = tuple((int(each[1]), int(each[2] or each[1])) for each in found if each)
    if len(ranges) < len(found) or any(not 0 < first <= last for first, last in ranges):
        raise ValueError(_("Name rows by their numbers, for example: 3, 7-9"))
    return ranges


def holds(rows: Rows, number: int) -> bool:
    return any(first <= number <= last for first, last in rows)


def missing(rows: Rows, numbers: Iterable[int]) -> str:
    """Return the first range in which none of the ``numbers`` lies, "" if there is none."""
    there = frozenset(numbers)
    for first, last in rows:
        if not any(first <= number <= last for number in there):
            return f"{first}" if first == last else f"{first}–{last}"
    return ""
