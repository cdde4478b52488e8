"""The four fields of the matrix: their edges, where their names stand, and who keeps to which."""

from dataclasses import dataclass

from measures.matrix.placement import GAP, Frame
from measures.prioritisation import Quadrant

INSET = 10  # from a quadrant's outer corner to its name


@dataclass(frozen=True, slots=True)
class QuadrantBox:
    """A quadrant's rectangle and where its name stands, in the picture's outer corner.

    `anchor` is SVG's text-anchor, `label_y` the middle of the line of text.
    """

    quadrant: Quadrant
    x: float
    y: float
    width: float
    height: float
    label_x: float
    label_y: float
    anchor: str


def quadrant_boxes(frame: Frame, x_line: float, y_line: float) -> tuple[QuadrantBox, ...]:
    """Return the quadrants that two threshold lines cut the plot into."""
    boxes = []
    for quadrant, is_right, is_top in (
        (Quadrant.PREPARE, False, True),
        (Quadrant.START, True, True),
        (Quadrant.PARK, False, False),
        (Quadrant.OPTIONAL, True, False),
    ):
        x, right = (x_line, frame.right) if is_right else (frame.left, x_line)
        y, bottom = (frame.top, y_line) if is_top else (y_line, frame.bottom)
        boxes.append(
            QuadrantBox(
                quadrant=quadrant,
                x=x,
                y=y,
                width=round(right - x, 1),
                height=round(bottom - y, 1),
                label_x=right - INSET if is_right else x + INSET,
                label_y=y + INSET if is_top else bottom - INSET,
                anchor="end" if is_right else "start",
            )
        )
    return tuple(boxes)


def home(
    relevance: float,
    feasibility: float,
    thresholds: tuple[float, float],
    lines: tuple[float, float],
    frame: Frame,
) -> Frame:
    """The quadrant of two values without the lines at its inner edges, in pixels.

    `thresholds` is the pair (relevance, feasibility) and on the line counts as high; `lines` are
    their places (x, y).
    """
    is_right, is_top = feasibility >= thresholds[1], relevance >= thresholds[0]
    x, y = lines
    return Frame(
        left=x + GAP if is_right else frame.left,
        top=frame.top if is_top else y + GAP,
        right=frame.right if is_right else x - GAP,
        bottom=y - GAP if is_top else frame.bottom,
    )
