"""Rooms as they would be if other people like these had come: a bootstrap over raters.

A draw invites as many people as there were, each time one of those who were there, so that some
count twice and some not at all. Whole people are drawn, with all their ratings, because one
person's ratings belong together.

Where the raters come in strata, such as those of two rounds of rating, each stratum is drawn for
itself in its own size: a draw never fills one round's places with people of the other.

Source: Efron 1979, Bootstrap methods: another look at the jackknife, Annals of Statistics 7:1-26;
several samples, each drawn for itself: Davison & Hinkley 1997, Bootstrap methods and their
application, section 3.2.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from measures.prioritisation import Scale
from measures.stability.votes import Paper, read_votes, read_weight, weighted_scores


class Rooms(NamedTuple):
    """Arrays rooms x measures; the first room is the real one, the others are drawn.

    ``ranks`` are 1 2 2 4, and 0 where a criterion of the measure was judged by nobody. ``varies``
    tells whether there was anything to draw: two raters in a stratum, or two sheets in a pile.
    """

    relevance: np.ndarray
    feasibility: np.ndarray
    ranks: np.ndarray
    raters: int
    varies: bool


def draw_rooms(
    relevance: np.ndarray,
    feasibility: np.ndarray,
    *,
    paper: Paper | None = None,
    scale: Scale,
    weight: float,
    draws: int,
    seed: int,
    strata: Sequence[int] | None = None,
) -> Rooms:
    """Return the real room and the drawn ones; arguments as in ``resample``."""
    if draws < 1:
        raise ValueError(f"There must be at least one draw, got {draws}.")
    read_weight(weight)
    votes = read_votes(relevance, feasibility, scale=scale, paper=paper, strata=strata)
    random = np.random.default_rng(seed)
    times = drawn_times(votes.strata, draws, random)
    sums, counts = [], []
    for given, pile in votes.criteria:
        sums.append(times @ np.nan_to_num(given) + _paper_sums(pile, scale, draws, random))
        counts.append(times @ ~np.isnan(given) + pile.sum(axis=1))
    ranks = competition_ranks(weighted_scores(sums, counts, weight))
    with np.errstate(invalid="ignore"):  # 0 / 0 where nobody judged
        means = [total / n for total, n in zip(sums, counts, strict=True)]
    return Rooms(*means, ranks, votes.raters, votes.varies)


def drawn_times(strata: np.ndarray, draws: int, random: np.random.Generator) -> np.ndarray:
    """Array (1 + draws) x raters: how often each rater counts; in the first room once.

    ``strata`` holds one number per rater. They are drawn one after the other, the lowest first.
    """
    times = np.ones((1 + draws, len(strata)))
    for stratum in np.unique(strata):
        (members,) = np.nonzero(strata == stratum)
        size = len(members)
        times[1:, members] = random.multinomial(size, [1 / size] * size, size=draws)
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
