"""Places of titles as arrays, one row each."""

from typing import NamedTuple

import numpy as np

from measures.matrix.geometry import Array


class Places(NamedTuple):
    """Where titles could stand: the box, the line that leads to it, and what speaks against it.

    A box is left, top, right, bottom. A line is x and y of the mark's middle, of the bend and of
    the end; the bend is the end where it has none, and all are the mark's where there is no line.
    `owner` and `wording` count the titles and the ways to write one.
    """

    owner: Array
    wording: Array
    box: Array
    line: Array
    cost: Array

    def only(self, rows: Array) -> "Places":
        return Places(*(each[rows] for each in self))


def joined(*parts: Places) -> Places:
    return Places(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def one_in_each(places: Places, across: float, down: float) -> Places:
    """Of each title the cheapest of those whose middles lie in an area of that size."""
    middle = (places.box[:, :2] + places.box[:, 2:]) / 2
    column, row = np.floor(middle / (across, down)).astype(int).T
    area = (places.owner * 1000 + row) * 1000 + column
    order = np.lexsort((places.cost, area))
    _areas, first = np.unique(area[order], return_index=True)
    return places.only(order[first])


def at_most(places: Places, most: int) -> Places:
    """So many places of each title: half of them the cheapest, half from all the others."""
    order = np.lexsort((places.cost, places.owner))
    owner = places.owner[order]
    number = np.arange(len(order)) - np.searchsorted(owner, owner)
    count, half = np.bincount(owner)[owner], most // 2
    every = np.maximum(-(-(count - half) // half), 1)
    return places.only(order[(number < half) | ((number - half) % every == 0)])
