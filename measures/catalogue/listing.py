"""All measures of a workshop by field and goal, as the list shows them."""

from collections.abc import Container, Iterator
from dataclasses import dataclass

from fields.models import ActionField, Goal
from measures.models import TARGET, Decision, Measure, Outcome, TimeHorizon
from measures.overview import ListedMeasure
from workshops.models import Workshop
from workshops.visits import Visit


@dataclass(frozen=True, slots=True)
class Listed:
    """A measure with what stands beside its title; ``outcome`` is "" where nothing is decided."""

    measure: ListedMeasure
    description: str
    outcome: str


@dataclass(frozen=True, slots=True)
class FieldList:
    """An action field with its measures by goal, "" for those without one.

    ``series`` counts the workshop's fields from 0 and stands for shape and colour.
    """

    field: ActionField
    series: int
    goals: dict[str, list[Listed]]

    @property
    def count(self) -> int:
        return len(self.lines)

    @property
    def lines(self) -> list[Listed]:
        return [line for lines in self.goals.values() for line in lines]

    @property
    def has_times(self) -> bool:
        return any(each.measure.time_horizon != TimeHorizon.UNKNOWN for each in self.lines)

    @property
    def is_decided(self) -> bool:
        return any(each.outcome for each in self.lines)


def listed(visit: Visit, fitting: Container[int] | None = None) -> list[FieldList]:
    """Return all fields that nobody dropped, in their order, with what stands in them. 4 queries.

    A goal without measures is left out, and a measure that is not ``fitting``, if given.
    """
    workshop = visit.workshop
    outcomes = _outcomes(visit)
    goals: dict[int | None, str] = dict(
        Goal.objects.in_workshop(workshop).standing().order_by().values_list("pk", "text")
    )
    found = [
        FieldList(field, series, {}) for series, field in enumerate(workshop.fields.standing())
    ]
    by_field = {each.field.pk: each.goals for each in found}
    without_goal: list[tuple[int, Listed]] = []
    for measure, description in _measures(workshop):
        if fitting is not None and measure.pk not in fitting:
            continue
        line = Listed(measure, description, outcomes.get(measure.pk, ""))
        if goal := goals.get(measure.goal_id):
            by_field[measure.field_id].setdefault(goal, []).append(line)
        else:
            without_goal.append((measure.field_id, line))
    for field, line in without_goal:
        by_field[field].setdefault("", []).append(line)
    return found


def _measures(workshop: Workshop) -> Iterator[tuple[ListedMeasure, str]]:
    rows = Measure.objects.in_workshop(workshop).standing().in_reading_order()
    for *columns, description in rows.values_list(*ListedMeasure._fields, "description"):
        yield ListedMeasure._make(columns), description


def _outcomes(visit: Visit) -> dict[int, str]:
    """Return by the measure's id the decision that holds, as far as this visitor may know of it.

    A decision on a duplicate counts for the measure that it is part of.
    """
    rows = Decision.objects.in_workshop(visit.workshop).known_to(visit).deciding()
    told = rows.values_list(TARGET, "outcome", "decided_on", "pk")
    in_order = sorted(told, key=lambda row: (Outcome(row[1]).rules, *row[2:]))
    return {target: outcome for target, outcome, *_when in in_order}
