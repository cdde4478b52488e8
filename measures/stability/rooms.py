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
from numpy.typing import ArrayLike

from measures.prioritisation import Scale
from measures.stability.ranks import competition_ranks
from measures.stability.votes import Paper, read_votes, read_weight, weighted_scores


class Rooms(NamedTuple):
    """Arrays rooms x measures; the first room is the real one, the others are drawn.

    ``relevance`` and ``feasibility`` are means. ``ranks`` are 1 2 2 4, and 0 where a criterion of
    the measure was judged by nobody. Unless it ``varies``, for want of two raters in a stratum or
    two sheets in a pile, all rooms are the same, and say nothing.
    """

    relevance: np.ndarray
    feasibility: np.ndarray
    ranks: np.ndarray
    raters: int
    varies: bool

    @property
    def draws(self) -> int:
        return len(self.ranks) - 1


def draw_rooms(
    relevance: ArrayLike,
    feasibility: ArrayLike,
    *,
    paper: Paper | None = None,
    scale: Scale,
    weight: float = 0.5,
    draws: int = 2000,
    seed: int = 0,
    strata: Sequence[int] | None = None,
) -> Rooms:
    """Return the real room and ``draws`` drawn ones; ``drawn`` says what they tell.

    ``relevance`` and ``feasibility`` are arrays raters x measures of steps, NaN = not judged;
    raters who judged nothing are left out. ``paper`` holds two arrays measures x steps of counts
    (relevance, feasibility) from sheets whose writers and pairs are unknown: each measure's and
    criterion's pile is drawn anew in its own size, independently of all others. ``strata`` holds a
    whole number per rater, such as the round of rating: people are drawn within each stratum, which
    keeps its own size, that of its raters with a judgement. None: all are one stratum.

    A measure of which a criterion was judged by nobody in a room has no rank there. Ranks tie
    exactly. The same arrays in the same order and the same seed give the same rooms.

    Raises ValueError for a rating that is no step, arrays that do not fit each other, and for a
    weight or number of draws outside its range.
    """
    if draws < 1:
        raise ValueError(f"There must be at least one draw, got {draws}.")
    read_weight(weight)
    votes = read_votes(relevance, feasibility, scale=scale, paper=paper, strata=strata)
    random = np.random.default_rng(seed)
    times = drawn_times(votes.strata, draws, random)
    sums, counts = np.empty((2, 2, 1 + draws, votes.given.shape[2]))
    for criterion, (given, pile) in enumerate(zip(votes.given, votes.piles, strict=True)):
        on_paper = _paper_sums(pile, scale, draws, random)
        sums[criterion] = times @ np.nan_to_num(given) + on_paper
        counts[criterion] = times @ ~np.isnan(given) + pile.sum(axis=1)
    ranks = competition_ranks(weighted_scores(sums, counts, weight))
    with np.errstate(invalid="ignore"):  # 0 / 0 where nobody judged
        mean_relevance, mean_feasibility = sums / counts
    return Rooms(mean_relevance, mean_feasibility, ranks, votes.raters, votes.varies)


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
