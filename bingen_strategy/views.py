"""Pages that belong to no app: language, legal pages, kept input, refused requests."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from workshops.access import KEPT_POST, signed_in

RETRY_AFTER = "10"  # seconds


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
def legal(request: HttpRequest, page: str) -> HttpResponse:
    """GET: accessibility statement, privacy or imprint."""
    context = {"operator": settings.OPERATOR, "contact": settings.CONTACT_EMAIL}
    return render(request, f"legal/{page}.html", context)


@require_safe
@signed_in
def kept_input(request: HttpRequest) -> HttpResponse:
    """GET: after the log-in, show what was typed before it, ready to be sent."""
    kept = request.session.get(KEPT_POST)
    if not kept:
        messages.info(request, _("There is no kept input."))
        return redirect("home")
    shown = [(name, value) for name, value in kept["fields"] if not _is_hidden(name)]
    return render(request, "kept_input.html", {"kept": kept, "shown": shown})


def _is_hidden(name: str) -> bool:
    return name in {"version", "client_id", "next", "seen", "table"}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the page was out of date and show the typed text so that it can be copied."""
    return render(request, "403_csrf.html", {"typed": _typed(request)}, status=403)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say why not, and show the typed text: the phase may have moved while somebody wrote."""
    is_rating = "/rate/" in request.path  # steps are chosen again at once, and nobody reads along
    typed = [] if is_rating else _typed(request)
    context = {"exception": str(exception), "typed": typed}
    return render(request, "403.html", context, status=403)


def busy(request: HttpRequest) -> HttpResponse:
    """Say that too much is asked for at once, and when to come again; show the typed text."""
    response = render(request, "503.html", {"typed": _typed(request)}, status=503)
    response["Retry-After"] = RETRY_AFTER
    return response


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    hidden = {"csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword"}
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in hidden and not _is_hidden(name) and value.strip()
    ]
