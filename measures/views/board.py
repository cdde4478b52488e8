"""How the typist's board is answered.

Every change works as a plain form with a redirect; asked for as a fragment it answers with the
board alone.
"""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from fields.models import ActionField, Goal
from measures.board import sections
from measures.models import Measure, TimeHorizon
from workshops.models import Workshop
from workshops.pages import wants_fragment


def board_page(
    request, workshop: Workshop, field: ActionField, *, removed: str = "", status=200, **context
) -> HttpResponse:
    """Draw the board; ``removed`` ("measure-7", "goal-12") offers to undo that removal."""
    fragment = wants_fragment(request)
    merged = Measure.objects.filter(field=field, is_removed=False).exclude(merged_into=None)
    context |= {
        "workshop": workshop,
        "field": field,
        "fields": None if fragment else workshop.fields.worked_on(),
        "sections": sections(field),
        "merged": merged.select_related("merged_into"),
        "horizons": TimeHorizon.choices,
        "undo": _undo(workshop, removed or request.GET.get("removed", "")),
        "may_change": workshop.may_capture,
    }
    template = "measures/_board.html" if fragment else "measures/field_capture.html"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request", "X-Fragment"])
    if fragment:  # whatever asked, a line's form too: the answer is the whole board
        response["HX-Retarget"], response["HX-Reswap"] = "#board", "outerHTML"
    return response


def back_to_board(
    request, workshop: Workshop, field: ActionField, *, removed: str = ""
) -> HttpResponse:
    """Answer a change: the board anew as a fragment, otherwise a redirect to the page."""
    if wants_fragment(request):
        return board_page(request, workshop, field, removed=removed)
    return redirect(f"{field.get_absolute_url()}{f'?removed={removed}' if removed else ''}")


def _undo(workshop: Workshop, removed: str) -> dict[str, str] | None:
    """Return the sentence and the address that bring a removed row back."""
    kind, _dash, number = removed.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    if kind == "measure":
        rows = Measure.objects.in_workshop(workshop).filter(number=number, is_removed=True)
        text, route = _("%(what)s is removed."), "measures:measure-restore"
    else:
        rows = Goal.objects.in_workshop(workshop).filter(pk=number, is_removed=True)
        text, route = _("The goal “%(what)s” is removed."), "measures:goal-restore"
    row = rows.first()
    return row and {"text": text % {"what": row}, "url": reverse(route, args=[workshop.pk, number])}
