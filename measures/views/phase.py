from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from measures.rating.ballots import shuffle
from measures.rating.rounds import drop_empty_round, is_relied_on, open_round
from workshops.access import facilitator
from workshops.models import PhaseChange, Workshop, line_up
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
        line_up(workshop.pk)
        row = Workshop.objects.select_for_update().get(pk=workshop.pk)
        allowed = shown == row.phase and wanted in [p for p in neighbours(row.phase) if p]
        if allowed and wanted == Phase.RATING and shown == Phase.DELIBERATING and is_relied_on(row):
            return _new_round_instead(request, row)
        if allowed:
            row.phase = wanted
            row.save(update_fields=["phase"])
            PhaseChange.objects.create(workshop=row, before=shown, after=wanted, by=request.user)
            if shown == Phase.RATING:
                shuffle(row)
                drop_empty_round(row)
    if allowed:
        text = _("The workshop is now in the phase “%(phase)s”.")
        messages.success(request, text % {"phase": Phase(wanted).label})
    else:
        text = _("Nothing changed: the workshop is already in the phase “%(phase)s”.")
        messages.warning(request, text % {"phase": row.get_phase_display()})
    return redirect(workshop)


def _new_round_instead(request: HttpRequest, row: Workshop) -> HttpResponse:
    if open_round(row, by=request.user):
        text = _(
            "This round is published or decided upon, so it stays as it is."
            " Round %(n)d of rating was opened instead."
        )
        messages.success(request, text % {"n": row.round})
    else:
        text = _("This round is published or decided upon, so its rating cannot be opened again.")
        messages.error(request, text)
    return redirect(row)


@require_POST
@facilitator
def round_start(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """POST opens another round of rating and keeps the last; ``round`` is the one that was shown.

    A second click finds another round than it was drawn for and changes nothing.
    """
    with transaction.atomic():
        line_up(workshop.pk)
        row = Workshop.objects.select_for_update().get(pk=workshop.pk)
        opened = request.POST.get("round") == str(row.round) and open_round(row, by=request.user)
    if opened:
        text = _("Round %(n)d is open. The results of the last round are kept.")
        messages.success(request, text % {"n": row.round})
    else:
        messages.warning(request, _("No further round was opened: the workshop has moved on."))
    return redirect(workshop)
