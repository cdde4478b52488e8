"""The projector: a page without controls that follows the day, for whoever has its code."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from measures.hall.codes import TooManyGuesses, front_at, in_halves, qr_svg, remember
from measures.hall.marks import counted, front_address, mark_now, mark_of
from measures.hall.projecting import screen_context
from workshops.access import listener
from workshops.audiences import Audience
from workshops.guests import read_code
from workshops.models import Workshop


@require_safe
@never_cache
def projector_code(request: HttpRequest) -> HttpResponse:
    """GET: where a projector's code is typed; with ``?code=`` on to where it leads."""
    if code := read_code(request.GET.get("code", "")):
        return redirect("measures:projector", code)
    return render(request, "measures/hall/projector_code.html")


@require_safe
@never_cache
def projector(request: HttpRequest, code: str) -> HttpResponse:
    """GET: the screen that is shown now. It asks every few seconds whether it is old."""
    try:
        front = front_at(request, code)
    except TooManyGuesses:
        return render(request, "429.html", status=429)
    if front is None:
        context = {"code": code, "is_unknown": True}
        return render(request, "measures/hall/projector_code.html", context, status=404)
    workshop = front.workshop
    turnout = counted(workshop)
    context = {
        **screen_context(workshop, turnout),
        **_way_in(request, workshop),
        "moment": front_address(workshop),
        "mark": mark_of(workshop, turnout),
    }
    response = render(request, f"measures/hall/screens/{context['screen']}.html", context)
    return remember(response, read_code(code))


def _way_in(request: HttpRequest, workshop: Workshop) -> dict[str, str]:
    """Return how people come in: the code in halves, where it is typed, and the QR code of both."""
    code = workshop.room_code or ""
    host = f"{request.get_host()}{reverse('measures:join-code')}".rstrip("/")
    address = request.build_absolute_uri(reverse("measures:join", args=[code])) if code else ""
    return {
        "room_code": in_halves(code),
        "join_host": host,
        "qr": qr_svg(address) if code else "",
    }


@require_safe
@listener
@cache_control(private=True, no_cache=True)
def front_moment(request: HttpRequest, workshop_id: int, audience: Audience) -> HttpResponse:
    """GET: an opaque text that is another one once projector and cockpit are old; else 304."""
    rows = Workshop.objects.select_related("revision")
    workshop = rows.filter(pk=workshop_id).first() if audience == Audience.FRONT else None
    if workshop is None:
        raise Http404
    mark = mark_now(workshop)
    etag = f'"{mark}"'
    response = HttpResponse(mark, content_type="text/plain", headers={"ETag": etag})
    return get_conditional_response(request, etag=etag, response=response) or response
