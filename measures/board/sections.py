"""The typist's board: the goals of one action field, each with its measures in order."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from fields.models import ActionField, Goal
from measures.models import Measure
from workshops.models import line_up
from workshops.order import number


@dataclass(frozen=True)
class Section:
    """A goal with its measures; ``goal`` is ``None`` for measures that have no goal yet.

    ``new_id`` is the client id of the section's empty line.
    """

    goal: Goal | None
    measures: list[Measure]
    new_id: UUID


def sections(field: ActionField, *, removed: Measure | Goal | None = None) -> list[Section]:
    """Return the goals of the field in order and, last, what has no goal. 2 queries.

    A removed goal keeps its measures, so that the removal can be undone; meanwhile they stand
    among those without one. ``removed`` is a row that is kept in its place all the same.
    """
    is_goal = isinstance(removed, Goal)
    goals = list(field.goals.filter(Q(is_removed=False) | Q(pk=removed.pk if is_goal else None)))
    standing = {goal.pk for goal in goals if not goal.is_removed}
    measures = defaultdict(list)
    kept = Q(pk=removed.pk if removed and not is_goal else None)
    shown = Measure.objects.filter(Q(is_removed=False, merged_into=None) | kept, field=field)
    for measure in shown.order_by("order", "number"):
        measures[measure.goal_id if measure.goal_id in standing else None].append(measure)
    return [Section(goal, measures[goal.pk], uuid4()) for goal in goals] + [
        Section(None, measures[None], uuid4())
    ]


@transaction.atomic
def move_measure(measure: Measure, *, by: int) -> None:
    """Move one place up (-1) or down (+1); at the end of a goal, on into the neighbouring one."""
    line_up(measure.workshop_id)
    ActionField.objects.select_for_update().get(pk=measure.field_id)
    board = sections(measure.field)
    here = next((i for i, section in enumerate(board) if measure in section.measures), None)
    if here is None:  # removed at the same moment
        return
    column = board[here].measures
    place = column.index(measure)
    if 0 <= place + by < len(column):
        column.insert(place + by, column.pop(place))
        number(column)
    elif 0 <= here + by < len(board):
        neighbour = board[here + by]
        neighbour.measures.insert(len(neighbour.measures) if by < 0 else 0, column.pop(place))
        measure = neighbour.measures[-1 if by < 0 else 0]
        measure.goal = neighbour.goal
        measure.save(update_fields=["goal"])
        number(neighbour.measures)
