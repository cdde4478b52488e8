"""What lies beneath the marks on demand: where they came from, and where they might as well be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import atan2, cos, degrees, hypot, radians, sin

Values = tuple[float, float]  # (relevance, feasibility) on the scale
Spot = tuple[float, float]  # pixels

HEAD = ((0, 0), (-8, -4), (-8, 4))  # of an arrow to the right, its tip at the origin
SHORTEST = 4  # pixels; less of an arrow would be a blot at the edge of its mark


@dataclass(frozen=True, slots=True)
class Overlay:
    """Arrows and regions by the measure's id; ids without a mark are passed over.

    `origins`: an arrow runs from there to the measure's values; where `is_joined`, a plain line
    joins the two. `regions`: the corners of the polygon in which the values lie for most
    draws. `meaning` says in the legend what arrows or lines stand for.
    """

    origins: Mapping[int, Values] = field(default_factory=dict)
    regions: Mapping[int, Sequence[Values]] = field(default_factory=dict)
    is_joined: bool = False
    meaning: str = ""


NOTHING = Overlay()


def is_seen(start: Spot, end: Spot, gap: int) -> bool:
    """Say whether an arrow is long enough of which `gap` pixels lie beneath the mark at its end."""
    return hypot(end[0] - start[0], end[1] - start[1]) - gap >= SHORTEST


def direction(start: Spot, end: Spot) -> float:
    """Return where an arrow points, in degrees clockwise from the right."""
    return round(degrees(atan2(end[1] - start[1], end[0] - start[0])), 1)


def head(end: Spot, angle: float, gap: int) -> tuple[Spot, ...]:
    """Return the corners of an arrow's head, `gap` pixels before the arrow's end."""
    ahead, aside = cos(radians(angle)), sin(radians(angle))
    return tuple(
        (end[0] + (x - gap) * ahead - y * aside, end[1] + (x - gap) * aside + y * ahead)
        for x, y in HEAD
    )
