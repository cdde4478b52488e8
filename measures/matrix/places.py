"""Where titles may stand: boxes that meet no mark, with lines that meet none.

All are looked at together: one by one they would take many times as long.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from measures.matrix.geometry import PARTS, Array, crossed, enters, room
from measures.matrix.ground import Ground
from measures.matrix.layout import MatrixLayout
from measures.matrix.lines import bent, straight
from measures.matrix.placement import Frame
from measures.matrix.sites import Places, at_most, joined, one_in_each
from measures.matrix.titles import GAP, LINE

# From the mark's edge, in sizes of the letters; a line leads to all but the nearest.
DISTANCES = np.array((0.1, 0.7))
# Of a box beside a mark: how far its left edge is away from the mark's middle, in distances and in
# widths, its upper edge likewise, and what speaks against it.
SIDES = np.array((
    (1, 0, 0, -0.5, 0), (-1, -1, 0, -0.5, 0),
    *((0, share, -1, -1, cost) for share, cost in ((-0.5, 2), (-0.15, 3), (-0.85, 3))),
    *((0, share, 1, 0, cost) for share, cost in ((-0.5, 2), (-0.15, 3), (-0.85, 3))),
    (0.71, 0, -0.71, -1, 2), (0.71, 0, 0.71, 0, 2),
    (-0.71, -1, -0.71, -1, 2), (-0.71, -1, 0.71, 0, 2),
)).T  # fmt: skip
# Of the free ground so many boxes nearest to the mark are looked at for each way to write a title,
# and so many of those further away.
NEAREST, FURTHER = 100, 100
# Of all places in an area the cheapest is weighed, in sizes of the letters: of those that a line
# reaches straight, and of the others.
AREA, WIDER_AREA = (2.8, 0.7), (4, 1)
WEIGHED, KEPT = 60, 40  # places of one title
# What speaks against a place, beside its line and what its side says.
SPLIT, NEAR_ANOTHER, ON_A_LINE = 4, 60, 15

Wording = tuple[tuple[str, ...], float]  # lines and the width of the widest


class _Titles(NamedTuple):
    """Titles that fit into the plot, each way to write one a row.

    `owner` counts the titles, `mark` is the mark's middle and reach, `wide` and `tall` the box.
    """

    owner: Array
    wording: Array
    mark: Array
    wide: Array
    tall: Array

    def at(self, row: Array, left: Array, top: Array, cost: Array) -> Places:
        """Places of rows, each with its upper left corner, without a line."""
        box = np.stack((left, top, left + self.wide[row], top + self.tall[row]), axis=-1)
        line = np.tile(self.mark[row, :2], 3)
        wording = self.wording[row]
        return Places(self.owner[row], wording, box, line, cost + SPLIT * wording)


def free_places(
    matrix: MatrixLayout, named: Sequence[int], wordings: Sequence[Sequence[Wording]]
) -> Places:
    """Places of the titles of the marks `named`, by their index, that nothing but titles disturbs.

    `wordings` are the ways to write each title.
    """
    size, plot = matrix.canvas.letters, matrix.frame
    spots = np.array([(mark.x, mark.y, mark.reach) for mark in matrix.marks], dtype=float)
    own = np.array(named)
    marks = spots[own]
    titles = _titles(plot, size, marks, wordings)
    ground = Ground(plot, spots)
    close, nearby = _beside(plot, titles, spots, own, size)
    led, is_straight = straight(
        joined(nearby, _on_free_ground(ground, titles)), marks, ground, size
    )
    short = one_in_each(led.only(is_straight), *(size * length for length in AREA))
    rest = one_in_each(led.only(~is_straight), *(size * length for length in WIDER_AREA))
    rest = rest._replace(cost=SPLIT * rest.wording.astype(float))
    places = at_most(joined(close, short, bent(rest, marks, ground, size)), WEIGHED)
    return at_most(_weighed(places, matrix, spots, own), KEPT)


def _titles(
    plot: Frame, size: float, marks: Array, wordings: Sequence[Sequence[Wording]]
) -> _Titles:
    rows = [
        (owner, number, wide, len(lines) * LINE * size)
        for owner, ways in enumerate(wordings)
        for number, (lines, wide) in enumerate(ways)
        if wide <= plot.width - 2 * GAP and len(lines) * LINE * size <= plot.height - 2 * GAP
    ]
    owner, wording, wide, tall = np.array(rows).reshape(-1, 4).T
    owner = owner.astype(int)
    return _Titles(owner, wording.astype(int), marks[owner], wide, tall)


def _beside(
    plot: Frame, titles: _Titles, spots: Array, own: Array, size: float
) -> tuple[Places, Places]:
    """The free places around the marks: those that need no line, and those that need one."""
    x, y, reach = titles.mark.T[:, :, None, None]
    wide, tall = titles.wide[:, None, None], titles.tall[:, None, None]
    across, widths, down, heights, side = SIDES[:, None, None]
    away = reach + GAP + size * DISTANCES[None, :, None]
    left = np.clip(x + across * away + widths * wide, plot.left + GAP, plot.right - GAP - wide)
    top = np.clip(y + down * away + heights * tall, plot.top + GAP, plot.bottom - GAP - tall)
    row, distance, _side = (each.ravel() for each in np.indices(left.shape))
    cost = np.broadcast_to(side, left.shape).ravel()
    places, is_led = titles.at(row, left.ravel(), top.ravel(), cost), distance > 0
    around = room(places.box, spots)
    is_free = around.min(axis=1) >= GAP
    rows, mark = np.arange(len(row)), own[places.owner]
    to_own = around[rows, mark]
    around[rows, mark] = np.inf
    is_doubtful = ~is_led & (around.min(axis=1) < to_own + GAP)
    places = places._replace(cost=places.cost + NEAR_ANOTHER * is_doubtful)
    return places.only(is_free & ~is_led), places.only(is_free & is_led)


def _on_free_ground(ground: Ground, titles: _Titles) -> Places:
    """Places anywhere in the plot: the nearest to each mark, and every so many-th of the others."""
    found = [titles.at(*(np.empty(0, dtype) for dtype in (int, float, float, float)))]
    for row, (wide, tall) in enumerate(zip(titles.wide, titles.tall, strict=True)):
        left, top = ground.free_boxes(wide, tall)
        x, y, _reach = titles.mark[row]
        across = np.maximum(np.maximum(left - x, x - left - wide), 0)
        down = np.maximum(np.maximum(top - y, y - top - tall), 0)
        order = np.argsort(across * across + down * down, kind="stable")
        every = max(-(-(len(order) - NEAREST) // FURTHER), 1)
        order = np.concatenate((order[:NEAREST], order[NEAREST::every]))
        rows = np.full(len(order), row)
        found.append(titles.at(rows, left[order], top[order], np.zeros(len(order))))
    return joined(*found)


def _weighed(places: Places, matrix: MatrixLayout, spots: Array, own: Array) -> Places:
    """Those that exactly meet no mark; the line of a mark that made room speaks against a box."""
    is_free = room(places.box, spots).min(axis=1) >= GAP
    rows, mark = np.arange(len(is_free)), own[places.owner]
    for part in PARTS:
        met = crossed(places.line[:, part], spots)
        met[rows, mark] = False
        is_free &= ~met.any(axis=1)
    places = places.only(is_free)
    away = np.array([(*mark.values, mark.x, mark.y) for mark in matrix.marks if mark.displaced])
    if not len(away):
        return places
    cut = enters(away[None, :], places.box[:, None]).sum(axis=1)
    return places._replace(cost=places.cost + ON_A_LINE * cut)
