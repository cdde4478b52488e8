"""The page of the one search, and what it suggests while somebody types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from measures.searching import finding
from workshops.access import member
from workshops.pages import wants_fragment
from workshops.visits import Visit

SHOWN = 50  # on the page; more of them nobody reads
SUGGESTED = 8


@require_safe
@member
@vary_on_headers("HX-Request")
def search(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: what fits ``?q=``, the best first; a few suggestions for who types.

    ``?go=1`` opens the best, unless that fits only nearly: then its reader judges.
    """
    sought = finding.sought_in(request.GET)
    is_typing = wants_fragment(request)
    result = finding.search(visit, sought, limit=SUGGESTED if is_typing else SHOWN)
    if "go" in request.GET and result.found and not result.is_near:
        return redirect(result.found[0].url)
    context = {"workshop": visit.workshop, "visit": visit, "sought": sought, "result": result}
    name = "_suggestions" if is_typing else "search"
    return render(request, f"measures/searching/{name}.html", context)
