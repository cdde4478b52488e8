"""Small middleware of our own."""

import re
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.translation import gettext as _

from bingen_strategy.faults import is_passing
from bingen_strategy.views import busy, too_large, unreachable
from measures.results.kept import Busy
from workshops.plain_text import plain_text

# See workshops.views.moment and measures.hall.views.projector.
MOMENT = re.compile(r"/workshops/\d+/(?:moment|front)/[\w-]+/")
Handler = Callable[[HttpRequest], HttpResponse]
PIECE, THROWN_AWAY = 65_536, 500_000_000  # bytes


class GZipText(GZipMiddleware):
    """Compress pages also where no proxy does; pictures and office files are compressed already."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "")
        is_text = kind.startswith(("text/", "application/atom+xml"))
        return super().process_response(request, response) if is_text else response


def session_language(get_response: Handler) -> Handler:
    """Speak the language chosen on this site, German otherwise.

    Django's own LocaleMiddleware keeps the choice in a cookie of its own and guesses from the
    browser; we set no further cookie, and a town hall's page greets everybody in German.
    """
    known = dict(settings.LANGUAGES)

    def middleware(request: HttpRequest) -> HttpResponse:
        # A public page is the same for everybody: its language stands in its address.
        is_public = request.path_info.startswith("/public/")
        if is_public:
            chosen = request.GET.get("lang")
        elif MOMENT.fullmatch(request.path_info):
            chosen = None  # a state has no language, and is asked for every three seconds
        else:
            chosen = request.session.get("language")
        with translation.override(chosen if chosen in known else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()
            response = get_response(request)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response.render()
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        # Pages are made for one person; a copy is asked about before it is shown again.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return middleware


def refuse_large_bodies(get_response: Handler) -> Handler:
    """Answer 413 to what is larger than anything we take, before a form is read from it.

    By what the request announces: Django reads no byte beyond that. What comes is thrown away as it
    comes, in neither memory nor disk, because a browser shows an answer only once it has sent all;
    whoever sends more than that is cut off.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if not announced.isdecimal() or int(announced) <= settings.LARGEST_BODY:
            return get_response(request)
        left = min(int(announced), THROWN_AWAY)
        with suppress(OSError):  # whoever sent it may have gone
            while left > 0 and (piece := request.read(min(left, PIECE))):
                left -= len(piece)
        return too_large(request)

    return middleware


def permissions_policy(get_response: Handler) -> Handler:
    """Switch off what no page of ours uses."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def refuse_nul_bytes(get_response: Handler) -> Handler:
    """Answer 400 to a NUL byte in an address or a cookie: PostgreSQL would make it a server error.

    In a form it becomes a space, see ``PlainPost``.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        words = (text for key, values in request.GET.lists() for text in (key, *values))
        if any("\0" in text for text in (request.path, *words, *request.COOKIES.values())):
            raise BadRequest(_("The address contains a character that is not allowed."))
        return get_response(request)

    return middleware


class PlainPost:
    """Let every form take what was typed as we store it, see ``workshops.plain_text``.

    Not a password: it is compared with what was typed elsewhere and never read.
    """

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        if request.method != "POST":
            return
        sent = request.POST.copy()
        for name in sent:
            if "password" not in name:
                sent.setlist(name, [plain_text(text) for text in sent.getlist(name)])
        if sent != request.POST:
            request.POST = sent  # type: ignore[assignment]  # whoever sets it may set this


class AnswerBusy:
    """Answer 503 wherever something heavy could not be made in time, or the database failed.

    What fails outside of a view goes to ``views.server_error``.
    """

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Busy):
            return busy(request)
        return unreachable(request, exception) if is_passing(exception) else None
