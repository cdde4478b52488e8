"""The matrix as a PNG file: matplotlib draws the numbers of the layout, nothing of its own.

Everything is measured in the layout's pixels; the file has `SCALE` times as many. Nobody but the
view that needs it imports this module, and only when asked: matplotlib is large. It keeps no
state, so that threads do not meet here.
"""

from io import BytesIO

from django.utils.translation import gettext as _
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Patch, Polygon, Rectangle

from measures.matrix.colours import INK, INK_MUTED, LINE, ON_SERIES, QUADRANTS, SERIES
from measures.matrix.layout import MatrixLayout
from measures.matrix.lettering import columns_of, cut, folded, font
from measures.matrix.overlay import head
from measures.matrix.shapes import corners, look
from measures.numbers import number_writer
from measures.overview import Overview

DPI = 200
SCALE = 2  # pixels of the file for one of the layout
POINT = 72 * SCALE / DPI  # points for one pixel of the layout

EDGE = 24  # around title and legend
TITLE_SIZE, TITLE_LINE, TITLE_LINES = 20, 26, 2
NOTE_SIZE, NOTE_LINE = 13, 22
LEGEND_SIZE, LEGEND_LINE, LEGEND_MARK = 12, 24, 8


def png(picture: MatrixLayout, view: Overview) -> bytes:
    """Return the picture as a PNG in the active language; the same input gives the same bytes.

    The layout's series are the indices of `view.fields`. Without date and program in the file.
    """
    buffer = BytesIO()
    figure(picture, view).savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def figure(picture: MatrixLayout, view: Overview) -> Figure:
    """Draw title, matrix and legend below each other; one pair of axes in the layout's pixels."""
    title = folded(view.workshop.title, TITLE_SIZE, picture.width - 2 * EDGE, TITLE_LINES)
    head = EDGE + len(title) * TITLE_LINE + NOTE_LINE
    series = sorted({mark.series for mark in picture.marks})
    names = [view.fields[number].name for number in series]
    columns = columns_of(names, LEGEND_SIZE, picture.width - 2 * EDGE, 4 * LEGEND_MARK)
    foot = -(-len(names) // columns) * LEGEND_LINE + EDGE if names else 0

    axes = _axes(picture.width, head, picture.height + foot)
    _head(axes, title, _note(picture, view), head)
    _quadrants(axes, picture, view.quadrant_names)
    _regions(axes, picture)
    _scales(axes, picture)
    _lines(axes, picture)
    _arrows(axes, picture)
    _marks(axes, picture)
    _legend(axes, series, names, columns, picture)
    return axes.figure


def _axes(width: int, head: int, bottom: int) -> Axes:
    """Axes that fill the figure: x from 0, y downwards from `-head` to `bottom`."""
    size = (width * SCALE / DPI, (head + bottom) * SCALE / DPI)
    axes = Figure(figsize=size, dpi=DPI, facecolor="white").add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(bottom, -head))
    axes.set_axis_off()
    return axes


def _write(axes: Axes, x: float, y: float, text: str, size: float, **style) -> None:
    """Write one line, its middle at the height of `y`; no dollar sign starts a formula."""
    style = {"color": INK, "ha": "left", "va": "center", "weight": "normal", "zorder": 2} | style
    weight = style.pop("weight")
    axes.text(x, y, text, fontproperties=font(size * POINT, weight), parse_math=False, **style)


def _head(axes: Axes, title: list[str], note: str, head: int) -> None:
    for number, line in enumerate(title):
        y = EDGE + (number + 0.5) * TITLE_LINE - head
        _write(axes, EDGE, y, line, TITLE_SIZE, weight="bold")
    width = axes.get_xlim()[1] - 2 * EDGE
    _write(axes, EDGE, -NOTE_LINE / 2, cut(note, NOTE_SIZE, width), NOTE_SIZE, color=INK_MUTED)


def _note(picture: MatrixLayout, view: Overview) -> str:
    write = number_writer()
    relevance, feasibility = view.thresholds
    return _(
        "%(n)d of %(all)d measures · weight of relevance %(weight)s %% ·"
        " thresholds: relevance %(relevance)s, feasibility %(feasibility)s"
    ) % {
        "n": len(picture.marks),
        "all": len(view.rows),
        "weight": write(view.weight * 100, 0),
        "relevance": write(relevance),
        "feasibility": write(feasibility),
    }


def _quadrants(axes: Axes, picture: MatrixLayout, names: dict[str, str]) -> None:
    for box in picture.quadrants:
        colour = QUADRANTS[box.quadrant]
        axes.add_patch(Rectangle((box.x, box.y), box.width, box.height, fc=colour, lw=0))
        name = cut(names[box.quadrant], 14, box.width - 20, "bold")
        side = "right" if box.anchor == "end" else "left"
        y = box.label_y
        _write(axes, box.label_x, y, name, 14, ha=side, color=INK_MUTED, weight="bold")


def _scales(axes: Axes, picture: MatrixLayout) -> None:
    frame = picture.frame
    for tick in picture.x_ticks:
        _write(axes, tick.position, frame.bottom + 18, str(tick.step), 14, ha="center")
    for tick in picture.y_ticks:
        _write(axes, frame.left - 12, tick.position, str(tick.step), 14, ha="right")
    middle_x, middle_y = (frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2
    right, up = f"{_('Feasibility')} →", f"{_('Relevance')} →"
    _write(axes, middle_x, picture.height - 16, right, 15, ha="center", weight="bold")
    _write(axes, 24, middle_y, up, 15, ha="center", weight="bold", rotation=90)
    size = (frame.right - frame.left, frame.bottom - frame.top)
    axes.add_patch(Rectangle((frame.left, frame.top), *size, fill=False, ec=LINE, lw=POINT))
    thresholds = [
        [(picture.x_threshold, frame.top), (picture.x_threshold, frame.bottom)],
        [(frame.left, picture.y_threshold), (frame.right, picture.y_threshold)],
    ]
    _strokes(axes, thresholds, 1.5, INK_MUTED, linestyles=[(0, (4, 3))])


def _lines(axes: Axes, picture: MatrixLayout) -> None:
    """The quartiles of each mark, and from each moved mark a leader to its values."""
    spread, leaders = [], []
    for mark in picture.marks:
        spread.append([(mark.x_low, mark.true_y), (mark.x_high, mark.true_y)])
        spread.append([(mark.true_x, mark.y_low), (mark.true_x, mark.y_high)])
        if mark.moved:
            leaders.append([(mark.true_x, mark.true_y), (mark.x, mark.y)])
    _strokes(axes, spread, 0.7, LINE, alpha=0.45)
    _strokes(axes, leaders, 0.9, INK, alpha=0.7)


def _regions(axes: Axes, picture: MatrixLayout) -> None:
    fill, stroke = (0.02, 0.35) if picture.is_crowded else (0.12, 0.6)
    for region in picture.regions:
        colour = SERIES[region.colour]
        axes.add_patch(Polygon(region.corners, fc=colour, alpha=fill, lw=0, zorder=1))
        outline = [[*region.corners, region.corners[0]]]
        _strokes(axes, outline, 1, colour, alpha=stroke)


def _arrows(axes: Axes, picture: MatrixLayout) -> None:
    for arrow in picture.arrows:
        colour = SERIES[arrow.colour]
        _strokes(axes, [[(arrow.x, arrow.y), (arrow.true_x, arrow.true_y)]], 1.75, colour)
        if picture.is_joined:
            ring = {"fc": "white", "ec": colour, "lw": 1.75 * POINT, "zorder": 2}
            axes.add_patch(Circle((arrow.x, arrow.y), 3.5, **ring))
        else:
            axes.add_patch(Polygon(head(arrow), fc=colour, lw=0, zorder=2))


def _strokes(axes: Axes, lines: list, width: float, colour: str, **style) -> None:
    axes.add_collection(
        LineCollection(lines, linewidths=width * POINT, colors=colour, zorder=2, **style),
        autolim=False,
    )


def _marks(axes: Axes, picture: MatrixLayout) -> None:
    radius = picture.radius
    for mark in picture.marks:
        patch = _shape(mark.shape, mark.colour, mark.x, mark.y, radius)
        patch.set_gid(f"mark-{mark.measure}")
        axes.add_patch(patch)
        # Digits are 0.7 of their size wide and 0.73 high: within the diamond's corners.
        size = min(1.0, 1 / (0.35 * len(mark.label) + 0.365)) * radius
        style = {"ha": "center", "va": "center_baseline", "weight": "bold", "zorder": 4}
        _write(axes, mark.x, mark.y, mark.label, size, color=ON_SERIES[mark.colour], **style)


def _shape(shape: str, colour: int, x: float, y: float, radius: float) -> Patch:
    style = {"fc": SERIES[colour], "ec": "white", "lw": POINT, "zorder": 3}
    if shape == "circle":
        return Circle((x, y), radius, **style)
    return Polygon(corners(shape, x, y, radius), **style)


def _legend(
    axes: Axes, series: list[int], names: list[str], columns: int, picture: MatrixLayout
) -> None:
    """The fields in reading order, a row at a time."""
    width = (picture.width - 2 * EDGE) / columns
    for place, (number, name) in enumerate(zip(series, names, strict=True)):
        row, column = divmod(place, columns)
        x = EDGE + column * width + LEGEND_MARK
        y = picture.height + (row + 0.5) * LEGEND_LINE
        axes.add_patch(_shape(*look(number), x, y, LEGEND_MARK))
        text = cut(name, LEGEND_SIZE, width - 4 * LEGEND_MARK)
        _write(axes, x + 2 * LEGEND_MARK, y, text, LEGEND_SIZE)
