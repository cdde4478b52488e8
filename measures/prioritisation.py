"""From ratings to a ranked list: what to do first, and how far the room agrees on it.

Pure arithmetic on counts per step. Importing this module loads neither pandas nor numpy,
so that a worker which only serves pages for typing stays small.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from operator import mul, truediv
from typing import TYPE_CHECKING, Generic, TypeVar

from measures.agreement import van_der_eijk

if TYPE_CHECKING:
    import pandas as pd

# Weights and thresholds are read as the nearest fraction up to this denominator: the float
# 0.3 means exactly 3/10 and 1/3 means a third, so ties and values on the line are exact.
FINEST = 1_000_000

Thresholds = tuple[float | None, float | None]
Id = TypeVar("Id", bound=Hashable)  # what names a measure: whatever the caller uses


class Quadrant(StrEnum):
    """Where a measure stands in the matrix; the names shown are the workshop's own."""

    START = "start"  # relevance high, feasibility high
    PREPARE = "prepare"  # relevance high, feasibility low
    OPTIONAL = "optional"  # relevance low, feasibility high
    PARK = "park"  # relevance low, feasibility low


@dataclass(frozen=True, slots=True)
class Scale:
    """A rating scale of whole steps from `low` to `high`, both included.

    Raises ValueError when it has fewer than two steps.
    """

    low: int
    high: int

    def __post_init__(self) -> None:
        if self.low >= self.high:
            raise ValueError(f"A scale must rise, got {self.low} to {self.high}.")

    @property
    def steps(self) -> range:
        return range(self.low, self.high + 1)

    @property
    def midpoint(self) -> float:
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class Tally:
    """The ratings of one measure, counted: per criterion one count for each step.

    `n` is the number of raters who judged at least one of the two criteria.
    """

    relevance: tuple[int, ...]
    feasibility: tuple[int, ...]
    n: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How the ratings of one criterion are distributed, on the scale.

    `n` raters judged it; `low` and `high` are the quartiles by linear interpolation
    (Hyndman & Fan 1996, type 7; numpy's default); `counts` holds one frequency per step;
    `agreement` is van der Eijk's A. Without a rating the figures are None; the agreement
    also on a scale of two steps, for which it is not defined.
    """

    n: int
    mean: float | None
    median: float | None
    low: float | None
    high: float | None
    counts: tuple[int, ...]
    agreement: float | None

    @property
    def is_withheld(self) -> bool:
        """So few judged it that nothing is told but `n` and `mean`."""
        return self.n > 0 and not self.counts


@dataclass(frozen=True, slots=True)
class PrioritisedMeasure(Generic[Id]):
    """One row of the ranking.

    `n` raters judged at least one criterion. `score` (weighted mean, on the scale), `rank`
    and `quadrant` are None unless both criteria were judged by somebody; `rank` also where
    its raters were others than those of the rest, see `measures.panels`.
    """

    measure: Id
    n: int
    relevance: Spread
    feasibility: Spread
    score: float | None
    rank: int | None
    quadrant: Quadrant | None

    @property
    def point(self) -> tuple[float, float] | None:
        """Both means (relevance, feasibility), its place in the matrix; None without both."""
        relevance, feasibility = self.relevance.mean, self.feasibility.mean
        return None if relevance is None or feasibility is None else (relevance, feasibility)


def prioritise(
    ratings: pd.DataFrame,
    *,
    measures: Iterable[Id],
    scale: Scale,
    weight: float = 0.5,
    thresholds: Thresholds | None = None,
) -> list[PrioritisedMeasure[Id]]:
    """Rank `measures` by the ratings in a data frame; all rules as in `prioritise_tallies`.

    `ratings` has the columns measure, rater, relevance, feasibility (on the scale, NaN =
    cannot judge), one row per measure and rater. Rows of other measures are ignored, and
    rows without any judgement do not count in `n`.

    Raises ValueError also for a rating that is no step of the scale and for a rater who
    rated a measure twice. The messages name the measure, never the rater.
    """
    measures = list(measures)
    tallies = _count(ratings, set(measures), scale)
    return prioritise_tallies(
        tallies, measures=measures, scale=scale, weight=weight, thresholds=thresholds
    )


def prioritise_tallies(
    tallies: Mapping[Id, Tally],
    *,
    measures: Iterable[Id],
    scale: Scale,
    weight: float = 0.5,
    thresholds: Thresholds | None = None,
) -> list[PrioritisedMeasure[Id]]:
    """Rank `measures` by their tallies, best first; tallies of other measures are ignored.

    score = weight * mean relevance + (1 - weight) * mean feasibility. Equal scores share a
    rank (1 2 2 4) and keep the order of `measures`; those without a score follow in that
    order. `thresholds` is the pair (relevance, feasibility), None = the scale's midpoint;
    a mean on the line counts as high.

    Raises ValueError for a weight outside 0 to 1, a threshold outside the scale, a measure
    named twice, and a tally that does not fit the scale.
    """
    limits = resolve_thresholds(thresholds, scale)
    tallies = _tallies_in_order(tallies, measures, scale)
    steps = scale.steps
    scores = _scores(tallies, steps, weight)
    result = []
    for measure, rank in _ranks(tallies, scores).items():
        tally = tallies[measure]
        relevance = _spread(tally.relevance, steps)
        feasibility = _spread(tally.feasibility, steps)
        score = truediv(*scores[measure]) if rank else None
        quadrant = _quadrant(relevance.mean, feasibility.mean, limits)
        result.append(
            PrioritisedMeasure(measure, tally.n, relevance, feasibility, score, rank, quadrant)
        )
    return result


def resolve_thresholds(thresholds: Thresholds | None, scale: Scale) -> tuple[float, float]:
    """The pair (relevance, feasibility) with the scale's midpoint for each None.

    Raises ValueError for a threshold outside the scale.
    """
    resolved = []
    for threshold in thresholds or (None, None):
        value = scale.midpoint if threshold is None else threshold
        if not scale.low <= value <= scale.high:  # refuses NaN as well
            raise ValueError(f"Threshold {value} is not within {scale.low} to {scale.high}.")
        resolved.append(float(_exact(value)))
    relevance, feasibility = resolved
    return relevance, feasibility


def _exact(number: float) -> Fraction:
    return Fraction(number).limit_denominator(FINEST)


def _count(ratings: pd.DataFrame, wanted: set[Id], scale: Scale) -> dict[Id, Tally]:
    """Count the ratings of the `wanted` measures into tallies."""
    if ratings.empty:
        return {}  # a frame without rows may lack the columns, too
    ratings = ratings[ratings["measure"].isin(wanted)]
    repeated = ratings.loc[ratings.duplicated(["measure", "rater"]), "measure"].tolist()
    if repeated:
        raise ValueError(f"The same rater rated measure {repeated[0]!r} twice.")
    relevance = _counts_per_step(ratings, "relevance", scale)
    feasibility = _counts_per_step(ratings, "feasibility", scale)
    judged = ratings.dropna(subset=["relevance", "feasibility"], how="all")
    return {
        measure: Tally(tuple(relevance[measure]), tuple(feasibility[measure]), n)
        for measure, n in Counter(judged["measure"].tolist()).items()
    }


def _counts_per_step(
    ratings: pd.DataFrame, criterion: str, scale: Scale
) -> defaultdict[Hashable, list[int]]:
    """Per measure how often each step was given, zeros for a measure nobody judged."""
    place = {step: index for index, step in enumerate(scale.steps)}
    counts: defaultdict[Hashable, list[int]] = defaultdict(lambda: [0] * len(place))
    given = ratings[["measure", criterion]].dropna()
    for measure, rating in zip(given["measure"].tolist(), given[criterion].tolist(), strict=True):
        if rating not in place:  # 3.0 finds 3; fractions and infinity find nothing
            raise ValueError(
                f"Measure {measure!r} has the {criterion} {rating!r}, which is no step of the"
                f" scale from {scale.low} to {scale.high}."
            )
        counts[measure][place[rating]] += 1
    return counts


def _tallies_in_order(
    tallies: Mapping[Id, Tally], measures: Iterable[Id], scale: Scale
) -> dict[Id, Tally]:
    """One tally for each of `measures`, unrated ones too; ValueError if one does not fit."""
    size = len(scale.steps)
    unrated = Tally((0,) * size, (0,) * size, 0)
    ordered: dict[Id, Tally] = {}
    for measure in measures:
        if measure in ordered:
            raise ValueError(f"Measure {measure!r} is named twice.")
        tally = tallies.get(measure, unrated)
        if not len(tally.relevance) == len(tally.feasibility) == size:
            raise ValueError(f"The tally of measure {measure!r} does not have {size} steps.")
        ordered[measure] = tally
    return ordered


def _scores(tallies: Mapping[Id, Tally], steps: range, weight: float) -> dict[Id, tuple[int, int]]:
    """Numerator and denominator of each score; a measure that lacks a mean has none."""
    if not 0 <= weight <= 1:  # refuses NaN as well
        raise ValueError(f"The weight must be from 0 to 1, got {weight}.")
    share, whole = _exact(weight).as_integer_ratio()
    scores = {}
    for measure, tally in tallies.items():
        relevance_n, feasibility_n = sum(tally.relevance), sum(tally.feasibility)
        if relevance_n and feasibility_n:
            relevance = share * _total(tally.relevance, steps) * feasibility_n
            feasibility = (whole - share) * _total(tally.feasibility, steps) * relevance_n
            scores[measure] = relevance + feasibility, whole * relevance_n * feasibility_n
    return scores


def _ranks(measures: Iterable[Id], scores: Mapping[Id, tuple[int, int]]) -> dict[Id, int | None]:
    """Rank by measure, best first and those without a score last; ties share the rank."""
    # Different fractions with denominators up to m are at least 1/m**2 apart. So stretching
    # them by m**2 and cutting off the rest gives whole numbers in the same order, with ties
    # exactly where the fractions tie.
    stretch = max((denominator for _, denominator in scores.values()), default=1) ** 2
    keys = {measure: stretch * above // below for measure, (above, below) in scores.items()}
    first_place: dict[int, int] = {}
    ranks: dict[Id, int | None] = {
        measure: first_place.setdefault(keys[measure], place)
        for place, measure in enumerate(sorted(keys, key=keys.__getitem__, reverse=True), start=1)
    }
    return ranks | {measure: None for measure in measures if measure not in ranks}


def _quadrant(
    relevance: float | None, feasibility: float | None, limits: tuple[float, float]
) -> Quadrant | None:
    """The quadrant of both means, None where one is missing."""
    if relevance is None or feasibility is None:
        return None
    # Means and limits are the floats nearest to exact fractions, and rounding never reverses
    # an order: a mean on the line stays on it, and below 10**8 raters none is lifted onto it.
    relevant, feasible = relevance >= limits[0], feasibility >= limits[1]
    if relevant:
        return Quadrant.START if feasible else Quadrant.PREPARE
    return Quadrant.OPTIONAL if feasible else Quadrant.PARK


def _total(counts: tuple[int, ...], steps: range) -> int:
    """The sum of all ratings."""
    return sum(map(mul, counts, steps))


@lru_cache(maxsize=8192)  # one vote changes one measure: all other spreads are found again
def _spread(counts: tuple[int, ...], steps: range) -> Spread:
    agreement = van_der_eijk(counts) if len(counts) > 2 else None
    up_to = list(accumulate(counts))
    n = up_to[-1]
    if n == 0:
        return Spread(0, None, None, None, None, counts, agreement)
    low, median, high = [_quartile(up_to, quarter, steps.start) for quarter in (1, 2, 3)]
    return Spread(n, _total(counts, steps) / n, median, low, high, counts, agreement)


def _quartile(up_to: list[int], quarter: int, lowest: int) -> float:
    """The quartile from cumulated counts, by linear interpolation between two ratings."""
    place, rest = divmod((up_to[-1] - 1) * quarter, 4)
    below = bisect_right(up_to, place)
    above = bisect_right(up_to, place + 1) if rest else below
    return lowest + below + (above - below) * rest / 4
