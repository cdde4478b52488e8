"""What an indicator's entries say: the value of each day, and how far it has come; pure."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from measures.rounding import whole


class Point(NamedTuple):
    """A value on a day."""

    day: date
    value: Decimal


def holding(entries: Iterable[tuple[date, Decimal | None]]) -> list[Point]:
    """Return what holds, by day; ``entries`` come in the order in which they were recorded.

    Of several on a day the last one holds; one without a value takes the day's value back.
    """
    by_day = dict(entries)
    return [Point(day, value) for day, value in sorted(by_day.items()) if value is not None]


def way(baseline: Point | None, target: Point | None, value: Decimal) -> int | None:
    """Return in whole percent how much of the way from baseline to target is behind us.

    Below 0 where it leads away from the target; None where there is no way.
    """
    if baseline is None or target is None or baseline.value == target.value:
        return None
    gone = Fraction(value - baseline.value) / Fraction(target.value - baseline.value)
    return whole(float(100 * gone))
