"""What a committee decides on a measure: record, correct, look up again, publish."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from measures.decisions.checking import RELATED
from measures.decisions.dossier import (
    changed_lines,
    compared,
    compared_decisions,
    decided_before,
    dossier_of,
)
from measures.decisions.forms import DecisionForm, typed
from measures.decisions.recording import (
    Recording,
    hindrance,
    mark_of,
    pending_of,
    publish,
    record,
)
from measures.decisions.sealing import recorded
from measures.decisions.withholding import why_withheld
from measures.models import Decision, Measure, Session
from measures.views.sessions import session_page
from workshops.access import administration, decider, during, lock_during, member
from workshops.models import Workshop
from workshops.phases import Activity

TRIES = 3  # to decide upon figures that did not move meanwhile


@require_http_methods(["GET", "HEAD", "POST"])
@decider
@during(Activity.DECIDE)
def decision_add(request: HttpRequest, workshop: Workshop, pk: int, number: int) -> HttpResponse:
    """GET shows the form of a decision, POST records it; 409 if somebody or something moved."""
    return _answer(request, workshop, partial(_to_decide, workshop, pk, number))


def _to_decide(workshop: Workshop, pk: int, number: int) -> Recording:
    measures = Measure.objects.in_workshop(workshop)
    measures = measures.select_related("merged_into", "municipality")
    return Recording(
        session=get_object_or_404(Session, workshop=workshop, pk=pk),
        measure=get_object_or_404(measures, number=number),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@decider
@during(Activity.DECIDE)
def decision_correct(request: HttpRequest, workshop: Workshop, pk: int) -> HttpResponse:
    """GET shows the form with what is recorded, POST records a new entry that corrects it."""
    return _answer(request, workshop, partial(_to_correct, workshop, pk))


def _to_correct(workshop: Workshop, pk: int) -> Recording:
    decision = _decision(workshop, pk)
    return Recording(decision.session, decision.measure, decision)


def _decision(workshop: Workshop, pk: int) -> Decision:
    rows = Decision.objects.in_workshop(workshop).visible_to(workshop)
    related = ("measure__merged_into", "measure__municipality", "by", *RELATED)
    return get_object_or_404(rows.select_related(*related), pk=pk)


def _answer(request, workshop: Workshop, find: Callable[[], Recording]) -> HttpResponse:
    if request.method == "POST":
        return _record_in_turn(request, workshop, find)
    entry = find()
    newest = entry.newest()
    if newest != entry.corrects:
        messages.info(request, _("This is decided already. What is wrong in it can be corrected."))
        return redirect(newest)
    if reason := hindrance(entry):
        return _refused(request, workshop, entry, reason)
    return _page(request, workshop, entry, _form(workshop, entry, entry.basis(workshop)))


def _record_in_turn(request, workshop: Workshop, find: Callable[[], Recording]) -> HttpResponse:
    """Record upon figures made before the lock, so that no writer waits for them.

    Where something moved in between they are made anew. After the last try they are made within
    the lock: whoever decides gets an answer, and by then the heavy ones are kept.
    """
    for _try in range(TRIES):
        entry, revision = find(), workshop.revision.number
        basis = None if hindrance(entry) else entry.basis(workshop)
        with transaction.atomic():
            lock_during(workshop, Activity.DECIDE)
            if workshop.revision.number == revision:
                return _record(request, workshop, entry=find(), basis=basis)
    with transaction.atomic():
        lock_during(workshop, Activity.DECIDE)
        return _record(request, workshop, entry=find(), basis=None)


def _record(request, workshop: Workshop, entry: Recording, basis: dict | None) -> HttpResponse:
    if reason := hindrance(entry):
        return _refused(request, workshop, entry, reason)
    form = _form(workshop, entry, basis or entry.basis(workshop), request.POST)
    newest = entry.newest()
    if not form.is_valid():
        return _page(request, workshop, entry, form, status=422)
    if newest and form.says_the_same_as(newest):
        return _done(request, newest, is_new=newest != entry.corrects)
    if newest != entry.corrects:
        return _faster(request, workshop, entry, form, newest)
    if entry.corrects is None and form.seen_basis != form.basis:
        seen = form.seen_basis
        changes = changed_lines(workshop, seen, form.basis) if seen else []
        return _page(request, workshop, entry, form.redrawn(), status=409, changes=changes)
    return _done(request, record(form, by=request.user))


def _form(workshop: Workshop, entry: Recording, basis: dict, data=None) -> DecisionForm:
    return DecisionForm(
        data,
        instance=entry.blank(),
        basis=basis,
        is_administration=workshop.is_administration,
    )


def _page(request, workshop, entry, form, *, status=200, **context) -> HttpResponse:
    context |= {
        "workshop": workshop,
        "entry": entry,
        "form": form,
        "before": decided_before(workshop, entry),
        "sections": compared(workshop, form.basis, form.basis),
        "withheld": why_withheld(form.basis, workshop),
        "is_conflict": status == 409,
    }
    return render(request, "measures/decision_form.html", context, status=status)


def _faster(request, workshop, entry, form, newest: Decision) -> HttpResponse:
    """Show both versions (409); what was typed can be sent on as a correction."""
    context = {
        "newest": newest,
        "both": compared_decisions(recorded(newest), recorded(form.instance)),
    }
    return _page(request, workshop, entry, form.redrawn(), status=409, **context)


def _refused(request, workshop: Workshop, entry: Recording, reason: str) -> HttpResponse:
    """Say why nothing can be recorded, and give back what was typed."""
    context = {"workshop": workshop, "entry": entry, "reason": reason, "typed": typed(request.POST)}
    status = 422 if request.method == "POST" else 404
    return render(request, "measures/decision_refused.html", context, status=status)


def _done(request, decision: Decision, *, is_new: bool = True) -> HttpResponse:
    """Say what is recorded, also to the second click of a double one."""
    if not is_new:
        messages.info(request, _("This is what is recorded already, so nothing was changed."))
        return redirect(decision)
    text = _("Recorded for %(code)s: %(outcome)s. It is not published yet.")
    names = {"code": decision.measure.code, "outcome": decision.get_outcome_display()}
    messages.success(request, text % names)
    if decision.corrects_id:
        return redirect(decision)
    session, number = decision.session, decision.measure.number
    return redirect("measures:agenda-item", session.workshop_id, session.pk, number)


@require_safe
@member
@during(Activity.SEE_RESULTS)
def decision_detail(request: HttpRequest, workshop: Workshop, pk: int) -> HttpResponse:
    """GET: the dossier; a pending decision does not exist for those without the right."""
    dossier = dossier_of(workshop, _decision(workshop, pk))
    context = {"workshop": workshop, "dossier": dossier, "decision": dossier.decision}
    return render(request, "measures/decision_detail.html", context)


@require_POST
@administration
@during(Activity.DECIDE)
def session_publish(request: HttpRequest, workshop: Workshop, pk: int) -> HttpResponse:
    """POST publishes the pending decisions that were shown; others by now: 409. Twice is once."""
    with transaction.atomic():
        lock_during(workshop, Activity.DECIDE)
        session = get_object_or_404(Session, workshop=workshop, pk=pk)
        if session.date > timezone.localdate():
            return _too_early(request, session)
        pending = pending_of(session)
        is_seen = request.POST.get("seen", "") == mark_of(pending)
        count = publish(session, pending, at=timezone.now()) if pending and is_seen else 0
    if pending and not is_seen:
        return session_page(request, workshop, session, has_moved=True, status=409)
    return _published(request, session, count)


def _published(request: HttpRequest, session: Session, count: int) -> HttpResponse:
    if count:
        text = ngettext(
            "%(count)d decision is published.", "%(count)d decisions are published.", count
        )
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("There is no decision to publish."))
    return redirect(session)


def _too_early(request: HttpRequest, session: Session) -> HttpResponse:
    """Say that nobody can have decided yet what has been prepared."""
    text = _("This session is still to come. Its decisions can be published from %(day)s on.")
    messages.error(request, text % {"day": date_format(session.date, "DATE_FORMAT")})
    return redirect(session)
