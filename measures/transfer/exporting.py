"""The prioritised list as CSV and XLSX; the first columns come back in through the import.

CSV is UTF-8 with BOM, semicolons and decimal commas whatever the language of the page: that is
what Excel on a German desk opens right by a double click ("4.5" would become the 4th of May). Below
zero stands the hyphen of the keyboard, because a spreadsheet takes the true minus sign for text.
"""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fields.models import Goal
from measures.assessment.holding import assessed
from measures.columns import CONTENT, MAIN, PROFILE
from measures.decided import DecidedWording, decided_wordings
from measures.models import Assessment
from measures.overview import Overview, Row
from measures.prioritisation import PrioritisedMeasure
from measures.rounding import decimals, score_digits
from measures.transfer import proof
from measures.transfer.headings import heading
from measures.transfer.proof import Cell, Leaf
from measures.transfer.texts import guard, guard_ambiguous
from workshops.models import Municipality

_WIDTHS = {str: 24, int: 8, float: 10, Decimal: 16}
_WIDE = {
    "goal": 40,
    "indicator": 40,
    "indicators": 60,
    "measure": 40,
    "description": 60,
    "wording": 60,
    "field": 24,
    "assessed_reason": 40,
}


def rows(overview: Overview) -> tuple[list[str], list[list[Cell]]]:
    """Return headings in the current language and one row per measure, in ranking order.

    Goals without measures follow, so that no goal is lost. Needs an overview with profiles, takes
    seven queries more. Numbers are not rounded; the files show as many decimals as the pages do.
    A decided wording stands in them once it is published, whoever takes the file.
    """
    in_order = Goal.objects.in_workshop(overview.workshop).standing().select_related("field")
    goals = {goal.pk: goal for goal in in_order.order_by("field__order", "field", "order", "pk")}
    of_measures = Municipality.objects.filter(measures__workshop=overview.workshop).distinct()
    municipalities = {municipality.pk: str(municipality) for municipality in of_measures}
    used = {row.measure.goal_id for row in overview.rows}
    wordings, held = decided_wordings(overview.workshop), assessed(overview.workshop)
    proved = proof.cells_by_measure(overview.workshop)
    cells = [
        _measure_cells(
            overview,
            row,
            goals,
            municipalities,
            wordings.get(row.measure.pk),
            held.get(row.measure.pk),
        )
        + [_plain(proved.get(row.measure.pk, {}).get(name)) for name in proof.headings()]
        for row in overview.rows
    ]
    nothing: list[Cell] = [None] * len(proof.headings())
    cells += [_goal_cells(goal) + nothing for pk, goal in goals.items() if pk not in used]
    return [*_headings(), *proof.headings().values()], cells


def to_csv(headers: list[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return the bytes of a CSV file in which no text is evaluated by a spreadsheet.

    Every cell is quoted: spreadsheets that split at commas as well must not find a formula
    behind a comma.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow([guard(header) for header in headers])
    digits = _digits(headers, rows)
    writer.writerows(map(_csv_cell, row, digits) for row in rows)
    return file.getvalue().encode("utf-8-sig")


def to_xlsx(headers: list[str], rows: list[list[Cell]], leaves: Sequence[Leaf] = ()) -> bytes:
    """Return the bytes of a workbook in which every text is a text and every number a number.

    ``leaves`` are further sheets behind the list.
    """
    # Only when a file is written: xlsxwriter has no place on the way to typing.
    from measures.transfer.book_out import Book

    file = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Book(file, options) as book:
        known = [_WIDE.get(name) for name in (*_keys(), *proof.headings())]
        _write_leaf(book, Leaf(_("Measures"), headers, rows), known)
        for leaf in leaves:
            _write_leaf(book, leaf, [None] * len(leaf.headings))
    return file.getvalue()


def _write_leaf(book, leaf: Leaf, widths: Sequence[int | None]) -> None:
    """Write a sheet; a column without a width of its own goes by what stands in it."""
    sheet = book.add_worksheet(leaf.name)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    whole = book.add_format({"valign": "top"})
    euros = book.add_format({"num_format": "#,##0.00", "valign": "top"})
    decimal = {
        count: book.add_format({"num_format": f"0.{'0' * count}", "valign": "top"})
        for count in (2, 3, 4)
    }
    columns = [
        {str: text, int: whole, float: decimal[digits], Decimal: euros}
        for digits in _digits(leaf.headings, leaf.rows)
    ]
    for column, header in enumerate(leaf.headings):
        sheet.set_column(column, column, widths[column] or _width(column, leaf.rows))
        sheet.write_string(0, column, header, bold)
    for place, row in enumerate(leaf.rows, start=1):
        for column, cell in enumerate(row):
            _write(sheet, place, column, cell, columns[column])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(leaf.rows), len(leaf.headings) - 1)


def _keys() -> tuple[str, ...]:
    main = [column.name for column in MAIN if column.name != "number"]
    main.insert(main.index("description") + 1, "wording")  # beside how it was proposed
    profile = (column.name for column in PROFILE)
    return ("rank", "number", *main, *_results(), *_assessments(), *profile)


def _results() -> dict[str, str]:
    """Return the headings of the computed columns, which the import leaves out."""
    return {
        "round": _("Round of rating"),
        "n": _("Ratings (n)"),
        "relevance_mean": _("Relevance: mean"),
        "relevance_median": _("Relevance: median"),
        "relevance_agreement": _("Relevance: agreement"),
        "feasibility_mean": _("Feasibility: mean"),
        "feasibility_median": _("Feasibility: median"),
        "feasibility_agreement": _("Feasibility: agreement"),
        "score": _("Score"),
        "quadrant": _("Quadrant"),
    }


def _assessments() -> dict[str, str]:
    """Return the headings of what the administration holds, which the import leaves out, too."""
    return {
        "assessed_relevance": _("Administration: relevance"),
        "assessed_feasibility": _("Administration: feasibility"),
        "assessed_reason": _("Administration: reason"),
        "assessed_by": _("Administration: assessed by"),
        "assessed_on": _("Administration: assessed on"),
    }


def _headings() -> list[str]:
    own = {"rank": _("Rank"), "wording": _("Decided wording")} | _results() | _assessments()
    return [own.get(name) or heading(name) for name in _keys()]


def _measure_cells(
    overview: Overview,
    row: Row,
    goals: dict[int, Goal],
    municipalities: dict[int, str],
    wording: DecidedWording | None,
    entry: Assessment | None,
) -> list[Cell]:
    measure, (relevance, feasibility) = row.measure, row.consensus
    goal = None if measure.goal_id is None else goals.get(measure.goal_id)
    seat = measure.municipality_id
    values: dict[str, Cell] = {
        "rank": row.result.rank,
        "number": measure.code,
        "field": row.field_name,
        "goal": row.goal_text,
        "indicator": goal.indicator if goal else "",
        "measure": measure.title,
        "municipality": "" if seat is None else municipalities.get(seat, ""),
        "relevance": relevance,
        "feasibility": feasibility,
        "round": row.round,
        **_result(row.result, overview.quadrant_names),
        **{each.name: each.words(getattr(measure, each.attribute)) for each in CONTENT},
        "wording": wording.text if wording else "",
        **(_assessment(entry) if entry else {}),
    }
    return [_plain(values.get(name)) for name in _keys()]


def _goal_cells(goal: Goal) -> list[Cell]:
    values = {"field": goal.field.name, "goal": goal.text, "indicator": goal.indicator}
    return [_plain(values.get(name)) for name in _keys()]


def _result(result: PrioritisedMeasure, quadrant_names: dict[str, str]) -> dict[str, Cell]:
    values: dict[str, Cell] = {"n": result.n or None, "score": result.score}
    values["quadrant"] = quadrant_names[result.quadrant] if result.quadrant else None
    for criterion in ("relevance", "feasibility"):
        spread = getattr(result, criterion)
        for figure in ("mean", "median", "agreement"):
            value = getattr(spread, figure)
            # A median may be a whole number; the column still is one of decimals.
            values[f"{criterion}_{figure}"] = None if value is None else float(value)
    return values


def _assessment(entry: Assessment) -> dict[str, Cell]:
    return {
        "assessed_relevance": entry.relevance,
        "assessed_feasibility": entry.feasibility,
        "assessed_reason": entry.reason,
        "assessed_by": entry.office,
        "assessed_on": date_format(entry.day, "SHORT_DATE_FORMAT"),
    }


def _plain(cell: Cell) -> Cell:
    """Return texts with one kind of line end (forms send two characters) and no lazy strings."""
    if cell is None or isinstance(cell, int | float | Decimal):
        return cell
    return str(cell).replace("\r\n", "\n")


def _digits(headers: list[str], rows: Sequence[Sequence[Cell]]) -> list[int]:
    """Return how many decimals each column shows: only scores may need more than two."""
    place = _keys().index("score")
    cells = (row[place] for row in rows if len(row) > place)
    scores = [cell for cell in cells if isinstance(cell, float)]
    return [score_digits(scores) if column == place else 2 for column in range(len(headers))]


def _csv_cell(cell: Cell, digits: int) -> str:
    match cell:
        case None:
            return ""
        case float():
            return decimals(cell, digits).replace(".", ",")
        case Decimal():
            return str(cell).replace(".", ",")
        case int():
            return str(cell)
        case _:
            return guard(cell)


def _write(sheet, row: int, column: int, cell: Cell, formats: dict) -> None:
    match cell:
        case None | "":
            pass
        case Decimal():
            sheet.write_number(row, column, cell, formats[Decimal])
        case int() | float():
            if decimals(cell) == "0.00":
                cell = type(cell)(0)  # or a spreadsheet shows -0.00 for what lies just below
            sheet.write_number(row, column, cell, formats[type(cell)])
        case _:
            sheet.write_string(row, column, guard_ambiguous(cell), formats[str])


def _width(column: int, rows: list[list[Cell]]) -> int:
    kinds = {type(row[column]) for row in rows} - {type(None)}
    return max((_WIDTHS[kind] for kind in kinds), default=10)
