"""Reporting on one measure by a link, without an account and without a cookie."""

from collections.abc import Callable
from functools import wraps

from allauth.core.internal import ratelimit
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from measures.followup.entries import status_of
from measures.followup.forms import ReportForm
from measures.followup.links import Ended, Task, task_of
from measures.models import StatusEntry
from workshops.models import line_up
from workshops.typed import typed

Answer = Callable[[HttpRequest, str], HttpResponse]
TOO_OFTEN = "too_often"


def untold(view: Answer) -> Answer:
    """Let nobody keep or list what the answer shows, and no page learn its address."""

    @wraps(view)
    def answered(request: HttpRequest, token: str) -> HttpResponse:
        response = view(request, token)
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answered


@csrf_exempt  # no other site knows the address, and a token of ours would need a cookie
@untold
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the measure and a short form, POST stores an entry; sent twice, it is stored once.

    For whoever holds the link. 404, 403 or 410 with a sentence where it is good for nothing.
    """
    if not _may(request, "report"):
        return _refused(request, TOO_OFTEN, 429)
    task = task_of(token, now=timezone.now())
    if isinstance(task, Ended):
        return _refused(request, task.value, task.status)
    is_sent = request.method == "POST"
    if is_sent and not _may(request, "report_link", key=task.link.nonce):
        return _refused(request, TOO_OFTEN, 429)
    entries = status_of(task.measure)
    form = _form(request, task, entries[0] if entries else None)
    outcome = _stored(form, task, token) if is_sent else False
    if isinstance(outcome, Ended):
        return _refused(request, outcome.value, outcome.status)
    if outcome:
        return redirect(f"{request.path}?sent=1")
    context = {"task": task, "form": form, "newest": entries[0] if entries else None}
    context |= {"workshop": task.decision.session.workshop, "is_sent": "sent" in request.GET}
    return render(request, "measures/followup/report.html", context, status=422 if is_sent else 200)


def _may(request: HttpRequest, action: str, key: str | None = None) -> bool:
    """Count a request, and say whether that is within the settings' limits."""
    # allauth's page for too many attempts would set a cookie.
    app = "allauth.account"
    return bool(ratelimit.consume(request, app=app, action=action, key=key, limit_get=True))


def _form(request: HttpRequest, task: Task, newest: StatusEntry | None) -> ReportForm:
    office = task.decision.responsible
    return ReportForm(
        request.POST if request.method == "POST" else None,
        instance=StatusEntry(measure=task.measure, is_by_link=True, office=office),
        today=timezone.localdate(),
        newest=newest,
    )


def _stored(form: ReportForm, task: Task, token: str) -> bool | Ended:
    """Store a valid entry if the link is still good when the turn comes."""
    with transaction.atomic():
        line_up(task.decision.get_workshop_id())
        now = task_of(token, now=timezone.now())
        if isinstance(now, Ended):
            return now
        if is_valid := form.is_valid():
            form.save()
    return is_valid


def _refused(request: HttpRequest, why: str, status: int) -> HttpResponse:
    """Say in one sentence why not, and give back what was typed."""
    context = {"why": why, "typed": typed(request) if request.method == "POST" else ()}
    return render(request, "measures/followup/report_refused.html", context, status=status)
