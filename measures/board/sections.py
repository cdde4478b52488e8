"""The typist's board: the goals of one action field, each with its measures in order."""

from django.db import transaction
from django.db.models import Q

from fields.models import ActionField, Goal
from measures.models import Measure
from workshops.models import line_up
from workshops.order import number


def sections(
    field: ActionField, *, removed: Measure | Goal | None = None
) -> dict[Goal | None, list[Measure]]:
    """Return by goal, in order, its measures; last, under None, those without one. 2 queries.

    A removed goal keeps its measures, so that the removal can be undone; meanwhile they stand
    among those without one. ``removed`` is a row that stays in its place all the same.
    """
    shown = Q(is_removed=False)
    stays = Q(pk=removed.pk) if removed else Q()
    goals = list(field.goals.filter(shown | stays if isinstance(removed, Goal) else shown))
    found: dict[Goal | None, list[Measure]] = {goal: [] for goal in goals} | {None: []}
    standing: dict[int | None, Goal] = {goal.pk: goal for goal in goals if not goal.is_removed}
    shown &= Q(merged_into=None)
    rows = Measure.objects.filter(shown | stays if isinstance(removed, Measure) else shown)
    rows = rows.select_related("municipality", "by_table").filter(field=field)
    for measure in rows.order_by("order", "number"):
        found[standing.get(measure.goal_id)].append(measure)
    return found


@transaction.atomic
def move_measure(measure: Measure, *, by: int) -> None:
    """Move one place up (-1) or down (+1); at the end of a goal, on into the neighbouring one."""
    line_up(measure.workshop_id)
    ActionField.objects.select_for_update().get(pk=measure.field_id)
    board = list(sections(measure.field).items())
    here = next((i for i, (_goal, measures) in enumerate(board) if measure in measures), None)
    if here is None:  # removed at the same moment
        return
    _goal, column = board[here]
    place = column.index(measure)
    if 0 <= place + by < len(column):
        column.insert(place + by, column.pop(place))
        number(column)
    elif 0 <= here + by < len(board):
        goal, neighbours = board[here + by]
        measure = column.pop(place)
        measure.goal = goal
        neighbours.insert(len(neighbours) if by < 0 else 0, measure)
        measure.save(update_fields=["goal"])
        number(neighbours)
