"""The day of a workshop as a list of steps with their progress."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.day.progress import Progress
from workshops.models import Workshop
from workshops.phases import Phase
from workshops.visits import Visit


@dataclass(frozen=True)
class DayStep:
    """One step: ``state`` is "done", "current" or "todo"; ``url`` is empty without a right."""

    label: str
    text: str
    state: str
    url: str


def day_steps(visit: Visit, done: Progress) -> list[DayStep]:
    """Return the steps of the day as this visitor can take them."""
    workshop = visit.workshop
    entry = visit.may_enter and "measures:entry-list"
    rate = visit.may_rate and "measures:rate-start"
    results = visit.shows_results and "measures:dashboard"
    sessions = visit.shows_results and "measures:session-list"
    fields = visit.is_editor and "fields:field-list"
    return [
        _step(workshop, Phase.PREPARING, _("Choose fields"), _fields(done), fields),
        _step(
            workshop,
            Phase.COLLECTING,
            _("Collect goals and measures"),
            _collected(done),
            "measures:measure-list",
        ),
        _step(workshop, Phase.RATING, _("Rate"), _rated(done), rate or entry),
        _step(workshop, Phase.DELIBERATING, _("Look at matrix and ranking"), "", results),
        _step(workshop, Phase.CLOSED, _("Decide and follow up"), "", sessions),
    ]


def _step(workshop: Workshop, phase: Phase, label: str, text: str, route) -> DayStep:
    order = list(Phase)
    here, there = order.index(Phase(workshop.phase)), order.index(phase)
    state = "current" if here == there else "done" if there < here else "todo"
    return DayStep(label, text, state, reverse(route, args=[workshop.pk]) if route else "")


def _fields(done: Progress) -> str:
    text = _("%(chosen)d of %(all)d fields are worked on")
    return text % {"chosen": done.fields_worked_on, "all": done.fields}


def _collected(done: Progress) -> str:
    goals = ngettext("%d goal", "%d goals", done.goals) % done.goals
    measures = ngettext("%d measure", "%d measures", done.measures) % done.measures
    return f"{goals}, {measures}"


def _rated(done: Progress) -> str:
    text = _("%(rated)d of %(all)d measures have enough ratings") % {
        "rated": done.rated,
        "all": done.offered,
    }
    if done.share_rated is None:
        return text
    return text + _("; %(share)d %% of all possible ratings are given") % {
        "share": done.share_rated
    }
