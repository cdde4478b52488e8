"""Measures as straight lines over the weight: where they cross, and their ranks in between.

With two criteria every measure is a line over the weight w of relevance, from its feasibility at
w = 0 to its relevance at w = 1. Two lines cross at one weight at most, and between the crossings
the ranking is constant. A crossing is a quotient of whole numbers and is given as the float
nearest to it; crossings that share a float are one.
"""

from typing import Generic

import numpy as np

from measures.prioritisation import Id
from measures.stability.points import Points, exact_points

# Whole numbers up to here are exact as floats, so their quotients are rounded only once.
EXACT = 2**53


class Lines(Generic[Id]):
    """All points as whole numbers over whole numbers, one array for each of the four."""

    ids: tuple[Id, ...]
    relevance: np.ndarray
    relevance_n: np.ndarray
    feasibility: np.ndarray
    feasibility_n: np.ndarray

    def __init__(self, points: Points[Id]) -> None:
        pairs = exact_points(points)
        self.ids = tuple(pairs)
        relevance = [pair[0].as_integer_ratio() for pair in pairs.values()]
        feasibility = [pair[1].as_integer_ratio() for pair in pairs.values()]
        whole = _whole_numbers([*relevance, *feasibility])
        shape = (len(self.ids), 2)
        self.relevance, self.relevance_n = np.array(relevance, whole).reshape(shape).T
        self.feasibility, self.feasibility_n = np.array(feasibility, whole).reshape(shape).T

    def ranks(self, index: int) -> range:
        """From a line's best rank at any weight, ties included, to its worst between crossings."""
        relevance, feasibility = self._leads(index)
        edges, ranks = self._course(index)
        ahead_at_ends = (np.count_nonzero(lead > 0) for lead in (feasibility, relevance))
        best = min(ranks.min(), 1 + min(ahead_at_ends))
        return range(int(best), int(ranks[edges[1:] > edges[:-1]].max()) + 1)

    def rank_shares(self, index: int) -> np.ndarray:
        """The share of all weights at which a line has rank 1, 2, … n; equal lines share theirs."""
        relevance, feasibility = self._leads(index)
        edges, ranks = self._course(index)
        size = len(self.ids)
        shares = np.bincount(ranks - 1, weights=np.diff(edges), minlength=size)
        equals = int(np.count_nonzero((relevance == 0) & (feasibility == 0)))
        return np.convolve(shares, np.full(equals, 1 / equals))[:size] if equals > 1 else shares

    def border_weights(self, index: int, size: int) -> list[float]:
        """The weights strictly between 0 and 1 at which a line enters or leaves the best."""
        edges, ranks = self._course(index)
        wide = edges[1:] > edges[:-1]
        lows, inside = edges[:-1][wide], ranks[wide] <= size
        return lows[1:][inside[1:] != inside[:-1]].tolist()

    def places(self) -> list[int]:
        """The position of each line next to the weight 0, from 0; equals in the given order."""
        taken: dict[int, int] = {}
        places = []
        for index in range(len(self.ids)):
            rank = _rank_at_zero(*self._leads(index))
            taken[rank] = taken.get(rank, rank - 2) + 1
            places.append(taken[rank])
        return places

    def crossings(self) -> list[tuple[float, int, int]]:
        """All crossings in order of weight: weight, who falls, who rises."""
        found: list[tuple[float, int, int]] = []
        for index in range(len(self.ids)):
            relevance, feasibility = self._leads(index)
            rising = np.flatnonzero((relevance > 0) & (feasibility < 0))
            weights = self._weights(index, rising, relevance, feasibility)
            found += zip(weights.tolist(), [index] * len(rising), rising.tolist(), strict=True)
        return sorted(found)

    def _leads(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """By how much all others lead in relevance and in feasibility, times both denominators."""
        relevance = self.relevance * self.relevance_n[index]
        feasibility = self.feasibility * self.feasibility_n[index]
        return (
            relevance - self.relevance[index] * self.relevance_n,
            feasibility - self.feasibility[index] * self.feasibility_n,
        )

    def _weights(
        self, index: int, others: np.ndarray, relevance: np.ndarray, feasibility: np.ndarray
    ) -> np.ndarray:
        """The weights at which the others, with these leads, cross this line."""
        # w = lead in feasibility / (lead in feasibility + lag in relevance)
        above = abs(feasibility[others]) * self.relevance_n[others] * self.relevance_n[index]
        rest = abs(relevance[others]) * self.feasibility_n[others] * self.feasibility_n[index]
        return (above / (above + rest)).astype(float)

    def _course(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """The weights at which a line is crossed, with 0 and 1, and its ranks between them.

        Where several lines cross at one weight, the intervals between them have no width, and the
        best of the ranks there is the one that they share.
        """
        relevance, feasibility = self._leads(index)
        rising = (relevance > 0) & (feasibility < 0)
        falling = (relevance < 0) & (feasibility > 0)
        others = np.flatnonzero(rising | falling)
        weights = self._weights(index, others, relevance, feasibility)
        change = np.where(relevance[others] > 0, 1, -1)
        # At the same weight those overtaken come first: then all who tie there are passed or
        # not yet ahead, and the lowest rank on the way is the one shared at that weight.
        order = np.lexsort((change, weights))
        start = _rank_at_zero(relevance, feasibility)
        ranks = start + np.concatenate([[0], np.cumsum(change[order])])
        return np.concatenate([[0.0], weights[order], [1.0]]), ranks


def _rank_at_zero(relevance: np.ndarray, feasibility: np.ndarray) -> int:
    """The rank next to the weight 0, where feasibility counts and relevance breaks ties."""
    ahead = (feasibility > 0) | ((feasibility == 0) & (relevance > 0))
    return 1 + int(np.count_nonzero(ahead))


def _whole_numbers(fractions: list[tuple[int, int]]) -> type[np.int64] | type[object]:
    """Return the type that holds every product above: machine numbers, or Python's for huge ones.

    Both divide correctly rounded: machine numbers below 2**53, Python's always.
    """
    numerator = max((abs(above) for above, _below in fractions), default=0)
    denominator = max((below for _above, below in fractions), default=1)
    return np.int64 if 4 * numerator * denominator**3 < EXACT else object
