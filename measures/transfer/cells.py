"""From the cells of a table to checked values; every bad cell is named. Knows no database."""

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from measures.columns import COLUMNS, Kind
from measures.transfer.headings import Columns, heading
from measures.transfer.plans import Existing, FileRow, Problem, Value
from measures.transfer.tables import Table
from measures.transfer.texts import (
    DASHES,
    has_control_characters,
    is_spreadsheet_error,
    key,
    read_cell,
)
from workshops.collation import sort_key
from workshops.numerals import NotANumber, read_whole

NAMES = ("field", "goal", "measure")
APART = (*NAMES, "indicator", "number")  # what a row holds beside the values of its measure
STEPS = tuple(name for name, column in COLUMNS.items() if column.kind is Kind.STEP)
ONE_LINE = frozenset({Kind.LINE, Kind.MUNICIPALITY, Kind.NUMBER})
NO_STEP = frozenset({"ka", "na", "keineangabe", "noanswer", "none", "enthaltung"})


class _Bad(ValueError):
    """The sentence that says what is wrong with a cell."""


def read_rows(
    table: Table, columns: Columns, existing: Existing
) -> tuple[list[FileRow], list[Problem]]:
    """Return the rows that hold something in the imported columns, and all bad cells."""
    rows: list[FileRow] = []
    problems: list[Problem] = []
    for place, cells in table.rows.items():
        values, wrong = _values(place, cells, table.headers, columns, existing)
        values |= _dash_as_title(cells, columns, values)
        number = values.pop("number", "")
        own = (value for name, value in values.items() if columns[name] != table.sheet_column)
        if not wrong and not any(own):
            continue
        wrong = wrong or _gaps(place, table.headers, columns, values)
        problems += wrong
        if not wrong:
            apart = {name: str(values.pop(name, "")) for name in (*NAMES, "indicator")}
            said = {target: value for target, value in values.items() if value}
            rows.append(FileRow(place, **apart, number=str(number), values=said))
    return rows, problems


def name_of(target: str, headers: tuple[str, ...], columns: Columns) -> str:
    """Return how the file calls a column, how we call it if the file has none."""
    return (target in columns and headers[columns[target]]) or heading(target)


def plain_word(text: str) -> str:
    """Return a word as lists of words hold it: "Kurz-fristig " = "kurzfristig"."""
    return "".join(letter for letter in key(text) if letter.isalnum())


def _values(
    place: int,
    cells: Sequence[str],
    headers: tuple[str, ...],
    columns: Columns,
    existing: Existing,
) -> tuple[dict[str, Value], list[Problem]]:
    """Return the values by target and the problems of one row."""
    values: dict[str, Value] = {}
    wrong: list[Problem] = []
    for target, column in columns.items():
        try:
            values[target] = _value(target, _cell(cells, column), existing)
        except _Bad as error:
            wrong.append(Problem(place, name_of(target, headers, columns), str(error)))
    if len(cells) > len(headers):  # never empty: the reading cuts empty cells off the end
        reason = _("The row has more cells than there are headings. Is a quotation mark missing?")
        wrong.append(Problem(place, str(len(cells)), reason))
    return values, wrong


def _dash_as_title(
    cells: Sequence[str], columns: Columns, values: Mapping[str, Value]
) -> dict[str, str]:
    """Return the dash as the measure's title if the row tells more about it (as Ulm's does)."""
    cell = _cell(cells, columns["measure"]).strip() if "measure" in columns else ""
    if cell in DASHES and _says_more(values):
        return {"measure": cell}
    return {}


def _says_more(values: Mapping[str, Value]) -> bool:
    return any(value for target, value in values.items() if target not in APART)


def _cell(cells: Sequence[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""


def _gaps(
    row: int, headers: tuple[str, ...], columns: Columns, values: Mapping[str, Value]
) -> list[Problem]:
    """Return what a row lacks although its cells are fine."""
    name = name_of("field", headers, columns)
    if not values.get("field"):
        return [Problem(row, name, _("The action field is missing."))]
    if values.get("indicator") and not values.get("goal"):
        name = name_of("indicator", headers, columns)
        return [Problem(row, name, _("The goal is missing to which the indicator belongs."))]
    if values.get("measure"):
        return []
    name = name_of("measure" if "measure" in columns else "goal", headers, columns)
    if _says_more(values):
        return [Problem(row, name, _("The measure is missing to which the rest belongs."))]
    if not values.get("goal"):
        return [Problem(row, name, _("The row has an action field, but no goal and no measure."))]
    return []


def _value(target: str, cell: str, existing: Existing) -> Value:
    if has_control_characters(cell):
        raise _Bad(_("The text contains control characters that cannot be stored."))
    kind = COLUMNS[target].kind
    text = read_cell(cell, lines=kind not in ONE_LINE)
    if is_spreadsheet_error(text):
        raise _Bad(_("The cell holds an error of the spreadsheet: %(text)s") % {"text": text})
    match kind:
        case Kind.STEP:
            return _step(text, existing.steps)
        case Kind.HORIZON:
            return _horizon(text, existing.horizons)
        case Kind.MUNICIPALITY:
            return _municipality(text, existing.municipalities)
        case Kind.NUMBER:
            return _number(text)
        case _:
            return _short_enough(text, existing.limits[target])


def _short_enough(text: str, limit: int | None) -> str:
    if limit is not None and len(text) > limit:
        raise _Bad(
            _("The text is too long: %(length)d characters, at most %(limit)d fit.")
            % {"length": len(text), "limit": limit}
        )
    return text


def _step(text: str, steps: int) -> int | None:
    if not text or plain_word(text) in NO_STEP:
        return None
    try:
        step = read_whole(text)
    except NotANumber:
        step = None
    if step in range(1, steps + 1):
        return step
    raise _Bad(
        _("“%(text)s” is no step of the scale. Possible are the whole numbers from 1 to %(steps)d.")
        % {"text": text[:40], "steps": steps}
    )


def _horizon(text: str, horizons: Mapping[str, str]) -> str:
    word = plain_word(text)
    if text and word not in horizons:
        raise _Bad(
            _("“%(text)s” is no implementation time. Possible are short, medium, long and unknown.")
            % {"text": text[:40]}
        )
    return horizons[word] if text else ""


def _municipality(text: str, municipalities: Mapping[str, str]) -> str:
    if text and key(text) not in municipalities:
        names = sorted({*municipalities.values()}, key=sort_key)
        raise _Bad(
            _("“%(text)s” is no municipality of the workshop. Possible are: %(all)s.")
            % {"text": text[:140], "all": ", ".join(names) or "–"}
        )
    return municipalities[key(text)] if text else ""


def _number(text: str) -> str:
    """Return "12" for "M12", "m 012" and "12"; other people's ways to count stay as they are."""
    match = re.fullmatch(r"m? ?0*([0-9]+)", key(text))
    return match[1] if match else key(text)
