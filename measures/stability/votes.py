"""Ratings as arrays, checked once for all that is computed from them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from measures.prioritisation import Scale
from measures.stability.points import exact

Paper = tuple[ArrayLike, ArrayLike]


class Votes(NamedTuple):
    """The ratings of all who judged anything; in ``given`` and ``piles`` relevance comes first.

    ``given``: criteria x raters x measures, NaN = not judged. ``piles``: criteria x measures x
    steps, how many sheets of paper chose each. ``strata``: one number per rater.
    """

    given: np.ndarray
    piles: np.ndarray
    strata: np.ndarray

    @property
    def raters(self) -> int:
        return len(self.strata)

    @property
    def counts(self) -> np.ndarray:
        """Criteria x measures: how many judged, on ballots and on paper."""
        return (~np.isnan(self.given)).sum(axis=1) + self.piles.sum(axis=2)

    @property
    def varies(self) -> bool:
        """Whether drawing anew can change anything: there are two to draw from somewhere."""
        _strata, sizes = np.unique(self.strata, return_counts=True)
        return bool((sizes > 1).any() or (self.piles.sum(axis=2) > 1).any())

    def sums(self, scale: Scale) -> np.ndarray:
        """Criteria x measures: the sum of all steps, on ballots and on paper."""
        return np.nansum(self.given, axis=1) + self.piles @ np.array(scale.steps)

    def of(self, columns: np.ndarray) -> "Votes":
        """The votes on these measures alone, in this order."""
        return Votes(self.given[:, :, columns], self.piles[:, columns], self.strata)


def read_votes(
    relevance: ArrayLike,
    feasibility: ArrayLike,
    *,
    scale: Scale,
    paper: Paper | None = None,
    strata: Sequence[int] | None = None,
) -> Votes:
    """Return the votes without those who judged nothing; arguments as in ``draw_rooms``.

    Raises ValueError for a rating that is no step, and for arrays that do not fit each other.
    """
    ballots = np.asarray(relevance, float), np.asarray(feasibility, float)
    if ballots[0].ndim != 2 or ballots[0].shape != ballots[1].shape:
        raise ValueError("Relevance and feasibility must be arrays of the same two dimensions.")
    given = np.stack(ballots)
    wrong = ~np.isnan(given) & ~np.isin(given, scale.steps)
    if wrong.any():
        value = given[wrong][0].item()
        raise ValueError(f"{value} is no step of the scale from {scale.low} to {scale.high}.")
    _criteria, raters, measures = given.shape
    judged = ~np.isnan(given).all(axis=(0, 2))
    piles = _piles(paper, measures, scale)
    return Votes(given[:, judged], piles, _strata(strata, raters)[judged])


def read_weight(weight: float) -> tuple[int, int]:
    """Return relevance's share as a pair of whole numbers; ValueError outside 0 to 1."""
    if not 0 <= weight <= 1:  # refuses NaN as well
        raise ValueError(f"The weight must be from 0 to 1, got {weight}.")
    return exact(weight).as_integer_ratio()


def weighted_scores(sums: np.ndarray, counts: np.ndarray, weight: float) -> np.ndarray:
    """The scores from both criteria's sums and counts, times the weight's denominator.

    NaN where a criterion has no rating.
    """
    share, whole = read_weight(weight)
    (r_sum, f_sum), (r_n, f_n) = sums, counts
    with np.errstate(invalid="ignore"):  # 0 / 0 where nobody judged
        # Whole numbers up to the one division: equal scores become equal floats.
        return (share * r_sum * f_n + (whole - share) * f_sum * r_n) / (r_n * f_n)


def _piles(paper: Paper | None, measures: int, scale: Scale) -> np.ndarray:
    shape = (measures, len(scale.steps))
    if paper is None:
        return np.zeros((2, *shape), int)
    piles = [np.asarray(pile, int) for pile in paper]
    if [pile.shape for pile in piles] != [shape, shape] or any((pile < 0).any() for pile in piles):
        raise ValueError(f"Paper needs two arrays of {shape} counts.")
    return np.stack(piles)


def _strata(strata: Sequence[int] | None, raters: int) -> np.ndarray:
    if strata is None:
        return np.zeros(raters, int)
    given = np.asarray(strata)
    if given.shape != (raters,) or (raters and given.dtype.kind not in "iu"):
        raise ValueError(f"The strata must be {raters} whole numbers, one for each rater.")
    return given
