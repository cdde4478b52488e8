"""The buttons of the day: the one of this moment first, then the others of the phase."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from measures.models import Measure, Round
from workshops.models import Workshop
from workshops.next_step import NextStep
from workshops.phases import Phase, neighbours
from workshops.visits import Visit

MOVES: dict[Phase, str | Promise] = {
    Phase.COLLECTING: _("Start collecting"),
    Phase.DELIBERATING: _("Close the rating"),
    Phase.CLOSED: _("Close the workshop"),
}


@dataclass(frozen=True, slots=True)
class Action:
    """A button: the page that it opens or, with ``to``, the phase that it moves the workshop to."""

    label: str | Promise
    url: str
    to: str = ""


def actions_of(visit: Visit, last_round: Round | None, *, further: bool | None) -> list[Action]:
    """Return what this visitor can do now to lead the day on, the primary action first.

    Everybody has one in every phase. ``further``: whether this person may open a further round,
    None where none is possible now. At most 1 query.
    """
    if not visit.is_editor:
        return [_opens(NextStep.RATE if visit.may_rate else _looking(visit), visit.workshop)]
    workshop = visit.workshop
    match workshop.phase:
        case Phase.PREPARING:
            return _preparing(workshop)
        case Phase.COLLECTING:
            return _collecting(workshop, further)
        case Phase.RATING:
            entry = Action(_("Paper and group values"), _url("entry-list", workshop))
            return [_moves(Phase.DELIBERATING, workshop), *([entry] if visit.may_enter else [])]
        case _:
            return _over(visit, last_round, may_choose=bool(further))


def back_of(workshop: Workshop, *, further: bool | None) -> Action | None:
    """Return the way one phase back, for whoever may take it, None where there is none.

    After the rating a further round is opened instead, where this person may do that.
    """
    before, _after = neighbours(workshop.phase)
    if before is None or (before == Phase.RATING and further):
        return None
    label = gettext("Back to: %(phase)s") % {"phase": before.label}
    return Action(label, _url("phase-move", workshop), to=before.value)


def waits(workshop: Workshop, last_round: Round | None) -> bool:
    """Say whether rating is over and nobody has seen what the last round brought."""
    is_over = workshop.phase in (Phase.DELIBERATING, Phase.CLOSED)
    return is_over and last_round is not None and last_round.is_closed


def _preparing(workshop: Workshop) -> list[Action]:
    choose = _opens(NextStep.CHOOSE_FIELDS, workshop)
    start = _moves(Phase.COLLECTING, workshop)
    return [start, choose] if workshop.fields.worked_on().exists() else [choose, start]


def _collecting(workshop: Workshop, further: bool | None) -> list[Action]:
    collect = _opens(NextStep.COLLECT, workshop)
    if further is not None:
        return [_further(workshop), collect] if further else [collect]
    start = Action(_("Start rating"), _url("rating-check", workshop))
    can_start = Measure.objects.in_workshop(workshop).rateable().exists()
    return [start, collect] if can_start else [collect, start]


def _over(visit: Visit, last_round: Round | None, *, may_choose: bool) -> list[Action]:
    workshop = visit.workshop
    further = [_further(workshop)] if may_choose else []
    close = [_moves(Phase.CLOSED, workshop)] if workshop.phase == Phase.DELIBERATING else []
    if last_round is not None and waits(workshop, last_round) and visit.is_facilitator:
        shows = _url("round-show", workshop, last_round.number)
        return [Action(NextStep.SHOW_RESULTS.label, shows), *close]
    if further and not workshop.has_results:
        return [*further, *close]
    return [_opens(_looking(visit), workshop), *close, *further]


def _looking(visit: Visit) -> NextStep:
    return NextStep.LOOK if visit.workshop.has_results else NextStep.SEE_MEASURES


def _further(workshop: Workshop) -> Action:
    return Action(_("Open a further round of rating"), _url("round-add", workshop))


def _opens(step: NextStep, workshop: Workshop) -> Action:
    return Action(step.label, reverse(step.route, args=[workshop.pk]))


def _moves(phase: Phase, workshop: Workshop) -> Action:
    return Action(MOVES[phase], _url("phase-move", workshop), to=phase.value)


def _url(name: str, workshop: Workshop, *args: int) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *args])
