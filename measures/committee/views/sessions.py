"""The sessions of a committee, each with its agenda. Composing the agenda: ``agenda.py``."""

from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from measures.committee.agenda import Agenda, entries_on, known_agenda
from measures.committee.filling import best_first, most_disputed_first, offered
from measures.committee.recording import seen_of
from measures.committee.session_forms import (
    AgendaForm,
    OrderForm,
    SessionAddForm,
    SessionForm,
    TakeOverForm,
)
from measures.models import Attachment, Decision, Measure, Seal, Session
from measures.overview import Overview, overview_of
from measures.searching.finding import measures_fitting, sought_in
from workshops.access import administration, during, in_turn, member
from workshops.pages import edit_page
from workshops.phases import Activity
from workshops.visits import Visit

TAKEN = 10  # of a list, unless somebody says otherwise


@require_safe
@member
@during(Activity.SEE_RESULTS)
def session_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: all sessions, the latest first, with the size of the agenda and what was decided."""
    decided = _decision_counts(visit)
    sessions = [
        (session, *decided.get(session.pk, (0, 0)))
        for session in Session.objects.in_workshop(visit.workshop).with_counts()
    ]
    context = {"workshop": visit.workshop, "visit": visit, "sessions": sessions}
    return render(request, "measures/committee/session_list.html", context)


def _decision_counts(visit: Visit) -> dict[int, tuple[int, int]]:
    """Return by session how many decisions this person may know of, and how many are pending."""
    rows = Decision.objects.in_workshop(visit.workshop).known_to(visit)
    counted = (
        rows.order_by()
        .values("session")
        .annotate(all=Count("pk"), pending=Count("pk", filter=Q(published_at=None)))
    )
    return {row["session"]: (row["all"], row["pending"]) for row in counted}


@require_http_methods(["GET", "HEAD", "POST"])
@administration
@during(Activity.DECIDE)
def session_add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET shows the form, POST calls a session; the same one sent twice is stored once."""
    form = SessionAddForm(request.POST or None, instance=Session(workshop=visit.workshop))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            in_turn(visit, Activity.DECIDE)
            session = form.save()
        if not form.is_new:
            messages.info(request, _("This session is there already."))
        return redirect(session)
    context = {"workshop": visit.workshop, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "measures/committee/session_add.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@administration
@during(Activity.DECIDE)
def session_edit(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET shows the session's form, POST changes it; a change of somebody else stays (409)."""
    with transaction.atomic():
        if request.method == "POST":
            visit = in_turn(visit, Activity.DECIDE)  # nobody decides before it is changed
        session = get_object_or_404(Session, workshop=visit.workshop, pk=pk)
        form = SessionForm(request.POST or None, instance=session)
        if request.method == "POST" and form.is_valid() and not form.conflict:
            form.save()
            return redirect(session)
    return edit_page(request, visit, form, "measures/committee/session_edit.html", session=session)


@require_http_methods(["GET", "HEAD", "POST"])
@administration
@during(Activity.DECIDE)
def session_remove(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET asks, POST deletes a session without agenda and decisions, 409 for any other."""
    with transaction.atomic():
        if request.method == "POST":
            visit = in_turn(visit, Activity.DECIDE)  # nobody puts anything on it meanwhile
        session = get_object_or_404(Session, workshop=visit.workshop, pk=pk)
        is_used = Session.objects.filter(pk=pk).used().exists()
        if request.method == "POST" and not is_used:
            session.delete()
            messages.success(request, _("The session is deleted."))
            return redirect("measures:session-list", visit.workshop.pk)
    context = {"workshop": visit.workshop, "visit": visit, "session": session, "is_used": is_used}
    status = 409 if request.method == "POST" else 200
    return render(request, "measures/committee/session_remove.html", context, status=status)


@require_safe
@member
@during(Activity.SEE_RESULTS)
def session_detail(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET: the agenda, with what is known and decided of every measure on it."""
    session = get_object_or_404(Session, workshop=visit.workshop, pk=pk)
    return session_page(request, visit, session)


def session_page(
    request: HttpRequest,
    visit: Visit,
    session: Session,
    *,
    form: AgendaForm | OrderForm | TakeOverForm | None = None,
    has_moved: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Show the agenda; ``form`` says what is wrong in what was sent, which stays chosen.

    ``has_moved``: what was to be published is not what was shown.
    """
    found = overview_of(visit.workshop)
    agenda, others = known_agenda(session, visit, found)
    entries = entries_on(agenda)
    decisions = [entry.decision for entry in entries if entry.decision] + others
    pending = [decision for decision in decisions if decision.is_pending]
    context = {
        "workshop": visit.workshop,
        "visit": visit,
        "session": session,
        "agenda": agenda.items(),
        "entries": entries,
        "decided": [item for item in agenda if any(each.decision for each in agenda[item])],
        "others": others,
        "has_closed": session.is_public and not all(each.is_public for each in agenda),
        "pending": pending,
        "undecided": sum(each.measure.stands and not each.decision for each in entries),
        "usual_round": found.usual_round,
        "form": form,
        "has_moved": has_moved,
        "pending_seen": seen_of(pending),
        "attachments": Attachment.objects.filter(session=session).visible_to(visit),
        "seals": Seal.objects.of_publications(session),
        "also_decided": "also_decided" in request.POST,
        "count": request.POST.get("count", TAKEN),
    }
    if visit.may_convene:
        measures = list(offered(agenda, session))
        context["sources"] = Session.objects.other_than(session)
        context |= _composing(measures, found, agenda) | _picked(visit, measures, request.POST)
    return render(request, "measures/committee/session_detail.html", context, status=status)


def _composing(measures: Sequence[Measure], overview: Overview, agenda: Agenda) -> dict:
    """Return what the administration may put on the agenda. 3 queries without kept talk."""
    whole = {item.field_id for item in agenda}
    fields = {measure.field for measure in measures if measure.field_id not in whole}
    return {
        "offered": measures,
        "fields": sorted(fields, key=lambda field: (field.order, field.pk)),
        "ranked": len(best_first(overview)),
        "disputed": len(most_disputed_first(overview)),
    }


def _picked(visit: Visit, measures: Sequence[Measure], sent: QueryDict) -> dict:
    """Return what is ticked, and what of the offered stays to be ticked by what is sought.

    At most 5 queries.
    """
    sought, chosen = sought_in(sent), sent.getlist("measures")
    fitting = measures_fitting(visit, sought) if sought else {each.pk for each in measures}
    shown = [each for each in measures if each.pk in fitting or str(each.pk) in chosen]
    return {"sought": sought, "chosen": chosen, "shown": shown}
