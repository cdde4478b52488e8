"""The buttons of the day: the one of this moment first, then the others of the phase.

My workshops offer the first one, too, so that both pages say the same.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from measures.day.moment import Moment, waits
from workshops import roles
from workshops.models import Workshop
from workshops.phases import Phase, neighbours
from workshops.visits import Visit

MOVES: dict[Phase, str | Promise] = {
    Phase.COLLECTING: _("Start collecting"),
    Phase.CLOSED: _("Close the workshop"),
}


@dataclass(frozen=True, slots=True)
class Action:
    """A button: the page that it opens or, with ``to``, the phase that it moves the workshop to."""

    label: str | Promise
    url: str
    to: str = ""


def actions_of(visit: Visit, moment: Moment) -> list[Action]:
    """Return what this visitor can do now to lead the day on, the primary action first.

    Everybody has one in every phase.
    """
    workshop = visit.workshop
    if workshop.is_archived:
        return [_look(workshop)]
    if not visit.is_editor:
        rate = Action(_("Rate the measures"), _url("rate-start", workshop))
        return [rate if visit.may_rate else _look(workshop)]
    match workshop.phase:
        case Phase.PREPARING:
            return _preparing(workshop, moment)
        case Phase.COLLECTING:
            return _collecting(visit, moment)
        case Phase.RATING:
            close = Action(_("Close the rating"), _url("rating-close", workshop))
            entry = Action(_("Paper and agreed values"), _url("entry-list", workshop))
            return [close, *([entry] if visit.may_enter else [])]
        case _:
            return _over(visit, moment)


def back_of(visit: Visit, moment: Moment) -> Action | None:
    """Return the way one phase back, for whoever may take it, None where there is none.

    After the rating a further round is opened instead, where this person may do that.
    """
    workshop = visit.workshop
    before, _after = neighbours(workshop.phase)
    if before is None or (before == Phase.RATING and _may_open(visit, moment)):
        return None
    label = gettext("Back to: %(phase)s") % {"phase": before.label}
    return Action(label, _url("phase-move", workshop), to=before.value)


def _preparing(workshop: Workshop, moment: Moment) -> list[Action]:
    choose = Action(_("Choose the action fields"), reverse("fields:field-list", args=[workshop.pk]))
    start = _moves(Phase.COLLECTING, workshop)
    return [start, choose] if moment.has_fields else [choose, start]


def _collecting(visit: Visit, moment: Moment) -> list[Action]:
    workshop = visit.workshop
    collect = Action(_("Collect goals and measures"), _url("measure-list", workshop))
    if moment.may_choose:
        return [_further(workshop), collect] if _may_open(visit, moment) else [collect]
    start = Action(_("Start rating"), _url("rating-check", workshop))
    return [start, collect] if moment.has_rateable else [collect, start]


def _over(visit: Visit, moment: Moment) -> list[Action]:
    workshop, last = visit.workshop, moment.last_round
    further = [_further(workshop)] if _may_open(visit, moment) else []
    close = [_moves(Phase.CLOSED, workshop)] if workshop.phase == Phase.DELIBERATING else []
    if last is not None and waits(workshop, last) and visit.is_facilitator:
        return [Action(_("Show results"), _url("round-show", workshop, last.number)), *close]
    if further and not workshop.has_results:
        return [*further, *close]
    return [_look(workshop), *close, *further]


def _look(workshop: Workshop) -> Action:
    if workshop.has_results:
        return Action(_("Look at matrix and ranking"), _url("dashboard", workshop))
    return Action(_("See the measures"), _url("measure-list", workshop))


def _further(workshop: Workshop) -> Action:
    return Action(_("Open a further round of rating"), _url("round-add", workshop))


def _may_open(visit: Visit, moment: Moment) -> bool:
    return moment.may_choose and roles.may_open_further(visit)


def _moves(phase: Phase, workshop: Workshop) -> Action:
    return Action(MOVES[phase], _url("phase-move", workshop), to=phase.value)


def _url(name: str, workshop: Workshop, *args: int) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *args])
