"""From the cells of a table to checked values; every bad cell is named. Knows no database."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from measures.columns import COLUMNS, Kind
from measures.transfer.headings import Columns, heading
from measures.transfer.matching import Meanings, Words
from measures.transfer.plans import Existing, FileRow, Problem, Unknown, Value
from measures.transfer.tables import Table
from measures.transfer.texts import (
    DASHES,
    has_control_characters,
    is_spreadsheet_error,
    plain_word,
    read_cell,
)
from workshops.numerals import NotANumber, read_whole
from workshops.plain_text import name_key

NAMES = ("field", "goal", "measure")
APART = (*NAMES, "indicator", "number")  # what a row holds beside the values of its measure
STEPS = tuple(name for name, column in COLUMNS.items() if column.kind is Kind.STEP)
ONE_LINE = frozenset({Kind.LINE, Kind.MUNICIPALITY, Kind.NUMBER})
NO_STEP = frozenset({"ka", "na", "keineangabe", "noanswer", "none", "enthaltung"})


class _Bad(ValueError):
    """The sentence that says what is wrong with a cell."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The rows that hold something in the imported columns, and all bad cells.

    ``unknown`` are words that the workshop does not know; ``skipped`` counts the other rows.
    """

    rows: tuple[FileRow, ...]
    problems: tuple[Problem, ...]
    unknown: tuple[Unknown, ...]
    skipped: int


def read_rows(table: Table, columns: Columns, existing: Existing, meanings: Meanings) -> Reading:
    """Return what a file says. ``meanings`` tell of words that the workshop does not know."""
    rows: list[FileRow] = []
    problems: list[Problem] = []
    words = Words(existing, meanings)
    skipped = 0
    for place, cells in table.rows.items():
        values, wrong = _values(place, cells, columns, existing, words)
        values |= _dash_as_title(cells, columns, values)
        number = values.pop("number", "")
        surplus = len(cells) > len(table.headers)  # the reading cuts empty cells off the end
        own = (value for name, value in values.items() if columns[name] != table.sheet_column)
        if not wrong and not surplus and not any(own):
            skipped += 1
            continue
        bad = [
            Problem(place, name_of(target, table.headers, columns), reason)
            for target, reason in wrong.items()
        ]
        bad += _surplus(place, cells) if surplus else []
        # A cell that is wrong is not missing.
        bad += _gaps(place, table.headers, columns, values | dict.fromkeys(wrong, "?"))
        problems += bad
        if not bad:
            apart = {name: str(values.pop(name, "")) for name in (*NAMES, "indicator")}
            said = {target: value for target, value in values.items() if value}
            unknown = _unknown_place(cells, columns, words)
            rows.append(
                FileRow(place, **apart, number=str(number), values=said, unknown_place=unknown)
            )
    return Reading(tuple(rows), tuple(problems), words.unknown(), skipped)


def name_of(target: str, headers: tuple[str, ...], columns: Columns) -> str:
    """Return how the file calls a column, how we call it if the file has none."""
    return (target in columns and headers[columns[target]]) or heading(target)


def _values(
    place: int, cells: Sequence[str], columns: Columns, existing: Existing, words: Words
) -> tuple[dict[str, Value], dict[str, str]]:
    """Return the values of one row by target, and what is wrong with its other cells."""
    values: dict[str, Value] = {}
    wrong: dict[str, str] = {}
    for target, column in columns.items():
        try:
            values[target] = _value(target, place, _cell(cells, column), existing, words)
        except _Bad as error:
            wrong[target] = str(error)
    return values, wrong


def _dash_as_title(
    cells: Sequence[str], columns: Columns, values: Mapping[str, Value]
) -> dict[str, str]:
    """Return the dash as the measure's title if the row tells more about it (as Ulm's does)."""
    cell = _cell(cells, columns["measure"]).strip() if "measure" in columns else ""
    if cell in DASHES and _says_more(values):
        return {"measure": cell}
    return {}


def _unknown_place(cells: Sequence[str], columns: Columns, words: Words) -> str:
    if "municipality" not in columns:
        return ""
    return words.unknown_place(read_cell(_cell(cells, columns["municipality"])))


def _says_more(values: Mapping[str, Value]) -> bool:
    return any(value for target, value in values.items() if target not in APART)


def _cell(cells: Sequence[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""


def _surplus(row: int, cells: Sequence[str]) -> list[Problem]:
    reason = _("The row has more cells than there are headings. Is a quotation mark missing?")
    return [Problem(row, str(len(cells)), reason)]


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


def _value(target: str, row: int, cell: str, existing: Existing, words: Words) -> Value:
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
            return words.horizon(row, text)
        case Kind.MUNICIPALITY:
            return words.municipality(row, text)
        case Kind.NUMBER:
            return _number(text)
        case _:
            said = words.field(row, text) if target == "field" else text
            return _short_enough(said, existing.limits[target])


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


def _number(text: str) -> str:
    """Return "12" for "M12", "m 012" and "12"; other people's ways to count stay as they are."""
    match = re.fullmatch(r"m? ?0*([0-9]+)", name_key(text))
    return match[1] if match else name_key(text)
