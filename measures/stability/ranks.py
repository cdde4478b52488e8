"""Ranks of many rooms at once, and the range of them."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np


@dataclass(frozen=True, slots=True)
class RankRange:
    """The best and the worst of a measure's ranks; None for one that has no rank at all."""

    low: int | None
    high: int | None


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


def ranges_without(ranks: np.ndarray, aside: Fraction) -> list[RankRange]:
    """Per column the range of its ranks without the share ``aside`` of draws at each end.

    Draws without a rank (0) do not count; at most that share is put aside, in whole draws.
    """
    ordered = np.sort(ranks.T, axis=1)
    ranked = (ordered > 0).sum(axis=1)
    cut = ranked * aside.numerator // aside.denominator
    rows = np.arange(len(ordered))
    last = ordered.shape[1] - 1
    low = ordered[rows, (last + 1 - ranked + cut).clip(max=last)].tolist()
    high = ordered[rows, last - cut].tolist()
    return [RankRange(a or None, b or None) for a, b in zip(low, high, strict=True)]
