"""Points of the matrix, read as exact fractions.

Means reach us as floats, but stem from whole ratings divided by their number. Taken back to those
fractions, equal scores and equal crossing weights are equal, and no rounding splits them.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from math import isfinite

from measures.prioritisation import FINEST, Id

Points = Mapping[Id, tuple[float, float]]


@lru_cache(maxsize=8192)  # few means are different among many measures
def exact(number: float) -> Fraction:
    """Return the nearest fraction with a denominator of at most a million.

    That is the very mean of up to a million ratings. Raises ValueError for NaN and infinity.
    """
    if not isfinite(number):
        raise ValueError(f"A point needs two numbers, got {number}.")
    return Fraction(number).limit_denominator(FINEST)


def exact_points(points: Points[Id]) -> dict[Id, tuple[Fraction, Fraction]]:
    """Return the same points as pairs of fractions, in the same order."""
    return {
        measure: (exact(relevance), exact(feasibility))
        for measure, (relevance, feasibility) in points.items()
    }
