"""The four fields of the matrix: their edges, where their names stand, and who keeps to which."""

from measures.matrix.overlay import Spot
from measures.matrix.placement import GAP, Frame
from measures.prioritisation import Quadrant

ABOVE = 8  # from the plot to the names of its upper quadrants
RIGHT = (Quadrant.START, Quadrant.OPTIONAL)
TOP = (Quadrant.START, Quadrant.PREPARE)


def quadrant_frames(frame: Frame, x_line: float, y_line: float) -> dict[Quadrant, Frame]:
    """Return the quadrants that two threshold lines cut the plot into."""
    return {
        Quadrant.PREPARE: Frame(frame.left, frame.top, x_line, y_line),
        Quadrant.START: Frame(x_line, frame.top, frame.right, y_line),
        Quadrant.PARK: Frame(frame.left, y_line, x_line, frame.bottom),
        Quadrant.OPTIONAL: Frame(x_line, y_line, frame.right, frame.bottom),
    }


def name_spot(quadrant: Quadrant, frame: Frame, foot: float) -> Spot:
    """Return where the quadrant's name begins or, on the right, ends: outside of the plot.

    It stands on a line above the quadrant's `frame` or, for the lower ones, on the one at `foot`.
    """
    x = frame.right if quadrant in RIGHT else frame.left
    return x, round(frame.top - ABOVE, 1) if quadrant in TOP else foot


def home_of(
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
