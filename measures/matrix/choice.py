"""Of all places that titles could have, one for each, so that none disturbs another."""

from collections.abc import Mapping, Sequence
from random import Random

import numpy as np

from measures.matrix.geometry import PARTS, Array, cross, enters
from measures.matrix.sites import Places
from measures.matrix.titles import GAP

# So many tries without a better choice end the search; every so many-th starts from the best one.
CALM, RETURN = 80, 10
# What the last title costs without a place, and each better one more; a line that crosses another.
LOST, BETTER, CROSSED = 150, 15, 60
# What speaks against a place in the search: a title that it turns out, a try before, and another's
# choice that it leaves so small.
TURNED_OUT, AGAIN, SQUEEZED = 200, 30, 150
MARGIN = np.array((-GAP, -GAP, GAP, GAP))  # around a box
BEND = (2, 3, 2, 3)  # of a line, as a box


def chosen(places: Places, count: int) -> list[int]:
    """One place of each of so many titles, by its row, so that none disturbs another.

    They are placed one by one, the one with the least choice first. Then whoever found no place,
    or else fares worst, takes one that it has not tried as often; those whom it turns out, and one
    more, are placed anew. Of all that was reached the best is kept.
    """
    search, chance = _Search(places, count), Random(0)
    taken = search.settled(search.filled({}))
    best, least, calm = taken, search.loss(taken), 0
    while taken and calm < CALM:
        calm += 1
        turned = search.settled(search.turned(taken, chance))
        if (loss := search.loss(turned)) < least:
            best, least, calm = turned, loss, 0
        taken = turned if calm % RETURN else best
    return [best[owner] for owner in sorted(best)]


class _Search:
    """What places cost and rule out; sets of places are the bits of a number."""

    def __init__(self, places: Places, count: int) -> None:
        clash, crossing = _disturbances(places)
        self.clash, self.crossing = _bits(clash), _bits(crossing)
        self.cost = places.cost.tolist()
        self.tried = [0] * len(self.cost)
        owners = places.owner.tolist()
        self.rows = [
            [row for row, each in enumerate(owners) if each == own] for own in range(count)
        ]
        self.all = [sum(1 << row for row in rows) for rows in self.rows]

    def filled(self, taken: Mapping[int, int]) -> dict[int, int]:
        """Give those without a place one if there is, so that much is left for the others."""
        taken = dict(taken)
        left = {owner: bits for owner, bits in enumerate(self.all) if owner not in taken}
        bits = 0
        for row in taken.values():
            bits |= 1 << row
            for owner in left:
                left[owner] &= ~self.clash[row]
        while left := {owner: free for owner, free in left.items() if free}:
            owner = min(left, key=lambda owner: left[owner].bit_count())
            free = left.pop(owner)
            others = list(left.values())

            def loss(row: int, bits: int = bits, others: Sequence[int] = others) -> float:
                open_ = ~self.clash[row]
                squeezed = sum(1 / (1 + (other & open_).bit_count()) for other in others)
                return self._cost(row, bits) + SQUEEZED * squeezed

            row = min((row for row in self.rows[owner] if free >> row & 1), key=loss)
            taken[owner] = row
            bits |= 1 << row
            left = {owner: other & ~self.clash[row] for owner, other in left.items()}
        return taken

    def turned(self, taken: Mapping[int, int], chance: Random) -> dict[int, int]:
        """Let one title take another place than it has, and place anew whom that turns out."""
        bits = sum(1 << row for row in taken.values())
        waiting = [owner for owner, rows in enumerate(self.rows) if rows and owner not in taken]
        owner = (
            chance.choice(waiting)
            if waiting
            else max(taken, key=lambda own: self._cost(taken[own], bits) + chance.random() * LOST)
        )
        row = min(
            self.rows[owner],
            key=lambda row: (
                TURNED_OUT * (self.clash[row] & bits).bit_count()
                + self._cost(row, bits)
                + AGAIN * self.tried[row]
            ),
        )
        self.tried[row] += 1
        kept = {
            other: at
            for other, at in taken.items()
            if other != owner and not self.clash[row] >> at & 1
        }
        if kept:
            del kept[chance.choice(sorted(kept))]
        return self.filled({**kept, owner: row})

    def settled(self, taken: Mapping[int, int]) -> dict[int, int]:
        """Let each in turn take the best place beside the others'."""
        settled = dict(taken)
        for owner in taken:
            bits = sum(1 << row for other, row in settled.items() if other != owner)
            free = (row for row in self.rows[owner] if not self.clash[row] & bits)
            settled[owner] = min(free, key=lambda row: self._cost(row, bits))
        return settled

    def loss(self, taken: Mapping[int, int]) -> float:
        """What all places cost, and the titles without one; each crossing counts twice."""
        count, bits = len(self.rows), sum(1 << row for row in taken.values())
        lost = sum(LOST + BETTER * (count - own) for own in range(count) if own not in taken)
        return lost + sum(self._cost(row, bits) for row in taken.values())

    def _cost(self, row: int, bits: int) -> float:
        return self.cost[row] + CROSSED * (self.crossing[row] & bits).bit_count()


def _bits(table: Array) -> list[int]:
    packed = np.packbits(table, axis=1, bitorder="little")
    return [int.from_bytes(row.tobytes(), "little") for row in packed]


def _disturbances(places: Places) -> tuple[Array, Array]:
    """Say of each place which of the others' it rules out, and whose lines its own crosses."""
    box, line = places.box, places.line
    # What a place takes up at most; only those that overlap are looked at closely.
    low = np.minimum(box[:, :2], line.reshape(-1, 3, 2).min(axis=1)) - GAP
    high = np.maximum(box[:, 2:], line.reshape(-1, 3, 2).max(axis=1))
    near = (low[:, None, 0] < high[None, :, 0]) & (low[:, None, 1] < high[None, :, 1])
    near &= near.T & (places.owner[:, None] < places.owner[None, :])
    one, other = np.nonzero(near)
    tables = []
    for found in (
        _clash(box[one], line[one], box[other], line[other]),
        _crossing(line[one], line[other]),
    ):
        table = np.zeros(near.shape, dtype=bool)
        table[one, other] = table[other, one] = found
        tables.append(table)
    return tables[0], tables[1]


def _clash(box: Array, line: Array, other_box: Array, other_line: Array) -> Array:
    """Say of places whether their boxes are too near, or a line to a box."""
    wide, other_wide = box + MARGIN, other_box + MARGIN
    clash = (wide[:, :2] < other_box[:, 2:]).all(axis=1)
    clash &= (other_box[:, :2] < wide[:, 2:]).all(axis=1)
    for part in PARTS:
        clash |= enters(line[:, part], other_wide) | enters(other_line[:, part], wide)
    return clash


def _crossing(line: Array, other: Array) -> Array:
    """Say of lines whether they cross, or one bends at the other."""
    crossing = np.zeros(len(line), dtype=bool)
    for part in PARTS:
        crossing |= enters(line[:, part], other[:, BEND] + MARGIN)
        crossing |= enters(other[:, part], line[:, BEND] + MARGIN)
        for another in PARTS:
            crossing |= cross(line[:, part], other[:, another])
    return crossing
