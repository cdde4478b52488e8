"""Saving states of the dashboard under names, renaming and removing them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from measures.models import SavedView
from measures.results.filters import DashboardForm, asked
from measures.results.saved import (
    NewViewForm,
    SavedViewForm,
    query_of,
    words_of,
)
from workshops.access import during, editor, turn
from workshops.phases import Activity
from workshops.roles import may_open_further
from workshops.visits import Visit


@require_POST
@editor
@during(Activity.SEE_RESULTS)
def view_add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST saves what the address asks of the dashboard under a name; sent twice, stored once.

    What of it does not fit is left out. A name that is taken: 422, with the way to replace it.
    """
    with turn(visit, Activity.SEE_RESULTS):
        state = asked(request.GET, visit.workshop)
        view = SavedView(workshop=visit.workshop, query=query_of(state))
        form = NewViewForm(request.POST, instance=view, may_start=may_open_further(visit))
        if form.is_valid():
            return _saved(request, form)
    return _page(request, visit, form, state, "measures/results/view_add.html")


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.SEE_RESULTS)
def view_edit(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET shows a saved view's name and whether it is the start, POST changes them."""
    workshop = visit.workshop
    if request.method == "POST":
        with turn(visit, Activity.SEE_RESULTS):
            form = SavedViewForm(
                request.POST, instance=_view(visit, pk), may_start=may_open_further(visit)
            )
            if form.is_valid():
                return _saved(request, form)
    else:
        form = _form(visit, pk)
    state = asked(QueryDict(form.instance.query), workshop)
    return _page(request, visit, form, state, "measures/results/view_edit.html")


@require_POST
@editor
@during(Activity.SEE_RESULTS)
def view_remove(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST removes a saved view; the history keeps what it was."""
    with turn(visit, Activity.SEE_RESULTS):
        view = _view(visit, pk)
        view.delete()
    messages.success(request, _("The view “%(name)s” is removed.") % {"name": view.name})
    return redirect("measures:dashboard", visit.workshop.pk)


def _view(visit: Visit, pk: int) -> SavedView:
    """Return the view to change; with which the committee starts not everybody may."""
    view = get_object_or_404(SavedView.objects.in_workshop(visit.workshop), pk=pk)
    if view.is_start and not may_open_further(visit):
        raise PermissionDenied
    return view


def _form(visit: Visit, pk: int, data: QueryDict | None = None) -> SavedViewForm:
    return SavedViewForm(data, instance=_view(visit, pk), may_start=may_open_further(visit))


def _saved(request: HttpRequest, form: SavedViewForm) -> HttpResponse:
    view = form.save()
    told = _("The view “%(name)s” is saved; the committee starts with it.")
    told = told if view.is_start else _("The view “%(name)s” is saved.")
    messages.success(request, told % {"name": view.name})
    return redirect(view)


def _page(
    request: HttpRequest, visit: Visit, form: SavedViewForm, state: DashboardForm, template: str
) -> HttpResponse:
    """Draw the form (200, or 422 if faulty) with what the view shows in words."""
    context = {"workshop": visit.workshop, "visit": visit, "form": form}
    context |= {"words": words_of(state), "is_part_gone": not state.is_valid()}
    return render(request, template, context, status=422 if form.is_bound else 200)
