"""Layout of the priority matrix: where every mark, line and label stands, in pixels.

Feasibility runs to the right, relevance upwards; y counts from the top, as in SVG. Pure
arithmetic: the same coordinates serve the page, the projector and matplotlib.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from measures.matrix.overlay import NOTHING, Arrow, Overlay, Region, Values, arrows, regions
from measures.matrix.placement import Frame, Spot, fit
from measures.matrix.quadrants import QuadrantBox, home, quadrant_boxes
from measures.matrix.shapes import COLOURS, SHAPES, look, shape_path
from measures.prioritisation import Scale, Thresholds, resolve_thresholds

__all__ = [
    "BEYOND",
    "COLOURS",
    "NOTHING",
    "SHAPES",
    "Mark",
    "MatrixLayout",
    "Overlay",
    "Point",
    "layout",
    "shape_path",
]

MARGIN_TOP, MARGIN_RIGHT, MARGIN_BOTTOM, MARGIN_LEFT = 20, 20, 60, 72
CROWD = 60  # regions
BEYOND = 0.2  # room beyond the ends of the scale, in steps


@dataclass(frozen=True, slots=True)
class Point:
    """What is to be drawn: means and quartile pairs on the scale; `series` = action field."""

    measure: Hashable
    label: str
    series: int
    relevance: float
    feasibility: float
    relevance_range: tuple[float, float]
    feasibility_range: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Tick:
    """One step of the scale; `position` is x on the feasibility axis, y on the other."""

    step: int
    position: float


@dataclass(frozen=True, slots=True)
class Mark:
    """One measure in the picture.

    The mark is centred at (x, y). Its values are at (true_x, true_y); where `moved`, a
    leader line joins the two. The quartiles span x_low to x_high at true_y (feasibility)
    and y_low, further down, to y_high at true_x (relevance).
    """

    measure: Hashable
    label: str
    series: int
    shape: str
    colour: int
    x: float
    y: float
    true_x: float
    true_y: float
    moved: bool
    x_low: float
    x_high: float
    y_low: float
    y_high: float


@dataclass(frozen=True, slots=True)
class MatrixLayout:
    """The whole picture. All numbers are pixels with at most one decimal, but for `domain`.

    `domain` holds the values at both ends of either axis.
    """

    width: int
    height: int
    domain: tuple[float, float]
    frame: Frame
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    x_threshold: float
    y_threshold: float
    quadrants: tuple[QuadrantBox, ...]
    radius: int
    marks: tuple[Mark, ...]
    arrows: tuple[Arrow, ...]
    regions: tuple[Region, ...]
    is_joined: bool

    @property
    def is_crowded(self) -> bool:
        """So many regions on top of each other that all must be faint."""
        return len(self.regions) > CROWD


def layout(
    points: Sequence[Point],
    *,
    scale: Scale,
    thresholds: Thresholds | None = None,
    overlay: Overlay = NOTHING,
    width: int = 900,
    height: int = 640,
) -> MatrixLayout:
    """Lay out the matrix in a picture of `width` x `height` pixels.

    `thresholds` is the pair (relevance, feasibility), None = the scale's midpoint.
    The marks come in the order of `points`, but that order does not decide where they
    stand: see `_precedence`. Marks get smaller the more there are; none is left out or covered.
    One that makes room stays in its quadrant unless that is full.

    Raises ValueError for a mean, a threshold or a place of `overlay` outside the scale and when
    the picture is too small for its marks.
    """
    frame = Frame(MARGIN_LEFT, MARGIN_TOP, width - MARGIN_RIGHT, height - MARGIN_BOTTOM)
    x_axis = _Axis.between(frame.left, frame.right, scale)
    y_axis = _Axis.between(frame.bottom, frame.top, scale)
    relevance, feasibility = resolve_thresholds(thresholds, scale)
    x_line, y_line = x_axis.pixel(feasibility), y_axis.pixel(relevance)
    place = _placer(scale, x_axis, y_axis)
    spots = [place((point.relevance, point.feasibility)) for point in points]
    lines = (relevance, feasibility), (x_line, y_line)
    homes = [home(point.relevance, point.feasibility, *lines, frame) for point in points]
    # A mark on the scale's last step must not reach over the frame.
    order = sorted(range(len(points)), key=lambda index: _precedence(points[index]))
    radius, placed = fit(spots, homes, order, frame, BEYOND * min(x_axis.unit, -y_axis.unit))
    marks = _marks(points, spots, placed, x_axis, y_axis)
    return MatrixLayout(
        width=width,
        height=height,
        domain=(scale.low - BEYOND, scale.high + BEYOND),
        frame=frame,
        x_ticks=tuple(Tick(step, x_axis.pixel(step)) for step in scale.steps),
        y_ticks=tuple(Tick(step, y_axis.pixel(step)) for step in scale.steps),
        x_threshold=x_line,
        y_threshold=y_line,
        quadrants=quadrant_boxes(frame, x_line, y_line),
        radius=radius,
        marks=marks,
        arrows=arrows(overlay, marks, radius, place),
        regions=regions(overlay, marks, place),
        is_joined=overlay.is_joined,
    )


@dataclass(frozen=True, slots=True)
class _Axis:
    zero: float  # the pixel of value 0
    unit: float  # pixels per step, negative where higher values have smaller pixels

    @classmethod
    def between(cls, start: float, end: float, scale: Scale) -> "_Axis":
        unit = (end - start) / (scale.high - scale.low + 2 * BEYOND)
        return cls(start - unit * (scale.low - BEYOND), unit)

    def pixel(self, value: float) -> float:
        return round((self.zero + self.unit * value) * 10) / 10


def _placer(scale: Scale, x_axis: _Axis, y_axis: _Axis) -> Callable[[Values], Spot]:
    """Return the function from (relevance, feasibility) to pixels."""

    def place(values: Values) -> Spot:
        for value in values:
            if not scale.low <= value <= scale.high:  # refuses NaN as well
                raise ValueError(f"{value} is outside the scale.")
        return x_axis.pixel(values[1]), y_axis.pixel(values[0])

    return place


def _precedence(point: Point) -> tuple[float, float, int, str]:
    """Best first, by the sum of both means, then relevance, series, label.

    So the measures that are decided on first keep their exact spot. The order of the points
    matters only for those equal in all four.
    """
    return -point.relevance - point.feasibility, -point.relevance, point.series, point.label


def _marks(
    points: Sequence[Point],
    spots: Sequence[Spot],
    placed: Sequence[Spot],
    x_axis: _Axis,
    y_axis: _Axis,
) -> tuple[Mark, ...]:
    marks = []
    for point, spot, place in zip(points, spots, placed, strict=True):
        shape, colour = look(point.series)
        marks.append(
            Mark(
                measure=point.measure,
                label=point.label,
                series=point.series,
                shape=shape,
                colour=colour,
                x=place[0],
                y=place[1],
                true_x=spot[0],
                true_y=spot[1],
                moved=place != spot,
                x_low=x_axis.pixel(point.feasibility_range[0]),
                x_high=x_axis.pixel(point.feasibility_range[1]),
                y_low=y_axis.pixel(point.relevance_range[0]),
                y_high=y_axis.pixel(point.relevance_range[1]),
            )
        )
    return tuple(marks)
