"""What the weight changes: computed exactly, not sampled.

Ranks are those of the ranking (1 2 2 4). Only equal points tie over more than one weight. Where
different points tie, at a single weight, the ranks on either side of it count and the tie itself
does not: a rank that a measure shares at one weight only is nothing to rely on. The one exception
is ``RankProfile.best_tied``, so that a page can say what holds at every single weight.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from measures.stability.lines import Lines
from measures.stability.points import Points


@dataclass(frozen=True, slots=True)
class WeightInterval:
    """The weights from ``low`` to ``high`` and the ids in their order there, best first.

    Equal points keep the order in which they were given. At ``low`` and ``high`` themselves, the
    measures that change places tie.
    """

    low: float
    high: float
    ranking: tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class RankProfile:
    """The ranks of one measure over all weights.

    ``best`` and ``worst`` are the ends of their range; ``best_tied`` is the best rank that the
    ranking can show, ties at a single weight included.
    """

    best: int
    worst: int
    best_tied: int


def weight_intervals(points: Points) -> list[WeightInterval]:
    """Return the intervals of constant ranking, which together cover the weights 0 to 1.

    There are up to n (n - 1) / 2 + 1 of them with n ids each: for lists that people read. With
    hundreds of measures, ``rank_profiles`` and ``top_changes`` say more in less.
    """
    lines = Lines(points)
    ids = lines.ids
    place = lines.places()
    order = [ids[index] for index in np.argsort(place)]
    result, low = [], 0.0
    for weight, crossings in groupby(lines.crossings(), key=lambda crossing: crossing[0]):
        result.append(WeightInterval(low, weight, tuple(order)))
        low = weight
        moved = set()
        for _weight, falling, rising in crossings:
            place[falling] += 1
            place[rising] -= 1
            moved |= {falling, rising}
        for index in moved:
            order[place[index]] = ids[index]
    if low < 1:
        result.append(WeightInterval(low, 1.0, tuple(order)))
    return result


def rank_profiles(points: Points) -> dict[Hashable, RankProfile]:
    """Return for every measure its ranks over all weights. O(n² log n); see ``lines`` for ties."""
    lines = Lines(points)
    return {
        measure: RankProfile(int(course.ranks.min()), int(course.ranks.max()), course.best_tied)
        for measure, course in zip(lines.ids, lines.courses(), strict=True)
    }


def acceptability(points: Points) -> dict[Hashable, tuple[float, ...]]:
    """Return for every measure the share of all weights at which it has rank 1, 2, … n.

    m equal points share the m ranks they occupy together, each to the same part. So each
    measure's shares add up to 1, and so do each rank's. O(n² log n), exact but for rounding.

    Source: rank acceptability index of SMAA-2 with all weights equally likely; Lahdelma &
    Salminen 2001, SMAA-2: stochastic multicriteria acceptability analysis for group decision
    making, Operations Research 49:444-454. That it needs no sampling with two criteria follows
    from the ranking being constant between crossings.
    """
    lines = Lines(points)
    size = len(lines.ids)
    result = {}
    for measure, course in zip(lines.ids, lines.courses(), strict=True):
        widths = np.diff(course.lows, append=1.0)
        shares = np.bincount(course.ranks - 1, weights=widths, minlength=size)
        if course.equals > 1:
            shares = np.convolve(shares, np.full(course.equals, 1 / course.equals))[:size]
        result[measure] = tuple(shares.tolist())
    return result


def top_changes(points: Points, size: int = 10) -> tuple[float, ...]:
    """Return the weights strictly between 0 and 1 at which the set of the best ``size`` changes.

    Whoever has a rank up to ``size`` belongs to it, so equal points that share the last of those
    ranks are all in, and the set may be larger than ``size``.

    Raises ValueError for a size below 1.
    """
    if size < 1:
        raise ValueError(f"The best {size} are nobody.")
    changes: set[float] = set()
    for course in Lines(points).courses():
        inside = course.ranks <= size
        changes.update(course.lows[1:][inside[1:] != inside[:-1]].tolist())
    return tuple(sorted(changes))
