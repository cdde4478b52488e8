"""Coming in: from the wall's code to a ballot of one's own in two taps."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from measures.hall.joining import NotAdmitted, admit, door_at
from measures.hall.tables import join_table
from workshops.guests import read_code, remember
from workshops.visits import visit_of


@require_safe
@never_cache
def join_code(request: HttpRequest) -> HttpResponse:
    """GET: where a code is typed; with ``?code=`` on to where it leads."""
    if code := read_code(request.GET.get("code", "")):
        return redirect("measures:join", code)
    context = {}
    if request.GET.get("ended") == "table":
        context["refusal"] = _(
            "The code of this table does not hold any more. Please ask at the front for the new"
            " one; what was not sent yet is still on this device."
        )
    return render(request, "measures/hall/join_code.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def join(request: HttpRequest, code: str) -> HttpResponse:
    """GET asks at most for the group, POST lets in. Whoever is in already goes on."""
    try:
        door = door_at(code)
        if door.table:
            return join_table(request, door.table)
        visit = visit_of(request, door.workshop.pk)
        if visit and visit.is_participant and not door.moved:
            return redirect("measures:rate-start", door.workshop.pk)
        if request.method == "POST":
            workshop, secret = admit(code, group=request.POST.get("group", ""))
            response = redirect("measures:rate-start", workshop.pk)
            return remember(response, request, workshop, secret)
    except NotAdmitted as refusal:
        context = {"code": code, "refusal": str(refusal)}
        return render(request, "measures/hall/join_code.html", context, status=403)
    return render(request, "measures/hall/join.html", {"door": door, "workshop": door.workshop})
