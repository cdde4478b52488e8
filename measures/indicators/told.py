"""An indicator as pages and files tell it: points, words, and its small line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from measures.indicators.chart import Chart, chart_of
from measures.indicators.series import Point, holding, way
from measures.models import Indicator, IndicatorEntry, Measure


@dataclass(frozen=True, slots=True)
class ToldEntry:
    """An entry; ``holds`` says whether no later one about its day has taken its place."""

    entry: IndicatorEntry
    holds: bool


@dataclass(frozen=True, slots=True)
class ToldIndicator:
    """``values`` are those that hold, by day; ``entries`` all that were recorded, newest first."""

    indicator: Indicator
    baseline: Point | None
    target: Point | None
    values: tuple[Point, ...]
    entries: tuple[ToldEntry, ...]

    @property
    def newest(self) -> Point | None:
        return self.values[-1] if self.values else None

    @property
    def chart(self) -> Chart | None:
        return chart_of(self.baseline, self.values, self.target)

    @property
    def way(self) -> int | None:
        """How much of the way is behind us, in percent; None where that cannot be said."""
        return way(self.baseline, self.target, self.newest.value) if self.newest else None

    @property
    def words(self) -> str:
        """All of it in one line, as files tell it."""
        told = [
            (_("at the beginning"), self.baseline),
            (_("last measured"), self.newest),
            (_("to be reached"), self.target),
        ]
        parts = [f"{label} {self.dated(point)}" for label, point in told if point]
        return f"{self.indicator.name}: {'; '.join(parts)}" if parts else self.indicator.name

    def dated(self, point: Point) -> str:
        """Return a value with its unit and its day."""
        return f"{with_unit(point.value, self.indicator.unit)} ({_day(point)})"


def told(indicator: Indicator) -> ToldIndicator:
    """Return an indicator that brings its entries along, see ``with_entries``. No query."""
    entries = list(indicator.entries.all())
    last = {entry.day: entry.pk for entry in entries}
    return ToldIndicator(
        indicator,
        _point(indicator.baseline_on, indicator.baseline),
        _point(indicator.target_on, indicator.target),
        tuple(holding((entry.day, entry.value) for entry in entries)),
        tuple(ToldEntry(each, last[each.day] == each.pk) for each in reversed(entries)),
    )


def indicators_on(measure: Measure) -> list[ToldIndicator]:
    """Return those of a measure and of what was merged into it. 2 queries, 1 where none is."""
    rows = Indicator.objects.about(measure).select_related("measure").with_entries()
    return list(map(told, rows))


def by_measure(indicators: Iterable[Indicator]) -> dict[int, list[ToldIndicator]]:
    """Return them by the id of the measure that they count for."""
    found: dict[int, list[ToldIndicator]] = {}
    for each in indicators:
        found.setdefault(each.measure.target_id, []).append(told(each))
    return found


def plain_number(value: Decimal) -> str:
    """Return a value with the decimals that it has, and no others."""
    digits = max(0, -int(value.normalize().as_tuple().exponent))
    return number_format(value, digits, use_l10n=True, force_grouping=True)


def with_unit(value: Decimal, unit: str) -> str:
    return f"{plain_number(value)}\u00a0{unit}" if unit else plain_number(value)


def summary(indicators: Sequence[ToldIndicator]) -> str:
    """Return a line for each."""
    return "\n".join(each.words for each in indicators)


def _day(point: Point) -> str:
    return date_format(point.day, "SHORT_DATE_FORMAT")


def _point(day, value) -> Point | None:
    return None if day is None or value is None else Point(day, value)
