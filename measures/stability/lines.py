"""Measures as straight lines over the weight: where they cross, and their ranks in between.

With two criteria every measure is a line over the weight w of relevance, from its feasibility at
w = 0 to its relevance at w = 1. Two lines cross at one weight at most, and between the crossings
the ranking is constant. A crossing is a quotient of whole numbers and is given as the float
nearest to it; crossings that share a float are one.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from measures.stability.points import Points, exact_points

# Whole numbers up to here are exact as floats, so their quotients are rounded only once.
EXACT = 2**53


class Course(NamedTuple):
    """One line among all others: its ranks between the weights at which it is crossed.

    ``lows`` are the lower ends of the intervals that have a width, ``ranks`` the ranks there,
    ``best_tied`` is the best rank at any weight, 0 and 1 and the crossings included, and
    ``equals`` counts the measures at the same point, itself included.
    """

    lows: np.ndarray
    ranks: np.ndarray
    best_tied: int
    equals: int


class Lines:
    """All points as whole numbers over whole numbers, one array for each of the four."""

    def __init__(self, points: Points) -> None:
        pairs = exact_points(points)
        self.ids = tuple(pairs)
        relevance = [pair[0].as_integer_ratio() for pair in pairs.values()]
        feasibility = [pair[1].as_integer_ratio() for pair in pairs.values()]
        whole = _whole_numbers([*relevance, *feasibility])
        shape = (len(self.ids), 2)
        self.relevance, self.relevance_n = np.array(relevance, whole).reshape(shape).T
        self.feasibility, self.feasibility_n = np.array(feasibility, whole).reshape(shape).T

    def courses(self) -> Iterator[Course]:
        return map(self._course, range(len(self.ids)))

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
        found = []
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

    def _course(self, index: int) -> Course:
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
        edges = np.concatenate([[0.0], weights[order], [1.0]])
        wide = edges[1:] > edges[:-1]
        ahead_at_ends = (np.count_nonzero(lead > 0) for lead in (feasibility, relevance))
        return Course(
            lows=edges[:-1][wide],
            ranks=ranks[wide],
            best_tied=int(min(ranks.min(), 1 + min(ahead_at_ends))),
            equals=int(np.count_nonzero((relevance == 0) & (feasibility == 0))),
        )


def _rank_at_zero(relevance: np.ndarray, feasibility: np.ndarray) -> int:
    """The rank next to the weight 0, where feasibility counts and relevance breaks ties."""
    ahead = (feasibility > 0) | ((feasibility == 0) & (relevance > 0))
    return 1 + int(np.count_nonzero(ahead))


def _whole_numbers(fractions: list[tuple[int, int]]) -> type:
    """Return the type that holds every product above: machine numbers, or Python's for huge ones.

    Both divide correctly rounded: machine numbers below 2**53, Python's always.
    """
    numerator = max((abs(above) for above, _below in fractions), default=0)
    denominator = max((below for _above, below in fractions), default=1)
    return np.int64 if 4 * numerator * denominator**3 < EXACT else object
