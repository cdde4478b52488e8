"""The dates of a workshop as a calendar, and the secret address that leads there."""

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_http_methods, require_safe

from measures.calendar.address import renew, revoke, workshop_at
from measures.calendar.dates import dates_of
from measures.calendar.ical import calendar
from measures.models import CalendarAddress
from workshops.access import editor, in_turn
from workshops.models import Workshop
from workshops.pages import one_of, site_address
from workshops.visits import Visit

FORM = 1  # raised when the same dates are written otherwise
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-cache",
    "X-Robots-Tag": "noindex",
}


@require_http_methods(["GET", "HEAD", "POST"])
@editor(when_archived=True)
def calendar_address(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET says whether there is an address; POST makes another one (``do=renew``) or ends it.

    That of an archived workshop is only ended.
    """
    secret = ""
    if request.method == "POST":
        wants_one = one_of(request, "do", {"renew": True, "revoke": False})
        with transaction.atomic():
            in_turn(visit, when_archived=not wants_one)
            if wants_one:
                secret = renew(visit.workshop, visit.person)
            else:
                revoke(visit.workshop)
        if not secret:
            return redirect("measures:calendar-address", visit.workshop.pk)
    rows = CalendarAddress.objects.filter(workshop=visit.workshop).select_related("by")
    path = reverse("measures:calendar-file", args=[secret]) if secret else ""
    context = {
        "workshop": visit.workshop,
        "visit": visit,
        "stored": rows.first(),
        "address": f"{site_address(request)}{path}" if secret else "",
    }
    response = render(request, "measures/calendar/calendar_address.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def calendar_file(request: HttpRequest, secret: str) -> HttpResponse:
    """GET: the dates as iCalendar for whoever has the address, 304 while nothing has changed.

    Nobody is asked who they are, and no cookie is set.
    """
    workshop = workshop_at(secret)
    if workshop is None:
        raise Http404
    site = site_address(request)
    etag = _etag(workshop, site)
    known = get_conditional_response(request, etag=etag)
    response = known if known is not None else _file(workshop, site)
    for name, value in {**HEADERS, "ETag": etag}.items():
        response[name] = value
    return response


def _file(workshop: Workshop, site: str) -> HttpResponse:
    with translation.override(settings.LANGUAGE_CODE):  # of the installation, not of a program
        entries = dates_of(workshop, site, today=timezone.localdate())
    content = calendar(workshop.title, entries, made=timezone.now())
    headers = {"Content-Disposition": f'inline; filename="termine-{workshop.pk}.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


def _etag(workshop: Workshop, site: str) -> str:
    """Return what stays the same until something in the workshop changes; it tells no number."""
    told = f"{FORM} {workshop.pk} {workshop.revision.number} {site}"
    return f'"{salted_hmac("measures.calendar", told, algorithm="sha256").hexdigest()[:32]}"'
