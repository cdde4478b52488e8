"""Lines from marks to titles' boxes: straight, or with one bend where something is in the way."""

import numpy as np

from measures.matrix.geometry import Array, enters
from measures.matrix.ground import CELL, CLEAR, Ground
from measures.matrix.sites import Places
from measures.matrix.titles import GAP

# A line may bend in each sector where its furthest ray is so far from the mark's edge, in
# sizes of the letters, and turns by the least cosine.
SECTORS, RAYS = 16, 4
BENDS = np.array((0.6, 2, 5))
SHARPEST = 0.3
LAST = 0.5  # least length after a bend, in sizes of the letters
FAR, BENT = 4, 4  # what speaks against a line: its length in sizes of the letters, a bend
UNSEEN = CLEAR + CELL  # from a mark's edge on a line is looked at


def straight(places: Places, marks: Array, ground: Ground, size: float) -> tuple[Places, Array]:
    """All places with a straight line, and for each whether nothing is in its way.

    `marks` are the middles and reaches of the titles' marks, `size` is that of the letters.
    """
    x, y, reach = marks[places.owner].T
    end = _end(places.box, x, y)
    across, down = end[:, 0] - x, end[:, 1] - y
    length = np.hypot(across, down)
    begin = np.minimum((reach + UNSEEN) / np.maximum(length, 1), 1)
    start = np.stack((x + across * begin, y + down * begin), axis=1)
    line = np.hstack((places.line[:, :2], end, end))
    cost = places.cost + FAR * (length - reach) / size
    return places._replace(line=line, cost=cost), ground.lets_through(np.hstack((start, end)))


def bent(places: Places, marks: Array, ground: Ground, size: float) -> Places:
    """Each place with the best line with a bend that is free; those without one are left out."""
    bends = _bends(marks, ground, size)
    row, bend = (each.ravel() for each in np.indices((len(places.owner), bends.shape[1])))
    owner = places.owner[row]
    x, y, reach = marks[owner].T
    bend_x, bend_y, is_seen = bends[owner, bend].T
    end_x, end_y = _end(places.box[row], bend_x, bend_y).T
    first = np.stack((bend_x - x, bend_y - y))
    second = np.stack((end_x - bend_x, end_y - bend_y))
    length, rest = np.hypot(*first), np.hypot(*second)
    ahead = (first * second).sum(axis=0) / np.maximum(length * rest, 1)
    tried = np.flatnonzero((is_seen > 0) & (ahead >= SHARPEST) & (rest >= LAST * size))
    line = np.stack((x, y, bend_x, bend_y, end_x, end_y), axis=1)[tried]
    cost = FAR * (length + rest - reach)[tried] / size + BENT * (3 - 2 * ahead[tried])
    row = row[tried]
    is_free = ground.lets_through(line[:, 2:]) & ~enters(line[:, :4], places.box[row])
    line, cost, row = line[is_free], cost[is_free], row[is_free]
    order = np.lexsort((cost, row))
    _rows, first_of_each = np.unique(row[order], return_index=True)
    best = order[first_of_each]
    found = places.only(row[best])
    return found._replace(line=line[best], cost=found.cost + cost[best])


def _end(box: Array, x: Array, y: Array) -> Array:
    """Where a line from (x, y) meets the title in a box: not its letters."""
    left, top, right, bottom = box.T
    return np.stack((np.clip(x, left - GAP, right + GAP), np.clip(y, top, bottom)), axis=1)


def _bends(marks: Array, ground: Ground, size: float) -> Array:
    """Where a line from each mark may bend: x, y, and 1, or 0 where something is in the way."""
    angle = np.arange(SECTORS * RAYS) * (2 * np.pi / (SECTORS * RAYS))
    way = np.stack((np.cos(angle), np.sin(angle)), axis=1)
    middle, reach = marks[:, None, :2], marks[:, None, 2:]
    start, end = middle + way * (reach + UNSEEN), middle + way * (reach + size * BENDS[-1])
    rays = np.concatenate((start, end), axis=2).reshape(-1, 4)
    far = ground.open_way(rays).reshape(len(marks), SECTORS, RAYS) + UNSEEN
    ray = far.argmax(axis=2)
    far = np.take_along_axis(far, ray[..., None], axis=2)
    away = np.broadcast_to(size * BENDS, (*far.shape[:2], len(BENDS)))
    way = way[ray + np.arange(SECTORS) * RAYS]
    spots = middle[:, None] + way[:, :, None] * (reach[..., None] + away[..., None])
    seen = (far + 0.01 >= away)[..., None]
    return np.concatenate((spots, seen), axis=-1).reshape(len(marks), -1, 3)
