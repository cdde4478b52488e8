"""The first sheet of an XLSX file as rows of strings; the only place that opens one."""

import datetime
import io
import warnings
import zipfile
from collections.abc import Iterator

from django.utils.translation import gettext as _

from measures.transfer.reading import MAX_COLUMNS, UnreadableFile
from measures.transfer.texts import unescaped

MAX_ENTRIES = 1000
MAX_UNPACKED = 20_000_000
MAX_RATIO = 200  # tables of real texts stay below 50
MAX_TAGS = 1_000_000  # some 8 s of reading; 5000 rows of 14 filled columns have 700,000
MAX_TEXT = 5_000_000  # characters; one long shared string may stand in many cells
LAST_ROW = 1_048_576  # of any spreadsheet; a row number beyond it is an attack


def sheet_rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield pairs of row number and cells. Formulas give the value that was saved with them.

    At most one column more than the limit is looked at. Raises UnreadableFile.
    """
    _check_archive(data)
    from openpyxl import DEFUSEDXML  # slow to load, and rarely needed

    from measures.transfer.book_in import open_book

    if not DEFUSEDXML:
        raise RuntimeError("defusedxml is missing; XLSX files of strangers must not be read.")
    text = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and drawings that openpyxl leaves out
            book = open_book(data)
            sheet = book.worksheets[0]
            for number, values in enumerate(_values(sheet), start=1):
                if values.count(None) == len(values):
                    continue
                cells = [unescaped(written(value)) for value in values]
                text += sum(map(len, cells))
                if text > MAX_TEXT:
                    raise UnreadableFile(_("The workbook holds too much text."))
                yield number, cells
    except UnreadableFile:
        raise
    except Exception as error:  # openpyxl raises whatever a broken or hostile file leads to
        raise UnreadableFile(
            _("The workbook is damaged and cannot be read. Open it and save it once more.")
        ) from error


def _values(sheet):
    return sheet.iter_rows(
        min_row=1, max_row=LAST_ROW, min_col=1, max_col=MAX_COLUMNS + 1, values_only=True
    )


def written(value) -> str:
    """Return a cell's value as somebody would type it: "3" for 3.0, "" for nothing."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float():
            return f"{value:.15g}"
        case datetime.datetime() if value.time() == datetime.time():
            return value.date().isoformat()
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
