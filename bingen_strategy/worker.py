"""What is usable without a connection: the service worker, and which pages it may keep.

The script is ``static/js/worker.js``; browsers run it over HTTPS, and on the machine that serves.
"""

import hashlib
import json
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import ResolverMatch
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from bingen_strategy.bundles import BUNDLES
from workshops.guests import ROOM_LENGTH, code_in
from workshops.outbox import HEADER, owner_of

# What every phone needs for the next page, a few kilobytes. Else what a page has loaded is kept.
FILES = ("bundles/outbox.js", "bundles/phone.js", "bundles/phone.css")
# Where people type and rate: kept for who saw them, see ``keepable``.
OWN = frozenset({"measures:field-capture", "measures:rate-start", "measures:rate-measure"})
ANYONE = "anyone"
Handler = Callable[[HttpRequest], HttpResponse]


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """GET: the script that may answer for the whole site, with what it keeps; for everybody."""
    names = [static(name) for name in FILES]
    release = "".join([*names, *map(static, BUNDLES)])  # with a hash of what is in them
    version = hashlib.sha256(release.encode()).hexdigest()[:12]
    kept = {"version": version, "files": {"names": names, "root": settings.STATIC_URL}}
    return render(request, "worker.js", {"kept": json.dumps(kept)}, "text/javascript")


def keepable(get_response: Handler) -> Handler:
    """Name on a page whose it is, if a browser may show it again without a connection."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        match = request.resolver_match if request.method == "GET" else None
        if match and response.status_code == 200 and (owner := _owner(request, match)):
            response[HEADER] = owner
        return response

    return middleware


def _owner(request: HttpRequest, match: ResolverMatch) -> str:
    if match.view_name in OWN:
        return owner_of(request, match.kwargs["workshop_id"])
    # A card's code, or one that moves a ballot, is nobody's to find on a device.
    code = code_in(match.kwargs.get("code", ""))
    is_door = match.view_name == "measures:join" and len(code) == ROOM_LENGTH
    return ANYONE if is_door or match.view_name == "measures:join-code" else ""
