"""Which sheets of a file are read, where their headings stand, and how they make one table."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

from django.utils.translation import gettext as _

from measures.transfer.headings import Columns, guess, plain
from measures.transfer.row_list import Rows, holds, missing
from measures.transfer.tables import (
    HEAD,
    MAX_COLUMNS,
    MAX_ROWS,
    Sheet,
    SheetRow,
    Table,
    UnreadableFile,
    quoted,
    without_empty_end,
)

_KEYS = 10_000_000  # of rows per sheet; no spreadsheet has as many


def table_of(
    sheets: Sequence[Sheet],
    names: Sequence[str] = (),
    heading_row: int | None = None,
    left_out: Rows = (),
) -> Table:
    """Return the table that the named sheets make, without names those that fit best.

    ``heading_row`` is the row of the headings, found by itself if None; ``left_out`` are rows below
    it. Raises UnreadableFile for names and rows that are not there, and when the sheets are empty,
    too long or too wide.
    """
    read = _named(sheets, names) if names else usual(sheets)
    for sheet in read:
        if sheet.fault:
            raise UnreadableFile(sheet.fault)
    rows = [heading_row or find_heading_row(sheet) for sheet in read]
    for sheet, row in zip(read, rows, strict=True):
        if row not in sheet.rows:
            raise UnreadableFile(
                _("Row %(row)d is empty. In which row do the headings stand?") % {"row": row}
            )
    has_others = sum(not sheet.is_empty and not sheet.is_hidden for sheet in sheets) > 1
    table = _joined(read, rows, offers_names=has_others, is_chosen=bool(names))
    return _without(table, left_out) if left_out else table


def usual(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Return the sheets that are read unless somebody chooses; hidden ones never are.

    The first that has a field and a measure or goal decides, else the first that has a measure or
    goal; those with the same columns are read with it. Else it is the first one.
    """
    shown = [sheet for sheet in sheets if not sheet.is_empty and not sheet.is_hidden]
    if not shown:
        raise UnreadableFile(_nothing_in(sheets))
    sound = [sheet for sheet in shown if not sheet.fault]
    headings = {sheet.name: sheet.rows[find_heading_row(sheet)] for sheet in sound}
    known = {name: guess(cells) for name, cells in headings.items()}
    for columns in known.values():
        if is_enough(columns):
            return [sheet for sheet in sound if known[sheet.name].keys() == columns.keys()]
    spelled = {name: {*map(plain, cells)} for name, cells in headings.items()}
    for name, columns in known.items():
        if _has_content(columns):
            return [sheet for sheet in sound if spelled[sheet.name] == spelled[name]]
    return (sound or shown)[:1]


def find_heading_row(sheet: Sheet) -> int:
    """Return the row whose cells are best recognised as headings, else the first filled one."""
    head = list(islice(sheet.rows.items(), HEAD))
    best, most = head[0][0], 0
    for number, cells in head:
        known = guess(cells)
        if _has_content(known) and len(known) > max(most, 1):
            best, most = number, len(known)
    return best


def is_enough(known: Columns) -> bool:
    """Tell whether the columns say what an import needs: a field, and a goal or a measure."""
    return "field" in known and _has_content(known)


def _has_content(known: Columns) -> bool:
    return not {"goal", "measure"}.isdisjoint(known)


def _nothing_in(sheets: Sequence[Sheet]) -> str:
    hidden = [sheet.name for sheet in sheets if not sheet.is_empty and sheet.is_hidden]
    if not hidden:
        return _("The file is empty.")
    return _(
        "The sheets that can be seen are empty. Hidden ones are not read: %(names)s. Show them in"
        " your spreadsheet first."
    ) % {"names": ", ".join(map(quoted, hidden))}


def _named(sheets: Sequence[Sheet], names: Sequence[str]) -> list[Sheet]:
    known = {sheet.name: sheet for sheet in sheets if not sheet.is_empty}
    if known.keys() == {""}:
        raise UnreadableFile(_("Only a workbook has sheets, not a text file."))
    for name in names:
        if name not in known:
            raise UnreadableFile(
                _("There is no sheet “%(name)s” with anything in it. There are: %(all)s.")
                % {"name": name, "all": ", ".join(map(quoted, known)) or "–"}
            )
    return [sheet for name, sheet in known.items() if name in names]


def _joined(
    read: Sequence[Sheet], heading_rows: Sequence[int], *, offers_names: bool, is_chosen: bool
) -> Table:
    """Return the table of all rows below the headings.

    Where no heading says which column is the field, a last one holds the names of the sheets.
    """
    headers, columns = _common_headings(
        [sheet.rows[row] for sheet, row in zip(read, heading_rows, strict=True)]
    )
    if len(headers) > MAX_COLUMNS:
        raise UnreadableFile(
            _("The file has more than %(limit)d columns.") % {"limit": MAX_COLUMNS}
        )
    by_name = offers_names and "field" not in guess(headers)
    if by_name:
        headers.append(_("Name of the sheet"))
    rows: dict[int, tuple[str, ...]] = {}
    for index, (sheet, heading_row) in enumerate(zip(read, heading_rows, strict=True)):
        for number, cells in sheet.rows.items():
            if number > heading_row:
                row = SheetRow(index * _KEYS + number, sheet.name, number)
                name = sheet.name if by_name else ""
                rows[row if len(read) > 1 else number] = _placed(
                    cells, columns[index], len(headers), name
                )
    if len(rows) > MAX_ROWS:
        raise UnreadableFile(_("The file has more than %(limit)d rows.") % {"limit": MAX_ROWS})
    if not rows:
        raise UnreadableFile(_("The file has headings only, no row below them."))
    return Table(
        tuple(headers),
        rows,
        sheet_column=len(headers) - 1 if by_name else None,
        sheet_is_field=by_name and (is_chosen or len(read) > 1),
        sheets=tuple(sheet.name for sheet in read),
        heading_rows=tuple(heading_rows),
    )


def _without(table: Table, left_out: Rows) -> Table:
    numbers = {row: row.number if isinstance(row, SheetRow) else row for row in table.rows}
    if nowhere := missing(left_out, numbers.values()):
        raise UnreadableFile(
            _("Below the headings there is no row %(rows)s to be left out.") % {"rows": nowhere}
        )
    gone = tuple(row for row, number in numbers.items() if holds(left_out, number))
    if len(gone) == len(numbers):
        raise UnreadableFile(_("All rows below the headings are left out."))
    rows = {row: table.rows[row] for row in numbers if not holds(left_out, numbers[row])}
    return replace(table, rows=rows, left_out=gone)


def _common_headings(rows: Iterable[Sequence[str]]) -> tuple[list[str], list[list[int]]]:
    """Return the headings of all rows, the same one once, and for each row where they are."""
    headers: list[str] = []
    known: dict[tuple[str, int], int] = {}  # heading and which of several like it -> column
    columns = []
    for cells in rows:
        seen: Counter[str] = Counter()
        own = []
        for cell in cells:
            each = plain(cell), seen[plain(cell)]
            seen[plain(cell)] += 1
            if each not in known:
                known[each] = len(headers)
                headers.append(cell.strip())
            own.append(known[each])
        columns.append(own)
    return headers, columns


def _placed(cells: Sequence[str], columns: Sequence[int], width: int, name: str) -> tuple[str, ...]:
    """Return the cells in the table's columns; what stands beyond the headings stays there."""
    placed = [""] * width
    for column, cell in zip(columns, cells, strict=False):
        placed[column] = cell
    if name:
        placed[-1] = name
    return without_empty_end([*placed, *cells[len(columns) :]])
