"""Short titles beside the marks of the best: none meets a mark, another title or the plot's edge,
and the line that leads to one runs through no other mark, from which it would seem to come.

Each title has many possible boxes around its mark. Those that are free are weighed, and of a few
ways of choosing one for each the best is taken. Who finds no place keeps the number alone. Nothing
is random. All boxes are looked at together: one by one they would take several times as long.
"""

from collections.abc import Mapping, Sequence
from math import inf
from random import Random
from typing import NamedTuple

import numpy as np

from measures.matrix.layout import Mark, MatrixLayout
from measures.matrix.titles import (
    GAP,
    LINE,
    SOFT_HYPHEN,
    Anchor,
    Label,
    Width,
    width_of,
)

# From the mark's edge, in sizes of the letters; a line leads to all but the nearest.
DISTANCES = np.array((0.1, 0.7, 1.5, 2.5, 3.7, 5.2, 7))
# Of a box beside a mark: how far its left edge is away from the mark's middle, in distances and in
# widths, its upper edge likewise, and what speaks against it.
SIDES = np.array((
    (1, 0, 0, -0.5, 0), (-1, -1, 0, -0.5, 0),
    *((0, share, -1, -1, cost) for share, cost in ((-0.5, 2), (-0.15, 3), (-0.85, 3))),
    *((0, share, 1, 0, cost) for share, cost in ((-0.5, 2), (-0.15, 3), (-0.85, 3))),
    (0.71, 0, -0.71, -1, 2), (0.71, 0, 0.71, 0, 2),
    (-0.71, -1, -0.71, -1, 2), (-0.71, -1, 0.71, 0, 2),
)).T  # fmt: skip
KEPT = 24  # places of one title
TURNS = 150
# What speaks against a place, beside what its side says.
FAR, SPLIT, NEAR_ANOTHER, ON_A_LINE = 2, 4, 60, 15
# What the last title costs without a place, and each better one more.
LOST, BETTER = 150, 15

Wording = tuple[tuple[str, ...], float]  # lines and the width of the widest


class _Places(NamedTuple):
    """Where titles could stand, one row each: the box and the line that leads to it.

    A box is left, top, right, bottom; a line x, y and the end's x, y, a point without a leader.
    `owner` and `wording` count the marks and the ways to write a title.
    """

    owner: np.ndarray
    wording: np.ndarray
    box: np.ndarray
    line: np.ndarray
    cost: np.ndarray


def labels(
    matrix: MatrixLayout, names: Mapping[int, str], width: Width = width_of
) -> tuple[Label, ...]:
    """Place the titles of the best marks that have a name, by the measure's id, best first.

    As many as the canvas says at most, in its letters; `width` measures them. A title breaks at a
    space or a soft hyphen only.
    """
    size = matrix.canvas.letters
    named = [
        place for place, mark in enumerate(matrix.marks) if mark.is_best and names.get(mark.measure)
    ]
    named = named[: matrix.canvas.titles]
    if not named:
        return ()
    wordings = [_wordings(names[matrix.marks[place].measure], size, width) for place in named]
    places = _free_places(matrix, named, wordings)
    return tuple(
        _label(matrix.marks[named[owner]], wordings[owner], places, row)
        for row in _chosen(places, len(named))
        for owner in [places.owner[row]]
    )


def _label(mark: Mark, wordings: Sequence[Wording], places: _Places, row: int) -> Label:
    left, top, right, bottom = places.box[row].tolist()
    x, y = (left + right) / 2, (top + bottom) / 2
    anchor: Anchor = "middle"
    if left > mark.x:
        x, anchor = left, "start"
    elif right < mark.x:
        x, anchor = right, "end"
    start_x, start_y, end_x, end_y = np.round(places.line[row], 1).tolist()
    is_led = (start_x, start_y) != (end_x, end_y)
    leader = ((start_x, start_y), (end_x, end_y)) if is_led else None
    return Label(
        mark.measure, round(x, 1), round(y, 1), anchor, wordings[places.wording[row]][0], leader
    )


def _wordings(name: str, size: float, width: Width) -> list[Wording]:
    """The title in one line and, where it can be broken, in the two of least width."""
    whole = name.replace(SOFT_HYPHEN, "")
    broken = [
        (name[:place].replace(SOFT_HYPHEN, "") + ("-" if sign == SOFT_HYPHEN else ""),
         name[place + 1 :].replace(SOFT_HYPHEN, ""))
        for place, sign in enumerate(name)
        if sign in (" ", SOFT_HYPHEN) and 0 < place < len(name) - 1
    ]  # fmt: skip
    found: list[Wording] = [((whole,), width(whole, size))]
    if broken:
        widths = {pair: max(width(line, size) for line in pair) for pair in broken}
        pair = min(broken, key=widths.__getitem__)
        found.append((pair, widths[pair]))
    return found


def _free_places(
    matrix: MatrixLayout, named: Sequence[int], wordings: Sequence[Sequence[Wording]]
) -> _Places:
    """The places of all titles that meet no mark, nor does their line: the cheapest of each, in
    their order.
    """
    spots = np.array([(mark.x, mark.y, mark.reach) for mark in matrix.marks])
    tried = _tried(matrix, named, wordings)
    own = np.array(named)[tried.owner]
    rows = np.arange(len(own))
    room = _room(tried.box, spots)
    others = room.copy()
    others[rows, own] = np.inf
    nearest = others.min(axis=1)
    is_led = tried.line[:, 0] > 0
    line = _leaders(tried.box, spots[own])
    line[~is_led, 2:] = line[~is_led, :2]
    crossed = _crossed(line, spots)
    crossed[rows, own] = False
    cost = tried.cost + NEAR_ANOTHER * (~is_led & (nearest < room[rows, own] + GAP))
    away = np.array([(*mark.values, mark.x, mark.y) for mark in matrix.marks if mark.displaced])
    if len(away):
        cost += ON_A_LINE * _cut(away[None, :], tried.box[:, None]).sum(axis=1)
    free = np.flatnonzero((room.min(axis=1) >= GAP) & ~(is_led & crossed.any(axis=1)))
    free = free[np.lexsort((free, cost[free], tried.owner[free]))]
    first = np.searchsorted(tried.owner[free], np.arange(len(named)))
    kept = free[np.arange(len(free)) - first[tried.owner[free]] < KEPT]
    return _Places(tried.owner[kept], tried.wording[kept], tried.box[kept], line[kept], cost[kept])


def _tried(
    matrix: MatrixLayout, named: Sequence[int], wordings: Sequence[Sequence[Wording]]
) -> _Places:
    """All places within the plot; of `line` only whether there is one."""
    size, plot = matrix.canvas.letters, matrix.frame
    titles = [
        (owner, number, mark.x, mark.y, mark.reach, wide, len(lines) * LINE * size)
        for owner, place in enumerate(named)
        for mark in [matrix.marks[place]]
        for number, (lines, wide) in enumerate(wordings[owner])
        if wide <= plot.width - 2 * GAP and len(lines) * LINE * size <= plot.height - 2 * GAP
    ]
    columns = np.array(titles).reshape(-1, 7).T[:, :, None, None]
    owner, number, x, y, reach, wide, tall = columns
    across, widths, down, heights, side = SIDES[:, None, None]
    distance = DISTANCES[None, :, None]
    away = reach + GAP + size * distance
    left = np.clip(x + across * away + widths * wide, plot.left + GAP, plot.right - GAP - wide)
    top = np.clip(y + down * away + heights * tall, plot.top + GAP, plot.bottom - GAP - tall)
    box = np.stack(np.broadcast_arrays(left, top, left + wide, top + tall), axis=-1)
    cost = side + FAR * distance * distance + SPLIT * number
    shape = box.shape[:-1]

    def flat(values: np.ndarray) -> np.ndarray:
        return np.broadcast_to(values, shape).ravel()

    is_led = np.repeat(flat(distance)[:, None] > distance.min(), 4, axis=1)
    return _Places(
        flat(owner).astype(int), flat(number).astype(int), box.reshape(-1, 4), is_led, flat(cost)
    )


def _room(box: np.ndarray, spots: np.ndarray) -> np.ndarray:
    """How far each box is from each mark's edge; negative where it lies over it."""
    left, top, right, bottom = box.T[:, :, None]
    x, y, reach = spots.T[:, None, :]
    across = np.maximum(np.maximum(left - x, x - right), 0)
    down = np.maximum(np.maximum(top - y, y - bottom), 0)
    return np.hypot(across, down) - reach


def _leaders(box: np.ndarray, spots: np.ndarray) -> np.ndarray:
    """The line from each mark's edge to the nearest point of its box."""
    left, top, right, bottom = box.T
    x, y, reach = spots.T
    end_x, end_y = np.clip(x, left, right), np.clip(y, top, bottom)
    away = np.maximum(np.hypot(end_x - x, end_y - y), 1)
    edge = np.minimum((reach + 1) / away, 1)
    return np.stack((x + (end_x - x) * edge, y + (end_y - y) * edge, end_x, end_y), axis=1)


def _crossed(line: np.ndarray, spots: np.ndarray) -> np.ndarray:
    """Say of each line through which marks it runs."""
    x, y, end_x, end_y = line.T[:, :, None]
    spot_x, spot_y, reach = spots.T[:, None, :]
    across, down = end_x - x, end_y - y
    length = np.maximum(across * across + down * down, 1e-9)
    share = np.clip(((spot_x - x) * across + (spot_y - y) * down) / length, 0, 1)
    return np.hypot(x + share * across - spot_x, y + share * down - spot_y) < reach + 1


def _cut(line: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Say of lines which of the boxes they run into: they end there or cross a diagonal."""
    end_x, end_y = line[..., 2], line[..., 3]
    left, top, right, bottom = np.moveaxis(box, -1, 0)
    is_in = (left <= end_x) & (end_x <= right) & (top <= end_y) & (end_y <= bottom)
    other = box[..., (0, 3, 2, 1)]
    return is_in | _cross(line, box) | _cross(line, other)


def _cross(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Say of lines which cross each other."""

    def side(line: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        start_x, start_y, end_x, end_y = np.moveaxis(line, -1, 0)
        return (end_x - start_x) * (y - start_y) > (end_y - start_y) * (x - start_x)

    apart = side(one, other[..., 0], other[..., 1]) != side(one, other[..., 2], other[..., 3])
    return apart & (side(other, one[..., 0], one[..., 1]) != side(other, one[..., 2], one[..., 3]))


def _conflicts(places: _Places) -> list[int]:
    """Of each place the others' places that it rules out, as the bits of a number."""
    one, other = places.box[:, None], places.box[None, :]
    clash = (
        (one[..., 0] - GAP < other[..., 2])
        & (other[..., 0] - GAP < one[..., 2])
        & (one[..., 1] - GAP < other[..., 3])
        & (other[..., 1] - GAP < one[..., 3])
    )
    line = places.line
    is_led = (line[:, :2] != line[:, 2:]).any(axis=1)
    led = np.flatnonzero(is_led)
    cut = _cut(line[led][:, None], other)
    clash[led] |= cut
    clash[:, led] |= cut.T
    clash[np.ix_(led, led)] |= _cross(line[led][:, None], line[led][None, :])
    clash &= places.owner[:, None] != places.owner[None, :]
    packed = np.packbits(clash, axis=1, bitorder="little")
    return [int.from_bytes(row.tobytes(), "little") for row in packed]


def _chosen(places: _Places, count: int) -> list[int]:
    """One place of each title, by its row, so that none disturbs another: the cheapest together.

    Titles choose in turn. Whoever was left without a place, or fared worst, chooses earlier the
    next time; an order that was tried before is shuffled.
    """
    conflicts, costs = _conflicts(places), places.cost.tolist()
    rows: list[list[int]] = [[] for _each in range(count)]
    for row, owner in enumerate(places.owner.tolist()):
        rows[owner].append(row)
    order = sorted(filter(rows.__getitem__, range(count)), key=lambda owner: len(rows[owner]))
    chance, tried = Random(0), set[tuple[int, ...]]()
    best, least = list[int](), inf
    for _turn in range(TURNS if order else 0):
        chosen = _in_turn(rows, order, conflicts)
        losses = {
            owner: costs[chosen[owner]] if owner in chosen else LOST + BETTER * (count - owner)
            for owner in order
        }
        if (loss := sum(losses.values())) < least:
            least, best = loss, [chosen[owner] for owner in sorted(chosen)]
        tried.add(tuple(order))
        order = sorted(order, key=losses.__getitem__, reverse=True)
        if tuple(order) in tried:
            chance.shuffle(order)
    return best


def _in_turn(
    rows: Sequence[Sequence[int]], order: Sequence[int], conflicts: Sequence[int]
) -> dict[int, int]:
    """Let each title take its cheapest place that is left, and a cheaper one that became free."""
    chosen: dict[int, int] = {}
    for owner in (*order, *order):
        taken = 0
        for other, row in chosen.items():
            if other != owner:
                taken |= conflicts[row]
        row = next((row for row in rows[owner] if not taken >> row & 1), -1)
        if row >= 0:
            chosen[owner] = row
    return chosen
