from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from workshops.municipalities import may_name, municipalities_like


@require_safe
def municipality_list(request: HttpRequest) -> HttpResponse:
    """GET: options for what was typed into any field; none (204) for who does not name any."""
    if not may_name(request.user):
        return HttpResponse(status=204)
    typed = str(next(iter(request.GET.values()), ""))
    context = {"names": municipalities_like(typed)}
    return render(request, "workshops/_municipality_list.html", context)
