"""Coming in: from the wall's code to a ballot of one's own in two taps."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from measures.hall import limits
from measures.hall.joining import (
    NotAdmitted,
    UnknownCode,
    admit,
    door_at,
    entered_with,
    is_rated,
    no_such_code,
)
from measures.hall.tables import join_table
from workshops.guests import (
    LENGTHS,
    code_in,
    new_ticket,
    read_code,
    remember,
    secret_for,
    spaced,
)
from workshops.models import Workshop
from workshops.visits import Visit, visit_of


@require_safe
@never_cache
def join_code(request: HttpRequest) -> HttpResponse:
    """GET: where a code is typed; with ``?code=`` on to where it leads.

    ``?lost=1`` says why somebody stands here who was in before, ``?lost=table`` the same of a
    table.
    """
    typed = request.GET.get("code", "").strip()
    code = read_code(typed)
    if len(code) in LENGTHS:
        return redirect("measures:join", code)
    if typed:
        return _refused(request, typed, no_such_code())
    return render(request, "measures/hall/join_code.html", {"lost": request.GET.get("lost")})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def join(request: HttpRequest, code: str) -> HttpResponse:
    """GET asks at most for the group, POST lets in. Whoever is in already goes on."""
    text, code = code, code_in(code)
    if not limits.may_try(request, text):
        return _refused(request, spaced(code), _too_many_wrong(), status=429)
    try:
        return _at_door(request, code)
    except NotAdmitted as refusal:
        if isinstance(refusal, UnknownCode):
            limits.note_wrong(request, code)
        return _refused(request, spaced(code), str(refusal))


def _at_door(request: HttpRequest, code: str) -> HttpResponse:
    """Raises NotAdmitted."""
    secret = secret_for(request.POST.get("ticket", ""))
    if secret and (workshop := entered_with(secret)):  # the second of two taps
        return _let_in(request, workshop, secret)
    door = door_at(code)
    visit = visit_of(request, door.workshop.pk)
    if door.table and not door.refusal:
        limits.note_good(request, code)
        return join_table(request, door.table, visit)
    # A ballot that moves comes in place of the one that lies here, unless it is that one.
    here = visit.guest if visit and visit.person is None else None
    left = here if door.moved and here != door.moved.secret_hash else None
    if visit and not left and (visit.person or visit.is_guest):
        return _own_place(request, visit, door.refusal)
    if door.refusal:
        raise NotAdmitted(door.refusal)
    if secret is None:  # and what brings no ticket of ours makes no ballot
        context = {"door": door, "workshop": door.workshop, "ticket": new_ticket()}
        context |= {"leaves_rated": left and is_rated(left), "leaves": left}
        return render(request, "measures/hall/join.html", context)
    if not limits.may_enter(request, code):
        return _refused(request, spaced(code), _too_many_at_once(), status=429)
    workshop = admit(code, secret, group=request.POST.get("group", ""), left=left)
    limits.note_good(request, code)
    return _let_in(request, workshop, secret)


def _let_in(request: HttpRequest, workshop: Workshop, secret: str) -> HttpResponse:
    response = redirect("measures:rate-start", workshop.pk)
    door = reverse("measures:join-code")
    return remember(response, request, workshop, secret, door=door)


def _own_place(request: HttpRequest, visit: Visit, refusal: str) -> HttpResponse:
    """Lead on whoever is in the workshop already; whoever leads it sees whether the code works."""
    if visit.is_editor:
        context = {"workshop": visit.workshop, "visit": visit, "refusal": refusal}
        return render(request, "measures/hall/join_lead.html", context)
    if visit.is_participant:
        return redirect("measures:rate-start", visit.workshop.pk)
    return redirect(visit.workshop)


def _refused(request: HttpRequest, typed: str, refusal: str, status: int = 403) -> HttpResponse:
    context = {"code": typed, "refusal": refusal}
    response = render(request, "measures/hall/join_code.html", context, status=status)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        response["Retry-After"] = str(limits.PAUSE)
    return response


def no_cookies(request: HttpRequest, code: str) -> HttpResponse:
    """Say to whom the middleware refused the form what to do: mostly the browser keeps nothing."""
    has_cookie = settings.CSRF_COOKIE_NAME in request.COOKIES
    code = code_in(code)
    return _refused(request, spaced(code), _is_outdated() if has_cookie else _keeps_nothing())


def _too_many_wrong() -> str:
    return _(
        "Too many wrong codes came from this network. Please scan the QR code with the camera: that"
        " works at once. Or wait a few minutes."
    )


def _too_many_at_once() -> str:
    return _("Very many people are coming in at this moment. Please try again in a minute.")


def _keeps_nothing() -> str:
    return _(
        "Your browser keeps no cookies, so it could not keep your ballot. Please allow cookies for"
        " this address and try again."
    )


def _is_outdated() -> str:
    return _("This page was out of date. Please try again.")
