"""Open an XLSX file with its texts as they stand in it.

openpyxl drops "x005F_" wherever it stands; then what was typed as ``_x000D_`` cannot be told from a
carriage return any more. Imports openpyxl, so it is imported late.
"""

import io

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.workbook import Workbook
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse


class _Reader(ExcelReader):
    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as xml:
            for _event, node in iterparse(xml):
                if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                    self.shared_strings.append(Text.from_tree(node).content)
                    node.clear()


def open_book(data: bytes) -> Workbook:
    """Return the workbook, to be read only, with the values last saved. Its texts are escaped."""
    reader = _Reader(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    reader.read()
    return reader.wb
