from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from measures.day.missing import nothing_to_rate
from measures.rating.leading import may_lead_back
from measures.rating.rounds import may_choose, may_rate, move_phase, no_more_rounds, open_round_of
from workshops import roles
from workshops.access import editor, in_turn
from workshops.pages import sent_by_cockpit
from workshops.phases import Phase, neighbours
from workshops.visits import Visit


@require_POST
@editor
def phase_move(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST moves the workshop one phase on or back; ``from`` names the phase that was shown.

    A second click on the same button finds another phase than it was drawn for and changes
    nothing. Where the next round has to be chosen first, that page comes instead, and where nothing
    could be rated, the check that says so. Who may lead back says ``measures.rating.leading``;
    anybody else gets 403.
    """
    shown, wanted = request.POST.get("from", ""), request.POST.get("to", "")
    with transaction.atomic():
        visit = in_turn(visit)
        workshop = visit.workshop
        before, after = neighbours(workshop.phase)
        allowed = shown == workshop.phase and wanted in {before, after} - {None}
        if allowed and wanted == Phase.RATING and may_choose(workshop):
            return redirect("measures:round-add", workshop.pk)
        if allowed and wanted == before and not may_lead_back(visit):
            raise PermissionDenied(roles.who_goes_back(workshop))
        if allowed and wanted == Phase.RATING and not may_rate(workshop):
            messages.error(request, no_more_rounds())
            return redirect(workshop)
        starts = allowed and (shown, wanted) == (Phase.COLLECTING, Phase.RATING)
        if starts and nothing_to_rate(workshop):
            return redirect("measures:rating-check", workshop.pk)
        closing = open_round_of(workshop) if allowed else None
        if allowed:
            move_phase(workshop, Phase(wanted), by=visit.person)
    if closing and not workshop.rounds.filter(number=closing.number).exists():
        text = _("Round %(n)d had no rating and was dropped.")
        messages.warning(request, text % {"n": closing.number})
    if allowed:
        text = _("The workshop is now in the phase “%(phase)s”.")
        messages.success(request, text % {"phase": Phase(wanted).label})
    else:
        text = _("Nothing changed: the workshop is already in the phase “%(phase)s”.")
        messages.warning(request, text % {"phase": workshop.get_phase_display()})
    if sent_by_cockpit(request):
        return redirect("measures:cockpit", workshop.pk)
    return redirect(workshop)
