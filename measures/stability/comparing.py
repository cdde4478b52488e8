"""How far one measure is ahead of another: in which share of the draws.

The share is computed and not counted, so it hangs on no seed and on no number of draws: the draws
scatter around the real difference of two scores with a variance that is known without drawing, and
are taken as normally distributed. Draws in which both tie count half for either, which is what a
normal distribution makes of them, so equal scores give exactly 50 of 100. How far the share is from
a counted one is measured in tests/benchmarks/false_alarms.py: from 8 judgements on by less than one
draw of 100 in half of all pairs. A counted one would be exact only after endless drawing; until
then a word near its bound hangs on the seed, however many draws there are.

Source: nonparametric delta method; Davison & Hinkley 1997, Bootstrap methods and their
application, sections 2.7 and, for strata, 3.2.
"""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from measures.prioritisation import Scale
from measures.stability.leads import PROBABLE_FROM, Comparison, Lead
from measures.stability.rooms import competition_ranks
from measures.stability.votes import Paper, Votes, read_votes, read_weight, weighted_scores


def compare_measures(
    relevance: np.ndarray,
    feasibility: np.ndarray,
    *,
    paper: Paper | None = None,
    scale: Scale,
    weight: float = 0.5,
    strata: Sequence[int] | None = None,
) -> tuple[Comparison, ...]:
    """Compare every measure with every other; measures are named by their columns.

    Arguments, what they refuse and what a draw is as in ``resample``. The words for a lead and
    their bounds stand in ``measures.stability.leads``.

    O(raters · measures²).
    """
    votes = read_votes(relevance, feasibility, scale=scale, paper=paper, strata=strata)
    found = [Comparison()] * len(votes.relevance.pile)
    field = _field(votes, scale, weight)
    columns = field.columns.tolist()
    leads = [_lead(field, place) for place in range(len(columns) - 1)]
    is_open = _open(field)
    for place, column in enumerate(columns):
        found[column] = Comparison(
            above=leads[place - 1] if place else None,
            below=leads[place] if place < len(leads) else None,
            open_against=tuple(field.columns[is_open[place]].tolist()),
        )
    return tuple(found)


class _Field(NamedTuple):
    """All ranked measures, best first. The unit is that of ``weighted_scores``.

    ``pulls`` is an array raters x measures: how far the score moves with one rater more like this,
    measured from the mean of the stratum. ``paper_variance`` is what the piles of paper add to that
    of the score, and ``judged`` the number of judgements of the criterion that has fewer.
    """

    columns: np.ndarray
    scores: np.ndarray
    pulls: np.ndarray
    paper_variance: np.ndarray
    judged: np.ndarray


def _field(votes: Votes, scale: Scale, weight: float) -> _Field:
    steps = np.array(scale.steps)
    counts = [criterion.n for criterion in votes.criteria]
    sums = [np.nansum(given, axis=0) + pile @ steps for given, pile in votes.criteria]
    scores = weighted_scores(sums, counts, weight)
    ranks = competition_ranks(scores[None])[0]
    columns = np.argsort(ranks, kind="stable")
    columns = columns[ranks[columns] > 0]
    share, whole = read_weight(weight)
    pulls = np.zeros((votes.raters, len(columns)))
    paper_variance = np.zeros(len(columns))
    parts = (share, whole - share)  # in the unit of the scores
    for part, criterion, total, n in zip(parts, votes.criteria, sums, counts, strict=True):
        given, pile, n = criterion.given[:, columns], criterion.pile[columns], n[columns]
        pulls += part * np.nan_to_num(given - total[columns] / n) / n
        paper_variance += (part / n) ** 2 * _scatter(pile, steps)
    for stratum in np.unique(votes.strata):
        members = votes.strata == stratum
        pulls[members] -= pulls[members].mean(axis=0)
    judged = np.minimum(*counts)[columns]
    return _Field(columns, scores[columns], pulls, paper_variance, judged)


def _scatter(pile: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Per measure the sum of all squared distances of its sheets from their mean."""
    sheets = np.maximum(pile.sum(axis=1), 1)
    mean = pile @ steps / sheets
    return (pile * (steps - mean[:, None]) ** 2).sum(axis=1)


def _lead(field: _Field, place: int) -> Lead:
    """The lead of the measure in this place over the next."""
    ahead, behind = field.columns[place : place + 2].tolist()
    gap = float(field.scores[place] - field.scores[place + 1])
    between = field.pulls[:, place] - field.pulls[:, place + 1]
    variance = float(between @ between + field.paper_variance[place : place + 2].sum())
    judged = int(field.judged[place : place + 2].min())
    return Lead(ahead, behind, _share(gap, variance), judged)


def _share(gap: float, variance: float) -> float:
    """The share of draws that keep the order of two scores which lie ``gap`` apart."""
    if not gap:
        return 0.5
    return NormalDist().cdf(gap / sqrt(variance)) if variance else 1.0


def _open(field: _Field) -> np.ndarray:
    """Array measures x measures: whose order is open, nobody's with itself."""
    own = (field.pulls**2).sum(axis=0) + field.paper_variance
    variance = own[:, None] + own - 2 * field.pulls.T @ field.pulls
    gap = abs(field.scores[:, None] - field.scores)
    reach = NormalDist().inv_cdf(PROBABLE_FROM / 100)
    is_open = (gap < reach * np.sqrt(variance.clip(min=0))) | (gap == 0)
    np.fill_diagonal(is_open, False)
    return is_open
