"""Remarks and questions of committee and administration on a measure."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from measures.committee.agenda import agenda_of, measures_on
from measures.committee.remarks import AnswerForm, PlaceForm, RemarkForm
from measures.models import Measure, Remark, Session
from workshops.access import administration, decider, during, in_turn
from workshops.models import Workshop
from workshops.pages import edit_page, way_back
from workshops.phases import Activity
from workshops.seen import has_seen
from workshops.visits import Visit


@require_POST
@decider
@during(Activity.DECIDE)
def remark_add(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """POST stores a remark or question; the same one sent again is stored once.

    Also on a measure that was merged or removed while somebody wrote: no word is lost.
    """
    workshop = visit.workshop
    measure = get_object_or_404(Measure, workshop=workshop, number=number)
    form = RemarkForm(request.POST, instance=Remark(measure=measure, by=visit.person))
    if not form.is_valid():
        context = {"workshop": workshop, "measure": measure, "form": form}
        context |= _place(request, workshop, measure)
        return render(request, "measures/committee/remark_add.html", context, status=422)
    with transaction.atomic():
        in_turn(visit, Activity.DECIDE)
        form.save()
    return _back(request, workshop, measure)


def _session(request: HttpRequest, workshop: Workshop) -> Session | None:
    """Return the session on whose page of the measure somebody writes, None elsewhere."""
    form = PlaceForm(request.POST or request.GET, workshop=workshop)
    return form.cleaned_data["session"] if form.is_valid() else None


def _place(request: HttpRequest, workshop: Workshop, measure: Measure) -> dict:
    """Return the session, and where its remarks are shown: there, or on the measure's page."""
    session = _session(request, workshop)
    if session and (here := _on_agenda(session, measure)):
        url = reverse("measures:agenda-item", args=[workshop.pk, session.pk, here.number])
    elif measure.is_removed:
        url = reverse("measures:measure-list", args=[workshop.pk])
    else:
        url = measure.target.get_absolute_url()
    return {"session": session, "cancel": way_back(request, f"{url}#remarks")}


def _on_agenda(session: Session, measure: Measure) -> Measure | None:
    """Return the measure as it stands on an agenda, itself or as what it was merged into."""
    listed = {each.pk: each for each in measures_on(agenda_of(session))}
    return listed.get(measure.pk) or listed.get(measure.target_id)


def _back(request: HttpRequest, workshop: Workshop, measure: Measure) -> HttpResponse:
    return redirect(_place(request, workshop, measure)["cancel"])


@require_http_methods(["GET", "HEAD", "POST"])
@decider
@during(Activity.DECIDE)
def remark_answer(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET shows the form of an answer, POST stores it; one given meanwhile stays (409)."""
    with transaction.atomic():
        if request.method == "POST":
            visit = in_turn(visit, Activity.DECIDE)
        remark = _remark(visit.workshop, pk, lock=request.method == "POST")
        form = AnswerForm(request.POST or None, instance=remark)
        if request.method == "POST" and form.is_valid() and not form.conflict:
            form.store(visit.person, may_release=visit.is_administration)
            messages.success(request, _("The answer is saved."))
            return _back(request, visit.workshop, remark.measure)
    context = {"remark": remark, "measure": remark.measure}
    context |= _place(request, visit.workshop, remark.measure)
    return edit_page(request, visit, form, "measures/committee/remark_answer.html", **context)


def _remark(workshop: Workshop, pk: int, *, lock: bool) -> Remark:
    rows = Remark.objects.in_workshop(workshop).select_related("measure__merged_into")
    return get_object_or_404(rows.select_for_update(of=("self",)) if lock else rows, pk=pk)


@require_POST
@decider
@during(Activity.DECIDE)
def remark_close(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST closes a remark: it is dealt with."""
    return _change(request, visit, pk, is_closed=True)


@require_POST
@decider
@during(Activity.DECIDE)
def remark_reopen(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST opens a closed remark again."""
    return _change(request, visit, pk, is_closed=False)


@require_POST
@administration
@during(Activity.DECIDE)
def remark_release(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST makes a remark public, with the answer that was shown; another one by now: 409."""
    with transaction.atomic():
        visit = in_turn(visit, Activity.DECIDE)
        remark = _remark(visit.workshop, pk, lock=True)
        if has_seen(request, remark.answer_seen):
            return _change(request, visit, pk, is_released=True)
    context = {"workshop": visit.workshop, "remark": remark, "measure": remark.measure}
    context |= _place(request, visit.workshop, remark.measure)
    return render(request, "measures/committee/remark_release.html", context, status=409)


@require_POST
@administration
@during(Activity.DECIDE)
def remark_withdraw(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST makes a released remark internal again."""
    return _change(request, visit, pk, is_released=False)


@transaction.atomic
def _change(request: HttpRequest, visit: Visit, pk: int, **columns: bool) -> HttpResponse:
    visit = in_turn(visit, Activity.DECIDE)
    remark = _remark(visit.workshop, pk, lock=True)
    for name, value in columns.items():
        setattr(remark, name, value)
    remark.save(update_fields=[*columns])
    return _back(request, visit.workshop, remark.measure)
