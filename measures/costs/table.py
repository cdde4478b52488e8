"""The table of costs: per measure, per action field, for all, and for the first of the ranking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from measures.costs.loading import MunicipalityShare, costs_by_measure, shares_of
from measures.costs.sums import Costs, summed
from measures.models import Measure
from measures.overview import Overview, overview_of
from workshops.models import Workshop


@dataclass(frozen=True, slots=True)
class CostLine:
    measure: Measure
    costs: Costs


@dataclass(frozen=True, slots=True)
class FieldCosts:
    """An action field with the measures of which costs are known."""

    name: str
    lines: tuple[CostLine, ...]

    @property
    def costs(self) -> Costs:
        return summed(line.costs for line in self.lines)


@dataclass(frozen=True, slots=True)
class First:
    """The best ``n`` of the ranking, with whoever shares the last place."""

    n: int
    costs: Costs
    unknown: int


@dataclass(frozen=True, slots=True)
class CostTable:
    """``unknown`` are the measures without any position, in reading order."""

    fields: tuple[FieldCosts, ...]
    unknown: tuple[Measure, ...]
    shares: tuple[MunicipalityShare, ...]
    first: First | None

    @property
    def costs(self) -> Costs:
        return summed(field.costs for field in self.fields)


def cost_table(workshop: Workshop, *, first: int | None) -> CostTable:
    """Add up what is known. 3 queries and the overview's, which is asked with ``first`` alone."""
    known = costs_by_measure(workshop)
    rows = Measure.objects.in_workshop(workshop).standing().select_related("field")
    measures = list(rows.only("number", "title", "workshop", "field__name").in_reading_order())
    return CostTable(
        fields=tuple(_fields(measures, known)),
        unknown=tuple(each for each in measures if each.pk not in known),
        shares=tuple(shares_of(workshop)),
        first=first_of(overview_of(workshop, goals=False), known, first) if first else None,
    )


def _fields(measures: Sequence[Measure], known: Mapping[int, Costs]) -> list[FieldCosts]:
    lines: dict[int, list[CostLine]] = {}
    names = {}
    for measure in measures:
        if measure.pk in known:
            lines.setdefault(measure.field_id, []).append(CostLine(measure, known[measure.pk]))
            names[measure.field_id] = measure.field.name
    return [FieldCosts(names[pk], tuple(some)) for pk, some in lines.items()]


def first_of(overview: Overview, known: Mapping[int, Costs], count: int) -> First | None:
    """Add up the first of the ranking; None where there is no one ranking."""
    ranks = [row.result.rank for row in overview.rows if row.result.rank]
    if overview.is_split or not ranks:
        return None
    last = ranks[min(count, len(ranks)) - 1]
    taken = [row.measure.pk for row in overview.rows if (row.result.rank or last + 1) <= last]
    costs = [known.get(pk) for pk in taken]
    return First(len(taken), summed(costs), costs.count(None))
