"""How sure the ranking of a workshop is: from its ballots to figures that a page can show.

These are the heavy figures. They are made when somebody asks for them, once per state of the data,
never when somebody rates.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import get_language

from measures.by_group import standing_keys
from measures.overview import Overview
from measures.prioritisation import Quadrant
from measures.results.kept import at_hand, heavy_from, once
from measures.shown import are_final, known_shown, once_shown
from measures.standing import total
from measures.tallies import answers_of, counted_sheets_of

if TYPE_CHECKING:
    import numpy as np

    from measures.stability import Comparison, Lead, RankRange, Region

KIND = "stability"  # under which it is kept
LEVEL = 0.9  # of the draws lie in every range and region
TOP = 5
CORNERS = 16  # of a region: more would only make pages with hundreds of them heavy
MARKED_TOP = 10  # whose changes the weight slider marks
T = TypeVar("T")
Points = dict[int, tuple[float, float]]
Paper = tuple[list[tuple[int, ...]], list[tuple[int, ...]]]  # counts of both criteria


@dataclass(frozen=True, slots=True)
class Sureness:
    """How sure one measure's place is.

    Of the draws, ``drawn`` are its ranks, ``quadrants`` its shares by quadrant, ``region`` is where
    its point lies; all are empty where they would say nothing. ``ranks`` are those from the best to
    the worst over all weights, ``first`` and ``top`` the shares of all weights at which it is the
    first or among the best five. ``above`` is the lead that its next better measure has over it,
    ``below`` its own over the next worse one, None at the ends of the ranking; ``open_against``
    holds the ids of all measures whose order with it is open, best first.
    """

    drawn: RankRange
    quadrants: dict[Quadrant, float]
    region: Region | None
    ranks: range
    first: float
    top: float
    above: Lead | None
    below: Lead | None
    open_against: tuple[int, ...]
    on_front: bool
    turns_by_half_step: bool

    @property
    def low(self) -> int | None:
        return self.drawn.low

    @property
    def high(self) -> int | None:
        return self.drawn.high

    @property
    def best(self) -> int:
        return self.ranks[0]

    @property
    def worst(self) -> int:
        return self.ranks[-1]

    def share_outside(self, quadrant: Quadrant) -> float:
        """Return the share of draws that put it into another quadrant."""
        return max(0.0, 1 - self.quadrants.get(quadrant, 0.0)) if self.quadrants else 0.0


@dataclass(frozen=True, slots=True)
class Stability:
    """The figures of one overview by the measure's id, and those of the ranking as a whole.

    ``same_top`` is the share of draws with the same best five, None where it says nothing;
    ``top_changes`` are the weights at which the best ten change. ``raters`` counts ballots with a
    judgement, those typed in from paper among them; ``has_piles``: of other sheets only counts are
    known. Unless it ``varies``, drawn from a single ballot say, all draws are the same: then no
    measure has a range or is compared with another.
    """

    measures: dict[int, Sureness]
    same_top: float | None
    top_changes: tuple[float, ...]
    raters: int
    has_piles: bool
    draws: int
    varies: bool


def stability_of(overview: Overview) -> Stability:
    """Return the stability of the overview's ranking at its weight. 5 queries when made anew.

    Computed once for the same ratings: a remark, a decision or another title changes the workshop's
    data, but nothing here.
    """
    if not are_final(overview.rounds):
        return once(KIND, overview.workshop, _chosen(overview), lambda: _stability_of(overview))
    rests_on = _rests_on(overview)
    return once_shown(KIND, overview.rounds, rests_on, lambda: _stability_of(overview))


def stability_at_hand(overview: Overview) -> Stability | None:
    """Return the same if somebody has asked for it in this process, else None. No query."""
    if not are_final(overview.rounds):
        found = at_hand(KIND, overview.workshop, _chosen(overview))
    else:
        found = known_shown(KIND, overview.rounds, _rests_on(overview))
    return found if isinstance(found, Stability) else None


def told_once(kind: str, overview: Overview, make: Callable[[], T]) -> T:
    """Return what ``make`` says of the overview's stability, made once for it in a language."""
    return once_shown(kind, overview.rounds, (get_language(), *_rests_on(overview)), make)


def _rests_on(overview: Overview) -> tuple[Hashable, ...]:
    """Return all that the figures follow from, beside the rounds' ratings."""
    ranked = sorted(
        (row.measure.number, row.measure.pk, row.round, row.is_broad)
        for row in overview.rows
        if row.result.rank
    )
    return overview.round, overview.scale, overview.weight, overview.thresholds, *ranked


def _chosen(overview: Overview) -> dict[str, float | str]:
    panel = "-".join(map(str, overview.panel or ()))
    return {"weight": overview.weight, "round": overview.round or 0, "panel": panel}


def _stability_of(overview: Overview) -> Stability:
    points = ranked_points(overview)
    relevance, feasibility, strata = _arrays(overview, list(points))
    paper = _paper(overview, list(points)) if points else None
    broad = frozenset(row.measure.pk for row in overview.rows if row.is_broad)
    frame = (
        overview.scale,
        overview.weight,
        overview.thresholds,
        points,
        paper,
        relevance.shape,
        strata,
    )
    content = repr((*frame, sorted(broad))).encode() + relevance.tobytes() + feasibility.tobytes()
    return heavy_from(
        "stability",
        content,
        lambda: _computed(overview, points, relevance, feasibility, strata, paper, broad),
    )


def _computed(
    overview: Overview,
    points: Points,
    relevance: np.ndarray,
    feasibility: np.ndarray,
    strata: Sequence[int],
    paper: Paper | None,
    broad: frozenset[int],
) -> Stability:
    """Compute the figures; arrays and piles of paper come in the order of ``points``.

    ``strata`` holds the round of each rater's row: people are drawn within their round. ``broad``
    are the ids of measures that enough people judged for ranges, areas and leads: drawn from a few,
    these would tell the few answers behind them.
    """
    # Loads numpy, which a worker that serves ordinary pages should never do.
    from measures.stability import (
        Comparison,
        RankRange,
        acceptability,
        compare_measures,
        draw_rooms,
        drawn_ranges,
        half_step_quadrants,
        pareto_front,
        quadrant_shares,
        ranks_over_weights,
        regions,
        same_top,
        top_changes,
    )

    ids = list(points)
    scale, weight, limits = overview.scale, overview.weight, overview.thresholds
    rooms = draw_rooms(
        relevance, feasibility, paper=paper, strata=strata, scale=scale, weight=weight
    )
    compared = compare_measures(
        relevance, feasibility, paper=paper, strata=strata, scale=scale, weight=weight
    )
    drawn, areas = drawn_ranges(rooms, LEVEL), regions(rooms, LEVEL)
    quadrants = quadrant_shares(rooms, scale=scale, thresholds=limits)
    ranks, shares = ranks_over_weights(points), acceptability(points)
    front = pareto_front(points)
    turning = half_step_quadrants(points, scale=scale, thresholds=limits)
    told = broad if rooms.varies else frozenset()
    measures = {}
    for column, pk in enumerate(ids):
        is_told = pk in told
        comparison = _named(compared[column], ids) if is_told else Comparison()
        measures[pk] = Sureness(
            drawn=drawn[column] if is_told else RankRange(None, None),
            quadrants=quadrants[column] if is_told else {},
            region=areas[column] if is_told else None,
            ranks=ranks[pk],
            first=shares[pk][0],
            top=sum(shares[pk][:TOP]),
            above=comparison.above,
            below=comparison.below,
            open_against=comparison.open_against,
            on_front=pk in front,
            turns_by_half_step=pk in turning,
        )
    return Stability(
        measures=measures,
        same_top=same_top(rooms, TOP) if rooms.varies and len(ids) > TOP else None,
        top_changes=top_changes(points, size=MARKED_TOP),
        raters=rooms.raters,
        has_piles=paper is not None and any(map(any, (*paper[0], *paper[1]))),
        draws=rooms.draws,
        varies=rooms.varies,
    )


def _named(comparison: Comparison, ids: list[int]) -> Comparison:
    """Return the comparison with ids in the place of columns."""
    above, below = (
        lead and replace(lead, ahead=ids[lead.ahead], behind=ids[lead.behind])
        for lead in (comparison.above, comparison.below)
    )
    return replace(
        comparison,
        above=above,
        below=below,
        open_against=tuple(ids[column] for column in comparison.open_against),
    )


def ranked_points(overview: Overview) -> Points:
    """Return the means of every ranked measure, in the order of their numbers.

    Not in the ranking's, so that the same draws are made whatever the weight. A measure without
    figures has no point.
    """
    ranked = sorted(
        (row for row in overview.rows if row.result.rank), key=lambda r: r.measure.number
    )
    return {row.measure.pk: point for row in ranked if (point := row.result.point)}


def regions_of(overview: Overview) -> dict[int, tuple[tuple[float, float], ...]]:
    """Return the outlines, in (relevance, feasibility), of where a point lies in 90 % of draws."""
    measures = stability_of(overview).measures
    return {
        pk: each.region.outline(overview.scale, CORNERS)
        for pk, each in measures.items()
        if each.region
    }


def _arrays(overview: Overview, ids: list[int]) -> tuple[np.ndarray, np.ndarray, tuple[int, ...]]:
    """Return relevance and feasibility as arrays raters x measures, NaN = not judged, and strata.

    A row stands for one person in one round.
    """
    import numpy as np

    columns = {pk: column for column, pk in enumerate(ids)}
    keys = [key for pk, key in standing_keys(overview).items() if pk in columns]
    rows: dict[tuple[int, int], int] = {}  # by round and ballot
    cells = [
        (
            rows.setdefault((each.key[0], each.ballot), len(rows)),
            columns[each.key[1]],
            each.relevance,
            each.feasibility,
        )
        for each in answers_of(keys)
    ]
    arrays = np.full((2, len(rows), len(ids)), np.nan)
    if cells:
        places = [np.array(each, int) for each in list(zip(*cells, strict=True))[:2]]
        for criterion in (0, 1):
            arrays[criterion, places[0], places[1]] = np.array(
                [c[2 + criterion] for c in cells], float
            )
    return arrays[0], arrays[1], tuple(round for round, _ballot in rows)


def _paper(overview: Overview, ids: list[int]) -> Paper:
    """Return the sheets of which only counts are known; those typed in whole are raters' rows."""
    steps = overview.workshop.steps
    found, keys = counted_sheets_of(overview.rounds, steps), standing_keys(overview)
    piles = [found.get(keys[pk], total((), steps)) for pk in ids]
    return [pile.relevance for pile in piles], [pile.feasibility for pile in piles]
