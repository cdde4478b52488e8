"""The page that holds the budget against the ranking."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from measures.costs.fitting import Fit, Ranked
from measures.costs.loading import budget_of, costs_by_measure, fit_of, has_line
from measures.costs.sums import Money
from measures.costs.words import budget_words, change_words, end_words
from measures.overview import Overview, Row, overview_of
from workshops.models import Workshop


class Step(NamedTuple):
    """A measure on the way down the ranking; ``running`` is what all to here cost us."""

    row: Row
    own: Money
    running: Money


def budget_page(workshop: Workshop) -> dict[str, object]:
    """Return the page's context. The overview's queries and 1 more, where there is a budget."""
    overview = overview_of(workshop, goals=False)
    context: dict[str, object] = {"is_split": bool(overview.panels)}
    if not has_line(overview):
        return context
    rows = {row.measure.pk: row for row in overview.rows}
    found = fit_of(overview, costs_by_measure(workshop))
    names = names_in(overview, found)
    return context | {
        "fit": found,
        "told": budget_words(budget_of(workshop)),
        "end": end_words(found, names),
        "change": change_words(found, names),
        "steps": _steps(found, rows),
        "beyond": _rows([found.next], rows),
        "left_out": _rows([found.left_out], rows),
        "unknown": _rows(found.unknown, rows),
    }


def names_in(overview: Overview, found: Fit) -> dict[int, str]:
    """Return by the measure's id how sentences call those that they name."""
    told = {each.key for each in (found.next, found.left_out, *found.inside[-1:]) if each}
    return {
        row.measure.pk: f"{row.measure.code} {row.measure.short}"
        for row in overview.rows
        if row.measure.pk in told
    }


def _steps(found: Fit, rows: Mapping[int, Row]) -> list[Step]:
    inside = zip(found.inside, found.running, strict=True)
    return [Step(rows[each.key], each.own or Money(), running) for each, running in inside]


def _rows(ranked: Iterable[Ranked | None], rows: Mapping[int, Row]) -> list[Row]:
    return [rows[each.key] for each in ranked if each]
