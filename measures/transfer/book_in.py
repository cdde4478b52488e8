"""Open an XLSX file with its texts as they stand in it, in either kind of Open XML.

openpyxl drops "x005F_" wherever it stands; then what was typed as ``_x000D_`` cannot be told from a
carriage return any more. Imports openpyxl, so it is imported late.
"""

import datetime
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from measures.transfer.dates import as_shown
from measures.transfer.merged import Merged, merged_ranges
from measures.transfer.tables import MAX_COLUMNS, UnreadableFile

MAX_SHEETS = 200
LAST_ROW = 1_048_576  # of any spreadsheet; a row number beyond it is an attack

# "Strict Open XML", the other kind that Excel saves, has other names for the same things.
_STRICT = re.compile(rb"(=\s*[\"'])http://purl\.oclc\.org/ooxml/(\w+)/")
_USUAL = rb"\1http://schemas.openxmlformats.org/\2/2006/"


class _Reader(ExcelReader):
    parts: dict[str, str]  # of the archive, by the names of the sheets

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as xml:
            for _event, node in iterparse(xml):
                if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                    self.shared_strings.append(Text.from_tree(node).content)
                    node.clear()

    def read_worksheets(self) -> None:
        parts = [(sheet.name, part.target) for sheet, part in self.parser.find_sheets()]
        self.parts = dict(parts)
        once = {part for _sheet, part in parts}
        if len(parts) > MAX_SHEETS:
            raise UnreadableFile(
                _("The workbook has more than %(limit)d sheets.") % {"limit": MAX_SHEETS}
            )
        if len(self.parts) < len(parts) or len(once) < len(parts):
            raise ValueError("A sheet is listed again and again.")
        super().read_worksheets()


class BookSheet:
    """A sheet that holds cells; its XML is read when somebody asks."""

    def __init__(self, reader: _Reader, name: str, *, is_hidden: bool):
        self._reader = reader
        self.name, self.is_hidden = name, is_hidden

    def rows(self) -> Iterator[tuple[int, dict[int, Any]]]:
        """Yield the numbers of the rows and their values by column, counted from 1."""
        book = self._reader.wb
        named = BUILTIN_FORMATS | dict(enumerate(book._number_formats, BUILTIN_FORMATS_MAX_SIZE))
        formats = [named.get(style.numFmtId, "") for style in book._cell_styles]
        with self._xml() as xml:
            parser = WorkSheetParser(
                xml,
                self._reader.shared_strings,
                data_only=True,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            last = 0
            for number, cells in parser.parse():
                if number > LAST_ROW:
                    break
                if number > last:
                    last = number
                    yield (
                        number,
                        {
                            cell["column"]: _value(cell, formats)
                            for cell in cells
                            if cell["value"] is not None and 1 <= cell["column"] <= MAX_COLUMNS + 1
                        },
                    )

    def merged_ranges(self) -> list[Merged]:
        with self._xml() as xml:
            return merged_ranges(xml)

    def _xml(self) -> IO[bytes]:
        return self._reader.archive.open(self._reader.parts[self.name])


def _value(cell: dict[str, Any], formats: Sequence[str]) -> Any:
    """Return what a cell holds, of a day what its number format shows."""
    value = cell["value"]
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return as_shown(value, formats[int(cell["style_id"])])
    return value


class Book:
    """An opened workbook, to be read only, with the values last saved. Its texts are escaped."""

    def __init__(self, data: bytes):
        """May raise anything for a file that is broken or hostile."""
        self._reader = _Reader(
            io.BytesIO(usual(data)), read_only=True, data_only=True, keep_links=False
        )
        self._reader.read()

    def sheets(self) -> list[BookSheet]:
        """Return the sheets that hold cells, not those that are a chart."""
        return [
            BookSheet(self._reader, sheet.title, is_hidden=sheet.sheet_state != "visible")
            for sheet in self._reader.wb.worksheets
        ]


def usual(data: bytes) -> bytes:
    """Return a workbook in the usual kind of Open XML; one that is so already as it is."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if not _STRICT.search(archive.read("xl/workbook.xml")):
            return data
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as other:
            for name in archive.namelist():
                other.writestr(name, _STRICT.sub(_USUAL, archive.read(name)))
    return file.getvalue()
