"""What the weight changes: computed exactly, not sampled.

Ranks are those of the ranking (1 2 2 4). Only equal points tie over more than one weight. Where
different points tie, at a single weight, the ranks on either side of it count and the tie itself
does not: a rank that a measure shares at one weight only is nothing to rely on. The one exception
is the best rank in ``ranks_over_weights``, so that a page can say what holds at every weight.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from measures.prioritisation import Id
from measures.stability.crossings import Lines
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


def weight_intervals(points: Points[Id]) -> list[WeightInterval]:
    """Return the intervals of constant ranking, which together cover the weights 0 to 1.

    There are up to n (n - 1) / 2 + 1 of them with n ids each: for lists that people read. With
    hundreds of measures, ``ranks_over_weights`` and ``top_changes`` say more in less.
    """
    lines = Lines(points)
    ids = lines.ids
    place = lines.places()
    order = [ids[index] for index in np.argsort(place)]
    result, low = [], 0.0
    for weight, crossings in groupby(lines.crossings(), key=lambda crossing: crossing[0]):
        result.append(WeightInterval(low, weight, tuple(order)))
        low = weight
        moved: set[int] = set()
        for _weight, falling, rising in crossings:
            place[falling] += 1
            place[rising] -= 1
            moved |= {falling, rising}
        for index in moved:
            order[place[index]] = ids[index]
    if low < 1:
        result.append(WeightInterval(low, 1.0, tuple(order)))
    return result


def ranks_over_weights(points: Points[Id]) -> dict[Id, range]:
    """Return for every measure the ranks from its best to its worst over all weights. O(n² log n).

    The best one also where it is shared at a single weight only, the worst one not.
    """
    lines = Lines(points)
    return {measure: lines.ranks(index) for index, measure in enumerate(lines.ids)}


def acceptability(points: Points[Id]) -> dict[Id, tuple[float, ...]]:
    """Return for every measure the share of all weights at which it has rank 1, 2, … n.

    m equal points share the m ranks they occupy together, each to the same part. So each
    measure's shares add up to 1, and so do each rank's. O(n² log n), exact but for rounding.

    Source: rank acceptability index of SMAA-2 with all weights equally likely; Lahdelma &
    Salminen 2001, SMAA-2: stochastic multicriteria acceptability analysis for group decision
    making, Operations Research 49:444-454. That it needs no sampling with two criteria follows
    from the ranking being constant between crossings.
    """
    lines = Lines(points)
    return {
        measure: tuple(lines.rank_shares(index).tolist()) for index, measure in enumerate(lines.ids)
    }


def top_changes(points: Points[Id], size: int = 10) -> tuple[float, ...]:
    """Return the weights strictly between 0 and 1 at which the set of the best ``size`` changes.

    Whoever has a rank up to ``size`` belongs to it, so equal points that share the last of those
    ranks are all in, and the set may be larger than ``size``.

    Raises ValueError for a size below 1.
    """
    if size < 1:
        raise ValueError(f"The best {size} are nobody.")
    lines = Lines(points)
    borders = (lines.border_weights(index, size) for index in range(len(lines.ids)))
    return tuple(sorted({weight for each in borders for weight in each}))
