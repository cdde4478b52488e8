"""The matrix as a PNG file: matplotlib draws the numbers of the layout, nothing of its own.

Everything is measured in the layout's pixels; the file has `SCALE` times as many. Nobody but the
view that needs it imports this module, and only when asked: matplotlib is large. It keeps no
state, so that threads do not meet here.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Literal

from django.utils.translation import gettext as _
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Patch, Polygon, Rectangle

from measures.matrix.colours import (
    INK,
    INK_MUTED,
    LINE,
    ON_SERIES,
    OUTCOMES,
    PATTERNS,
    QUADRANTS,
    SERIES,
)
from measures.matrix.key import Sign, ink_of, note_of, signs_of
from measures.matrix.layout import MatrixLayout
from measures.matrix.lettering import columns_of, cut, drawable, folded, font, width_of
from measures.matrix.markup import feasibility_name, written
from measures.matrix.overlay import head
from measures.matrix.quadrants import RIGHT, name_spot
from measures.matrix.shapes import corners
from measures.matrix.titles import Label
from measures.models import Outcome
from measures.overview import Overview

DPI = 200
SCALE = 2  # pixels of the file for one of the layout
POINT = 72 * SCALE / DPI  # points for one pixel of the layout

EDGE = 24  # around title and legend
TITLE_SIZE, TITLE_LINE, TITLE_LINES = 20, 26, 2
NOTE_SIZE, NOTE_LINE = 13, 22
NAME_SHARE = 0.26  # of the plot's width for a quadrant's name
LEGEND_SIZE, LEGEND_LINE, LEGEND_MARK = 12, 24, 8


def png(
    matrix: MatrixLayout,
    overview: Overview,
    titles: Sequence[Label] = (),
    outcomes: Mapping[int, Outcome] | None = None,
) -> bytes:
    """Return the picture as a PNG in the active language; the same input gives the same bytes.

    The layout's series are the indices of `overview.fields`; `outcomes` go by the measure's id.
    Without date and program in the file.
    """
    buffer = BytesIO()
    figure = matrix_figure(matrix, overview, titles, outcomes)
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def matrix_figure(
    matrix: MatrixLayout,
    overview: Overview,
    titles: Sequence[Label] = (),
    outcomes: Mapping[int, Outcome] | None = None,
) -> Figure:
    """Draw title, matrix and key below each other; one pair of axes in the layout's pixels."""
    outcomes = outcomes or {}
    title = folded(overview.workshop.title, TITLE_SIZE, matrix.width - 2 * EDGE, TITLE_LINES)
    head = EDGE + len(title) * TITLE_LINE + NOTE_LINE
    signs = signs_of(matrix, overview, outcomes)
    names = [sign.name for sign in signs]
    columns = columns_of(names, LEGEND_SIZE, matrix.width - 2 * EDGE, 4 * LEGEND_MARK)
    foot = -(-len(names) // columns) * LEGEND_LINE + EDGE if names else 0

    figure = _figure(matrix.width, head + matrix.height + foot)
    axes = _axes(figure, matrix.width, head, matrix.height + foot)
    _head(axes, title, note_of(matrix, overview), head)
    _quadrants(axes, matrix, overview.quadrant_names)
    _regions(axes, matrix)
    _scales(axes, matrix)
    _lines(axes, matrix)
    _arrows(axes, matrix)
    _marks(axes, matrix, outcomes)
    _titles(axes, matrix, titles, outcomes)
    _legend(axes, signs, columns, matrix)
    return figure


def _figure(width: int, height: int) -> Figure:
    size = (width * SCALE / DPI, height * SCALE / DPI)
    return Figure(figsize=size, dpi=DPI, facecolor="white")


def _axes(figure: Figure, width: int, head: int, bottom: int) -> Axes:
    """Axes that fill the figure: x from 0, y downwards from `-head` to `bottom`."""
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(bottom, -head))
    axes.set_axis_off()
    return axes


def _write(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    size: float,
    *,
    color: str = INK,
    ha: Literal["left", "center", "right"] = "left",
    va: Literal["center", "center_baseline"] = "center",
    weight: str = "normal",
    rotation: float = 0,
    zorder: int = 2,
) -> None:
    """Write one line, its middle at the height of `y`; no dollar sign starts a formula."""
    axes.text(
        x, y, text,
        fontproperties=font(size * POINT, weight), parse_math=False,
        color=color, ha=ha, va=va, rotation=rotation, zorder=zorder,
    )  # fmt: skip


def _head(axes: Axes, title: list[str], note: str, head: int) -> None:
    for number, line in enumerate(title):
        y = EDGE + (number + 0.5) * TITLE_LINE - head
        _write(axes, EDGE, y, line, TITLE_SIZE, weight="bold")
    width = axes.get_xlim()[1] - 2 * EDGE
    _write(axes, EDGE, -NOTE_LINE / 2, cut(note, NOTE_SIZE, width), NOTE_SIZE, color=INK_MUTED)


def _quadrants(axes: Axes, matrix: MatrixLayout, names: dict[str, str]) -> None:
    for quadrant, frame in matrix.quadrants.items():
        corner = frame.left, frame.top
        axes.add_patch(Rectangle(corner, frame.width, frame.height, fc=QUADRANTS[quadrant], lw=0))
        x, y = name_spot(quadrant, frame, matrix.foot)
        name = cut(names[quadrant], 14, matrix.frame.width * NAME_SHARE, "bold")
        side: Literal["left", "right"] = "right" if quadrant in RIGHT else "left"
        _write(axes, x, y - 5, name, 14, ha=side, color=INK_MUTED, weight="bold")


def _scales(axes: Axes, matrix: MatrixLayout) -> None:
    frame = matrix.frame
    for step, x in matrix.x_ticks.items():
        _write(axes, x, frame.bottom + 18, str(step), 14, ha="center")
    for step, y in matrix.y_ticks.items():
        _write(axes, frame.left - 12, y, str(step), 14, ha="right")
    middle_x, middle_y = (frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2
    right = cut(feasibility_name(matrix), 13, frame.width * (1 - 2 * NAME_SHARE) - 20, "bold")
    up = f"{_('Relevance')} →"
    _write(axes, middle_x, matrix.foot - 5, right, 13, ha="center", weight="bold")
    _write(axes, 20, middle_y, up, 13, ha="center", weight="bold", rotation=90)
    corner = frame.left, frame.top
    axes.add_patch(Rectangle(corner, frame.width, frame.height, fill=False, ec=LINE, lw=POINT))
    thresholds = [
        [(matrix.x_threshold, frame.top), (matrix.x_threshold, frame.bottom)],
        [(frame.left, matrix.y_threshold), (frame.right, matrix.y_threshold)],
    ]
    _strokes(axes, thresholds, 1.5, INK_MUTED, linestyles=[(0, (4, 3))])


def _lines(axes: Axes, matrix: MatrixLayout) -> None:
    """From each displaced mark a leader to its values, where a dot is."""
    away = [mark for mark in matrix.marks if mark.displaced]
    _strokes(axes, [[mark.values, (mark.x, mark.y)] for mark in away], 0.9, INK, alpha=0.7)
    for mark in away:
        axes.add_patch(Circle(mark.values, 2.5, fc=INK, lw=0, zorder=2))


def _regions(axes: Axes, matrix: MatrixLayout) -> None:
    fill, stroke = (0.02, 0.35) if matrix.is_crowded else (0.12, 0.6)
    for mark in matrix.regions:
        colour = SERIES[mark.colour]
        axes.add_patch(Polygon(mark.region, fc=colour, alpha=fill, lw=0, zorder=1))
        outline = [[*mark.region, mark.region[0]]]
        _strokes(axes, outline, 1, colour, alpha=stroke)


def _arrows(axes: Axes, matrix: MatrixLayout) -> None:
    for mark in matrix.arrows:
        colour = SERIES[mark.colour]
        _strokes(axes, [[mark.origin, mark.values]], 1.75, colour)
        if matrix.is_joined:
            ring = Circle(mark.origin, 3.5, fc="white", ec=colour, lw=1.75 * POINT, zorder=2)
            axes.add_patch(ring)
        else:
            tip = head(mark.values, mark.angle, mark.gap)
            axes.add_patch(Polygon(tip, fc=colour, lw=0, zorder=2))


def _strokes(axes: Axes, lines: list, width: float, colour: str, **style) -> None:
    axes.add_collection(
        LineCollection(lines, linewidths=width * POINT, colors=colour, zorder=2, **style),
        autolim=False,
    )


def _marks(axes: Axes, matrix: MatrixLayout, outcomes: Mapping[int, Outcome]) -> None:
    for mark in matrix.marks:
        outcome = outcomes.get(mark.measure)
        if mark.reach > mark.radius and outcome:
            axes.add_patch(_outline(mark.shape, outcome, mark.x, mark.y, mark.reach - 1))
        ink = ink_of(mark, outcome)
        fill, letters = (ink, ON_SERIES[mark.colour]) if mark.is_best else ("white", INK)
        if outcome and outcome.is_out and mark.is_best:
            letters = "white"
        patch = _shape(
            mark.shape, fill, "white" if mark.is_best else ink, mark.x, mark.y, mark.radius
        )
        patch.set_gid(f"mark-{mark.measure}")
        axes.add_patch(patch)
        # Digits are 0.7 of their size wide and 0.73 high: within the diamond's corners.
        size = min(1.0, 1 / (0.35 * len(mark.label) + 0.365)) * mark.radius
        _write(
            axes, mark.x, mark.y, mark.label, size, color=letters,
            ha="center", va="center_baseline", weight="bold", zorder=4,
        )  # fmt: skip


def _shape(shape: str, fill: str, edge: str, x: float, y: float, radius: float) -> Patch:
    patch: Patch = (
        Circle((x, y), radius) if shape == "circle" else Polygon(corners(shape, x, y, radius))
    )
    patch.set(fc=fill, ec=edge, lw=1.5 * POINT, zorder=3)
    return patch


def _outline(shape: str, outcome: str, x: float, y: float, radius: float) -> Patch:
    """Return the second line around a shape; its pattern is in widths of the line."""
    patch = _shape(shape, "white", OUTCOMES[outcome], x, y, radius)
    strokes = tuple(length / 2 for length in PATTERNS[outcome])
    patch.set(lw=2 * POINT, linestyle=(0, strokes) if strokes else "solid")
    return patch


def _titles(
    axes: Axes,
    matrix: MatrixLayout,
    titles: Sequence[Label],
    outcomes: Mapping[int, Outcome],
) -> None:
    sides: dict[str, Literal["left", "center", "right"]] = {
        "start": "left", "middle": "center", "end": "right",
    }  # fmt: skip
    size = matrix.canvas.letters
    marks = {mark.measure: mark for mark in matrix.marks}
    for label in titles:
        if label.leader:
            ink = ink_of(marks[label.measure], outcomes.get(label.measure))
            _strokes(axes, [label.leader], 1.5, ink)
        for x, y, line in written(label, size):
            _write(
                axes, x, y - 0.3 * size, line, 0.8 * size, ha=sides[label.anchor],
                weight="bold", zorder=5,
            )  # fmt: skip


def width_in_file(text: str, size: float) -> float:
    """Return how wide a title is in the file, whose letters are wider and so written smaller."""
    return width_of(drawable(text), 0.8 * size, "bold")


def _legend(axes: Axes, signs: Sequence[Sign], columns: int, matrix: MatrixLayout) -> None:
    """The fields in reading order, then the outcomes, a row at a time."""
    width = (matrix.width - 2 * EDGE) / columns
    for place, sign in enumerate(signs):
        row, column = divmod(place, columns)
        x = EDGE + column * width + LEGEND_MARK
        y = matrix.height + (row + 0.5) * LEGEND_LINE
        if sign.outcome in PATTERNS:
            axes.add_patch(_outline(sign.shape, sign.outcome, x, y, LEGEND_MARK + 2))
        size = LEGEND_MARK - 2 * bool(sign.outcome)
        axes.add_patch(_shape(sign.shape, sign.colour, "white", x, y, size))
        text = cut(sign.name, LEGEND_SIZE, width - 4 * LEGEND_MARK)
        _write(axes, x + 2 * LEGEND_MARK, y, text, LEGEND_SIZE)
