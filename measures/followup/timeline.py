"""The timeline's layout: where on a strip of 100 % each date lies.

A row has a strip of its own, drawn beside the row's text, so the layout knows nothing of heights.
Positions go out as strings with a dot ("43.21%"), whatever the language of the page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from measures.followup.tracks import Track

HORIZONS = ("short", "medium", "long", "unknown")
# One date typed wrongly must not squeeze all others: what lies further away stands at the edge.
YEARS_BACK, YEARS_AHEAD = 5, 15
TICK_MONTHS = (3, 6, 12, 24, 60)
MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """A date on a strip. ``kind``: decided, report, newest, due. ``beyond`` the edge: -1, 0, 1."""

    kind: str
    x: str
    beyond: int


@dataclass(frozen=True, slots=True)
class Strip:
    """One measure's row: a line from its first date to its last, and its marks."""

    track: Track
    line: tuple[str, str] | None
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """The measures of one horizon, those due first at the top."""

    horizon: str
    strips: tuple[Strip, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    x: str
    day: date


@dataclass(frozen=True, slots=True)
class Timeline:
    bands: tuple[Band, ...]
    ticks: tuple[Tick, ...]
    today: str


@dataclass(frozen=True, slots=True)
class _Axis:
    """The days from ``first`` to ``last``, ends included."""

    first: date
    last: date

    def x(self, day: date) -> str:
        inside = min(max(day, self.first), self.last)
        share = (inside - self.first).days / (self.last - self.first).days
        return f"{100 * share:.2f}%"

    def mark(self, kind: str, day: date) -> Mark:
        return Mark(kind, self.x(day), (day > self.last) - (day < self.first))


def layout(tracks: Iterable[Track], *, today: date) -> Timeline:
    """Lay out all tracks on one axis around ``today``."""
    listed = list(tracks)
    axis = _axis([day for each in listed for day in _days(each)], today)
    strips = [_strip(each, axis) for each in sorted(listed, key=_by_due_date)]
    bands = [
        Band(horizon, tuple(s for s in strips if s.track.measure.horizon == horizon))
        for horizon in HORIZONS
    ]
    return Timeline(tuple(b for b in bands if b.strips), _ticks(axis), axis.x(today))


def _by_due_date(each: Track) -> tuple:
    return (each.due is None, each.due, each.measure.workshop, each.measure.number)


def _days(each: Track) -> list[date]:
    return [day for day in (each.begun, each.due) if day] + [report.date for report in each.reports]


def _strip(each: Track, axis: _Axis) -> Strip:
    days = _days(each)
    marks = [axis.mark("decided", each.decided.on)] if each.decided else []
    marks += [axis.mark("report", report.date) for report in each.reports[:0:-1]]
    marks += [axis.mark("newest", report.date) for report in each.reports[:1]]
    marks += [axis.mark("due", each.due)] if each.due else []
    line = (axis.x(min(days)), axis.x(max(days))) if days else None
    return Strip(each, line, tuple(marks))


def _axis(days: Sequence[date], today: date) -> _Axis:
    """Return an axis of at least a year that begins and ends with a month."""
    earliest, latest = _years(today, -YEARS_BACK), _years(today, YEARS_AHEAD)
    known = [today, *(day for day in days if earliest <= day <= latest)]
    first = min(known).replace(day=1)
    last = max(max(known), _years(first, 1))
    return _Axis(first, (last.replace(day=1) + timedelta(days=31)).replace(day=1))


def _years(day: date, years: int) -> date:
    """Return the first of the month so many years away."""
    return date(day.year + years, day.month, 1)


def _ticks(axis: _Axis) -> tuple[Tick, ...]:
    """Return the firsts of months, as close as leaves at most MOST_TICKS of them."""
    months = range(axis.first.year * 12 + axis.first.month - 1, axis.last.year * 12 + 12)
    for step in TICK_MONTHS:
        days = [date(month // 12, month % 12 + 1, 1) for month in months if month % step == 0]
        ticks = tuple(Tick(axis.x(day), day) for day in days if axis.first <= day <= axis.last)
        if len(ticks) <= MOST_TICKS:
            break
    return ticks
