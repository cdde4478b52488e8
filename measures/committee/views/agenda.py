"""The agenda of a session: composed by the administration, shown item by item in the room."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from measures.committee.filling import (
    STEPS,
    decided_elsewhere,
    move_item,
    put_field,
    put_measures,
    reorder,
    set_public,
    take_off,
)
from measures.committee.item import item_of
from measures.committee.remarks import new_remark
from measures.committee.session_forms import AgendaForm, FillForm, OrderForm, TakeOverForm
from measures.committee.taking_over import WHICH, put_points
from measures.committee.views.sessions import session_page
from measures.models import AgendaItem, Session
from measures.overview import overview_of
from workshops.access import administration, during, in_turn, member
from workshops.models import Workshop
from workshops.pages import one_of
from workshops.phases import Activity
from workshops.visits import Visit


@require_POST
@administration
@during(Activity.DECIDE)
def agenda_add(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST puts measures or a whole action field behind the others; what is there stays once.

    Sent by its button ``search`` it only looks for measures (``q``), and what is ticked stays so.
    """
    session = _session(visit.workshop, pk)
    if "search" in request.POST:
        return session_page(request, visit, session)
    form = AgendaForm(request.POST, session=session)
    if not form.is_valid():
        return session_page(request, visit, session, form=form, status=422)
    with transaction.atomic():
        in_turn(visit, Activity.DECIDE)
        added = put_measures(session, form.cleaned_data["measures"])
        if field := form.cleaned_data["field"]:
            added += put_field(session, field)
    _tell(request, added)
    return redirect(f"{session.get_absolute_url()}#agenda-end")


def _session(workshop: Workshop, pk: int) -> Session:
    return get_object_or_404(Session, workshop=workshop, pk=pk)


def _tell(request: HttpRequest, added: int, skipped: int = 0) -> None:
    if skipped:
        text = ngettext(
            "%(count)d measure was skipped, because it is decided already.",
            "%(count)d measures were skipped, because they are decided already.",
            skipped,
        )
        messages.info(request, text % {"count": skipped})
    if not added:
        same = (
            _("The agenda is unchanged.") if skipped else _("All of it is on the agenda already.")
        )
        messages.info(request, same)
        return
    text = ngettext(
        "%(count)d measure is now on the agenda.",
        "%(count)d measures are now on the agenda.",
        added,
    )
    messages.success(request, text % {"count": added})


@require_POST
@administration
@during(Activity.DECIDE)
def agenda_fill(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST takes the first of the ranking, or of what the room disagrees about, onto the agenda."""
    session = _session(visit.workshop, pk)
    decided = decided_elsewhere(session)
    form = FillForm(request.POST, overview=overview_of(visit.workshop), decided=decided)
    if not form.is_valid():
        return session_page(request, visit, session, form=form, status=422)
    with transaction.atomic():
        in_turn(visit, Activity.DECIDE)
        added = put_measures(session, form.chosen)
    _tell(request, added, form.skipped)
    return redirect(f"{session.get_absolute_url()}#agenda-end")


@require_POST
@administration
@during(Activity.DECIDE)
def agenda_take_over(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST puts the points of another session behind the others: all, or those still open."""
    session = _session(visit.workshop, pk)
    form = TakeOverForm(request.POST, session=session)
    if not form.is_valid():
        return session_page(request, visit, session, form=form, status=422)
    with transaction.atomic():
        in_turn(visit, Activity.DECIDE)
        points = WHICH[form.cleaned_data["which"]](form.cleaned_data["session"])
        added = put_points(session, points)
    if points:
        _tell(request, added)
    else:
        messages.info(request, _("There is no such point on the agenda of that session."))
    return redirect(f"{session.get_absolute_url()}#agenda-end")


@require_POST
@administration
@during(Activity.DECIDE)
def agenda_order(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST orders the agenda by the ranking, or by how much the room disagrees."""
    session = _session(visit.workshop, pk)
    form = OrderForm(request.POST, overview=overview_of(visit.workshop))
    if not form.is_valid():
        return session_page(request, visit, session, form=form, status=422)
    with transaction.atomic():
        in_turn(visit, Activity.DECIDE)
        reorder(session, form.places)
    messages.success(request, _("The agenda is in its new order."))
    return redirect(session)


@require_POST
@administration
@during(Activity.DECIDE)
def agenda_move(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST moves an item one place up or down, or to the beginning or the end."""
    step = one_of(request, "direction", STEPS)
    with transaction.atomic():
        visit = in_turn(visit, Activity.DECIDE)
        item = _item(visit.workshop, pk)
        move_item(item, step)
    return redirect(f"{item.session.get_absolute_url()}#{step}-{item.pk}")


def _item(workshop: Workshop, pk: int) -> AgendaItem:
    rows = AgendaItem.objects.filter(session__workshop=workshop).select_related("session")
    return get_object_or_404(rows, pk=pk)


@require_POST
@administration
@during(Activity.DECIDE)
def agenda_remove(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST takes an item off the agenda, unless the session has decided on it."""
    with transaction.atomic():
        visit = in_turn(visit, Activity.DECIDE)
        item = _item(visit.workshop, pk)
        is_off = take_off(item)
    if is_off:
        text = _("“%(what)s” is off the agenda.") % {"what": item.measure or item.field}
        messages.success(request, text)
    else:
        text = _("The session has decided on this point, so it stays on the agenda.")
        messages.error(request, text)
    return redirect(f"{item.session.get_absolute_url()}#agenda")


@require_POST
@administration
@during(Activity.DECIDE)
def agenda_public(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST ``to``: the public may know of this item ("yes") or may not ("no").

    Nothing changes once the session has decided on it: the decision keeps what held then.
    """
    with transaction.atomic():
        visit = in_turn(visit, Activity.DECIDE)
        item = _item(visit.workshop, pk)
        is_public = one_of(request, "to", {"yes": True, "no": False})
        is_set = set_public(item, is_public=is_public)
    if not is_set:
        messages.error(request, _("The session has decided on this point, so that stays."))
    return redirect(f"{item.session.get_absolute_url()}#item-{item.pk}")


@require_safe
@member
@during(Activity.SEE_RESULTS)
def agenda_item(request: HttpRequest, visit: Visit, pk: int, number: int) -> HttpResponse:
    """GET: one measure of the agenda, large enough for a projector."""
    session = _session(visit.workshop, pk)
    context = item_of(session, visit, overview_of(visit.workshop), number)
    if context is None:
        raise Http404
    context |= {
        "workshop": visit.workshop,
        "visit": visit,
        "session": session,
        "remark_form": new_remark(visit),
    }
    return render(request, "measures/committee/agenda_item.html", context)
