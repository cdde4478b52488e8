"""From the bytes of a CSV or XLSX file to a table of plain strings.

What the file is, is told by its first bytes; its name only serves for a clearer sentence.
Libraries for spreadsheets are loaded when a file is read, never on the way to typing or rating.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

MAX_BYTES = 5_000_000
MAX_ROWS = 5000
MAX_COLUMNS = 50
MAX_CELL = 100_000  # a longer one is no text for a measure but a missing quotation mark

_DELIMITERS = ";,\t"
_SAMPLE = 50
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"  # also an XLSX file with a password


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows as strings; empty rows are left out, cells may be fewer than headings.

    ``rows`` stand by the numbers that a spreadsheet shows beside them.
    """

    headers: tuple[str, ...]
    rows: Mapping[int, tuple[str, ...]]


def read_table(data: bytes, name: str = "") -> Table:
    """Read a file of at most 5 MB. Raises UnreadableFile, also beyond 5000 rows or 50 columns.

    Rows are counted as a spreadsheet does: the heading is row 1, an empty row counts, and a cell
    with line breaks in it does not begin a new row.
    """
    check_size(len(data))
    if not data.strip(b"\r\n\t ,;"):
        raise UnreadableFile(_("The file is empty."))
    if data.startswith(b"PK\x03\x04"):
        from measures.transfer import workbook  # only then a library for XLSX is needed

        return table_of(workbook.sheet_rows(data))
    if data.startswith(_OLD_EXCEL):
        raise UnreadableFile(
            _(
                "This is an old Excel file (.xls) or one with a password. Save it as .xlsx without"
                " a password, or as CSV."
            )
        )
    if data.startswith(b"%PDF") or name.lower().endswith((".xlsx", ".xls", ".ods", ".pdf")):
        raise UnreadableFile(
            _("This is not a table. Choose a CSV file or an Excel workbook (.xlsx).")
        )
    return table_of(_csv_rows(_decoded(data)))


def check_size(size: int) -> None:
    """Raise UnreadableFile for a file that is too large, before anybody loads it."""
    if size > MAX_BYTES:
        raise UnreadableFile(
            _("The file is too large: %(size)d MB. At most %(limit)d MB can be read.")
            % {"size": -(-size // 1_000_000), "limit": MAX_BYTES // 1_000_000}
        )


def table_of(rows: Iterable[tuple[int, Sequence[str]]]) -> Table:
    """Build the table from pairs of row number and cells; the first filled row is the heading.

    Raises UnreadableFile when it is too long or too wide, or holds nothing but headings.
    """
    filled = ((number, cells) for number, cells in rows if any(cell.strip() for cell in cells))
    first = next(filled, None)
    if first is None:
        raise UnreadableFile(_("The file is empty."))
    headers = _without_empty_end(first[1])
    if len(headers) > MAX_COLUMNS:
        raise UnreadableFile(
            _("The file has more than %(limit)d columns.") % {"limit": MAX_COLUMNS}
        )
    found: dict[int, tuple[str, ...]] = {}
    for number, cells in filled:
        if len(found) == MAX_ROWS:
            raise UnreadableFile(_("The file has more than %(limit)d rows.") % {"limit": MAX_ROWS})
        found[number] = _without_empty_end(cells)
    if not found:
        raise UnreadableFile(_("The file has headings only, no row below them."))
    return Table(tuple(header.strip() for header in headers), found)


def _without_empty_end(cells: Sequence[str]) -> tuple[str, ...]:
    filled = [place for place, cell in enumerate(cells, start=1) if cell.strip()]
    return tuple(cells[: max(filled, default=0)])


def _decoded(data: bytes) -> str:
    """Return the text of a CSV file in UTF-8 (with or without BOM) or Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile(
            _("The file is in the encoding UTF-16. Save it as “CSV UTF-8” or as .xlsx.")
        )
    if b"\0" in data:
        raise UnreadableFile(
            _("This is not a table: it contains NUL bytes. Choose a CSV file or an .xlsx file.")
        )
    marked = data.startswith(b"\xef\xbb\xbf")
    for encoding in ("utf-8-sig",) if marked else ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(
        _("The letters of the file cannot be read. Save it as “CSV UTF-8” or as .xlsx.")
    )


def _csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
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
