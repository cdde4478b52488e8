"""How much the picture hangs on who was in the room: what the drawn rooms tell.

Nothing here is called confidence: the people were invited, and are no sample of anybody else.
"""

from fractions import Fraction

import numpy as np

from measures.prioritisation import Quadrant, Scale, Thresholds, resolve_thresholds
from measures.stability.points import exact
from measures.stability.ranks import RankRange, ranges_without
from measures.stability.rooms import Rooms


def drawn_ranges(rooms: Rooms, level: float = 0.9) -> list[RankRange]:
    """Return per measure its ranks in ``level`` of the draws: as many are put aside at either end.

    Draws in which the measure has no rank do not count. Raises ValueError for a level outside 0
    to 1.
    """
    return ranges_without(rooms.ranks[1:], share_aside(level))


def share_aside(level: float) -> Fraction:
    """The share of draws that is put aside at each end; ValueError outside 0 to 1."""
    if not 0 < level < 1:
        raise ValueError(f"The level must be between 0 and 1, got {level}.")
    return (1 - exact(level)) / 2


def quadrant_shares(
    rooms: Rooms, *, scale: Scale, thresholds: Thresholds | None = None
) -> list[dict[Quadrant, float]]:
    """Return per measure the share of its draws in each quadrant; empty without any.

    Raises ValueError for a threshold outside the scale.
    """
    limits = resolve_thresholds(thresholds, scale)
    # A mean is the float nearest to its fraction, and so is a limit: rounding never lifts a mean
    # over the line nor pushes one below it.
    relevant, feasible = rooms.relevance[1:] >= limits[0], rooms.feasibility[1:] >= limits[1]
    found = {
        Quadrant.START: relevant & feasible,
        Quadrant.PREPARE: relevant & ~feasible,
        Quadrant.OPTIONAL: ~relevant & feasible,
        Quadrant.PARK: ~relevant & ~feasible,
    }
    drawn = rooms.ranks[1:] > 0
    times = np.array([(drawn & where).sum(axis=0) for where in found.values()])
    return [
        {quadrant: n / sum(column) for quadrant, n in zip(found, column, strict=True)}
        if any(column)
        else {}
        for column in times.T.tolist()
    ]


def same_top(rooms: Rooms, top: int = 5) -> float | None:
    """Return the share of draws with the same best measures as in the room itself.

    The best ``top`` are all with a rank up to ``top``, so a tie across that border makes another
    set. None if nothing is ranked. Raises ValueError for a top below 1.
    """
    if top < 1:
        raise ValueError(f"The best {top} are nobody.")
    inside = (rooms.ranks > 0) & (rooms.ranks <= top)
    if not inside[0].any():
        return None
    return (inside[1:] == inside[0]).all(axis=1).mean().item()
