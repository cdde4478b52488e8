"""A goal typed as a measure, a measure typed as a goal: one is turned into the other."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fields.models import Goal
from measures.models import Measure
from workshops.models import Table, line_up
from workshops.order import next_order

TITLE_LENGTH = Measure._meta.get_field("title").max_length or 0


@transaction.atomic
def turn_into_measure(goal: Goal, by: Table | None = None) -> Measure:
    """Return a new measure in the place of a goal that has none, under the goal before it.

    A text that is too long for a title is its description in full, like the indicator. ``by`` is
    the table that does so. Raises ValidationError where the goal has measures: they would be left
    without one.
    """
    line_up(goal.get_workshop_id())
    goal.refresh_from_db()
    if goal.is_removed or Measure.objects.filter(goal=goal).standing().exists():
        raise ValidationError(_("Only a goal without measures can become a measure."))
    goals = goal.field.goals.standing()
    before = goals.filter(order__lt=goal.order).last()
    measure = Measure(
        workshop=goal.field.workshop,
        field=goal.field,
        goal=before,
        by_table=by,
        title=_shortened(goal.text),
        description="\n".join(_left_over(goal)),
        order=next_order(Measure.objects.filter(field=goal.field, goal=before)),
    )
    measure.full_clean(exclude=["number"])
    measure.save()
    goal.is_removed = True
    goal.save(update_fields=["is_removed"])
    return measure


def _shortened(text: str) -> str:
    """Return the words that fit into a title, "…" where there are more."""
    if len(text) <= TITLE_LENGTH:
        return text
    return text[: TITLE_LENGTH - 1].rsplit(" ", 1)[0] + "…"


def _left_over(goal: Goal) -> list[str]:
    """Return the lines of what does not stand in the title."""
    words = _("Indicator:")
    return [
        *([goal.text] if len(goal.text) > TITLE_LENGTH else []),
        *([f"{words} {goal.indicator}"] if goal.indicator else []),
    ]


@transaction.atomic
def turn_into_goal(measure: Measure) -> Goal:
    """Return a new goal that reads like the measure, behind the goal under which it stood.

    The measure is removed, and can be restored with all that was written on it. Raises
    ValidationError for one that was rated or that others were merged into.
    """
    line_up(measure.workshop_id)
    measure.refresh_from_db()
    if not measure.stands or measure.is_rated or measure.duplicates.exists():
        raise ValidationError(_("A measure that was rated or merged stays a measure."))
    goals = measure.field.goals
    if measure.goal and not measure.goal.is_removed:
        order = measure.goal.order + 1
        for later in goals.filter(order__gte=order):
            later.order += 1
            later.save(update_fields=["order"])
    else:
        order = next_order(goals.all())
    goal = Goal(field=measure.field, text=measure.title, order=order)
    goal.full_clean()
    goal.save()
    measure.is_removed = True
    measure.save(update_fields=["is_removed"])
    return goal
