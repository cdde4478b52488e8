from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from workshops.access import mark_rights, may_create_workshops, workshops_of
from workshops.steps import next_step


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """GET: my workshops, each with its phase and its next step; what this is for strangers."""
    if not request.user.is_authenticated:
        return render(request, "workshops/welcome.html")
    workshops = list(workshops_of(request.user).prefetch_related("seats__municipality"))
    for workshop in workshops:
        workshop.next_step = next_step(mark_rights(workshop))
    context = {"workshops": workshops, "may_create": may_create_workshops(request.user)}
    return render(request, "workshops/home.html", context)
