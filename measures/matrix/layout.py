"""Layout of the priority matrix: where every mark, line and label stands, in pixels.

Feasibility runs to the right, relevance upwards; y counts from the top, as in SVG. Pure
arithmetic: the same coordinates serve the page, the projector and matplotlib.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import NamedTuple

from measures.matrix.overlay import NOTHING, Overlay, Spot, Values, direction, is_seen
from measures.matrix.placement import Frame, fit
from measures.matrix.quadrants import home_of, quadrant_frames
from measures.matrix.shapes import COLOURS, SHAPES, look, shape_path
from measures.prioritisation import Quadrant, Scale, Thresholds, resolve_thresholds

__all__ = [
    "BEYOND",
    "COLOURS",
    "NOTHING",
    "PHONE",
    "SHAPES",
    "WIDE",
    "Canvas",
    "Mark",
    "MatrixLayout",
    "Overlay",
    "Part",
    "Point",
    "layout",
    "part_in_use",
    "shape_path",
]

CROWD = 60  # regions, or marks
BEYOND = 0.2  # room beyond the ends of the scale, in steps
RING = 0.3  # of a radius, by which an outline reaches further than the shape
LEAST_PART = 1.5  # steps
# In a crowd titles and their lines need room: each of the best keeps so far away from all others,
# which are smaller by the canvas's share, though not smaller than `SMALLEST` for that.
LANE, SMALLEST = 3, 7

Ends = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Canvas:
    """How large a picture is and what it writes, in pixels.

    `best` is the radius of the best measures' marks, `in_crowd` that among many others; `share` is
    how large the others' are beside a wide picture's, `slim` that in a crowd. So many `titles` at
    most are written in letters of the size `letters`. The names of the lower quadrants stand `foot`
    pixels above the lower edge.
    """

    width: int = 820
    height: int = 540
    top: int = 40
    right: int = 14
    bottom: int = 58
    left: int = 60
    best: int = 15
    in_crowd: int = 11
    share: float = 1
    slim: float = 0.75
    letters: int = 17
    titles: int = 10
    foot: int = 14


WIDE = Canvas()
PHONE = Canvas(
    360, 420, 26, 8, 58, 36, best=9, in_crowd=8, share=0.34, slim=1, letters=13, titles=3, foot=27
)


@dataclass(frozen=True, slots=True)
class Part:
    """The part of the scale that each axis shows, from its low to its high end."""

    relevance: Ends
    feasibility: Ends


class Point(NamedTuple):
    """What is to be drawn: means and quartile pairs on the scale; `series` = action field.

    The best are drawn large; what `is_outlined` needs room for a second line around its shape.
    """

    measure: int
    label: str
    series: int
    relevance: float
    feasibility: float
    relevance_range: tuple[float, float]
    feasibility_range: tuple[float, float]
    is_best: bool = False
    is_outlined: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """One measure in the picture.

    The mark is centred at (x, y), its shape lies within `radius`, all of it within `reach` of that
    point. Its values are at (true_x, true_y); where it is `displaced`
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
    radius: int
    reach: int
    is_best: bool
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

    def __hash__(self) -> int:
        return hash((self.measure, self.x, self.y))  # quick; equal ones are alike in all

    @property
    def values(self) -> Spot:
        return self.true_x, self.true_y

    @property
    def angle(self) -> float:
        """Where its arrow points, in degrees clockwise from the right."""
        return direction(self.origin, self.values)


@dataclass(frozen=True, slots=True)
class MatrixLayout:
    """The whole picture. All numbers are pixels with at most one decimal, but for the domains.

    A domain holds the values at both ends of an axis; the ticks a pixel for each step in it.
    `radius` is that of the smallest marks.
    """

    canvas: Canvas
    scale: Scale
    x_domain: Ends
    y_domain: Ends
    frame: Frame
    x_ticks: dict[int, float]
    y_ticks: dict[int, float]
    x_threshold: float
    y_threshold: float
    quadrants: dict[Quadrant, Frame]
    radius: int
    marks: tuple[Mark, ...]
    is_joined: bool

    def __hash__(self) -> int:
        return hash((self.canvas.width, self.x_domain, self.y_domain, len(self.marks)))

    @property
    def width(self) -> int:
        return self.canvas.width

    @property
    def height(self) -> int:
        return self.canvas.height

    @property
    def foot(self) -> int:
        """Where the names of the lower quadrants stand."""
        return self.canvas.height - self.canvas.foot

    @property
    def is_part(self) -> bool:
        """Say whether an axis shows less than the whole scale."""
        whole = _whole(self.scale)
        return (self.x_domain, self.y_domain) != (whole, whole)

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
    part: Part | None = None,
    canvas: Canvas = WIDE,
) -> MatrixLayout:
    """Lay out the matrix in a picture of the canvas's size.

    `thresholds` is the pair (relevance, feasibility), None = the scale's midpoint. Without a `part`
    the axes show the whole scale.
    The marks come in the order of `points`, but that order does not decide where they
    stand: see `_precedence`. Marks get smaller the more there are; none is left out or covered.
    One that makes room stays in its quadrant unless that is full.

    Raises ValueError for a mean, a threshold or a place of `overlay` outside the scale and when
    the picture is too small for its marks.
    """
    part = part or Part(_whole(scale), _whole(scale))
    frame = Frame(
        canvas.left, canvas.top, canvas.width - canvas.right, canvas.height - canvas.bottom
    )
    x_pixel = _axis(frame.left, frame.right, part.feasibility)
    y_pixel = _axis(frame.bottom, frame.top, part.relevance)
    relevance, feasibility = resolve_thresholds(thresholds, scale)
    x_line, y_line = x_pixel(feasibility), y_pixel(relevance)
    lines = (relevance, feasibility), (x_line, y_line)
    place = _placer(scale, x_pixel, y_pixel)
    spots = [place((point.relevance, point.feasibility)) for point in points]
    homes = [home_of(point.relevance, point.feasibility, *lines, frame) for point in points]
    order = sorted(range(len(points)), key=lambda index: _precedence(points[index]))
    # A mark on the scale's last step must not reach over the frame.
    largest = BEYOND * min(
        frame.width / _length(part.feasibility), frame.height / _length(part.relevance)
    )

    is_crowd = len(points) > CROWD and any(point.is_best for point in points)
    best = min(canvas.in_crowd if is_crowd else canvas.best, int(largest))

    def size_of(radius: int) -> int:
        """The radius of all but the best."""
        if is_crowd:
            radius = max(round(canvas.slim * radius), min(radius, SMALLEST))
        return max(int(canvas.share * radius), 1)

    def radius_of(point: Point, radius: int) -> int:
        return best if point.is_best else size_of(radius)

    def reach_of(point: Point, radius: int) -> int:
        shape = radius_of(point, radius)
        return round(shape * (1 + RING)) if point.is_outlined else shape

    def reaches(radius: int) -> list[int]:
        return [reach_of(point, radius) + LANE * (is_crowd and point.is_best) for point in points]

    radius, placed = fit(spots, homes, order, frame, largest, reaches)
    return MatrixLayout(
        canvas=canvas,
        scale=scale,
        x_domain=part.feasibility,
        y_domain=part.relevance,
        frame=frame,
        x_ticks={step: x_pixel(step) for step in _shown(scale, part.feasibility)},
        y_ticks={step: y_pixel(step) for step in _shown(scale, part.relevance)},
        x_threshold=x_line,
        y_threshold=y_line,
        quadrants=quadrant_frames(frame, x_line, y_line),
        radius=size_of(radius),
        marks=tuple(
            _mark(
                point,
                spot,
                stands,
                radius_of(point, radius),
                reach_of(point, radius),
                overlay,
                place,
            )
            for point, spot, stands in zip(points, spots, placed, strict=True)
        ),
        is_joined=overlay.is_joined,
    )


def part_in_use(
    points: Sequence[Values], *, scale: Scale, thresholds: Thresholds | None = None
) -> Part:
    """Return the part of the scale in which all points and both threshold lines lie.

    In quarter steps, with the room of `BEYOND` at both ends and at least `LEAST_PART` long.
    """
    lines = resolve_thresholds(thresholds, scale)
    relevance, feasibility = (
        _ends([line, *(values[axis] for values in points)], scale)
        for axis, line in enumerate(lines)
    )
    return Part(relevance, feasibility)


def _ends(values: Sequence[float], scale: Scale) -> Ends:
    least, most = _whole(scale)
    low = max(floor((min(values) - BEYOND) * 4) / 4, least)
    high = min(ceil((max(values) + BEYOND) * 4) / 4, most)
    missing = LEAST_PART - (high - low)
    if missing > 0:
        low = max(low - ceil(missing * 2) / 4, least)
        high = min(low + LEAST_PART, most)
        low = max(min(low, high - LEAST_PART), least)
    return low, high


def _whole(scale: Scale) -> Ends:
    return scale.low - BEYOND, scale.high + BEYOND


def _length(ends: Ends) -> float:
    """Return the length of an axis in steps."""
    return ends[1] - ends[0]


def _shown(scale: Scale, ends: Ends) -> list[int]:
    """Return the steps that an axis shows."""
    return [step for step in scale.steps if ends[0] <= step <= ends[1]]


def _axis(start: float, end: float, ends: Ends) -> Callable[[float], float]:
    """Return the function from values to pixels, on an axis between two of them."""
    unit = (end - start) / _length(ends)
    zero = start - unit * ends[0]

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
    reach: int,
    overlay: Overlay,
    place: Callable[[Values], Spot],
) -> Mark:
    shape, colour = look(point.series)
    x_low, y_low = place((point.relevance_range[0], point.feasibility_range[0]))
    x_high, y_high = place((point.relevance_range[1], point.feasibility_range[1]))
    origin, gap = values, 0 if stands != values else reach
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
        radius=radius,
        reach=reach,
        is_best=point.is_best,
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
