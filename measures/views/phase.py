from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from measures.rating.ballots import shuffle
from workshops.access import facilitator
from workshops.models import PhaseChange, Workshop
from workshops.phases import Phase, neighbours


@require_POST
@facilitator
def phase_move(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """POST moves the workshop one phase on or back; ``from`` names the phase that was shown.

    A second click on the same button finds another phase than it was drawn for and changes
    nothing.
    """
    shown, wanted = request.POST.get("from"), request.POST.get("to")
    with transaction.atomic():
        row = Workshop.objects.select_for_update().get(pk=workshop.pk)
        allowed = shown == row.phase and wanted in [p for p in neighbours(row.phase) if p]
        if allowed:
            row.phase = wanted
            row.save(update_fields=["phase"])
            PhaseChange.objects.create(workshop=row, before=shown, after=wanted, by=request.user)
            if shown == Phase.RATING:
                shuffle(row)
    if allowed:
        text = _("The workshop is now in the phase “%(phase)s”.")
        messages.success(request, text % {"phase": Phase(wanted).label})
    else:
        text = _("Nothing changed: the workshop is already in the phase “%(phase)s”.")
        messages.warning(request, text % {"phase": row.get_phase_display()})
    return redirect(workshop)
