"""What a committee decides on a measure: record, correct, look up again, publish."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from measures.models import Decision, Measure, Session
from workshops.access import administration, decider, during, member
from workshops.models import Workshop, mark_changed
from workshops.phases import Activity


@require_http_methods(["GET", "HEAD", "POST"])
@decider
@during(Activity.DECIDE)
def decision_add(request: HttpRequest, workshop: Workshop, pk: int, number: int) -> HttpResponse:
    """GET shows the form of a decision, POST records it."""
    session = get_object_or_404(Session, workshop=workshop, pk=pk)
    measure = get_object_or_404(Measure, workshop=workshop, number=number)
    context = {"workshop": workshop, "session": session, "measure": measure}
    status = 422 if request.method == "POST" else 200
    return render(request, "measures/decision_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@decider
@during(Activity.DECIDE)
def decision_correct(request: HttpRequest, workshop: Workshop, pk: int) -> HttpResponse:
    """GET shows the form with what is recorded, POST records a new entry that corrects it."""
    decision = _decision(workshop, pk)
    context = {"workshop": workshop, "session": decision.session, "measure": decision.measure}
    status = 422 if request.method == "POST" else 200
    return render(request, "measures/decision_form.html", context, status=status)


def _decision(workshop: Workshop, pk: int) -> Decision:
    rows = Decision.objects.in_workshop(workshop).visible_to(workshop)
    return get_object_or_404(rows.select_related("session", "measure"), pk=pk)


@require_safe
@member
@during(Activity.SEE_RESULTS)
def decision_detail(request: HttpRequest, workshop: Workshop, pk: int) -> HttpResponse:
    """GET: the dossier; a pending decision does not exist for those without the right."""
    context = {"workshop": workshop, "decision": _decision(workshop, pk)}
    return render(request, "measures/decision_detail.html", context)


@require_POST
@administration
@during(Activity.DECIDE)
def session_publish(request: HttpRequest, workshop: Workshop, pk: int) -> HttpResponse:
    """POST publishes all pending decisions of a session at once."""
    session = get_object_or_404(Session, workshop=workshop, pk=pk)
    with transaction.atomic():
        mark_changed(workshop.pk)
        pending = list(session.decisions.pending().select_for_update())
        for decision in pending:
            decision.published_at = timezone.now()
            decision.save(update_fields=["published_at"])
    text = ngettext(
        "%(count)d decision is published.", "%(count)d decisions are published.", len(pending)
    )
    messages.success(request, text % {"count": len(pending)})
    return redirect(session)
