"""From the cells of a table to checked values; every bad cell is named. Knows no database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from measures.columns import COLUMNS, Kind
from measures.transfer.columns import Columns, heading
from measures.transfer.reading import Table, TableRow
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
APART = (*NAMES, "indicator", "number")  # what a line holds beside the values of its measure
STEPS = tuple(name for name, column in COLUMNS.items() if column.kind is Kind.STEP)
ONE_LINE = frozenset({Kind.LINE, Kind.MUNICIPALITY, Kind.NUMBER})
NO_STEP = frozenset({"ka", "na", "keineangabe", "noanswer", "none", "enthaltung"})


@dataclass(frozen=True, slots=True)
class Rules:
    """What a workshop allows: characters per target, steps of the scale, words for horizons.

    ``municipalities`` has what a cell may say (as `texts.key` gives it) -> the whole name.
    """

    limits: Mapping[str, int]
    steps: int
    horizons: Mapping[str, str]
    municipalities: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that cannot be imported: the row's number, the heading and a sentence."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        return _("Row %(row)d, column “%(column)s”: %(reason)s") % {
            "row": self.row,
            "column": self.column,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Line:
    """One checked row. ``values`` holds only what the file says: an empty cell says nothing.

    ``indicator`` is the goal's. ``number`` is "12" for M12, or whatever else the file counts by.
    """

    row: int
    field: str
    goal: str
    measure: str
    values: dict[str, str | int]
    indicator: str = ""
    number: str = ""


class _Bad(ValueError):
    """The sentence that says what is wrong with a cell."""


def read_lines(table: Table, columns: Columns, rules: Rules) -> tuple[list[Line], list[Problem]]:
    """Return the rows that hold something in the imported columns, and all bad cells."""
    lines, problems = [], []
    for row in table.rows:
        values, wrong = _values(row, table.headers, columns, rules)
        values |= _dash_as_title(row, columns, values)
        number = values.pop("number", "")
        if not wrong and not any(values.values()):
            continue
        wrong = wrong or _gaps(row.number, table.headers, columns, values)
        problems += wrong
        if not wrong:
            apart = {name: values.pop(name, "") for name in (*NAMES, "indicator")}
            said = {target: value for target, value in values.items() if value}
            lines.append(Line(row.number, **apart, number=number, values=said))
    return lines, problems


def name_of(target: str, headers: tuple[str, ...], columns: Columns) -> str:
    """Return how the file calls a column, how we call it if the file has none."""
    return (target in columns and headers[columns[target]]) or heading(target)


def plain_word(text: str) -> str:
    """Return a word as lists of words hold it: "Kurz-fristig " = "kurzfristig"."""
    return "".join(letter for letter in key(text) if letter.isalnum())


def _values(row: TableRow, headers, columns: Columns, rules: Rules):
    """Return the values by target and the problems of one row."""
    values, wrong = {}, []
    for target, place in columns.items():
        try:
            values[target] = _value(target, _cell(row, place), rules)
        except _Bad as error:
            wrong.append(Problem(row.number, name_of(target, headers, columns), str(error)))
    if len(row.cells) > len(headers):  # never empty: the reading cuts empty cells off the end
        reason = _("The row has more cells than there are headings. Is a quotation mark missing?")
        wrong.append(Problem(row.number, str(len(row.cells)), reason))
    return values, wrong


def _dash_as_title(row: TableRow, columns: Columns, values) -> dict[str, str]:
    """Return the dash as the measure's title if the row tells more about it (as Ulm's does)."""
    cell = _cell(row, columns["measure"]).strip() if "measure" in columns else ""
    if cell in DASHES and _says_more(values):
        return {"measure": cell}
    return {}


def _says_more(values) -> bool:
    return any(value for target, value in values.items() if target not in APART)


def _cell(row: TableRow, place: int) -> str:
    return row.cells[place] if place < len(row.cells) else ""


def _gaps(row: int, headers, columns: Columns, values) -> list[Problem]:
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


def _value(target: str, cell: str, rules: Rules) -> str | int | None:
    if has_control_characters(cell):
        raise _Bad(_("The text contains control characters that cannot be stored."))
    kind = COLUMNS[target].kind
    text = read_cell(cell, lines=kind not in ONE_LINE)
    if is_spreadsheet_error(text):
        raise _Bad(_("The cell holds an error of the spreadsheet: %(text)s") % {"text": text})
    match kind:
        case Kind.STEP:
            return _step(text, rules.steps)
        case Kind.HORIZON:
            return _horizon(text, rules.horizons)
        case Kind.MUNICIPALITY:
            return _municipality(text, rules.municipalities)
        case Kind.NUMBER:
            return _number(text)
        case _:
            return _short_enough(text, rules.limits[target])


def _short_enough(text: str, limit: int) -> str:
    if len(text) > limit:
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
