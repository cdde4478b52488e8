"""What measures cost and what was measured, as files tell it; the import leaves all of it out.

Columns beside each measure, and in a workbook two sheets more: every cost position, every value.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from measures.costs.loading import costs_by_measure, position_of
from measures.costs.sums import Costs
from measures.indicators.told import ToldIndicator, by_measure, summary
from measures.models import Cost, Indicator, Measure
from measures.overview import Overview
from workshops.models import Workshop

Cell = str | int | float | Decimal | None


class Leaf(NamedTuple):
    """A further sheet of a workbook."""

    name: str
    headings: list[str]
    rows: list[list[Cell]]


def headings() -> dict[str, str]:
    """Return the headings of the columns, by their keys."""
    return {
        "costs_once": _("Costs once (€)"),
        "own_once": _("Own share once (€)"),
        "costs_per_year": _("Costs per year (€)"),
        "own_per_year": _("Own share per year (€)"),
        "indicators": _("Indicators of the measure"),
    }


def cells_by_measure(workshop: Workshop) -> dict[int, dict[str, Cell]]:
    """Return the cells of each measure of which something is known. At most 3 queries."""
    costs = costs_by_measure(workshop)
    indicators = by_measure(_indicators(workshop))
    return {
        pk: _money(costs.get(pk)) | {"indicators": summary(indicators.get(pk, []))}
        for pk in costs.keys() | indicators.keys()
    }


def _money(costs: Costs | None) -> dict[str, Cell]:
    if costs is None:
        return {}
    return {
        "costs_once": costs.total.once,
        "own_once": costs.own.once,
        "costs_per_year": costs.total.per_year,
        "own_per_year": costs.own.per_year,
    }


def leaves(overview: Overview) -> list[Leaf]:
    """Return the further sheets that hold something, in the order of the list. 3 queries."""
    order = {row.measure.pk: place for place, row in enumerate(overview.rows)}
    costs = Cost.objects.in_workshop(overview.workshop).counted()
    costs = costs.select_related("measure__merged_into")
    positions = [each for each in costs if each.measure.target_id in order]
    positions.sort(key=lambda each: order[each.measure.target_id])
    by_id = by_measure(_indicators(overview.workshop))
    told = [each for pk in order for each in by_id.get(pk, ())]
    found = (_cost_leaf(positions), _indicator_leaf(told))
    return [leaf for leaf in found if leaf.rows]


def _indicators(workshop: Workshop) -> Iterable[Indicator]:
    rows = Indicator.objects.in_workshop(workshop).select_related("measure__merged_into")
    return rows.with_entries()


def _cost_leaf(positions: Iterable[Cost]) -> Leaf:
    heads = [
        _("Number"), _("Measure"), _("What for"), _("How often"), _("Amount (€)"),
        _("Funded (€)"), _("Own share (€)"), _("Budget line or programme"), _("Who funds a part"),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for cost in positions:
        position = position_of(cost)
        money = [cost.amount, position.funded, cost.amount - position.funded]
        kind = cost.get_kind_display()
        rows.append([*_named(cost.measure), cost.purpose, kind, *money, cost.source, cost.funder])
    return Leaf(_("Costs"), heads, rows)


def _indicator_leaf(indicators: Iterable[ToldIndicator]) -> Leaf:
    heads = [
        _("Number"), _("Measure"), _("What is measured"), _("Unit"), _("What"), _("Day"),
        _("Value"), _("Remark"),
    ]  # fmt: skip
    return Leaf(_("Indicators"), heads, [row for each in indicators for row in _values(each)])


def _values(told: ToldIndicator) -> Iterator[list[Cell]]:
    """Yield a row for the beginning, for each value that holds, and for the target."""
    indicator = told.indicator
    begin: list[Cell] = [*_named(indicator.measure), indicator.name, indicator.unit]
    remarks = {each.entry.day: each.entry.remark for each in told.entries if each.holds}
    points = [
        *((_("at the beginning"), point, "") for point in [told.baseline] if point),
        *((_("measured"), point, remarks.get(point.day, "")) for point in told.values),
        *((_("to be reached"), point, "") for point in [told.target] if point),
    ]
    for word, point, remark in points:
        day = date_format(point.day, "SHORT_DATE_FORMAT")
        yield [*begin, word, day, float(point.value), remark]


def _named(measure: Measure) -> list[Cell]:
    return [measure.target.code, measure.target.title]
