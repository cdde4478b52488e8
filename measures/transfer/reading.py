"""From the bytes of a CSV or XLSX file to a table of plain strings.

What the file is, is told by its first bytes; its name only serves for a clearer sentence. It is
opened first; how it is read, which letters and which sheets, can be chosen again and again.
Libraries for spreadsheets are loaded when a file is opened, never on the way to typing or rating.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from measures.transfer.delimited import csv_rows
from measures.transfer.row_list import Rows
from measures.transfer.sheets import table_of
from measures.transfer.spelling import check_lost, sheets_of, text_of
from measures.transfer.tables import Sheet, Table, UnreadableFile, filled_rows

MAX_BYTES = 5_000_000

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"  # also an XLSX file with a password


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was opened: the bytes of a CSV file, or the sheets of a workbook."""

    text: bytes = b""
    sheets: tuple[Sheet, ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """How a person wants a file to be read; what is empty is found by itself.

    ``encoding`` is one of `letters.ENCODINGS`, ``heading_row`` a row as the spreadsheet counts.
    ``left_out`` are rows below the headings, of each sheet that is read.
    """

    encoding: str = ""
    sheets: tuple[str, ...] = ()
    heading_row: int | None = None
    left_out: Rows = ()


BY_ITSELF = Choices()


def read_table(data: bytes, name: str = "", choices: Choices = Choices()) -> Table:
    """Read a file of at most 5 MB. Raises UnreadableFile, also beyond 5000 rows or 50 columns.

    Rows are counted as a spreadsheet does: the first line is row 1, an empty row counts, and a cell
    with line breaks in it does not begin a new row.
    """
    return read(open_file(data, name), choices)


def open_file(data: bytes, name: str = "") -> Source:
    """Return what a file holds before anybody says how to read it. Raises UnreadableFile."""
    check_size(len(data))
    if not data.strip(b"\r\n\t ,;"):
        raise UnreadableFile(_("The file is empty."))
    if data.startswith(b"PK\x03\x04"):
        from measures.transfer import workbook  # only then a library for XLSX is needed

        return Source(sheets=tuple(workbook.sheets_of(data)))
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
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile(
            _("This is not a table: it contains NUL bytes. Choose a CSV file or an .xlsx file.")
        )
    return Source(text=data)


def read(source: Source, choices: Choices = BY_ITSELF) -> Table:
    """Return the table. Raises UnreadableFile; UnclearLetters where a person must choose."""
    return table_in(sheets_in(source, choices.encoding), choices)


def sheets_in(source: Source, encoding: str = "") -> tuple[Sheet, ...]:
    """Return the sheets of a workbook, or the one that a text file is; raises as `read` does."""
    if source.sheets:
        return sheets_of(source.sheets, encoding)
    return (Sheet("", filled_rows(csv_rows(text_of(source.text, encoding)))),)


def table_in(sheets: Sequence[Sheet], choices: Choices) -> Table:
    """Return the table that the sheets make. Raises UnreadableFile."""
    table = table_of(sheets, choices.sheets, choices.heading_row, choices.left_out)
    if not choices.encoding:
        check_lost(table)
    return table


def check_size(size: int) -> None:
    """Raise UnreadableFile for a file that is too large, before anybody loads it."""
    if size > MAX_BYTES:
        raise UnreadableFile(
            _("The file is too large: %(size)d MB. At most %(limit)d MB can be read.")
            % {"size": -(-size // 1_000_000), "limit": MAX_BYTES // 1_000_000}
        )
