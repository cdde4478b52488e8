"""How the marks of a series look: eleven shapes, twelve colours."""

from math import cos, radians, sin, sqrt

COLOURS = 12


def _polygon(*angles: int) -> tuple[tuple[float, float], ...]:
    """Corners on the unit circle; degrees clockwise from the right, as y points down."""
    return tuple((cos(radians(angle)), sin(radians(angle))) for angle in angles)


_A = 0.45  # half the width of the cross's arms
_B = sqrt(1 - _A * _A)  # their length: the outer corners lie on the unit circle
# Each shape lies within the circle of its radius and is wide enough at half its height for
# a number of three digits. Eleven shapes and twelve colours share no factor: 132 series differ,
# and the nine fields of the template by their shape alone.
_CORNERS = {
    "circle": (),
    "square": _polygon(45, 135, 225, 315),
    "diamond": _polygon(0, 90, 180, 270),
    "pentagon": _polygon(-90, -18, 54, 126, 198),
    "cross": (
        (_A, -_B), (_A, -_A), (_B, -_A), (_B, _A), (_A, _A), (_A, _B),
        (-_A, _B), (-_A, _A), (-_B, _A), (-_B, -_A), (-_A, -_A), (-_A, -_B),
    ),
    "hexagon": _polygon(0, 60, 120, 180, 240, 300),
    "bar": _polygon(28, 152, 208, 332),
    "sign": ((-0.86, -0.5), (0.4, -0.5), (1, 0), (0.4, 0.5), (-0.86, 0.5)),
    "lens": tuple((x, 0.62 * y) for x, y in _polygon(*range(0, 360, 20))),
    "shield": _polygon(90, 162, 234, 306, 18),
    "slant": ((-0.56, -0.5), (0.86, -0.5), (0.56, 0.5), (-0.86, 0.5)),
}  # fmt: skip
SHAPES = tuple(_CORNERS)


def look(series: int) -> tuple[str, int]:
    """The shape and the colour, counted from 0, of a series counted from 0."""
    return SHAPES[series % len(SHAPES)], series % COLOURS


def corners(shape: str, x: float, y: float, radius: float) -> tuple[tuple[float, float], ...]:
    """The corners of the shape around (x, y) within a circle of `radius`; a circle has none.

    Raises ValueError for a name that is not one of SHAPES.
    """
    if shape not in _CORNERS:
        raise ValueError(f"Unknown shape {shape!r}.")
    return tuple((x + radius * dx, y + radius * dy) for dx, dy in _CORNERS[shape])


def shape_path(shape: str, x: float, y: float, radius: float) -> str:
    """The shape around (x, y) as the `d` of an SVG path, within a circle of `radius`.

    Raises ValueError for a name that is not one of SHAPES.
    """
    points = corners(shape, x, y, radius)
    if points:
        return f"M{'L'.join(f'{px:.1f} {py:.1f}' for px, py in points)}Z"
    arc = f"A{radius:.1f} {radius:.1f} 0 0 1"
    left, right = f"{x - radius:.1f} {y:.1f}", f"{x + radius:.1f} {y:.1f}"
    return f"M{left}{arc} {right}{arc} {left}Z"


def edge_of(shape: str, angle: float, radius: float) -> float:
    """How far the shape reaches from its middle in a direction, clockwise from the right."""
    x, y = cos(angle), sin(angle)
    points = corners(shape, 0, 0, radius)
    if not points:
        return radius
    # A side from a to b is hit at t * (x, y) where the distance from its line is none.
    hits = [
        (ax * by - ay * bx) / turn
        for (ax, ay), (bx, by) in zip(points, (*points[1:], points[0]), strict=True)
        if (turn := x * (by - ay) - y * (bx - ax)) and (ax * y - ay * x) * (bx * y - by * x) <= 0
    ]
    return max((hit for hit in hits if hit > 0), default=radius)
