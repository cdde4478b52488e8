from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from workshops.access import may_create_workshops
from workshops.next_step import next_step
from workshops.visits import visits_of, workshops_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """GET: my workshops, each with its phase and its next step; what this is for strangers."""
    if not request.user.is_authenticated:
        return render(request, "workshops/welcome.html")
    workshops = workshops_of(request.user).prefetch_related("seats__municipality")
    visits = [(visit, next_step(visit)) for visit in visits_of(request.user, workshops)]
    context = {"visits": visits, "may_create": may_create_workshops(request.user)}
    return render(request, "workshops/home.html", context)
