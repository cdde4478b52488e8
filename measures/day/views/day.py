from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from measures.day.counts import counts_of
from measures.models import Measure, Round
from measures.rating.leading import may_lead_back, why_not_back
from measures.rating.rounds import offers_all
from measures.rating.views.rounds import further_round
from workshops import roles
from workshops.access import member
from workshops.models import Workshop
from workshops.next_step import NextStep, next_step
from workshops.phases import Phase, neighbours
from workshops.visits import Visit


@require_safe
@member
def workshop_day(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: the day as steps with its numbers, and the one button that leads on."""
    workshop = visit.workshop
    before, after = neighbours(workshop.phase)
    counts = counts_of(workshop)
    last_round = workshop.rounds.last()
    step = _next_step(visit, last_round)
    context = {
        "workshop": workshop,
        "visit": visit,
        "municipalities": workshop.municipalities.order_by("seats__seat"),
        "counts": counts,
        "steps": _steps(visit),
        "fields": workshop.fields.standing().with_counts(),
        "last_round": last_round,
        **(_leading(visit) if visit.is_editor else {}),
        "next_step": step,
        "next_url": step and _url_of(step, workshop, last_round),
        "waiting": last_round if _waits(workshop, last_round) else None,
        "offered": _offered_again(last_round),
        "who_settles": _who_settles(visit, last_round),
        "phase_before": before,
        "phase_after": after,
        "phase_changes": workshop.phase_changes.select_related("by")[:10],
    }
    return render(request, "measures/day/workshop_day.html", context)


def _steps(visit: Visit) -> list[dict[str, str]]:
    """Return the steps of the day for ``_steps.html``; linked is what this visitor may take."""
    results = "measures:dashboard" if visit.shows_results else ""
    entry = "measures:entry-list" if visit.may_enter else ""
    routes = {
        Phase.PREPARING: (_("Choose fields"), "fields:field-list" if visit.is_editor else ""),
        Phase.COLLECTING: (_("Collect goals and measures"), "measures:measure-list"),
        Phase.RATING: (_("Rate"), "measures:rate-start" if visit.may_rate else entry),
        Phase.DELIBERATING: (_("Look at matrix and ranking"), results),
        Phase.CLOSED: (_("Decide and follow up"), results and "measures:session-list"),
    }
    here = list(Phase).index(Phase(visit.workshop.phase))
    return [
        {
            "label": label,
            "state": "current" if place == here else "done" if place < here else "todo",
            "url": reverse(route, args=[visit.workshop.pk]) if route else "",
        }
        for place, (label, route) in enumerate(routes[phase] for phase in Phase)
    ]


def _leading(visit: Visit) -> dict[str, object]:
    """Return what those who lead the day see of it. At most 16 queries."""
    may_back = may_lead_back(visit)
    return {
        "opening": _opening(visit.workshop),
        "may_lead_back": may_back,
        "why_not_back": "" if may_back else why_not_back(visit),
        "no_administration": roles.missing_administration(visit),
        **further_round(visit),
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


def _next_step(visit: Visit, last_round: Round | None) -> NextStep | None:
    """Return the one thing to do next; a closed round waits for the facilitator to show it.

    None for the others as long as there is nothing to look at.
    """
    workshop = visit.workshop
    waits = _waits(workshop, last_round)
    if waits and visit.is_facilitator:
        return NextStep.SHOW_RESULTS
    return None if waits and not workshop.has_results else next_step(visit)


def _url_of(step: NextStep, workshop: Workshop, last_round: Round | None) -> str:
    """Return where a step leads; results are shown on the page of their round."""
    if step is NextStep.SHOW_RESULTS and last_round is not None:
        return reverse(step.route, args=[workshop.pk, last_round.number])
    return reverse(step.route, args=[workshop.pk])


def _waits(workshop: Workshop, last_round: Round | None) -> bool:
    is_over = workshop.phase in (Phase.DELIBERATING, Phase.CLOSED)
    return is_over and last_round is not None and last_round.is_closed


def _opening(workshop: Workshop) -> int | None:
    """Count what the first round will offer, where opening it is the next step. 2 queries."""
    if workshop.phase != Phase.COLLECTING or not offers_all(workshop):
        return None
    return Measure.objects.in_workshop(workshop).rateable().count()
