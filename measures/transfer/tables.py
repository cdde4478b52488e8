"""A table of plain strings, and what every file is held to, however it is opened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.text import capfirst
from django.utils.translation import gettext as _

MAX_ROWS = 5000
MAX_COLUMNS = 50
HEAD = 30  # filled rows of a sheet in which headings are looked for


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message is a sentence for people."""


def too_much_text() -> UnreadableFile:
    return UnreadableFile(_("The workbook holds too much text."))


class SheetRow(int):
    """A row of one of several sheets. As a number it is the key of the row in the whole file."""

    sheet: str
    number: int

    def __new__(cls, key: int, sheet: str, number: int):
        row = super().__new__(cls, key)
        row.sheet, row.number = sheet, number
        return row

    @property
    def words(self) -> str:
        """Where people find it: sheet “Mobility”, row 5."""
        return _("sheet “%(sheet)s”, row %(row)d") % {"sheet": self.sheet, "row": self.number}

    @property
    def heading(self) -> str:
        return capfirst(self.words)


def place(row: int) -> str:
    """Return where people find a row, in the middle of a sentence: row 5."""
    return row.words if isinstance(row, SheetRow) else _("row %(row)d") % {"row": row}


def quoted(name: str) -> str:
    return _("“%(name)s”") % {"name": name}


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows as strings; empty rows are left out, cells may be fewer than headings.

    ``rows`` stand by the numbers that a spreadsheet shows beside them, those of several sheets by
    `SheetRow`. ``sheets`` are the names of the sheets that were read and ``heading_rows`` the rows
    in which their headings stood; a CSV file is a sheet without a name. ``left_out`` are the rows
    that somebody did not want. ``sheet_column`` holds the names of the sheets, and
    ``sheet_is_field`` says that they are the action fields.
    """

    headers: tuple[str, ...]
    rows: Mapping[int, tuple[str, ...]]
    sheet_column: int | None = None
    sheet_is_field: bool = False
    sheets: tuple[str, ...] = field(default=("",), compare=False)
    heading_rows: tuple[int, ...] = field(default=(1,), compare=False)
    left_out: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as it was opened: its filled rows, of a long one only more than can be imported.

    ``fault`` is a sentence that says why nothing of it can be read.
    """

    name: str
    rows: Mapping[int, tuple[str, ...]]
    is_hidden: bool = False
    fault: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.rows and not self.fault


def filled_rows(rows: Iterable[tuple[int, Sequence[str]]]) -> dict[int, tuple[str, ...]]:
    """Return the rows that hold something by their numbers, without the empty cells at the end."""
    found: dict[int, tuple[str, ...]] = {}
    for number, cells in rows:
        if any(cell.strip() for cell in cells):
            found[number] = without_empty_end(cells)
        if len(found) > MAX_ROWS + HEAD:
            break
    return found


def without_empty_end(cells: Sequence[str]) -> tuple[str, ...]:
    filled = [place for place, cell in enumerate(cells, start=1) if cell.strip()]
    return tuple(cells[: max(filled, default=0)])
