"""The rows of a CSV file, whatever stands between its cells."""

import csv
import io
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from measures.transfer.tables import UnreadableFile

MAX_CELL = 100_000  # a longer one is no text for a measure but a missing quotation mark

_DELIMITERS = ";,\t"
_SAMPLE = 50


def csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield pairs of row number and cells; Excel's first line ``sep=;`` is no row."""
    told = re.match(r"sep=(.)(?:\r\n|\r|\n)", text, re.IGNORECASE)
    delimiter = told[1] if told else _delimiter(text)
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(
        io.StringIO(text[told.end() :] if told else text, newline=""),
        delimiter=delimiter,
        strict=True,
    )
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, cells
    except csv.Error as error:
        raise UnreadableFile(
            _(
                "Row %(row)d cannot be read. Probably a quotation mark is missing or stands in the"
                " wrong place there."
            )
            % {"row": number + 1}
        ) from error


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
