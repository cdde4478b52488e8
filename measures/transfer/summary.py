"""A plan in words, for the page, the command and the message after the import."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.columns import COLUMNS
from measures.transfer.columns import heading
from measures.transfer.lines import Line
from measures.transfer.planning import Plan


def summary(plan: Plan) -> list[str]:
    """Return one short text per kind of change, and one for what stays."""
    new_fields, new_goals = len(plan.new_fields), len(plan.new_goals)
    new, changed = len(plan.new_measures), len(plan.changed_measures)
    changed_goals = sum(not indicator.is_of_new_goal for indicator in plan.indicators)
    counted = [
        (new_fields, ngettext("%(n)d new action field", "%(n)d new action fields", new_fields)),
        (new_goals, ngettext("%(n)d new goal", "%(n)d new goals", new_goals)),
        (
            changed_goals,
            ngettext("%(n)d changed goal", "%(n)d changed goals", changed_goals),
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


def new_lines(plan: Plan) -> list[dict]:
    """Return the new measures as the preview lists them."""
    return [
        {
            "row": line.row,
            "field": line.field,
            "goal": line.goal,
            "measure": line.measure,
            "details": _details(line),
        }
        for line in plan.new_measures
    ]


def changed_lines(plan: Plan) -> list[dict]:
    """Return every changed value with its heading, before and after; goals' indicators first."""
    indicators = [
        {
            "row": indicator.row,
            "measure": indicator.goal,
            "column": heading("indicator"),
            "before": indicator.before,
            "after": indicator.after,
        }
        for indicator in plan.indicators
    ]
    return indicators + [
        {
            "row": measure.row,
            "measure": measure.title,
            "column": heading(change.target),
            "before": COLUMNS[change.target].words(change.before),
            "after": COLUMNS[change.target].words(change.after),
            "is_kept": measure.is_rated and change.target == "description",
        }
        for measure in plan.changed_measures
        for change in measure.changes
    ]


def _details(line: Line) -> list[dict]:
    return [
        {"column": heading(target), "text": COLUMNS[target].words(value)}
        for target, value in line.values.items()
    ]
