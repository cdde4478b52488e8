"""The timeline's axis: where on a strip of 100 % each date lies.

A row has a strip of its own, drawn beside the row's text, so the axis knows nothing of heights.
Positions go out as strings with a dot ("43.21%"), whatever the language of the page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from measures.followup.tracks import Track

HORIZONS = ("short", "medium", "long", "unknown")
# One date typed wrongly must not squeeze all others: what lies further away stands at the edge.
YEARS_BACK, YEARS_AHEAD = 5, 15
TICK_MONTHS = (3, 6, 12, 24, 60)
# On the narrowest strip, 13rem wide, a year or a month's name has room between two ticks.
MOST_STEPS = 4.7
DAYS_A_MONTH = 30.44


@dataclass(frozen=True, slots=True)
class Axis:
    """The days from ``first`` to ``last``, ends included, with ``today`` among them."""

    first: date
    last: date
    today: date

    def x(self, day: date) -> str:
        """Return where a day lies, at the edge what lies beyond it."""
        inside = min(max(day, self.first), self.last)
        share = (inside - self.first).days / (self.last - self.first).days
        return f"{100 * share:.2f}%"

    def side(self, day: date) -> int:
        """Tell on which side of the axis a day lies: before it -1, on it 0, behind it 1."""
        return (day > self.last) - (day < self.first)

    @property
    def ticks(self) -> list[date]:
        """The firsts of months, as close as leaves room for their names."""
        length = (self.last - self.first).days / DAYS_A_MONTH
        fits = (step for step in TICK_MONTHS if length / step <= MOST_STEPS)
        step = next(fits, TICK_MONTHS[-1])
        months = range(self.first.year * 12 + self.first.month - 1, self.last.year * 12 + 12)
        days = [date(month // 12, month % 12 + 1, 1) for month in months if month % step == 0]
        return [day for day in days if self.first <= day <= self.last]


def axis_of(tracks: Iterable[Track], *, today: date) -> Axis:
    """Return one axis for all; it is at least a year long and begins and ends with a month."""
    earliest, latest = _years(today, -YEARS_BACK), _years(today, YEARS_AHEAD)
    days = (day for each in tracks for day in each.days)
    known = [today, *(day for day in days if earliest <= day <= latest)]
    first = min(known).replace(day=1)
    last = max(max(known), _years(first, 1))
    return Axis(first, (last.replace(day=1) + timedelta(days=31)).replace(day=1), today)


def _years(day: date, years: int) -> date:
    """Return the first of the month so many years away."""
    return date(day.year + years, day.month, 1)


def by_horizon(tracks: Iterable[Track]) -> dict[str, list[Track]]:
    """Return the tracks of each horizon that has any, those due first at the top."""
    listed = sorted(tracks, key=_by_due_date)
    found = {h: [each for each in listed if each.measure.horizon == h] for h in HORIZONS}
    return {horizon: some for horizon, some in found.items() if some}


def _by_due_date(each: Track) -> tuple:
    return (each.due is None, each.due, each.measure.workshop, each.measure.number)
