"""How sure the ranking of a workshop is: from its ballots to figures that a page can show.

These are the heavy figures. They are made when somebody asks for them, once per state of the data,
never when somebody rates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from measures.overview import Overview
from measures.prioritisation import Quadrant, Tally
from measures.rating.standing import Piles
from measures.rating.tallies import answers_of, piles_of
from measures.results.groups import standing_keys
from measures.results.kept import heavy_from, once

if TYPE_CHECKING:
    import numpy as np

    from measures.stability import RankProfile, Region, Resampled

LEVEL = 0.9  # of the resampled rooms lie in every range and region
TOP = 5
CORNERS = 16  # of a region: more would only make pages with hundreds of them heavy
MARKED_TOP = 10  # whose changes the weight slider marks
Points = dict[int, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Sureness:
    """How sure one measure's place is.

    ``room`` is what became of it in the resampled rooms; ``best`` to ``worst`` are the ranks it
    shows over all weights, ``first`` and ``top`` the shares of all weights at which it is the
    first or among the best five. ``alike`` holds the ids of measures that it cannot be told apart
    from.
    """

    room: Resampled
    best: int
    worst: int
    first: float
    top: float
    alike: tuple[int, ...]
    on_front: bool
    turns_by_half_step: bool

    @property
    def low(self) -> int | None:
        return self.room.rank_low

    @property
    def high(self) -> int | None:
        return self.room.rank_high

    def share_outside(self, quadrant: Quadrant) -> float:
        """Return the share of resampled rooms that put it into another quadrant."""
        if not self.room.quadrant_shares:
            return 0.0
        return max(0.0, 1 - self.room.quadrant_shares.get(quadrant, 0.0))


@dataclass(frozen=True, slots=True)
class Stability:
    """The figures of one overview by the measure's id, and those of the ranking as a whole.

    ``same_top`` is the share of resampled rooms with the same best five, None where it says
    nothing; ``top_changes`` are the weights at which the best ten change. ``raters`` counts ballots
    with a judgement. Drawn from one ballot all rooms are the same: then no measure has a range.
    """

    measures: dict[int, Sureness]
    same_top: float | None
    top_changes: tuple[float, ...]
    raters: int
    draws: int


def stability_of(view: Overview) -> Stability:
    """Return the stability of the overview's ranking at its weight. 5 queries when made anew.

    Computed once for the same ratings: a remark or a decision changes the workshop's data, but
    nothing here.
    """
    chosen = {"weight": view.weight, "round": view.round or 0}
    return once("stability", view.workshop, chosen, lambda: _stability_of(view))


def _stability_of(view: Overview) -> Stability:
    points = ranked_points(view)
    relevance, feasibility = _arrays(view, list(points))
    paper = _paper(view, list(points)) if points else None
    frame = (view.scale, view.weight, view.thresholds, points, paper, relevance.shape)
    content = repr(frame).encode() + relevance.tobytes() + feasibility.tobytes()
    ratings = Ratings(points, relevance, feasibility, paper)
    return heavy_from("stability", content, lambda: _computed(view, ratings))


class Ratings(NamedTuple):
    """What the figures are computed from; arrays and piles in the order of ``points``."""

    points: Points
    relevance: np.ndarray
    feasibility: np.ndarray
    paper: tuple[list, list] | None


def _computed(view: Overview, ratings: Ratings) -> Stability:
    # Loads numpy, which a worker that serves ordinary pages should never do.
    from measures.stability import (
        Resampled,
        acceptability,
        half_step_quadrants,
        pareto_front,
        rank_profiles,
        resample,
        top_changes,
    )

    unsaid = Resampled(None, None, {}, None, ())

    points, ids = ratings.points, list(ratings.points)
    resampled = resample(
        ratings.relevance,
        ratings.feasibility,
        paper=ratings.paper,
        scale=view.scale,
        weight=view.weight,
        thresholds=view.thresholds,
        level=LEVEL,
        top=TOP,
    )
    # Without a second ballot or a pile of paper every drawn room is the real one again.
    varies = resampled.raters > 1 or any(map(sum, (ratings.paper or ((), ()))[0]))
    profiles, shares = rank_profiles(points), acceptability(points)
    front = pareto_front(points)
    turning = half_step_quadrants(points, scale=view.scale, thresholds=view.thresholds)
    return Stability(
        measures={
            pk: _sureness(
                room if varies else unsaid,
                profiles[pk],
                shares[pk],
                alike=tuple(ids[column] for column in room.alike) if varies else (),
                on_front=pk in front,
                turns=pk in turning,
            )
            for pk, room in zip(ids, resampled.measures, strict=True)
        },
        same_top=resampled.same_top if varies and len(ids) > TOP else None,
        top_changes=top_changes(points, size=MARKED_TOP),
        raters=resampled.raters,
        draws=resampled.draws,
    )


def _sureness(room, profile: RankProfile, shares, *, alike, on_front, turns) -> Sureness:
    return Sureness(
        room=room,
        best=profile.best_tied,
        worst=profile.worst,
        first=shares[0],
        top=sum(shares[:TOP]),
        alike=alike,
        on_front=on_front,
        turns_by_half_step=turns,
    )


def ranked_points(view: Overview) -> Points:
    """Return the means of every ranked measure, in the order of their numbers.

    Not in the ranking's, so that the same draws are made whatever the weight.
    """
    ranked = sorted((row for row in view.rows if row.result.rank), key=lambda r: r.measure.number)
    return {
        row.measure.pk: (row.result.relevance.mean, row.result.feasibility.mean) for row in ranked
    }


def regions_of(view: Overview) -> dict[int, tuple[tuple[float, float], ...]]:
    """Return the outlines, in (relevance, feasibility), of where a point lies in 90 % of rooms."""
    measures = stability_of(view).measures
    regions: dict[int, Region | None] = {pk: each.room.region for pk, each in measures.items()}
    return {pk: region.outline(view.scale, CORNERS) for pk, region in regions.items() if region}


def _arrays(view: Overview, ids: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Return relevance and feasibility as arrays raters x measures, NaN = not judged."""
    import numpy as np

    columns = {pk: column for column, pk in enumerate(ids)}
    keys = [key for pk, key in standing_keys(view).items() if pk in columns]
    rows: dict[object, int] = {}
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
    return arrays[0], arrays[1]


def _paper(view: Overview, ids: list[int]) -> tuple[list, list]:
    nothing = (0,) * len(view.scale.steps)
    nobody = Piles(*[Tally(nothing, nothing, 0)] * 2)
    found, keys = piles_of(view.rounds, view.workshop.steps), standing_keys(view)
    piles = [found.get(keys[pk], nobody).paper for pk in ids]
    return [pile.relevance for pile in piles], [pile.feasibility for pile in piles]
