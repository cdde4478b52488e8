"""How much the picture hangs on who was in the room: what the drawn rooms tell.

Nothing here is called confidence: the people were invited, and are no sample of anybody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from measures.prioritisation import Quadrant, Scale, Thresholds, resolve_thresholds
from measures.stability.points import exact
from measures.stability.region import Region, regions
from measures.stability.rooms import Rooms, draw_rooms
from measures.stability.votes import Paper


@dataclass(frozen=True, slots=True)
class Resampled:
    """What became of one measure in the draws in which both its criteria were judged.

    ``rank_low`` to ``rank_high``: its ranks once the same share of draws is put aside at either
    end. ``quadrant_shares``: the share of draws by quadrant. ``region``: where its point lies in
    that share of draws, None when it never moves. Without any draw, all are None or empty.
    """

    rank_low: int | None
    rank_high: int | None
    quadrant_shares: dict[Quadrant, float]
    region: Region | None


@dataclass(frozen=True, slots=True)
class Resampling:
    """The result of ``resample``: ``measures`` in the order of the columns.

    ``same_top`` is the share of draws with the same best measures as in the room itself, None if
    nothing was ranked. Unless it ``varies``, for want of a second rater or sheet to draw from, all
    draws are the same, and say nothing.
    """

    measures: tuple[Resampled, ...]
    same_top: float | None
    draws: int
    raters: int
    varies: bool


def resample(
    relevance: np.ndarray,
    feasibility: np.ndarray,
    *,
    paper: Paper | None = None,
    scale: Scale,
    weight: float = 0.5,
    thresholds: Thresholds | None = None,
    draws: int = 2000,
    level: float = 0.9,
    seed: int = 0,
    top: int = 5,
    strata: Sequence[int] | None = None,
) -> Resampling:
    """Draw ``draws`` rooms and tell how far ranks, quadrants and points move.

    ``relevance`` and ``feasibility`` are arrays raters x measures of steps, NaN = not judged;
    raters who judged nothing are left out. ``paper`` holds two arrays measures x steps of counts
    (relevance, feasibility) from sheets whose writers and pairs are unknown: each measure's and
    criterion's pile is drawn anew in its own size, independently of all others. ``strata`` holds a
    whole number per rater, such as the round of rating: people are drawn within each stratum, which
    keeps its own size, that of its raters with a judgement. None: all are one stratum.

    A measure of which a criterion was judged by nobody in a draw has no rank there; its figures
    come from the other draws. Ranks tie exactly. The best ``top`` are all with a rank up to
    ``top``, in the room and in each draw, so a tie across that border makes another set.

    The same arrays in the same order and the same seed give the same figures.
    Raises ValueError for a rating that is no step, arrays that do not fit each other, and for a
    weight, threshold, level, number of draws or top outside its range.
    """
    if top < 1:
        raise ValueError(f"The best {top} are nobody.")
    aside = share_aside(level)
    limits = resolve_thresholds(thresholds, scale)
    rooms = draw_rooms(
        relevance, feasibility, paper=paper, scale=scale, weight=weight, draws=draws, seed=seed,
        strata=strata,
    )  # fmt: skip
    columns = zip(
        rank_limits(rooms.ranks[1:], aside),
        _quadrant_shares(rooms, limits),
        regions(rooms, 1 - 2 * aside),
        strict=True,
    )
    return Resampling(
        measures=tuple(Resampled(*ends, *rest) for ends, *rest in columns),
        same_top=_same_top(rooms.ranks, top),
        draws=draws,
        raters=rooms.raters,
        varies=rooms.varies,
    )


def rank_limits(ranks: np.ndarray, aside: Fraction) -> list[tuple[int | None, int | None]]:
    """Per column its lowest and highest rank without the share ``aside`` of draws at each end.

    Draws without a rank (0) do not count; at most that share is put aside, in whole draws.
    """
    ordered = np.sort(ranks.T, axis=1)
    ranked = (ordered > 0).sum(axis=1)
    cut = ranked * aside.numerator // aside.denominator
    rows = np.arange(len(ordered))
    last = ordered.shape[1] - 1
    low = ordered[rows, (last + 1 - ranked + cut).clip(max=last)].tolist()
    high = ordered[rows, last - cut].tolist()
    return [(a or None, b or None) for a, b in zip(low, high, strict=True)]


def share_aside(level: float) -> Fraction:
    """The share of draws that is put aside at each end; ValueError outside 0 to 1."""
    if not 0 < level < 1:
        raise ValueError(f"The level must be between 0 and 1, got {level}.")
    return (1 - exact(level)) / 2


def _quadrant_shares(rooms: Rooms, limits: tuple[float, float]) -> list[dict[Quadrant, float]]:
    """Per column the share of its draws in each quadrant; empty without any."""
    # A mean is the float nearest to its fraction, and so is a limit: rounding never lifts a mean
    # over the line nor pushes one below it.
    relevant, feasible = rooms.relevance[1:] >= limits[0], rooms.feasibility[1:] >= limits[1]
    found = {
        Quadrant.START: relevant & feasible,
        Quadrant.PREPARE: relevant & ~feasible,
        Quadrant.OPTIONAL: ~relevant & feasible,
        Quadrant.PARK: ~relevant & ~feasible,
    }
    drawn = rooms.ranks[1:] > 0
    times = np.array([(drawn & where).sum(axis=0) for where in found.values()])
    return [
        {quadrant: n / sum(column) for quadrant, n in zip(found, column, strict=True)}
        if any(column)
        else {}
        for column in times.T.tolist()
    ]


def _same_top(ranks: np.ndarray, top: int) -> float | None:
    """The share of draws in which the measures with a rank up to ``top`` are the real ones."""
    inside = (ranks > 0) & (ranks <= top)
    if not inside[0].any():
        return None
    return (inside[1:] == inside[0]).all(axis=1).mean().item()
