from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from measures.day import day_steps
from measures.models import Measure, Round
from measures.progress import progress
from measures.rating.choosing import RoundNumbers, round_numbers
from measures.rating.leading import way_back
from measures.rating.rounds import offers_all
from measures.views.rounds import further_round
from workshops import roles
from workshops.access import member
from workshops.models import Workshop
from workshops.phases import Phase, neighbours
from workshops.steps import Step, next_step


@require_safe
@member
def workshop_day(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """GET: the day as steps with its progress, and the one button that leads on."""
    before, after = neighbours(workshop.phase)
    done = progress(workshop)
    last_round = workshop.rounds.last()
    context = {
        "workshop": workshop,
        "municipalities": workshop.municipalities.order_by("seats__seat"),
        "progress": done,
        "steps": day_steps(workshop, done),
        "fields": workshop.fields.with_counts(),
        "last_round": last_round,
        "offered": _offered_again(last_round),
        "who_settles": _who_settles(workshop, last_round),
        **(_leading(workshop) if workshop.is_editor else {}),
        "next_step": _next_step(workshop, last_round),
        "phase_before": before,
        "phase_after": after,
        "phase_changes": workshop.phase_changes.select_related("by")[:10],
    }
    return render(request, "measures/workshop_day.html", context)


def _leading(workshop: Workshop) -> dict:
    """Return what those who lead the day see of it. At most 16 queries."""
    return {
        "numbers": _numbers(workshop),
        "way_back": way_back(workshop),
        "no_administration": roles.missing_administration(workshop),
        **further_round(workshop),
    }


def _offered_again(last_round: Round | None) -> int:
    """Count what a further round that is open offers, 0 for none."""
    is_further = last_round is not None and last_round.is_open and last_round.number > 1
    return last_round.rateable().count() if is_further else 0


def _who_settles(workshop: Workshop, last_round: Round | None) -> str:
    """Say who shows the round that waits, to those who lead the day but may not."""
    is_waiting = last_round is not None and last_round.is_closed
    is_told = is_waiting and workshop.is_editor and not workshop.is_facilitator
    return roles.who_settles(workshop) if is_told else ""


def _next_step(workshop: Workshop, last_round: Round | None) -> Step:
    """Return the one thing to do next; a closed round waits for the facilitator to show it."""
    is_waiting = workshop.phase == Phase.DELIBERATING and last_round and last_round.is_closed
    if is_waiting and workshop.is_facilitator:
        shown = reverse("measures:round-show", args=[workshop.pk, last_round.number])
        return Step(_("Show results"), shown)
    return next_step(workshop)


def _numbers(workshop: Workshop) -> RoundNumbers | None:
    """Say what opening the first round means, where that is the next step. 3 queries."""
    if workshop.phase != Phase.COLLECTING or not offers_all(workshop):
        return None
    offered = Measure.objects.in_workshop(workshop).rateable().count()
    return round_numbers(workshop, offered, [], offered)
