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
from itertools import pairwise
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from measures.prioritisation import Scale
from measures.stability.leads import PROBABLE_FROM, Comparison, Lead
from measures.stability.ranks import competition_ranks
from measures.stability.votes import Paper, Votes, read_votes, read_weight, weighted_scores


def compare_measures(
    relevance: ArrayLike,
    feasibility: ArrayLike,
    *,
    paper: Paper | None = None,
    scale: Scale,
    weight: float = 0.5,
    strata: Sequence[int] | None = None,
) -> tuple[Comparison, ...]:
    """Compare every measure with every other; measures are named by their columns.

    Arguments, what they refuse and what a draw is as in ``draw_rooms``. The words for a lead and
    their bounds stand in ``measures.stability.leads``.

    O(raters · measures²).
    """
    votes = read_votes(relevance, feasibility, scale=scale, paper=paper, strata=strata)
    columns = _best_first(weighted_scores(votes.sums(scale), votes.counts, weight))
    ranked = votes.of(columns)
    scores = weighted_scores(ranked.sums(scale), ranked.counts, weight)
    pulls, scatter = _pulls(ranked, scale, weight), _scatter(ranked, scale, weight)
    shares = _shares_ahead(scores, pulls, scatter)
    judged = ranked.counts.min(axis=0).tolist()
    leads = [
        Lead(ahead, behind, share, min(each))
        for (ahead, behind), share, each in zip(
            pairwise(columns.tolist()), shares, pairwise(judged), strict=True
        )
    ]
    is_open = _open(scores, pulls, scatter)
    found = [Comparison()] * len(votes.counts[0])
    for place, column in enumerate(columns):
        found[column] = Comparison(
            above=leads[place - 1] if place else None,
            below=leads[place] if place < len(leads) else None,
            open_against=tuple(columns[is_open[place]].tolist()),
        )
    return tuple(found)


def _best_first(scores: np.ndarray) -> np.ndarray:
    """The columns of all that have a score, equal ones in the given order."""
    ranks = competition_ranks(scores[None])[0]
    columns = np.argsort(ranks, kind="stable")
    return columns[ranks[columns] > 0]


def _parts(weight: float) -> tuple[int, int]:
    """How much relevance and feasibility count, in the unit of ``weighted_scores``."""
    share, whole = read_weight(weight)
    return share, whole - share


def _pulls(votes: Votes, scale: Scale, weight: float) -> np.ndarray:
    """Array raters x measures: how far each score moves with one rater more like this.

    Measured from the mean of the stratum.
    """
    pulls = np.zeros(votes.given.shape[1:])
    by_criterion = zip(_parts(weight), votes.given, votes.sums(scale), votes.counts, strict=True)
    for part, given, total, n in by_criterion:
        pulls += part * np.nan_to_num(given - total / n) / n
    for stratum in np.unique(votes.strata):
        members = votes.strata == stratum
        pulls[members] -= pulls[members].mean(axis=0)
    return pulls


def _scatter(votes: Votes, scale: Scale, weight: float) -> np.ndarray:
    """Per measure what its piles of paper add to the variance of its score."""
    steps = np.array(scale.steps)
    variance = np.zeros(votes.given.shape[2])
    for part, pile, n in zip(_parts(weight), votes.piles, votes.counts, strict=True):
        mean = pile @ steps / np.maximum(pile.sum(axis=1), 1)
        off = (pile * (steps - mean[:, None]) ** 2).sum(axis=1)  # squared, added up
        variance += (part / n) ** 2 * off
    return variance


def _shares_ahead(scores: np.ndarray, pulls: np.ndarray, scatter: np.ndarray) -> list[float]:
    """Per measure but the last the share of draws that keep it ahead of the next one."""
    shares = []
    for place in range(len(scores) - 1):
        gap = float(scores[place] - scores[place + 1])
        between = pulls[:, place] - pulls[:, place + 1]
        variance = float(between @ between + scatter[place : place + 2].sum())
        shares.append(_share(gap, variance))
    return shares


def _share(gap: float, variance: float) -> float:
    """The share of draws that keep the order of two scores which lie ``gap`` apart."""
    if not gap:
        return 0.5
    return NormalDist().cdf(gap / sqrt(variance)) if variance else 1.0


def _open(scores: np.ndarray, pulls: np.ndarray, scatter: np.ndarray) -> np.ndarray:
    """Array measures x measures: whose order is open, nobody's with itself."""
    own = (pulls**2).sum(axis=0) + scatter
    variance = own[:, None] + own - 2 * pulls.T @ pulls
    gap = abs(scores[:, None] - scores)
    reach = NormalDist().inv_cdf(PROBABLE_FROM / 100)
    is_open = (gap < reach * np.sqrt(variance.clip(min=0))) | (gap == 0)
    np.fill_diagonal(is_open, False)
    return is_open
