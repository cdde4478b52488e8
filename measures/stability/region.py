"""Where in the matrix a measure's point lies in most of the drawn rooms."""

from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np

from measures.prioritisation import Scale
from measures.stability.drawn import share_aside
from measures.stability.rooms import Rooms

# An axis this much shorter than the other comes from rounding, not from ratings.
FLAT = 1e-6


@dataclass(frozen=True, slots=True)
class Region:
    """An ellipse in the matrix: centre and half axes in steps of the scale.

    ``turn`` is the angle in radians from the axis of relevance to the long axis, towards the
    axis of feasibility. ``short`` is 0 when all draws lie on one line.
    """

    relevance: float
    feasibility: float
    long: float
    short: float
    turn: float

    def outline(self, scale: Scale, corners: int = 24) -> tuple[tuple[float, float], ...]:
        """Return the corners (relevance, feasibility) of a polygon around it, on the scale."""
        grown = 1 / cos(pi / corners)  # so that the sides touch the ellipse from outside
        outline = []
        for corner in range(corners):
            angle = 2 * pi * corner / corners
            along, across = self.long * grown * cos(angle), self.short * grown * sin(angle)
            relevance = self.relevance + along * cos(self.turn) - across * sin(self.turn)
            feasibility = self.feasibility + along * sin(self.turn) + across * cos(self.turn)
            outline.append(
                (
                    min(max(relevance, scale.low), scale.high),
                    min(max(feasibility, scale.low), scale.high),
                )
            )
        return tuple(outline)


def regions(rooms: Rooms, level: float) -> list[Region | None]:
    """Return per measure the smallest ellipse of its kind that holds ``level`` of the draws.

    It has the centre and the proportions of the draws' variances along both axes, whatever they
    have to do with each other: a slanting ellipse of few people would tell which relevance stood on
    one ballot with which feasibility. It reaches as far as the farthest draw it holds. Draws in
    which the measure has no rank do not count. None for a point that never moves.

    Raises ValueError for a level outside 0 to 1.
    """
    share = 1 - 2 * share_aside(level)
    drawn = rooms.ranks[1:] > 0
    n = drawn.sum(axis=0)
    (relevance, x), (feasibility, y) = (
        _centred(means[1:], drawn, n) for means in (rooms.relevance, rooms.feasibility)
    )
    long, short, turn = _axes(x, y, np.maximum(n, 1))
    along, across = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    distance = _divided(along, long) ** 2 + _divided(across, short) ** 2
    ordered = np.sort(np.where(drawn, distance, np.inf), axis=0)
    held = np.maximum(-(-n * share.numerator // share.denominator), 1)  # rounded up
    reach = np.sqrt(np.take_along_axis(ordered, held[None] - 1, axis=0)[0])
    reach[n == 0] = 0
    columns = np.array([relevance, feasibility, long * reach, short * reach, turn]).T
    moved = (n > 0) & (long > 0)
    return [
        Region(*column) if moves else None
        for moves, column in zip(moved.tolist(), columns.tolist(), strict=True)
    ]


def _centred(means: np.ndarray, drawn: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Per measure the centre of its draws, and how far each draw is off, 0 where it has none."""
    # Measured from one of the draws, a point that never moves is off by exactly 0.
    anchor = np.take_along_axis(means, drawn.argmax(axis=0)[None], axis=0)[0]
    off = np.where(drawn, means - anchor, 0)
    shift = off.sum(axis=0) / np.maximum(n, 1)
    return anchor + shift, np.where(drawn, off - shift, 0)


def _axes(x: np.ndarray, y: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, ...]:
    """The longer and the shorter standard deviation, and the angle of the longer: per measure."""
    xx, yy = (np.sqrt((a * a).sum(axis=0) / n) for a in (x, y))
    long, short = np.maximum(xx, yy), np.minimum(xx, yy)
    short[short <= FLAT * long] = 0
    return long, short, np.where(xx >= yy, 0, np.pi / 2)


def _divided(parts: np.ndarray, by: np.ndarray) -> np.ndarray:
    return np.divide(parts, by, out=np.zeros_like(parts), where=by > 0)
