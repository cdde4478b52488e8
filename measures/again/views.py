"""A workshop begun again for another year, both years side by side, and one that is deleted."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from measures.again.choosing import candidates
from measures.again.comparing import Comparison, as_table, compare, earlier_visit
from measures.again.copying import copy_workshop
from measures.again.deleting import delete, why_not_deleted
from measures.again.forms import PICKS, CopyForm
from measures.transfer.exporting import to_csv
from workshops.access import (
    editor,
    facilitator,
    in_turn,
    may_create_workshops,
    member,
    sender,
)
from workshops.models import hold_votes
from workshops.pages import one_of
from workshops.visits import Visit


@require_http_methods(["GET", "HEAD", "POST"])
@editor(when_archived=True)  # it changes nothing here
def workshop_copy(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET shows the form, POST makes the copy, once; ``pick`` only ticks other measures."""
    if not may_create_workshops(request.user):
        raise PermissionDenied(_("Your account may not create workshops. Ask the administration."))
    if request.method == "POST":
        with transaction.atomic():
            visit = in_turn(visit, when_archived=True)  # it may be deleted meanwhile
            form = _copy_form(request, visit)
            if form.is_bound and form.is_valid():
                return _copied(request, visit, form)
    else:
        form = _copy_form(request, visit)
    context = {"workshop": visit.workshop, "visit": visit, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "measures/again/workshop_copy.html", context, status=status)


def _copy_form(request: HttpRequest, visit: Visit) -> CopyForm:
    today = timezone.localdate()
    offered = candidates(visit, today=today)
    form = partial(CopyForm, old=visit.workshop, candidates=offered, today=today)
    if request.method == "POST" and "pick" in request.POST:
        fits = one_of(request, "pick", PICKS)
        typed = {name: request.POST.get(name, "") for name in ("title", "date", "client_id")}
        picked = [each.measure.pk for each in offered if fits(each)]
        return form(initial=typed | {"measures": picked})
    return form(request.POST if request.method == "POST" else None)


def _copied(request: HttpRequest, visit: Visit, form: CopyForm) -> HttpResponse:
    data = form.cleaned_data
    workshop, is_new = copy_workshop(
        visit.workshop,
        form.chosen,
        title=data["title"],
        day=data["date"],
        by=sender(request),
        client_id=data["client_id"],
    )
    if is_new:
        messages.success(request, _("The workshop “%(title)s” is ready.") % {"title": workshop})
    else:
        messages.info(request, _("This workshop is there already."))
    return redirect(workshop)


@require_safe
@member
def year_compare(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: what was carried over from an earlier workshop, then and now; 404 where nothing was."""
    context = {"workshop": visit.workshop, "visit": visit, "comparison": _comparison(visit)}
    return render(request, "measures/again/year_compare.html", context)


@require_safe
@member
def year_compare_csv(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: the same as a CSV file."""
    file = to_csv(*as_table(_comparison(visit)))
    name = f"vergleich-{visit.workshop.pk}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(file, content_type="text/csv; charset=utf-8", headers=headers)


def _comparison(visit: Visit) -> Comparison:
    earlier = earlier_visit(visit)
    if earlier is None:
        raise Http404
    return compare(earlier, visit, today=timezone.localdate())


@require_http_methods(["GET", "HEAD", "POST"])
@facilitator(when_archived=True)
def workshop_delete(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET asks, POST deletes a workshop that nobody has used; 403 with the reason for any other."""
    if request.method == "POST":
        with transaction.atomic():
            visit = in_turn(visit, when_archived=True)
            hold_votes(visit.workshop.pk)
            _check_unused(visit)
            delete(visit.workshop)
        text = _("The workshop “%(title)s” is deleted.")
        messages.success(request, text % {"title": visit.workshop})
        return redirect("home")
    _check_unused(visit)
    context = {"workshop": visit.workshop, "visit": visit}
    return render(request, "measures/again/workshop_delete.html", context)


def _check_unused(visit: Visit) -> None:
    if reason := why_not_deleted(visit):
        text = _("Only a workshop that nobody has used can be deleted. %(reason)s")
        raise PermissionDenied(text % {"reason": reason})
