"""Where the marks go: as large as they may be, none over another, few away from their spot.

A mark that makes room stays within its own quadrant, so that its place never contradicts it.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil, floor, hypot, inf, sqrt

GAP = 2  # least room between two marks
# Largest number of marks for each radius; 3 and 1 are for small pictures.
RADII = {15: 60, 11: 150, 9: 300, 7: 600, 5: inf, 3: inf, 1: inf}
READABLE = 5  # nobody reads the number of a smaller mark
# Of so many marks at most each line to a true place is seen by itself; it runs through no other
# mark where a place that is so many nodes further away at most lets it.
LED, DETOUR = 150, 4

Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """Edges in pixels: of the plot, around which the axes are labelled, or of a part of it."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return round(self.right - self.left, 1)

    @property
    def height(self) -> float:
        return round(self.bottom - self.top, 1)


def fit(
    spots: Sequence[Spot],
    homes: Sequence[Frame],
    order: Sequence[int],
    frame: Frame,
    largest: float,
    reaches: Callable[[int], Sequence[int]] | None = None,
) -> tuple[int, list[Spot]]:
    """The radius, as large as the number of marks and `largest` allow, and their places.

    `spots` are the true ones in pixels, `homes` the part of the frame that each mark keeps to
    when it has to move; `order` lists their indices, best first: see `_place`. `reaches` tells for
    a radius how far each mark reaches from its middle; without it, all reach as far as that. Where
    a home is full, all marks become one size smaller; where that does not help, some leave it.

    Raises ValueError when the frame is too small.
    """
    radii = [radius for radius, most in RADII.items() if len(spots) <= most and radius <= largest]
    tries = [(radius, True) for radius in radii[:2] if radius >= READABLE]
    tries += [(radius, False) for radius in radii]
    for radius, at_home in tries:
        sizes = reaches(radius) if reaches else [radius] * len(spots)
        placed = _place(spots, homes, order, frame, sizes, at_home)
        if placed is not None:
            return radius, placed
    width, height = frame.right - frame.left, frame.bottom - frame.top
    raise ValueError(f"{len(spots)} marks do not fit into a plot of {width} x {height} pixels.")


def _place(
    spots: Sequence[Spot],
    homes: Sequence[Frame],
    order: Sequence[int],
    frame: Frame,
    reaches: Sequence[int],
    at_home: bool,
) -> list[Spot] | None:
    """Where each mark goes: on its true spot, or else on the nearest free one. None = no room.

    Nobody moves for a mark that has to move itself. Only unless `at_home`, a mark may leave a
    home that is full. One a little further away is taken where the line to the nearest would run
    through another mark.
    """
    staying, moving = _split(spots, order, reaches)
    away = set(moving)
    boards = {reach: _Board(frame, reach) for reach in {reaches[index] for index in moving}}
    placed = list(spots)

    def block(index: int) -> None:
        for board in boards.values():
            board.block(*placed[index], reaches[index])

    for index in staying:
        block(index)
    settled = list(staying)
    for index in moving:
        board, home = boards[reaches[index]], homes[index]
        free = board.nearest_free(spots[index], home)
        if free is None and not at_home:
            home = frame
            free = board.nearest_free(spots[index], home)
        if free is None:
            return None
        placed[index] = free
        if len(spots) <= LED:
            marks = [(*placed[other], reaches[other]) for other in settled]
            lines = [(spots[other], placed[other]) for other in settled if other in away]
            tried = board.free_near(spots[index], home, free)
            is_clear = partial(_is_clear, spots[index], reaches[index], marks, lines)
            placed[index] = next(filter(is_clear, tried), free)
        settled.append(index)
        block(index)
    return placed


def _is_clear(
    spot: Spot,
    reach: int,
    marks: Sequence[tuple[float, float, int]],
    lines: Sequence[tuple[Spot, Spot]],
    stands: Spot,
) -> bool:
    """Say whether a mark that stands there lies on no line, and its own runs through no mark.

    A mark that covers the true spot is where the line ends.
    """
    return all(_distance(stands, line) > reach for line in lines) and all(
        _distance((x, y), (spot, stands)) > far or hypot(x - spot[0], y - spot[1]) <= far
        for x, y, far in marks
    )


def _distance(spot: Spot, line: tuple[Spot, Spot]) -> float:
    """Return how far a spot is away from the nearest point of a line."""
    (x, y), (end_x, end_y) = line
    across, down = end_x - x, end_y - y
    length = across * across + down * down
    share = ((spot[0] - x) * across + (spot[1] - y) * down) / length if length else 0
    share = min(max(share, 0), 1)
    return hypot(x + share * across - spot[0], y + share * down - spot[1])


def _split(
    spots: Sequence[Spot], order: Sequence[int], reaches: Sequence[int]
) -> tuple[list[int], list[int]]:
    """Those that can stay on their true spot, taken in `order`, and those that must move."""
    staying, moving = [], []
    cell = 2 * max(reaches, default=1) + GAP
    # Who stays is noted in its own cell and the eight around: nobody else can be too near.
    near: defaultdict[tuple[int, int], list[tuple[float, float, int]]] = defaultdict(list)
    for index in order:
        x, y = spots[index]
        own = reaches[index] + GAP
        column, row = int(x // cell), int(y // cell)
        for other_x, other_y, reach in near.get((column, row), ()):
            if (x - other_x) ** 2 + (y - other_y) ** 2 < (own + reach) ** 2:
                moving.append(index)
                break
        else:
            staying.append(index)
            for right in (-1, 0, 1):
                for down in (-1, 0, 1):
                    near[column + right, row + down].append((x, y, reaches[index]))
    return staying, moving


class _Board:
    """Where marks of one size may still go: nodes half their least distance apart, row by row.

    Each row lists the columns on which a mark would not come too near to one already placed,
    between two ends that are never the nearest.
    """

    def __init__(self, frame: Frame, radius: int) -> None:
        self.frame, self.radius = frame, radius
        self.step = radius + GAP // 2
        self.left, self.top = frame.left + radius, frame.top + radius
        columns = int((frame.right - radius - self.left) // self.step) + 1
        rows = int((frame.bottom - radius - self.top) // self.step) + 1
        self.rows = [[-inf, *range(columns), inf] for _ in range(rows)]

    def block(self, x: float, y: float, other: int) -> None:
        """Take the nodes too near to (x, y), where a mark stands that reaches `other` far."""
        column, row = (x - self.left) / self.step, (y - self.top) / self.step
        far = (self.radius + other + GAP) / self.step  # 2 for marks of the same size
        for index in range(max(ceil(row - far), 0), min(floor(row + far) + 1, len(self.rows))):
            # The hair's breadth leaves nodes at exactly the least distance free.
            reach = sqrt(max(far * far - (index - row) * (index - row), 0)) - 1e-6
            free = self.rows[index]
            del free[bisect_left(free, column - reach) : bisect_right(free, column + reach)]

    def nearest_free(self, spot: Spot, home: Frame) -> Spot | None:
        """The free node nearest to `spot` where a mark is wholly within `home`, None without one.

        The rows up from the spot, then those down, in each the next ones to the left and right.
        """
        column, row = (spot[0] - self.left) / self.step, (spot[1] - self.top) / self.step
        first, last = self._within(home.left, home.right, self.left)
        top, bottom = self._within(home.top, home.bottom, self.top)
        bottom = min(bottom, len(self.rows) - 1)
        middle = min(max(round(row), top), bottom)
        start = min(max(column, first), last)
        best, found = inf, None
        for indices in (range(middle, top - 1, -1), range(middle + 1, bottom + 1)):
            for index in indices:
                away = (index - row) * (index - row)
                if away >= best:
                    break  # the rows beyond are more distant still
                free = self.rows[index]
                place = bisect_left(free, start)
                for node in (free[place - 1], free[place]):
                    if first <= node <= last and (node - column) ** 2 + away < best:
                        best, found = (node - column) ** 2 + away, (node, index)
        return found and (self.left + found[0] * self.step, self.top + found[1] * self.step)

    def free_near(self, spot: Spot, home: Frame, nearest: Spot) -> list[Spot]:
        """The free nodes within `home` up to `DETOUR` further away than the nearest, by distance."""
        first, last = self._within(home.left, home.right, self.left)
        top, bottom = self._within(home.top, home.bottom, self.top)
        x, y = spot
        most = hypot(nearest[0] - x, nearest[1] - y) + DETOUR * self.step
        low = max(ceil((y - most - self.top) / self.step), top)
        high = min(floor((y + most - self.top) / self.step), bottom, len(self.rows) - 1)
        left = max(ceil((x - most - self.left) / self.step), first)
        right = min(floor((x + most - self.left) / self.step), last)
        nodes = (
            (self.left + node * self.step, self.top + row * self.step)
            for row in range(low, high + 1)
            for node in self._between(row, left, right)
        )
        found = sorted((hypot(node[0] - x, node[1] - y), node) for node in nodes)
        return [node for away, node in found if away <= most]

    def _between(self, row: int, first: int, last: int) -> Sequence[float]:
        """The free columns of a row from the first to the last."""
        free = self.rows[row]
        return free[bisect_left(free, first) : bisect_right(free, last)]

    def _within(self, low: float, high: float, zero: float) -> tuple[int, int]:
        """The first and the last node from `zero` on for a mark between two edges."""
        first = ceil((low + self.radius - zero) / self.step)
        return first, floor((high - self.radius - zero) / self.step)
