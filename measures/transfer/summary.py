"""A plan in words, for the page, the command and the message after the import."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.transfer.plans import Plan


def plan_summary(plan: Plan) -> list[str]:
    """Return one short text per kind of change, and one for what stays."""
    new_fields, new_goals = len(plan.new_fields), len(plan.new_goals)
    new, changed = len(plan.new_measures), plan.changed_measures
    counted = [
        (new_fields, ngettext("%(n)d new action field", "%(n)d new action fields", new_fields)),
        (new_goals, ngettext("%(n)d new goal", "%(n)d new goals", new_goals)),
        (
            plan.changed_goals,
            ngettext("%(n)d changed goal", "%(n)d changed goals", plan.changed_goals),
        ),
        (new, ngettext("%(n)d new measure", "%(n)d new measures", new)),
        (changed, ngettext("%(n)d changed measure", "%(n)d changed measures", changed)),
        (
            plan.reworded,
            ngettext(
                "%(n)d rated measure with another description; the former one stays readable",
                "%(n)d rated measures with other descriptions; the former ones stay readable",
                plan.reworded,
            ),
        ),
        (
            plan.unchanged,
            ngettext(
                "%(n)d row that changes nothing", "%(n)d rows that change nothing", plan.unchanged
            ),
        ),
    ]
    return [words % {"n": n} for n, words in counted if n] or [_("nothing to import")]
