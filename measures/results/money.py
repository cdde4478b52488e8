"""Where the budget ends in the ranking that the dashboard shows."""

from __future__ import annotations

from typing import NamedTuple

from measures.costs.loading import costs_by_measure, fit_of, has_line
from measures.costs.page import names_in
from measures.costs.words import change_words, end_words, unknown_words
from measures.results.dashboard import Dashboard


class Line(NamedTuple):
    """The line comes before the first of ``beyond``, the ids of all that stand below it."""

    beyond: frozenset[int]
    told: str


def line_of(board: Dashboard) -> Line | None:
    """Hold the budget against the ranking at this weight; None where there is nothing to be held.

    1 query where the workshop states a budget, none elsewhere. Not against the ranking of a group
    or a table: the money is there for all measures.
    """
    overview = board.overview
    if board.lens.is_of_group or not has_line(overview):
        return None
    found = fit_of(overview, costs_by_measure(board.workshop))
    names = names_in(overview, found)
    told = (end_words(found, names), change_words(found, names), unknown_words(found))
    ranked = [row.measure.pk for row in overview.rows if row.result.rank]
    below = ranked[ranked.index(found.next.key) :] if found.next else []
    return Line(frozenset(below), " ".join(filter(None, told)))
