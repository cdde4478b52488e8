"""Layout of the priority matrix: where every mark, line and label stands, in pixels.

Feasibility runs to the right, relevance upwards; y counts from the top, as in SVG. Pure
arithmetic: the same coordinates serve the page, the projector and matplotlib.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from measures.matrix.overlay import NOTHING, Overlay, Spot, Values, direction, is_seen
from measures.matrix.placement import Frame, fit
from measures.matrix.quadrants import home_of, quadrant_frames
from measures.matrix.shapes import COLOURS, SHAPES, look, shape_path
from measures.prioritisation import Quadrant, Scale, Thresholds, resolve_thresholds

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

    measure: int
    label: str
    series: int
    relevance: float
    feasibility: float
    relevance_range: tuple[float, float]
    feasibility_range: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """One measure in the picture.

    The mark is centred at (x, y). Its values are at (true_x, true_y); where it is `displaced`
    to make room, a leader line joins the two. The quartiles span x_low to x_high at true_y
    (feasibility) and y_low, further down, to y_high at true_x (relevance).

    An arrow leads from `origin` to its values, none from the values themselves. The arrow's head
    stays `gap` pixels away from them: it touches a mark that stands there. `region` is a polygon's
    corners, none without a region.
    """

    measure: int
    label: str
    series: int
    shape: str
    colour: int
    x: float
    y: float
    true_x: float
    true_y: float
    displaced: bool
    x_low: float
    x_high: float
    y_low: float
    y_high: float
    origin: Spot
    gap: int
    region: tuple[Spot, ...] = ()

    @property
    def values(self) -> Spot:
        return self.true_x, self.true_y

    @property
    def angle(self) -> float:
        """Where its arrow points, in degrees clockwise from the right."""
        return direction(self.origin, self.values)


@dataclass(frozen=True, slots=True)
class MatrixLayout:
    """The whole picture. All numbers are pixels with at most one decimal, but for `domain`.

    `domain` holds the values at both ends of either axis, the ticks a pixel for each step.
    """

    width: int
    height: int
    domain: tuple[float, float]
    frame: Frame
    x_ticks: dict[int, float]
    y_ticks: dict[int, float]
    x_threshold: float
    y_threshold: float
    quadrants: dict[Quadrant, Frame]
    radius: int
    marks: tuple[Mark, ...]
    is_joined: bool

    @property
    def arrows(self) -> list[Mark]:
        """The marks that an arrow leads to."""
        return [mark for mark in self.marks if mark.origin != mark.values]

    @property
    def regions(self) -> list[Mark]:
        """The marks that might as well be elsewhere in a region."""
        return [mark for mark in self.marks if mark.region]

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
    x_pixel = _axis(frame.left, frame.right, scale)
    y_pixel = _axis(frame.bottom, frame.top, scale)
    relevance, feasibility = resolve_thresholds(thresholds, scale)
    x_line, y_line = x_pixel(feasibility), y_pixel(relevance)
    lines = (relevance, feasibility), (x_line, y_line)
    place = _placer(scale, x_pixel, y_pixel)
    spots = [place((point.relevance, point.feasibility)) for point in points]
    homes = [home_of(point.relevance, point.feasibility, *lines, frame) for point in points]
    order = sorted(range(len(points)), key=lambda index: _precedence(points[index]))
    # A mark on the scale's last step must not reach over the frame.
    largest = BEYOND * (min(frame.width, frame.height) / _steps(scale))
    radius, placed = fit(spots, homes, order, frame, largest)
    return MatrixLayout(
        width=width,
        height=height,
        domain=(scale.low - BEYOND, scale.high + BEYOND),
        frame=frame,
        x_ticks={step: x_pixel(step) for step in scale.steps},
        y_ticks={step: y_pixel(step) for step in scale.steps},
        x_threshold=x_line,
        y_threshold=y_line,
        quadrants=quadrant_frames(frame, x_line, y_line),
        radius=radius,
        marks=tuple(
            _mark(point, spot, stands, radius, overlay, place)
            for point, spot, stands in zip(points, spots, placed, strict=True)
        ),
        is_joined=overlay.is_joined,
    )


def _steps(scale: Scale) -> float:
    """Return the length of an axis in steps."""
    return scale.high - scale.low + 2 * BEYOND


def _axis(start: float, end: float, scale: Scale) -> Callable[[float], float]:
    """Return the function from values to pixels, on an axis between two of them."""
    unit = (end - start) / _steps(scale)
    zero = start - unit * (scale.low - BEYOND)

    def pixel(value: float) -> float:
        return round((zero + unit * value) * 10) / 10

    return pixel


def _placer(
    scale: Scale, x_pixel: Callable[[float], float], y_pixel: Callable[[float], float]
) -> Callable[[Values], Spot]:
    """Return the function from (relevance, feasibility) to pixels."""

    def place(values: Values) -> Spot:
        for value in values:
            if not scale.low <= value <= scale.high:  # refuses NaN as well
                raise ValueError(f"{value} is outside the scale.")
        return x_pixel(values[1]), y_pixel(values[0])

    return place


def _precedence(point: Point) -> tuple[float, float, int, str]:
    """Best first, by the sum of both means, then relevance, series, label.

    So the measures that are decided on first keep their exact spot. The order of the points
    matters only for those equal in all four.
    """
    return -point.relevance - point.feasibility, -point.relevance, point.series, point.label


def _mark(
    point: Point,
    values: Spot,
    stands: Spot,
    radius: int,
    overlay: Overlay,
    place: Callable[[Values], Spot],
) -> Mark:
    shape, colour = look(point.series)
    x_low, y_low = place((point.relevance_range[0], point.feasibility_range[0]))
    x_high, y_high = place((point.relevance_range[1], point.feasibility_range[1]))
    origin, gap = values, 0 if stands != values else radius
    if point.measure in overlay.origins:
        start = place(overlay.origins[point.measure])
        origin = start if is_seen(start, values, gap) else values
    corners = map(place, overlay.regions.get(point.measure, ()))
    return Mark(
        measure=point.measure,
        label=point.label,
        series=point.series,
        shape=shape,
        colour=colour,
        x=stands[0],
        y=stands[1],
        true_x=values[0],
        true_y=values[1],
        displaced=stands != values,
        x_low=x_low,
        x_high=x_high,
        y_low=y_low,
        y_high=y_high,
        origin=origin,
        gap=gap,
        # Whole pixels: an area needs no finer ones, and hundreds of them weigh less.
        region=tuple((round(x), round(y)) for x, y in corners),
    )
