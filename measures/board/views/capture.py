"""The typist's page: measures of one field, as fast as a room talks. Goals: ``goals.py``."""

from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fields.models import ActionField, Goal
from measures.board.answers import (
    back_to_board,
    board_page,
    brought_back,
    refused,
    standing_field,
    standing_measure,
)
from measures.board.clash import clash_of
from measures.board.forms import MeasureAddForm, MeasureForm
from measures.board.merging import similar_to
from measures.board.sections import move_measure
from measures.board.turning import turn_into_goal
from measures.models import Measure
from workshops.access import WrongPhase, during, scribe, turn
from workshops.edits import last_edits, note_edit
from workshops.pages import DIRECTIONS, edit_page, one_of, wants_fragment
from workshops.phases import Activity, Phase
from workshops.visits import Visit

TABLES_READ_IN = (Phase.PREPARING, Phase.COLLECTING, Phase.RATING)


@require_safe
@scribe
def field_capture(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET: the board of one field; read only outside the phases of collecting.

    A table reads its own until the rating is over, so that what it could not send is seen.
    """
    if visit.is_table and visit.workshop.phase not in TABLES_READ_IN:
        raise WrongPhase(_("Collecting is over. Thank you! You can put this device away."))
    return board_page(request, visit, standing_field(visit, pk))


@require_POST
@scribe
@during(Activity.CAPTURE)
def measure_add(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST stores one line of the typist; the same line sent again answers with the stored one."""
    workshop = visit.workshop
    with turn(visit, Activity.CAPTURE):
        field = standing_field(visit, pk)
        form = MeasureAddForm(request.POST, instance=_new_line(visit, field))
        measure = form.save() if form.is_valid() else None
        note_edit(request, workshop, _("%(what)s added") % {"what": measure})
    if measure is None:
        if not wants_fragment(request):
            return board_page(request, visit, field, add_form=form, status=422)
        return render(request, "measures/board/_line_errors.html", {"form": form}, status=422)
    if not wants_fragment(request):
        return redirect(_way_on(field, measure))
    # A table works on its own fields alone; the others are for who compares all of them.
    similar = similar_to(measure) if form.is_new and visit.is_editor else None
    context = {"measure": measure, "field": field, "workshop": workshop, "visit": visit}
    context["may_change"] = True
    context |= {"similar": similar, **last_edits(request, workshop)}
    return render(request, "measures/board/_line_stored.html", context, status=201)


def _new_line(visit: Visit, field: ActionField) -> Measure:
    return Measure(workshop=visit.workshop, field=field, by_table=visit.table)


@require_http_methods(["GET", "HEAD", "POST"])
@scribe
@during(Activity.CAPTURE)
def measure_edit(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """GET shows a measure's texts, POST changes them; a change of somebody else stays (409)."""
    clash = None
    if request.method == "POST":
        with turn(visit, Activity.CAPTURE):
            measure = standing_measure(visit, number)
            field, goal = measure.field, measure.goal
            form = MeasureForm(request.POST, instance=measure, table=visit.table)
            clash = clash_of(form) if form.conflict else None
            is_saved = form.is_valid() and not clash
            if is_saved:
                form.save()
                note_edit(request, visit.workshop, _("%(what)s changed") % {"what": measure})
        if is_saved and form.is_leaving:
            return _left(request, visit, measure, field, goal)
        if is_saved:
            return back_to_board(request, visit, field, at=f"edit-{number}")
    else:
        measure = standing_measure(visit, number)
        field, form = measure.field, MeasureForm(instance=measure, table=visit.table)
    fragment = wants_fragment(request)
    template = (
        "measures/board/_measure_edit.html" if fragment else "measures/board/measure_edit.html"
    )
    return edit_page(request, visit, form, template, measure=measure, field=field, clash=clash)


def _left(
    request: HttpRequest, visit: Visit, measure: Measure, field: ActionField, goal: Goal | None
) -> HttpResponse:
    """Answer that a measure stands in another field now; the typist stays under its old goal."""
    said = _("“%(measure)s” stands in the field “%(field)s” now.")
    said %= {"measure": measure, "field": measure.field}
    return back_to_board(request, visit, field, at=_next_line(goal), said=said)


def _way_on(field: ActionField, measure: Measure) -> str:
    """Return the address of the empty line that follows, for the same municipality."""
    at = _next_line(measure.goal)
    query = ""
    if measure.municipality_id:
        chosen = {"line": at.removeprefix("title-"), "municipality": measure.municipality_id}
        query = f"?{urlencode(chosen)}"
    return f"{field.get_absolute_url()}{query}#{at}"


def _next_line(goal: Goal | None) -> str:
    """Return the id of the empty line under a goal; a removed one stands no more."""
    return f"title-{goal.pk if goal and not goal.is_removed else 'none'}"


@require_POST
@scribe
@during(Activity.CAPTURE)
def measure_move(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """POST moves a measure one place, at the end of a goal into the neighbouring one."""
    with turn(visit, Activity.CAPTURE):
        measure = standing_measure(visit, number)
        move_measure(measure, by=one_of(request, "direction", DIRECTIONS))
        note_edit(request, visit.workshop, _("%(what)s moved") % {"what": measure})
    at = f"{request.POST['direction']}-{number}"
    return back_to_board(request, visit, measure.field, at=at)


@require_POST
@scribe
@during(Activity.CAPTURE)
def measure_remove(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """POST removes a measure from the board; nothing is deleted, so it can be undone."""
    removed = f"measure-{number}"
    with turn(visit, Activity.CAPTURE):
        measure = standing_measure(visit, number)
        measure.is_removed = True
        measure.save(update_fields=["is_removed"])
        words = _("%(what)s removed") % {"what": measure}
        note_edit(request, visit.workshop, words, row=removed)
    return back_to_board(request, visit, measure.field, at="undo", removed=removed)


@require_POST
@scribe
@during(Activity.CAPTURE)
def measure_restore(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """POST brings a removed measure back, or parts a merged one from its target."""
    measure = get_object_or_404(Measure.objects.in_workshop(visit.workshop), number=number)
    return brought_back(request, visit, measure, name=f"measure-{number}", at=f"edit-{number}")


@require_POST
@scribe
@during(Activity.CAPTURE)
def measure_to_goal(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """POST makes a goal of a measure: it was typed in the wrong line."""
    removed = f"measure-{number}"
    try:
        with turn(visit, Activity.CAPTURE):
            measure = standing_measure(visit, number)
            goal = turn_into_goal(measure)
            said = _("“%(text)s” is a goal now.") % {"text": goal.text}
            words = _("%(what)s made a goal") % {"what": measure}
            note_edit(request, visit.workshop, words, row=removed)
    except ValidationError as error:
        return refused(request, measure.field, error, at=f"edit-{number}")
    at = f"title-{goal.pk}"
    return back_to_board(request, visit, measure.field, at=at, removed=removed, said=said)
