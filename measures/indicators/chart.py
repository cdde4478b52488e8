"""Where the points of an indicator's small line lie; pure.

Positions go out as strings with a dot, whatever the language of the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from measures.indicators.series import Point

WIDTH, HEIGHT = 280, 88
INSET = 8  # room for the marks at the edges


@dataclass(frozen=True, slots=True)
class Chart:
    """``line`` joins what was measured, from the baseline on; ``aim`` leads on to the target.

    Both are the ``d`` of an SVG path, "" where there is nothing to join. ``level`` is the height
    of the target, "" without one.
    """

    dots: tuple[tuple[str, str], ...]
    start: tuple[str, str] | None
    goal: tuple[str, str] | None
    line: str
    aim: str
    level: str
    width: int = WIDTH
    height: int = HEIGHT


def chart_of(baseline: Point | None, values: Sequence[Point], target: Point | None) -> Chart | None:
    """Return the chart; None where fewer than two points are known, for then there is no line."""
    known = [each for each in (baseline, *values, target) if each]
    if len(known) < 2:
        return None
    days = [each.day for each in known]
    heights = [each.value for each in known]

    def place(point: Point) -> tuple[str, str]:
        return _x(point.day, min(days), max(days)), _y(point.value, min(heights), max(heights))

    measured = sorted(each for each in (baseline, *values) if each)
    goal = place(target) if target else None
    return Chart(
        dots=tuple(map(place, values)),
        start=place(baseline) if baseline else None,
        goal=goal,
        line=_path([place(each) for each in measured]),
        aim=_path([place(measured[-1]), goal]) if goal and _leads_on(measured, target) else "",
        level=goal[1] if goal else "",
    )


def _leads_on(measured: Sequence[Point], target: Point | None) -> bool:
    return bool(target and measured and measured[-1].day < target.day)


def _path(places: Sequence[tuple[str, str]]) -> str:
    steps = " ".join(f"{x} {y}" for x, y in places)
    return f"M{steps}" if len(places) > 1 else ""


def _x(day: date, first: date, last: date) -> str:
    share = (day - first).days / ((last - first).days or 1)
    return f"{INSET + share * (WIDTH - 2 * INSET):.1f}"


def _y(value: Decimal, lowest: Decimal, highest: Decimal) -> str:
    """Return the height of a value; where all are the same, the middle."""
    share = (value - lowest) / (highest - lowest) if highest > lowest else Decimal("0.5")
    return f"{HEIGHT - INSET - float(share) * (HEIGHT - 2 * INSET):.1f}"
