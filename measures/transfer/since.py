"""What others have done to a workshop while an import was planned, and whether it is in the way."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max

from fields.models import ActionField, Goal
from measures.models import Consensus, Measure
from measures.transfer.plans import Plan
from workshops.models import Workshop, WorkshopRevision, line_up
from workshops.plain_text import name_key

# What a plan rests on, each with the way from a record of its history to the workshop.
_MODELS: dict[Any, str] = {
    Workshop: "id",
    ActionField: "workshop",
    Goal: "field__workshop",
    Measure: "workshop",
    Consensus: "measure__workshop",
}
_NONE_OF = (Workshop, ActionField, Goal, Consensus)  # any change of these is in the way


@dataclass(frozen=True, slots=True)
class Moment:
    """The workshop's revision, the last records of each history, who takes part, the rounds."""

    revision: int
    records: dict[Any, int]
    seats: tuple[int, ...]
    rounds: tuple[tuple[int, str], ...]
    last_number: int


def moment_of(workshop: Workshop) -> Moment:
    """Return this moment, at which nobody writes. 10 queries."""
    with transaction.atomic():
        line_up(workshop.pk)
        return Moment(
            revision=revision_of(workshop),
            records={model: _last(model) for model in _MODELS},
            seats=_seats(workshop),
            rounds=_rounds(workshop),
            last_number=Measure.objects.in_workshop(workshop).last_number(),
        )


def revision_of(workshop: Workshop) -> int:
    return WorkshopRevision.objects.values_list("number", flat=True).get(workshop=workshop)


def is_in_the_way(plan: Plan, workshop: Workshop, since: Moment) -> bool:
    """Say whether the plan might be another one by now. Call it in the workshop's turn.

    Lines that others typed are not, nor measures that they changed, if the plan neither changes the
    same ones nor creates some of the same title. 1 query if nothing has changed, else up to 8.
    """
    if revision_of(workshop) == since.revision:
        return False
    if (_seats(workshop), _rounds(workshop)) != (since.seats, since.rounds):
        return True
    if any(_records(model, workshop, since).exists() for model in _NONE_OF):
        return True
    changed = {change.measure for change in plan.changes}
    if any(change.target == "goal" for change in plan.changes):
        return True  # their places would be others
    created = {(name_key(row.field), name_key(row.measure)) for row in plan.new_measures}
    records = _records(Measure, workshop, since).values_list("id", "field__name", "title")
    return any(
        pk in changed or (name_key(field), name_key(title)) in created
        for pk, field, title in records
    )


def _last(model: Any) -> int:
    return model.history.aggregate(last=Max("history_id"))["last"] or 0


def _records(model: Any, workshop: Workshop, since: Moment) -> Any:
    found = model.history.filter(history_id__gt=since.records[model])
    return found.filter(**{_MODELS[model]: workshop.pk})


def _seats(workshop: Workshop) -> tuple[int, ...]:
    return tuple(sorted(workshop.municipalities.values_list("pk", flat=True)))


def _rounds(workshop: Workshop) -> tuple[tuple[int, str], ...]:
    return tuple(workshop.rounds.order_by("pk").values_list("pk", "state"))
