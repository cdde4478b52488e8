"""Answering 304: what a page depends on, named in its ETag."""

import hashlib
from collections.abc import Callable
from functools import cache, wraps

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import etag
from django.views.decorators.vary import vary_on_headers

from workshops.pages import wants_fragment
from workshops.visits import Visit

View = Callable[[HttpRequest, Visit], HttpResponse]
# The folders that a page is made from; what it is made with stands in the lock file.
PROGRAM = (
    *("bingen_strategy", "workshops", "fields", "measures"),
    *("templates", "static", "locale", "locale_formal"),
)


def if_changed(view: View) -> View:
    """Let the browser keep the view's page but ask again each time; 304 if nothing has changed.

    A page that complains about its address (400, 422) gets no ETag.
    """
    conditional = etag(page_etag)(view)

    @wraps(view)
    @cache_control(private=True, no_cache=True)
    @vary_on_headers("HX-Request")
    def answered(request: HttpRequest, visit: Visit) -> HttpResponse:
        response = conditional(request, visit)
        if response.status_code >= 400:
            del response["ETag"]
        return response

    return answered


def page_etag(request: HttpRequest, visit: Visit) -> str | None:
    """Name everything a page of results depends on: data, person, language, address and program.

    None for a page that carries a message, which is shown once only. No query.
    """
    if get_messages(request):
        return None
    parts = (
        visit.workshop.revision.number,
        visit.workshop.phase,
        request.user.pk,
        request.user.is_staff,
        str(request.user),
        sorted(visit.roles),
        visit.participant_id,
        get_language(),
        request.get_full_path(),
        wants_fragment(request),
        _secret_fingerprint(request),
        program_version(),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _secret_fingerprint(request: HttpRequest) -> str:
    """The page's forms carry a token of this secret; after a new log-in it is another one."""
    get_token(request)
    return hashlib.sha256(request.META["CSRF_COOKIE"].encode()).hexdigest()


@cache
def program_version() -> str:
    """Name the program by what its files hold: after an update no browser keeps an old page.

    Not by when they were written, which is another moment on each host.
    """
    root = settings.BASE_DIR
    files = (path for folder in PROGRAM for path in (root / folder).rglob("*") if path.is_file())
    state = hashlib.sha256()
    for path in sorted([root / "requirements.txt", *files]):
        if path.suffix != ".pyc" and path.exists():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            state.update(f"{path.relative_to(root).as_posix()} {content}\n".encode())
    return state.hexdigest()
