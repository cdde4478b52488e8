"""Answering 304: what a page depends on, named in its ETag."""

import hashlib
from functools import cache

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import quote_etag
from django.utils.translation import get_language

from workshops.models import Workshop
from workshops.pages import wants_fragment


def page_etag(request: HttpRequest, workshop: Workshop) -> str:
    """Name everything a page of results depends on: data, person, language, address and program.

    Empty for a page that carries a message, which is shown once only. No query.
    """
    if get_messages(request):
        return ""
    parts = (
        workshop.revision.number,
        workshop.phase,
        request.user.pk,
        request.user.is_staff,
        str(request.user),
        (workshop.is_facilitator, workshop.is_administration, workshop.is_committee),
        workshop.participant_id,
        get_language(),
        request.get_full_path(),
        wants_fragment(request),
        _secret_mark(request),
        program_mark(),
    )
    return etag_of(parts)


def etag_of(parts: tuple) -> str:
    return quote_etag(hashlib.sha256(repr(parts).encode()).hexdigest()[:32])


def unchanged(request: HttpRequest, etag: str) -> HttpResponse | None:
    """Return the answer 304 if the browser's copy carries this ETag."""
    answer = get_conditional_response(request, etag=etag or None)
    return answer and ask_again(answer, etag)


def ask_again(response: HttpResponse, etag: str) -> HttpResponse:
    """Let the browser keep the answer but ask again each time; a 304 says so, too."""
    if etag:
        response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _secret_mark(request: HttpRequest) -> str:
    """The page's forms carry a token of this secret; after a new log-in it is another one."""
    get_token(request)
    return hashlib.sha256(request.META["CSRF_COOKIE"].encode()).hexdigest()


@cache
def program_mark() -> int:
    """The newest of the program's files: after an update no browser keeps an old page."""
    folders = ("workshops", "fields", "measures", "templates", "static", "locale")
    files = (path for folder in folders for path in (settings.BASE_DIR / folder).rglob("*.*"))
    return max(path.stat().st_mtime_ns for path in files if path.suffix != ".pyc")
