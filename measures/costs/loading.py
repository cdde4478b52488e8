"""From rows to costs, with a constant number of queries."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import QuerySet

from measures.costs.fitting import Budget, Fit, Ranked, fit
from measures.costs.sums import Costs, Money, Position, costs_of
from measures.models import TARGET, Cost, CostKind, CostShare, Measure
from measures.overview import Overview
from workshops.compiled import compiled
from workshops.models import Workshop


class MunicipalityShare(NamedTuple):
    name: str
    pays: Money


def positions_on(measure: Measure) -> list[Cost]:
    """Return the positions of a measure and of what was merged into it, with shares. 2 queries."""
    rows = Cost.objects.about(measure).counted().select_related("measure__merged_into")
    return list(rows.prefetch_related("shares__municipality"))


def costs_on(measure: Measure) -> Costs | None:
    """Return what is known of a measure and of what was merged into it. 1 query."""
    positions = [position_of(cost) for cost in Cost.objects.about(measure).counted()]
    return costs_of(positions) if positions else None


def position_of(cost: Cost) -> Position:
    return Position(cost.is_yearly, cost.amount, cost.funded_amount, cost.funded_percent)


def costs_by_measure(workshop: Workshop) -> dict[int, Costs]:
    """Return what is known, by the id of the measure that it counts for. 1 query."""
    found: dict[int, list[Position]] = {}
    for target, kind, *amounts in _positions(workshop.pk):
        found.setdefault(target, []).append(Position(kind == CostKind.PER_YEAR, *amounts))
    return {pk: costs_of(positions) for pk, positions in found.items()}


@compiled
def _positions(workshop: int) -> QuerySet:
    rows = Cost.objects.filter(measure__workshop=workshop).counted()
    known = rows.annotate(target=TARGET).order_by("pk")
    return known.values_list("target", "kind", "amount", "funded_amount", "funded_percent")


def shares_of(workshop: Workshop) -> list[MunicipalityShare]:
    """Return what each municipality pays by the shares that are agreed. 1 query."""
    measures = Measure.objects.in_workshop(workshop).unremoved()
    rows = CostShare.objects.filter(cost__measure__in=measures).order_by("municipality__name")
    shares = rows.values_list("municipality", "municipality__name", "cost__kind", "amount")
    found: dict[tuple[int, str], Money] = {}
    for pk, name, kind, amount in shares:
        pays = Money(per_year=amount) if kind == CostKind.PER_YEAR else Money(once=amount)
        found[pk, name] = found.get((pk, name), Money()) + pays
    return [MunicipalityShare(name, pays) for (_pk, name), pays in found.items()]


def budget_of(workshop: Workshop) -> Budget:
    return Budget(workshop.budget_once, workshop.budget_per_year)


def has_line(overview: Overview) -> bool:
    """Say whether a budget can be held against the ranking: there must be one for all measures."""
    return overview.workshop.has_budget and not overview.panels


def fit_of(overview: Overview, costs: dict[int, Costs]) -> Fit:
    """Hold the workshop's budget against the ranking. No query."""
    return fit(ranked(overview, costs), budget_of(overview.workshop))


def ranked(overview: Overview, costs: dict[int, Costs]) -> Sequence[Ranked]:
    """Return the measures with a rank, the best first."""
    return list(_ranked(overview, costs))


def _ranked(overview: Overview, costs: dict[int, Costs]) -> Iterable[Ranked]:
    for row in overview.rows:
        result, known = row.result, costs.get(row.measure.pk)
        if result.rank is not None and result.score is not None:
            own = known.own if known else None
            yield Ranked(row.measure.pk, result.rank, result.score, own)
