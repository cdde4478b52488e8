"""The results on a phone: the first ten and where they lie, for everybody of the workshop."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from measures.hall.first_ten import first_ten
from measures.results.unchanged import drawn_once
from workshops.access import reader
from workshops.audiences import Audience, listening
from workshops.visits import Visit


@require_safe
@reader
@drawn_once
def phone_results(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: the first ten with their places in the matrix; before there are any, where to wait."""
    workshop = visit.workshop
    if not (visit.shows_results and workshop.has_results):
        return redirect("measures:rate-start" if visit.is_participant else workshop, workshop.pk)
    context = {
        "workshop": workshop,
        "visit": visit,
        "listening": listening(workshop, Audience.PHONES),
        "found": first_ten(workshop),
    }
    return TemplateResponse(request, "measures/hall/phone_results.html", context)
