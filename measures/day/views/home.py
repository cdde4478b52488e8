from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from measures.day.actions import actions_of
from measures.day.mine import ON_A_PAGE, page_of
from measures.day.moment import moments_of
from workshops.access import may_create_workshops
from workshops.models import Workshop
from workshops.visits import visits_of, workshops_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """GET: my workshops, each with its phase and what comes next; what this is for strangers.

    ``?q=`` searches them, ``?page=`` is one of their pages.
    """
    if not request.user.is_authenticated:
        return render(request, "workshops/welcome.html")
    sought = request.GET.get("q", "").strip()
    page = page_of(workshops_of(request.user), sought, request.GET.get("page"))
    rows = Workshop.objects.filter(pk__in=page).prefetch_related("seats__municipality")
    visits = visits_of(request.user, rows)
    moments = moments_of([visit.workshop for visit in visits])
    context = {
        "page": page,
        "sought": sought,
        "are_many": bool(sought) or page.paginator.count > ON_A_PAGE,
        "visits": [
            (visit, actions_of(visit, moment)[0])
            for visit, moment in zip(visits, moments, strict=True)
        ],
        "may_create": may_create_workshops(request.user),
    }
    return render(request, "workshops/home.html", context)
