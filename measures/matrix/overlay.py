"""What lies beneath the marks on demand: where they came from, and where they might as well be."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import atan2, cos, degrees, hypot, radians, sin
from typing import Protocol

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

    origins: Mapping[Hashable, Values] = field(default_factory=dict)
    regions: Mapping[Hashable, Sequence[Values]] = field(default_factory=dict)
    is_joined: bool = False
    meaning: str = ""


NOTHING = Overlay()


@dataclass(frozen=True, slots=True)
class Arrow:
    """From (x, y) to (true_x, true_y), in the direction `angle`, degrees clockwise from the right.

    Its head stays `gap` pixels away from the end: it touches a mark that stands there.
    """

    measure: Hashable
    colour: int
    x: float
    y: float
    true_x: float
    true_y: float
    gap: int
    angle: float


@dataclass(frozen=True, slots=True)
class Region:
    """A polygon's corners in pixels."""

    measure: Hashable
    colour: int
    corners: tuple[Spot, ...]


class Placed(Protocol):
    """What this module needs to know of a mark."""

    measure: Hashable
    colour: int
    true_x: float
    true_y: float
    moved: bool


def arrows(
    overlay: Overlay, marks: Sequence[Placed], radius: int, place: Callable[[Values], Spot]
) -> tuple[Arrow, ...]:
    """Return the arrows long enough to be seen; `place` turns values into pixels."""
    result = []
    for mark in marks:
        if mark.measure in overlay.origins:
            x, y = place(overlay.origins[mark.measure])
            ahead, aside = mark.true_x - x, mark.true_y - y
            gap = 0 if mark.moved else radius
            if hypot(ahead, aside) - gap >= SHORTEST:
                angle = round(degrees(atan2(aside, ahead)), 1)
                result.append(
                    Arrow(
                        mark.measure, mark.colour, x, y, mark.true_x, mark.true_y, gap, angle
                    )
                )  # fmt: skip
    return tuple(result)


def regions(
    overlay: Overlay, marks: Sequence[Placed], place: Callable[[Values], Spot]
) -> tuple[Region, ...]:
    """Return the polygons of the measures that have a mark."""
    return tuple(
        Region(mark.measure, mark.colour, _outline(map(place, overlay.regions[mark.measure])))
        for mark in marks
        if mark.measure in overlay.regions
    )


def head(arrow: Arrow) -> tuple[Spot, ...]:
    """Return the corners of the arrow's head in pixels."""
    ahead, aside = cos(radians(arrow.angle)), sin(radians(arrow.angle))
    return tuple(
        (
            arrow.true_x + (x - arrow.gap) * ahead - y * aside,
            arrow.true_y + (x - arrow.gap) * aside + y * ahead,
        )
        for x, y in HEAD
    )


def _outline(spots: Iterable[Spot]) -> tuple[Spot, ...]:
    """Return whole pixels: an area needs no finer ones, and hundreds of them weigh less."""
    return tuple((round(x), round(y)) for x, y in spots)
