"""Rooms as they would be if other people like these had come: a bootstrap over raters.

A draw invites as many people as there were, each time one of those who were there, so that some
count twice and some not at all. Whole people are drawn, with all their ratings, because one
person's ratings belong together.

Source: Efron 1979, Bootstrap methods: another look at the jackknife, Annals of Statistics 7:1-26.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from measures.prioritisation import Scale
from measures.stability.points import exact

Paper = tuple[Sequence[Sequence[int]], Sequence[Sequence[int]]]


class Rooms(NamedTuple):
    """Arrays rooms x measures; the first room is the real one, the others are drawn.

    ``ranks`` are 1 2 2 4, and 0 where a criterion of the measure was judged by nobody.
    """

    relevance: np.ndarray
    feasibility: np.ndarray
    ranks: np.ndarray
    raters: int


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
