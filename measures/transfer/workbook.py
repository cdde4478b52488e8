"""The sheets of an XLSX file as rows of strings; the only place that opens one."""

import datetime
import io
import warnings
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from measures.transfer.merged import filled_down
from measures.transfer.tables import Sheet, UnreadableFile, filled_rows, too_much_text
from measures.transfer.texts import unescaped

if TYPE_CHECKING:
    from measures.transfer.book_in import BookSheet

MAX_ENTRIES = 1000
MAX_UNPACKED = 20_000_000
MAX_RATIO = 200  # tables of real texts stay below 50
MAX_TAGS = 1_000_000  # some 8 s of reading; 5000 rows of 14 filled columns have 700,000
MAX_TEXT = 5_000_000  # characters; one long shared string may stand in many cells


def sheets_of(data: bytes) -> list[Sheet]:
    """Return the sheets with their filled rows, those that are shown before those that are hidden.

    Formulas give the value that was saved with them. Merged cells are filled down. At most one
    column more than the limit is looked at. All sheets together hold MAX_TEXT characters; those
    beyond get a fault. Raises UnreadableFile.
    """
    _check_archive(data)
    from openpyxl import DEFUSEDXML  # slow to load, and rarely needed

    from measures.transfer.book_in import Book

    if not DEFUSEDXML:
        raise RuntimeError("defusedxml is missing; XLSX files of strangers must not be read.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and drawings that openpyxl leaves out
            found: list[Sheet] = []
            for sheet in sorted(Book(data).sheets(), key=lambda sheet: sheet.is_hidden):
                found.append(_read(sheet, MAX_TEXT - sum(map(_text, found))))
            return found
    except UnreadableFile:
        raise
    except Exception as error:  # openpyxl raises whatever a broken or hostile file leads to
        raise UnreadableFile(
            _("The workbook is damaged and cannot be read. Open it and save it once more.")
        ) from error


def _read(sheet: "BookSheet", room: int) -> Sheet:
    """Return the rows of a sheet that fit into ``room`` characters, else its fault."""
    ranges = sheet.merged_ranges()
    try:
        rows = filled_rows(_within(_written(sheet.rows()), room))
        return Sheet(sheet.name, filled_down(rows, ranges, room), sheet.is_hidden)
    except UnreadableFile as fault:
        return Sheet(sheet.name, {}, sheet.is_hidden, str(fault))


def _written(rows: Iterator[tuple[int, dict[int, Any]]]) -> Iterator[tuple[int, list[str]]]:
    for number, values in rows:
        cells = [""] * max(values, default=0)
        for column, value in values.items():
            cells[column - 1] = unescaped(written(value))
        yield number, cells


def _within(rows: Iterator[tuple[int, list[str]]], room: int) -> Iterator[tuple[int, list[str]]]:
    for number, cells in rows:
        room -= sum(map(len, cells))
        if room < 0:
            raise too_much_text()
        yield number, cells


def _text(sheet: Sheet) -> int:
    return sum(len(cell) for cells in sheet.rows.values() for cell in cells)


def written(value) -> str:
    """Return a cell's value as somebody would type it: "3" for 3.0, "" for nothing."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float():
            return f"{value:.15g}"
        case datetime.datetime() | datetime.date() | datetime.time():
            return value.isoformat()
        case _:
            return str(value)


def _check_archive(data: bytes) -> None:
    """Look into the archive's directory before anything is unpacked, then count the tags."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if "xl/workbook.xml" not in archive.namelist():
                raise UnreadableFile(
                    _("This is not a table. Choose a CSV file or an Excel workbook (.xlsx).")
                )
            unpacked = sum(entry.file_size for entry in entries)
            allowed = min(MAX_UNPACKED, MAX_RATIO * len(data))
            if len(entries) > MAX_ENTRIES or unpacked > allowed or _tags(archive) > MAX_TAGS:
                raise UnreadableFile(
                    _(
                        "The workbook is far larger inside than outside and is not opened for"
                        " safety."
                    )
                )
    except UnreadableFile:
        raise
    except Exception as error:  # zipfile, too, raises many kinds for broken and locked archives
        raise UnreadableFile(
            _("The workbook is damaged and cannot be read. Open it and save it once more.")
        ) from error


def _tags(archive: zipfile.ZipFile) -> int:
    """Return how many tags there are; millions of empty cells are small, but slow to read."""
    return sum(archive.read(name).count(b"<") for name in archive.namelist())
