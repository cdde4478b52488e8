"""The traffic light of a state: a tone and a shape, so that nobody needs the colour."""

from typing import NamedTuple

from measures.followup.tracks import DONE, OVERDUE, STOPPED, UNREPORTED
from measures.matrix.shapes import shape_path


class Light(NamedTuple):
    """``tone`` names the colour, ``path`` is the ``d`` of an SVG path around (0, 0), radius 9."""

    tone: str
    path: str


_DISC = shape_path("circle", 0, 0, 8)
_RING = _DISC + shape_path("circle", 0, 0, 5.5)
_TRIANGLE = "M0-8.5L9 7.5H-9Z"
_ALARM = shape_path("diamond", 0, 0, 9) + "M-1.25-5H1.25V1.5H-1.25ZM-1.25 3.25H1.25V5.75H-1.25Z"
_CHECK = "M-8.5 .5L-6 -2L-2.5 1.5L6 -7L8.5 -4.5L-2.5 6.5Z"
_SQUARE = shape_path("square", 0, 0, 9)
_DASH = "M-8-1.5H8V1.5H-8Z"

# Inner outlines are holes: the paths are filled by the even-odd rule.
LIGHTS = {
    UNREPORTED: Light("calm", _DASH),
    "not_started": Light("calm", _RING),
    "running": Light("good", _DISC),
    "delayed": Light("late", _TRIANGLE),
    DONE: Light("good", _CHECK),
    STOPPED: Light("calm", _SQUARE),
    OVERDUE: Light("alarm", _ALARM),
}
