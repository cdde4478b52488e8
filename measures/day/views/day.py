from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from measures.day.actions import actions_of, back_of
from measures.day.again import again_of
from measures.day.counts import counts_of
from measures.day.moment import Moment, moments_of, waits
from measures.day.steps import steps_of
from measures.models import Round
from measures.rating.closing import close_if_due
from measures.rating.leading import may_lead_back, why_no_round, why_not_back
from workshops import roles
from workshops.access import member
from workshops.audiences import Audience, listening
from workshops.visits import Visit


@require_safe
@member
def workshop_day(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: the day as steps with its numbers, and the buttons that lead on."""
    workshop = visit.workshop
    [moment] = moments_of([workshop])
    last_round = moment.last_round
    if visit.is_editor and close_if_due(last_round):
        return redirect(workshop)
    context = {
        "workshop": workshop,
        "visit": visit,
        "municipalities": workshop.municipalities.order_by("seats__seat"),
        "counts": counts_of(workshop),
        "steps": steps_of(visit),
        "fields": workshop.fields.standing().with_counts(),
        "last_round": last_round,
        "actions": actions_of(visit, moment),
        **(_leading(visit, moment) if visit.is_editor else {}),
        "waiting": last_round if waits(workshop, last_round) else None,
        "offered": _offered_again(last_round),
        "who_settles": _who_settles(visit, last_round),
        "again": again_of(visit),
        "phase_changes": workshop.phase_changes.select_related("by")[:10],
    }
    if visit.is_participant and not visit.is_editor:
        context["listening"] = listening(workshop, Audience.PHONES)
    return render(request, "measures/day/workshop_day.html", context)


def _leading(visit: Visit, moment: Moment) -> dict[str, object]:
    """Return what those who lead the day see of it besides. At most 11 queries."""
    may_back = may_lead_back(visit) and not visit.workshop.is_archived
    return {
        "back": back_of(visit, moment) if may_back else None,
        "why_not_back": "" if may_back or visit.workshop.is_archived else why_not_back(visit),
        "why_no_round": why_no_round(visit) if moment.may_choose else "",
        "no_administration": roles.missing_administration(visit),
    }


def _offered_again(last_round: Round | None) -> int:
    """Count what a further round that is open offers, 0 for none."""
    if last_round is None or not last_round.is_open or last_round.number == 1:
        return 0
    return last_round.rateable().count()


def _who_settles(visit: Visit, last_round: Round | None) -> str:
    """Say who shows the round that waits, to those who lead the day but may not."""
    is_waiting = last_round is not None and last_round.is_closed
    is_told = is_waiting and visit.is_editor and not visit.is_facilitator
    return roles.who_settles(visit.workshop) if is_told else ""
