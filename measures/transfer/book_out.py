"""Write an XLSX file in which every text is what it was, whatever it looks like.

xlsxwriter takes a text that begins with ``<r>`` for markup, and misses the second of two escapes
that share an underscore. Imports xlsxwriter, so it is imported late.
"""

from xlsxwriter import Workbook
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings

from measures.transfer.texts import escaped


class _Strings(SharedStrings):
    def _write_si(self, string: str) -> None:
        text = self._escape_data(escaped(string))
        self.fh.write(f'<si><t xml:space="preserve">{text}</t></si>')


class _Packager(Packager):
    def _write_shared_strings_file(self) -> None:
        if self.workbook.str_table.count:
            strings = _Strings()
            strings.string_table = self.workbook.str_table
            strings._set_xml_writer(self._filename("xl/sharedStrings.xml"))
            strings._assemble_xml_file()


class Book(Workbook):
    def _get_packager(self) -> Packager:  # xlsxwriter's own hook for other packagers
        return _Packager()
