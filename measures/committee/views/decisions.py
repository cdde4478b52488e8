"""What a committee decides on a measure: record, correct, look up again, publish."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from measures.assessment.holding import assessments_of
from measures.committee.checking import RELATED
from measures.committee.decision_forms import DecisionForm
from measures.committee.dossier import (
    compared,
    compared_decisions,
    decided_before,
    differing_lines,
    dossier_of,
)
from measures.committee.recording import (
    basis_for,
    hindrance,
    new_entry,
    newest_beside,
    pending_of,
    publish,
    record,
    seen_of,
)
from measures.committee.sealing import recorded
from measures.committee.views.sessions import session_page
from measures.committee.withholding import why_withheld
from measures.models import Decision, Measure, Session
from workshops.access import administration, decider, during, in_turn, member
from workshops.pages import way_back
from workshops.phases import Activity
from workshops.seen import has_seen
from workshops.typed import typed
from workshops.visits import Visit

TRIES = 3  # to decide upon figures that did not change meanwhile


@require_http_methods(["GET", "HEAD", "POST"])
@decider
@during(Activity.DECIDE)
def decision_add(request: HttpRequest, visit: Visit, pk: int, number: int) -> HttpResponse:
    """GET shows the form of a decision, POST records it; 409 if something changed meanwhile."""
    return _answer(request, visit, partial(_to_decide, pk=pk, number=number))


def _to_decide(visit: Visit, *, pk: int, number: int) -> Decision:
    measures = Measure.objects.in_workshop(visit.workshop)
    measures = measures.select_related("merged_into", "municipality")
    return new_entry(
        session=get_object_or_404(Session, workshop=visit.workshop, pk=pk),
        measure=get_object_or_404(measures, number=number),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@decider
@during(Activity.DECIDE)
def decision_correct(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET shows the form with what is recorded, POST records a new entry that corrects it."""
    return _answer(request, visit, partial(_to_correct, pk=pk))


def _to_correct(visit: Visit, *, pk: int) -> Decision:
    decision = _decision(visit, pk)
    return new_entry(decision.session, decision.measure, decision)


def _decision(visit: Visit, pk: int) -> Decision:
    rows = Decision.objects.in_workshop(visit.workshop).visible_to(visit)
    related = ("measure__merged_into", "measure__municipality", "by", *RELATED)
    return get_object_or_404(rows.select_related(*related), pk=pk)


def _answer(request: HttpRequest, visit: Visit, find: Callable[[Visit], Decision]) -> HttpResponse:
    if request.method == "POST":
        return _record_in_turn(request, visit, find)
    entry = find(visit)
    newest = newest_beside(entry)
    if newest and newest != entry.corrects:
        messages.info(request, _("This is decided already. What is wrong in it can be corrected."))
        return redirect(newest)
    if reason := hindrance(entry):
        return _refused(request, visit, entry, reason)
    return _page(request, visit, entry, _form(visit, entry, basis_for(entry, visit.workshop)))


def _record_in_turn(
    request: HttpRequest, visit: Visit, find: Callable[[Visit], Decision]
) -> HttpResponse:
    """Record upon figures made before the lock, so that no writer waits for them.

    Where something changed in between they are made anew. After the last try they are made within
    the lock: whoever decides gets an answer, and by then the heavy ones are in the cache.
    """
    for _try in range(TRIES):
        entry, revision = find(visit), visit.workshop.revision.number
        basis = None if hindrance(entry) else basis_for(entry, visit.workshop)
        with transaction.atomic():
            visit = in_turn(visit, Activity.DECIDE)
            if visit.workshop.revision.number == revision:
                return _record(request, visit, entry=find(visit), basis=basis)
    with transaction.atomic():
        visit = in_turn(visit, Activity.DECIDE)
        return _record(request, visit, entry=find(visit), basis=None)


def _record(
    request: HttpRequest, visit: Visit, entry: Decision, basis: dict | None
) -> HttpResponse:
    if reason := hindrance(entry):
        return _refused(request, visit, entry, reason)
    form = _form(visit, entry, basis or basis_for(entry, visit.workshop), request.POST)
    newest = newest_beside(entry)
    if not form.is_valid():
        return _page(request, visit, entry, form, status=422)
    if newest and form.says_the_same_as(newest):
        return _done(request, newest, is_new=newest != entry.corrects)
    if newest and newest != entry.corrects:
        return _faster(request, visit, entry, form, newest)
    if form.conflict:
        seen = form.seen_basis
        changes = differing_lines(visit.workshop, seen, form.basis) if seen else []
        return _page(request, visit, entry, form.redrawn(), status=409, changes=changes)
    return _done(request, record(form, by=visit.person))


def _form(
    visit: Visit, entry: Decision, basis: dict, data: QueryDict | None = None
) -> DecisionForm:
    return DecisionForm(
        data,
        instance=entry,
        basis=basis,
        is_administration=visit.is_administration,
    )


def _page(
    request: HttpRequest,
    visit: Visit,
    entry: Decision,
    form: DecisionForm,
    *,
    status: int = 200,
    **context: object,
) -> HttpResponse:
    context |= {
        "workshop": visit.workshop,
        "visit": visit,
        "entry": entry,
        "form": form,
        "before": decided_before(visit, entry),
        "parts": compared(visit.workshop, form.basis, form.basis).items(),
        "withheld": why_withheld(form.basis, visit.workshop),
        "is_conflict": status == 409,
        "assessment": next(iter(assessments_of(entry.measure)), None),
    }
    return render(request, "measures/committee/decision_form.html", context, status=status)


def _faster(
    request: HttpRequest, visit: Visit, entry: Decision, form: DecisionForm, newest: Decision
) -> HttpResponse:
    """Show both versions (409); what was typed can be sent on as a correction."""
    context = {
        "newest": newest,
        "both": compared_decisions(recorded(newest), recorded(form.instance)),
    }
    return _page(request, visit, entry, form.redrawn(), status=409, **context)


def _refused(request: HttpRequest, visit: Visit, entry: Decision, reason: str) -> HttpResponse:
    """Say why nothing can be recorded, and give back what was typed."""
    context = {"workshop": visit.workshop, "entry": entry, "reason": reason}
    context["typed"] = typed(request)
    status = 422 if request.method == "POST" else 404
    return render(request, "measures/committee/decision_refused.html", context, status=status)


def _done(request: HttpRequest, decision: Decision, *, is_new: bool = True) -> HttpResponse:
    """Say what is recorded, also to the second click of a double one."""
    if not is_new:
        messages.info(request, _("This is what is recorded already, so nothing was changed."))
        return redirect(decision)
    text = _("Recorded for %(code)s: %(outcome)s. It is not published yet.")
    names = {"code": decision.measure.code, "outcome": decision.told}
    messages.success(request, text % names)
    if decision.corrects_id:
        return redirect(decision)
    session, number = decision.session, decision.measure.number
    return redirect("measures:agenda-item", session.workshop_id, session.pk, number)


@require_safe
@member
@during(Activity.SEE_RESULTS)
def decision_detail(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET: the dossier; a pending decision does not exist for those without the right."""
    context = dossier_of(visit, _decision(visit, pk))
    context |= {"workshop": visit.workshop, "visit": visit}
    return render(request, "measures/committee/decision_detail.html", context)


@require_POST
@administration
@during(Activity.DECIDE)
def session_publish(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST publishes the pending decisions that were shown; others by now: 409. Twice is once."""
    with transaction.atomic():
        visit = in_turn(visit, Activity.DECIDE)
        session = get_object_or_404(Session, workshop=visit.workshop, pk=pk)
        if session.is_ahead:
            return _too_early(request, session)
        pending = pending_of(session)
        is_seen = has_seen(request, seen_of(pending))
        count = publish(session, pending, at=timezone.now()) if pending and is_seen else 0
    if pending and not is_seen:
        return session_page(request, visit, session, has_moved=True, status=409)
    return _published(request, session, count)


def _published(request: HttpRequest, session: Session, count: int) -> HttpResponse:
    if count:
        text = ngettext(
            "%(count)d decision is published.", "%(count)d decisions are published.", count
        )
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("There is no decision to publish."))
    return redirect(way_back(request, session.get_absolute_url()))


def _too_early(request: HttpRequest, session: Session) -> HttpResponse:
    """Say that nobody can have decided yet what has been prepared."""
    text = _("This session is still to come. Its decisions can be published from %(day)s on.")
    messages.error(request, text % {"day": date_format(session.date, "DATE_FORMAT")})
    return redirect(session)
