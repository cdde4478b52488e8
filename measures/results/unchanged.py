"""Answering 304, or with a page that was drawn once for all who may see the same."""

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import etag
from django.views.decorators.vary import vary_on_headers

from measures.results.kept import key_of
from measures.results.packed import Packed, packed
from workshops.drawing import place, placed
from workshops.outbox import owner_of
from workshops.pages import wants_fragment
from workshops.visits import Visit

View = Callable[[HttpRequest, Visit], HttpResponse]
_OWN = "<div hidden data-own>"  # see templates/_own.html
# Where each person's own token will stand; nobody can have typed it into a page.
_TOKEN = secrets.token_hex(32)
# And the mark of each person's outbox.
_OWNER = secrets.token_hex(32)
# The folders that a page is made from; what it is made with stands in the lock file.
PROGRAM = (
    *("bingen_strategy", "workshops", "fields", "measures"),
    *("templates", "static", "locale", "locale_formal"),
)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page drawn once, what is put behind it for each person, with places for what differs."""

    body: Packed
    own: str


def drawn_once(view: View) -> View:
    """Draw the view's page once for each state of the data; 304 if a browser has it already.

    The view returns a ``TemplateResponse`` that depends on the workshop's data, on the address, and
    of the visitor only on the roles. The browser keeps the page but asks each time. A page that
    complains about its address (400, 422) or carries a message is neither kept nor named, and
    neither is one that says it will be another soon (``passing``).
    """
    conditional = etag(page_etag)(_kept(view))

    @wraps(view)
    @cache_control(private=True, no_cache=True)
    @vary_on_headers("HX-Request")
    def answered(request: HttpRequest, visit: Visit) -> HttpResponse:
        response = conditional(request, visit)
        if response.status_code not in (200, 304) or _is_passing(response):
            del response["ETag"]
        return response

    return answered


def passing(response: HttpResponse) -> None:
    """Mark a page on which something is still being computed: the next one says more."""
    response.is_passing = True  # type: ignore[attr-defined]


def _is_passing(response: HttpResponse) -> bool:
    return getattr(response, "is_passing", False)


def _kept(view: View) -> View:
    def answered(request: HttpRequest, visit: Visit) -> HttpResponse:
        if get_messages(request):
            return view(request, visit)
        key = key_of("whole", visit.workshop, _seen_alike(request, visit))
        page = caches["pages"].get(key)
        if page is None:
            response = view(request, visit)
            is_kept = response.status_code == 200 and not _is_passing(response)
            if not is_kept or not isinstance(response, TemplateResponse):
                return response
            page = kept_page(response)
            caches["pages"].set(key, page)
        return _answer(request, visit.workshop.pk, page)

    return answered


def _seen_alike(request: HttpRequest, visit: Visit) -> dict[str, object]:
    """Return what two people have in common who are shown the same page, their tokens apart."""
    return {
        "address": request.get_full_path(),
        "is_fragment": wants_fragment(request),
        "is_guest": visit.is_guest,
        "is_participant": visit.is_participant,
        "is_staff": request.user.is_staff,
        "phase": visit.workshop.phase,
        "roles": sorted(visit.roles),
        "today": localdate(),  # what is overdue
    }


def kept_page(response: TemplateResponse) -> _Page:
    """Draw the page for nobody in particular. Raises ValueError where it cannot be everybody's."""
    own_places = {"csrf_token": _TOKEN, "outbox_owner": _OWNER}
    context = {**(response.context_data or {}), **own_places}
    # What is drawn already is put in at the end, not handed from block to block.
    parts = {name: part for name, part in context.items() if part and type(part) is SafeString}
    response.context_data = context | {name: SafeString(place(name)) for name in parts}
    body, mark, own = placed(response.rendered_content, parts).partition(_OWN)
    if _TOKEN in body or _OWNER in body:
        raise ValueError("What is a person's own belongs to the end of a page that is kept.")
    return _Page(packed(body.encode()), mark + own)


def _answer(request: HttpRequest, workshop_id: int, page: _Page) -> HttpResponse:
    owner = owner_of(request, workshop_id)
    own = page.own and page.own.replace(_TOKEN, get_token(request)).replace(_OWNER, owner)
    is_packed = re.search(r"\bgzip\b", request.headers.get("Accept-Encoding", ""))
    join = page.body.gzip if is_packed else page.body.plain
    response = HttpResponse(join(own.encode()))
    if is_packed:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


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
        visit.is_participant,  # also by the ballot of a guest
        get_language(),
        localdate(),  # what is overdue
        request.get_full_path(),
        wants_fragment(request),
        _secret_fingerprint(request),
        owner_of(request, visit.workshop.pk),
        program_version(),
    )
    # Weak: it names what the page says and not its bytes, which carry another token each time.
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def _secret_fingerprint(request: HttpRequest) -> str:
    """The page's forms carry a token of this secret; after a new log-in it is another one."""
    if "CSRF_COOKIE" not in request.META:
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
