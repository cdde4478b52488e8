"""Which mark each arrow key leads to."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import hypot, inf, sqrt

Spot = tuple[float, float]
Bands = list[list[tuple[float, float, int]]]  # x, y and index


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The measure each arrow key leads to, None where nothing lies ahead."""

    up: Hashable | None
    right: Hashable | None
    down: Hashable | None
    left: Hashable | None


def neighbours(
    measures: Sequence[Hashable], placed: Sequence[Spot], distance: float
) -> list[Neighbours]:
    """The nearest mark in each direction, by turning the picture until it lies to the right.

    `distance` is the least one between two marks, in the pixels of `placed`.
    """
    names = [*measures, None]
    ahead = (
        _nearest_ahead([(-y, x) for x, y in placed], distance),
        _nearest_ahead(placed, distance),
        _nearest_ahead([(y, x) for x, y in placed], distance),
        _nearest_ahead([(-x, y) for x, y in placed], distance),
    )
    return [Neighbours(*(names[index] for index in four)) for four in zip(*ahead, strict=True)]


def _nearest_ahead(spots: Sequence[Spot], distance: float) -> list[int]:
    """Per spot the nearest other one within 45 degrees of straight right, -1 if there is none.

    The spots enter horizontal bands from the right: the nearest in a band was the last to come.
    """
    top = min((y for _, y in spots), default=0)
    bottom = max((y for _, y in spots), default=0)
    height = 2 * distance
    bands: Bands = [[] for _ in range(int((bottom - top) // height) + 1)]
    result = [-1] * len(spots)
    for index in sorted(range(len(spots)), key=spots.__getitem__, reverse=True):
        x, y = spots[index]
        level = (y - top) / height
        result[index] = _nearest_in(bands, x, y, level, height)
        bands[int(level)].append((x, y, index))
    return result


def _nearest_in(bands: Bands, x: float, y: float, level: float, height: float) -> int:
    """Bands outwards from the spot's own, first upwards, then downwards."""
    best, found = inf, -1
    own = int(level)
    for numbers in (range(own, -1, -1), range(own + 1, len(bands))):
        for number in numbers:
            aside = (abs(number + 0.5 - level) - 0.5) * height  # at least, in this band
            if aside * sqrt(2) > best:
                break  # ahead of it by as much: more distant than the best
            for other_x, other_y, other in reversed(bands[number]):
                ahead = other_x - x
                if ahead >= best:
                    break
                if -ahead <= other_y - y <= ahead:
                    away = hypot(ahead, other_y - y)
                    if away < best:
                        best, found = away, other
    return found
