"""Pages that belong to no app: language, guides, kept input, refused requests."""

import logging
import sys

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.decorators.http import require_POST, require_safe

from bingen_strategy.faults import is_passing
from measures.hall.views.join import no_cookies
from workshops.access import sender, signed_in
from workshops.guides import GUIDES
from workshops.pages import plain, wants_fragment
from workshops.typed import held, labelled, typed

RETRY_AFTER = "10"  # seconds
log = logging.getLogger(__name__)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """POST: remember the language in the session and go back to the page."""
    language = request.POST.get("language")
    if language in dict(settings.LANGUAGES):
        request.session["language"] = language
        translation.activate(language)
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    # redirect() would take a bare word for the name of a view
    return HttpResponseRedirect(target) if safe and target.startswith("/") else redirect("home")


@require_safe
def help_list(request: HttpRequest) -> HttpResponse:
    """GET: the guides with their sections, for everybody."""
    return render(request, "help/help_list.html", {"guides": GUIDES.values()})


@require_safe
def help_guide(request: HttpRequest, guide: str) -> HttpResponse:
    """GET: one guide as a whole, for everybody."""
    if guide not in GUIDES:
        raise Http404
    return render(request, "help/help_guide.html", {"guide": GUIDES[guide]})


@require_safe
@signed_in
def kept_input(request: HttpRequest) -> HttpResponse:
    """GET: after the log-in, show what was typed before it, ready to be sent."""
    kept = held(request, sender(request))
    if kept is None:
        messages.info(request, _("There is no kept input."))
        return redirect("home")
    context = {"kept": kept, "shown": labelled(kept["fields"])}
    return render(request, "kept_input.html", context)


# Refused and failed requests --------------------------------------------------------------------
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the page was out of date and show the typed text so that it can be copied.

    The outbox gets the token that is good by now and sends once more: its page may be from before a
    log-in. Only our own scripts can read it, as they could on a page.
    """
    match = request.resolver_match
    if match and match.view_name == "measures:join":
        return no_cookies(request, **match.kwargs)
    response = render(request, "403_csrf.html", {"typed": typed(request)}, status=403)
    if wants_fragment(request):
        response["X-CSRFToken"] = get_token(request)
    return response


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say why not, and show the typed text: the phase may have moved while somebody wrote."""
    context = {"exception": str(exception), "typed": typed(request)}
    return render(request, "403.html", context, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that nothing is here; show the typed text: the own part may have ended while writing."""
    sent = request.method == "POST" and request.user.is_authenticated
    if sent and wants_fragment(request):
        sentence = _("This is not there any more, or not meant for you; copy your text.")
        return plain(sentence, status=404)
    return render(request, "404.html", {"typed": typed(request) if sent else []}, status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say what is wrong with the request, unless it is nothing but a session we could not store."""
    if is_passing(exception):
        return unreachable(request, exception)
    return defaults.bad_request(request, exception)


def too_large(request: HttpRequest) -> HttpResponse:
    """Say that what was sent is too large. The form cannot be read, so it asks for nobody."""
    limit = settings.ATTACHMENT_BYTES // 2**20
    text = _("What you sent is too large: a file has at most %(limit)d MB. Nothing was stored.")
    sentence = text % {"limit": limit}
    if wants_fragment(request):
        return plain(sentence, status=413)
    request.user = AnonymousUser()  # the page is drawn before anybody is known
    return render(request, "413.html", {"sentence": sentence, "back": request.path}, status=413)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours, unless nothing but the database fails, outside of any view."""
    error = sys.exc_info()[1]
    return unreachable(request, error) if is_passing(error) else defaults.server_error(request)


def busy(request: HttpRequest) -> HttpResponse:
    """Say that too much is asked for at once, and when to come again; show the typed text."""
    sentence = _(
        "Many people are asking for figures that take long to compute;"
        " please try again in ten seconds."
    )
    said = {translation.get_language(): sentence}
    return _later(request, _("Too much at once"), said, visitor=request)


def unreachable(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """Say that the data cannot be reached, without anything that would need them.

    So the page knows no account, and no language where not even the session could be read: then
    it speaks all of them.
    """
    log.error("The database cannot be used: %s", error)
    chosen = getattr(request, "LANGUAGE_CODE", None)
    said = {}
    for code in [chosen] if chosen else dict(settings.LANGUAGES):
        with translation.override(code):
            said[code] = _(
                "The data cannot be reached at the moment; please try again in ten seconds."
            )
    with translation.override(chosen or settings.LANGUAGE_CODE):
        return _later(request, _("Not reachable at the moment"), said)


def _later(
    request: HttpRequest, title: str, said: dict[str, str], *, visitor: HttpRequest | None = None
) -> HttpResponse:
    """Answer 503 with a sentence by language; the frame of the page is that of ``visitor``."""
    if wants_fragment(request):
        response = plain(" ".join(said.values()), status=503)
    else:
        again = request.get_full_path() if request.method == "GET" else ""
        context = {"title": title, "said": said, "typed": _readable(request), "again": again}
        response = HttpResponse(render_to_string("503.html", context, visitor), status=503)
    response["Content-Language"] = translation.get_language()
    response["Cache-Control"] = "no-store"
    response["Retry-After"] = RETRY_AFTER
    return response


def _readable(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what was typed; nothing of a form that cannot be read, which is not the matter now."""
    try:
        return typed(request)
    except (BadRequest, MultiPartParserError, OSError, SuspiciousOperation):
        return []
