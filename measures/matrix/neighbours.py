"""Which mark each arrow key leads to."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import hypot, inf, sqrt

Spot = tuple[float, float]
Band = list[tuple[float, float, int]]  # x, y and index of the marks within


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
    height = 3 * distance
    top = min((y for _, y in spots), default=0)
    levels = [int((y - top) // height) for _, y in spots]
    outwards = _outwards(max(levels, default=0) + 1, height)
    result = [-1] * len(spots)
    for index in sorted(range(len(spots)), key=spots.__getitem__, reverse=True):
        x, y = spots[index]
        best = inf
        bands = outwards[levels[index]]
        for least, band in bands:
            if least >= best:
                break
            for other_x, other_y, other in reversed(band):
                ahead = other_x - x
                if ahead >= best:
                    break
                if -ahead <= other_y - y <= ahead:
                    away = hypot(ahead, other_y - y)
                    if away < best:
                        best, result[index] = away, other
        bands[0][1].append((x, y, index))
    return result


def _outwards(count: int, height: float) -> list[list[tuple[float, Band]]]:
    """Per band all bands from it outwards, each with the least distance of a mark there.

    What is aside by one height must be ahead by as much.
    """
    bands: list[Band] = [[] for _ in range(count)]
    return [
        [
            (max(abs(number - own) - 1, 0) * height * sqrt(2), bands[number])
            for number in sorted(range(count), key=lambda number: abs(number - own))
        ]
        for own in range(count)
    ]
