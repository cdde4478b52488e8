"""What a guest can do with the own ballot: change its group in time, and take it elsewhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from measures.hall.own import change_group, groups_to_choose, new_recovery_code
from measures.hall.signs import sign_of
from workshops.access import guest
from workshops.visits import Visit


@require_http_methods(["GET", "HEAD", "POST"])
@guest
def guest_group(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: the groups to choose from while nothing was rated yet; POST ``group`` chooses one."""
    workshop = visit.workshop
    if request.method == "POST":
        change_group(visit, request.POST.get("group", ""))
        return redirect("measures:rate-start", workshop.pk)
    groups = groups_to_choose(visit)
    if groups is None:
        return redirect("measures:rate-start", workshop.pk)
    context = {"workshop": workshop, "groups": groups}
    return render(request, "measures/hall/guest_group.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guest
@never_cache
def guest_device(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET says how the ballot moves to another device; POST makes the code and shows it once."""
    code = new_recovery_code(visit) if request.method == "POST" else ""
    context = {"workshop": visit.workshop, "sign": sign_of(request, code) if code else None}
    return render(request, "measures/hall/guest_device.html", context)
