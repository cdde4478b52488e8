"""Short titles beside the marks of the best: none meets a mark, another title or the plot's edge,
and the line that leads to one runs through no other mark, from which it would seem to come.

Each title has many possible places: close to its mark, and on free ground anywhere in the plot,
where a line leads, straight or with one bend. Who finds no place keeps the number alone. Nothing
is left to chance: the same marks get the same titles.
"""

from collections.abc import Mapping, Sequence
from math import atan2, cos, sin

from measures.matrix.choice import chosen
from measures.matrix.layout import Mark, MatrixLayout
from measures.matrix.overlay import Spot
from measures.matrix.places import Wording, free_places
from measures.matrix.shapes import edge_of
from measures.matrix.sites import Places
from measures.matrix.titles import SOFT_HYPHEN, Anchor, Label, Width, width_of


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
    places = free_places(matrix, named, wordings)
    return tuple(
        _label(matrix.marks[named[owner]], wordings[owner], places, row)
        for row in chosen(places, len(named))
        for owner in [places.owner[row]]
    )


def _label(mark: Mark, wordings: Sequence[Wording], places: Places, row: int) -> Label:
    left, top, right, bottom = places.box[row].tolist()
    x, y = (left + right) / 2, (top + bottom) / 2
    anchor: Anchor = "middle"
    if left > mark.x:
        x, anchor = left, "start"
    elif right < mark.x:
        x, anchor = right, "end"
    lines = wordings[places.wording[row]][0]
    leader = _leader(mark, places.line[row].tolist())
    return Label(mark.measure, round(x, 1), round(y, 1), anchor, lines, leader)


def _leader(mark: Mark, line: Sequence[float]) -> tuple[Spot, ...]:
    """The line from the edge of the mark's shape on; empty without one, a bend only if there is."""
    x, y, bend_x, bend_y, end_x, end_y = line
    if (x, y) == (end_x, end_y):
        return ()
    angle = atan2(bend_y - y, bend_x - x)
    edge = edge_of(mark.shape, angle, mark.reach) + 1
    start = x + edge * cos(angle), y + edge * sin(angle)
    spots = start, (bend_x, bend_y), (end_x, end_y)
    rounded = tuple((round(x, 1), round(y, 1)) for x, y in spots)
    return tuple(dict.fromkeys(rounded))


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
