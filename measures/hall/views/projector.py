"""The projector: a page without controls that follows the day, for whoever has its code."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from measures.hall.codes import TooManyGuesses, front_at, remember
from measures.hall.marks import (
    Place,
    counted,
    mark_now,
    mark_of,
    place_at,
    projector_address,
)
from measures.hall.projecting import screen_context
from measures.hall.signs import Sign, sign_of
from workshops.access import listener
from workshops.guests import code_in, read_code
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
        "moment": projector_address(workshop, code_in(code)),
        "mark": mark_of(workshop, turnout, Place.PROJECTOR),
    }
    response = render(request, f"measures/hall/screens/{context['screen']}.html", context)
    return remember(response, code_in(code))


def _way_in(request: HttpRequest, workshop: Workshop) -> dict[str, Sign | None]:
    """Return what the wall says of how people come in."""
    return {"sign": sign_of(request, workshop.room_code) if workshop.room_code else None}


@require_safe
@listener(place_at)
@cache_control(private=True, no_cache=True)
def front_moment(
    request: HttpRequest, workshop_id: int, asking: tuple[Workshop, Place]
) -> HttpResponse:
    """GET: an opaque text that is another one once projector or cockpit is old; else 304."""
    mark = mark_now(*asking)
    etag = f'"{mark}"'
    response = HttpResponse(mark, content_type="text/plain", headers={"ETag": etag})
    return get_conditional_response(request, etag=etag, response=response) or response
