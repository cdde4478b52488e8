"""A plan in words, for the page, the command and the message after the import."""

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.transfer.plans import Plan, Unknown


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
            plan.skipped,
            ngettext(
                "%(n)d row without an entry in these columns",
                "%(n)d rows without an entry in these columns",
                plan.skipped,
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


def question(word: Unknown) -> str:
    """Return what must be told of a word, as a sentence."""
    if word.target == "horizon":
        words = ngettext(
            "“%(text)s” is no implementation time (row %(row)d).",
            "“%(text)s” is no implementation time (%(n)d rows, the first is row %(row)d).",
            word.count,
        )
    else:
        words = ngettext(
            "“%(text)s” is no municipality of the workshop (row %(row)d).",
            "“%(text)s” is no municipality of the workshop (%(n)d rows, the first is row %(row)d).",
            word.count,
        )
    return words % {"text": Truncator(word.text).chars(140), "n": word.count, "row": word.row}


def taken_for(plan: Plan) -> list[str]:
    """Return one sentence for each action field of the file that is taken for one that is here."""
    return [
        _("The action field “%(name)s” of the file is taken for “%(field)s”.")
        % {"name": word.text, "field": word.meaning}
        for word in plan.unknown
        if word.target == "field" and word.meaning
    ]
