"""How the picture would look if other people like these had come: a bootstrap over raters.

A draw invites as many people as there were, each time one of those who were there, so that some
count twice and some not at all. Whole people are drawn, with all their ratings, because one
person's ratings belong together. Nothing here is called confidence: the people were invited, and
what the draws show is only how much the result hangs on who was in the room.

Source: Efron 1979, Bootstrap methods: another look at the jackknife, Annals of Statistics 7:1-26;
of whole people, who are the independent units: Davison & Hinkley 1997, Bootstrap Methods and
their Application, section 3.8.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import cos, pi, sin
from typing import NamedTuple

import numpy as np

from measures.prioritisation import Quadrant, Scale, Thresholds, resolve_thresholds
from measures.stability.points import exact

Paper = tuple[Sequence[Sequence[int]], Sequence[Sequence[int]]]
# An axis of the region this much shorter than the other comes from rounding, not from ratings.
FLAT = 1e-6


@dataclass(frozen=True, slots=True)
class Region:
    """An ellipse in the matrix: centre and half axes in steps of the scale.

    ``turn`` is the angle in radians from the axis of relevance to the long axis, towards the
    axis of feasibility. ``short`` is 0 when all draws lie on one line.
    """

    relevance: float
    feasibility: float
    long: float
    short: float
    turn: float

    def outline(self, scale: Scale, corners: int = 24) -> tuple[tuple[float, float], ...]:
        """Return the corners (relevance, feasibility) of a polygon around it, on the scale."""
        grown = 1 / cos(pi / corners)  # so that the sides touch the ellipse from outside
        outline = []
        for corner in range(corners):
            angle = 2 * pi * corner / corners
            along, across = self.long * grown * cos(angle), self.short * grown * sin(angle)
            relevance = self.relevance + along * cos(self.turn) - across * sin(self.turn)
            feasibility = self.feasibility + along * sin(self.turn) + across * cos(self.turn)
            outline.append(
                (
                    min(max(relevance, scale.low), scale.high),
                    min(max(feasibility, scale.low), scale.high),
                )
            )
        return tuple(outline)


@dataclass(frozen=True, slots=True)
class Resampled:
    """What became of one measure in the draws in which both its criteria were judged.

    ``rank_low`` to ``rank_high``: its ranks once the same share of draws is put aside at either
    end. ``quadrant_shares``: the share of draws by quadrant. ``region``: where its point lies in
    that share of draws, None when it never moves. ``alike``: the columns of the measures that it
    cannot be told apart from, best first. Without any draw, all are None or empty.
    """

    rank_low: int | None
    rank_high: int | None
    quadrant_shares: dict[Quadrant, float]
    region: Region | None
    alike: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Resampling:
    """The result of ``resample``: ``measures`` in the order of the columns.

    ``same_top`` is the share of draws with the same best measures as in the room itself, None if
    nothing was ranked. With one rater and no paper all draws are the same, and say nothing.
    """

    measures: tuple[Resampled, ...]
    same_top: float | None
    draws: int
    raters: int


class Rooms(NamedTuple):
    """Arrays rooms x measures; the first room is the real one, the others are drawn.

    ``ranks`` are 1 2 2 4, and 0 where a criterion of the measure was judged by nobody.
    """

    relevance: np.ndarray
    feasibility: np.ndarray
    ranks: np.ndarray
    raters: int


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
) -> Resampling:
    """Draw ``draws`` rooms and tell how far ranks, quadrants and points move.

    ``relevance`` and ``feasibility`` are arrays raters x measures of steps, NaN = not judged;
    raters who judged nothing are left out. ``paper`` holds two arrays measures x steps of counts
    (relevance, feasibility) from sheets whose writers and pairs are unknown: each measure's and
    criterion's pile is drawn anew in its own size, independently of all others.

    A measure of which a criterion was judged by nobody in a draw has no rank there; its figures
    come from the other draws. Ranks tie exactly. The best ``top`` are all with a rank up to
    ``top``, in the room and in each draw, so a tie across that border makes another set.

    Two measures cannot be told apart unless one of them scores higher in more than
    1 - (1 - level) / 2 of the draws that ranked both: with the level 0.9, in more than 95 %. This
    rule is ours. It is the pair's one-sided bootstrap share, unadjusted for the number of pairs.

    The same arrays in the same order and the same seed give the same figures.
    Raises ValueError for a rating that is no step, arrays that do not fit each other, and for a
    weight, threshold, level, number of draws or top outside its range.
    """
    if top < 1:
        raise ValueError(f"The best {top} are nobody.")
    aside = share_aside(level)
    limits = resolve_thresholds(thresholds, scale)
    rooms = draw_rooms(
        relevance, feasibility, paper=paper, scale=scale, weight=weight, draws=draws, seed=seed
    )
    drawn = rooms.ranks[1:] > 0
    columns = zip(
        rank_limits(rooms.ranks[1:], aside),
        _quadrant_shares(rooms, drawn, limits),
        _regions(rooms, drawn, 1 - 2 * aside),
        _alike(rooms.ranks, 1 - aside),
        strict=True,
    )
    return Resampling(
        measures=tuple(Resampled(*limits, *rest) for limits, *rest in columns),
        same_top=_same_top(rooms.ranks, top),
        draws=draws,
        raters=rooms.raters,
    )


def draw_rooms(
    relevance: np.ndarray,
    feasibility: np.ndarray,
    *,
    paper: Paper | None = None,
    scale: Scale,
    weight: float,
    draws: int,
    seed: int,
) -> Rooms:
    """Return the real room and the drawn ones; arguments as in ``resample``."""
    if draws < 1:
        raise ValueError(f"There must be at least one draw, got {draws}.")
    if not 0 <= weight <= 1:  # refuses NaN as well
        raise ValueError(f"The weight must be from 0 to 1, got {weight}.")
    ballots = _ballots(relevance, feasibility, scale)
    raters, measures = ballots[0].shape
    piles = _piles(paper, measures, scale)
    random = np.random.default_rng(seed)
    times = drawn_times(raters, draws, random)
    sums_and_counts = []
    for given, pile in zip(ballots, piles, strict=True):
        total = times @ np.nan_to_num(given) + _paper_sums(pile, scale, draws, random)
        n = times @ ~np.isnan(given) + pile.sum(axis=1)
        sums_and_counts.append((total, n))
    (r_sum, r_n), (f_sum, f_n) = sums_and_counts
    share, whole = exact(weight).as_integer_ratio()
    with np.errstate(invalid="ignore"):  # 0 / 0 where nobody judged
        # Whole numbers up to the one division: equal scores become equal floats.
        scores = (share * r_sum * f_n + (whole - share) * f_sum * r_n) / (r_n * f_n)
        return Rooms(r_sum / r_n, f_sum / f_n, competition_ranks(scores), raters)


def drawn_times(raters: int, draws: int, random: np.random.Generator) -> np.ndarray:
    """Array (1 + draws) x raters: how often each rater counts; in the first room once."""
    times = np.ones((1 + draws, raters))
    if raters:
        times[1:] = random.multinomial(raters, [1 / raters] * raters, size=draws)
    return times


def competition_ranks(scores: np.ndarray) -> np.ndarray:
    """Rank each row, the highest score first (1 2 2 4); NaN gets the rank 0."""
    lost = np.where(np.isnan(scores), np.inf, -scores)
    order = np.argsort(lost, axis=1)
    ordered = np.take_along_axis(lost, order, axis=1)
    small = np.min_scalar_type(scores.shape[1] + 1)
    places = np.zeros(scores.shape, small)
    if scores.shape[1]:
        following = np.arange(1, scores.shape[1], dtype=small)
        places[:, 1:] = np.where(ordered[:, 1:] != ordered[:, :-1], following, 0)
    ranks = np.empty_like(places)
    np.put_along_axis(ranks, order, np.maximum.accumulate(places, axis=1) + 1, axis=1)
    ranks[np.isinf(lost)] = 0
    return ranks


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


def _ballots(
    relevance: np.ndarray, feasibility: np.ndarray, scale: Scale
) -> tuple[np.ndarray, np.ndarray]:
    """The ratings of those who judged anything; ValueError for what cannot be ratings."""
    ballots = np.asarray(relevance, float), np.asarray(feasibility, float)
    if ballots[0].ndim != 2 or ballots[0].shape != ballots[1].shape:
        raise ValueError("Relevance and feasibility must be arrays of the same two dimensions.")
    for given in ballots:
        wrong = ~np.isnan(given) & ~np.isin(given, scale.steps)
        if wrong.any():
            value = given[wrong][0].item()
            raise ValueError(f"{value} is no step of the scale from {scale.low} to {scale.high}.")
    judged = ~np.isnan(ballots).all(axis=(0, 2))
    return ballots[0][judged], ballots[1][judged]


def _piles(paper: Paper | None, measures: int, scale: Scale) -> tuple[np.ndarray, np.ndarray]:
    shape = (measures, len(scale.steps))
    if paper is None:
        return np.zeros(shape, int), np.zeros(shape, int)
    piles = tuple(np.asarray(pile, int) for pile in paper)
    if [pile.shape for pile in piles] != [shape, shape] or any((pile < 0).any() for pile in piles):
        raise ValueError(f"Paper needs two arrays of {shape} counts.")
    return piles


def _paper_sums(
    pile: np.ndarray, scale: Scale, draws: int, random: np.random.Generator
) -> np.ndarray:
    """Array (1 + draws) x measures: the sum of all steps on paper, drawn anew but for the first."""
    steps = np.array(scale.steps)
    sums = np.zeros((1 + draws, len(pile)))
    for column in np.flatnonzero(pile.sum(axis=1)):
        counts, sheets = pile[column], pile[column].sum()
        sums[0, column] = counts @ steps
        sums[1:, column] = random.multinomial(sheets, counts / sheets, size=draws) @ steps
    return sums


def _quadrant_shares(
    rooms: Rooms, drawn: np.ndarray, limits: tuple[float, float]
) -> list[dict[Quadrant, float]]:
    # A mean is the float nearest to its fraction, and so is a limit: rounding never lifts a mean
    # over the line nor pushes one below it.
    relevant, feasible = rooms.relevance[1:] >= limits[0], rooms.feasibility[1:] >= limits[1]
    found = {
        Quadrant.START: relevant & feasible,
        Quadrant.PREPARE: relevant & ~feasible,
        Quadrant.OPTIONAL: ~relevant & feasible,
        Quadrant.PARK: ~relevant & ~feasible,
    }
    times = np.array([(drawn & where).sum(axis=0) for where in found.values()])
    return [
        {quadrant: n / sum(column) for quadrant, n in zip(found, column, strict=True)}
        if any(column)
        else {}
        for column in times.T.tolist()
    ]


def _regions(rooms: Rooms, drawn: np.ndarray, level: Fraction) -> list[Region | None]:
    """Per column the ellipse of equal distance (Mahalanobis) that holds ``level`` of the draws."""
    n = drawn.sum(axis=0)
    some = np.maximum(n, 1)
    middle, away = [], []
    for means in (rooms.relevance, rooms.feasibility):
        # Around the first draw that has a mean, so that a point that never moves has exactly 0.
        anchor = np.take_along_axis(means[1:], drawn.argmax(axis=0)[None], axis=0)[0]
        off = np.where(drawn, means[1:] - anchor, 0)
        shift = off.sum(axis=0) / some
        middle.append(anchor + shift)
        away.append(np.where(drawn, off - shift, 0))
    (x, y) = away
    xx, yy, xy = ((a * b).sum(axis=0) / some for a, b in ((x, x), (y, y), (x, y)))
    half, lean = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
    turn = np.arctan2(2 * xy, xx - yy) / 2
    deviations = [np.sqrt(half + lean), np.sqrt(np.maximum(half - lean, 0))]
    deviations[1][deviations[1] <= FLAT * deviations[0]] = 0
    along, across = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    distance = sum(
        np.divide(part, deviation, out=np.zeros_like(part), where=deviation > 0) ** 2
        for part, deviation in zip((along, across), deviations, strict=True)
    )
    ordered = np.sort(np.where(drawn, distance, np.inf), axis=0)
    inside = np.maximum(-(-n * level.numerator // level.denominator), 1)
    reach = np.sqrt(np.take_along_axis(ordered, inside[None] - 1, axis=0)[0])
    figures = (*middle, *(deviation * reach for deviation in deviations), turn)
    return [
        Region(*column) if column[2] > 0 and judged else None
        for judged, *column in zip(n.tolist(), *(f.tolist() for f in figures), strict=True)
    ]


def _alike(ranks: np.ndarray, apart: Fraction) -> list[tuple[int, ...]]:
    """Per column those, best first, where neither leads in more than ``apart`` of the draws."""
    drawn = np.ascontiguousarray(ranks[1:].T)
    ranked = (drawn > 0).astype(np.float32)
    both = (ranked @ ranked.T).astype(int)
    last = np.where(drawn > 0, drawn, ranks.shape[1] + 1)
    enough = np.min_scalar_type(drawn.shape[1])  # adding bytes up in small numbers is fast
    ahead = np.zeros(both.shape, int)
    for column, mine in enumerate(last):
        ahead[column] = (mine < drawn).view(np.uint8).sum(axis=1, dtype=enough)
    alike = np.maximum(ahead, ahead.T) * apart.denominator <= both * apart.numerator
    real = ranks[0]
    alike &= (real > 0) & (real > 0)[:, None]
    np.fill_diagonal(alike, False)
    best_first = np.argsort(real, kind="stable")
    return [tuple(best_first[row[best_first]].tolist()) for row in alike]


def _same_top(ranks: np.ndarray, top: int) -> float | None:
    """The share of draws in which the measures with a rank up to ``top`` are the real ones."""
    inside = (ranks > 0) & (ranks <= top)
    if not inside[0].any():
        return None
    return (inside[1:] == inside[0]).all(axis=1).mean().item()
