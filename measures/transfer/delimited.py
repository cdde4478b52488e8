"""The rows of a CSV file, whatever stands between its cells."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from measures.transfer.tables import UnreadableFile

MAX_CELL = 100_000  # a longer one is no text for a measure but a missing quotation mark

_DELIMITERS = ";,\t"
_SAMPLE = 50
_NAMED = 10  # broken rows that are named at once
_BEGIN = 30  # characters of each


def csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield pairs of row number and cells; Excel's first line ``sep=;`` is no row."""
    told = re.match(r"sep=(.)(?:\r\n|\r|\n)", text, re.IGNORECASE)
    delimiter = told[1] if told else _delimiter(text)
    csv.field_size_limit(MAX_CELL)
    lines = list(io.StringIO(text[told.end() :] if told else text, newline=""))
    try:
        yield from enumerate(csv.reader(lines, delimiter=delimiter, strict=True), start=1)
    except csv.Error as error:
        raise UnreadableFile(_complaint(_broken_rows(lines, delimiter))) from error


def _complaint(broken: Sequence[tuple[int, str]]) -> str:
    if len(broken) == 1:
        return _(
            "Row %(row)d cannot be read. Probably a quotation mark is missing or stands in the"
            " wrong place there."
        ) % {"row": broken[0][0]}
    rows = [
        _("row %(row)d (“%(text)s”)") % {"row": row, "text": Truncator(line.strip()).chars(_BEGIN)}
        for row, line in broken
    ]
    return _(
        "At least %(n)d rows cannot be read: %(rows)s. Probably a quotation mark is missing or"
        " stands in the wrong place in each of them."
    ) % {"n": len(rows), "rows": ", ".join(rows)}


def _broken_rows(lines: Sequence[str], delimiter: str) -> list[tuple[int, str]]:
    """Return the first rows that cannot be read, each with the line that it begins with.

    There may be more: where a broken row ends is unknown. The next one is taken to begin with the
    next line that has as many delimiters as a row needs.
    """
    found: list[tuple[int, str]] = []
    begin = number = width = 0
    while begin < len(lines) and len(found) < _NAMED:
        start = begin
        reader = csv.reader(lines[start:], delimiter=delimiter, strict=True)
        number += 1
        try:
            for cells in reader:
                number += 1
                width = max(width, len(cells))
                begin = start + reader.line_num
        except csv.Error:
            found.append((number, lines[begin]))
            begin += 1
            while begin < len(lines) and lines[begin].count(delimiter) < width - 1:
                begin += 1
        else:
            break
    return found


def _delimiter(text: str) -> str:
    """Return the delimiter with which most rows are as wide as the heading, and the heading wide.

    Whole records are compared, so a comma inside quotation marks counts for nothing.
    """

    def fits(delimiter: str) -> tuple[float, int]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        widths = []
        try:
            for cells in reader:
                if cells:
                    widths.append(len(cells))
                if len(widths) == _SAMPLE:
                    break
        except csv.Error:
            pass  # the rows before it tell enough; the reading proper names the row
        if not widths or widths[0] == 1:
            return 0, 0
        return sum(width == widths[0] for width in widths) / len(widths), widths[0]

    csv.field_size_limit(MAX_CELL)
    return max(_DELIMITERS, key=fits)
