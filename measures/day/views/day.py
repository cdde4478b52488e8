from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from measures.day.progress import progress
from measures.day.steps import day_steps
from measures.models import Measure, Round
from measures.rating.choosing import RoundNumbers, round_numbers
from measures.rating.leading import way_back
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
    """GET: the day as steps with its progress, and the one button that leads on."""
    workshop = visit.workshop
    before, after = neighbours(workshop.phase)
    done = progress(workshop)
    last_round = workshop.rounds.last()
    step = _next_step(visit, last_round)
    context = {
        "workshop": workshop,
        "visit": visit,
        "municipalities": workshop.municipalities.order_by("seats__seat"),
        "progress": done,
        "steps": day_steps(visit, done),
        "fields": workshop.fields.with_counts(),
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


def _leading(visit: Visit) -> dict:
    """Return what those who lead the day see of it. At most 16 queries."""
    return {
        "numbers": _numbers(visit.workshop),
        "way_back": way_back(visit),
        "no_administration": roles.missing_administration(visit),
        **further_round(visit),
    }


def _offered_again(last_round: Round | None) -> int:
    """Count what a further round that is open offers, 0 for none."""
    is_further = last_round is not None and last_round.is_open and last_round.number > 1
    return last_round.rateable().count() if is_further else 0


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
    is_shown = step is NextStep.SHOW_RESULTS and last_round is not None
    return reverse(step.route, args=[workshop.pk, *([last_round.number] if is_shown else [])])


def _waits(workshop: Workshop, last_round: Round | None) -> bool:
    is_over = workshop.phase in (Phase.DELIBERATING, Phase.CLOSED)
    return is_over and last_round is not None and last_round.is_closed


def _numbers(workshop: Workshop) -> RoundNumbers | None:
    """Say what opening the first round means, where that is the next step. 3 queries."""
    if workshop.phase != Phase.COLLECTING or not offers_all(workshop):
        return None
    offered = Measure.objects.in_workshop(workshop).rateable().count()
    return round_numbers(workshop, offered, [], offered)
