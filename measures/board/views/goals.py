"""The goals on the typist's page."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fields.forms import GoalAddForm, GoalForm
from fields.models import Goal
from measures.board.answers import (
    back_to_board,
    board_page,
    brought_back,
    refused,
    standing_field,
    standing_goal,
)
from measures.board.clash import clash_of
from measures.board.turning import turn_into_measure
from workshops.access import during, scribe, turn
from workshops.edits import note_edit
from workshops.order import move, next_order
from workshops.pages import DIRECTIONS, edit_page, one_of, wants_fragment
from workshops.phases import Activity
from workshops.visits import Visit


@require_POST
@scribe
@during(Activity.CAPTURE)
def goal_add(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST adds a goal behind the others."""
    with turn(visit, Activity.CAPTURE):
        field = standing_field(visit, pk)
        goal = Goal(field=field, order=next_order(field.goals.all()))
        form = GoalAddForm(request.POST, instance=goal)
        if form.is_valid():
            # A double click sends the same words again; two equal goals in one field help nobody.
            known = field.goals.standing().filter(text=goal.text).first()
            goal = known or form.save()
            note_edit(request, visit.workshop, _("Goal “%(what)s” added") % {"what": goal})
    if not form.is_valid():
        return board_page(request, visit, field, goal_form=form, status=422)
    return back_to_board(request, visit, field, at=f"title-{goal.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@scribe
@during(Activity.CAPTURE)
def goal_edit(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET shows a goal's texts, POST changes them; a change of somebody else stays (409)."""
    clash = None
    if request.method == "POST":
        with turn(visit, Activity.CAPTURE):
            goal = standing_goal(visit, pk)
            form = GoalForm(request.POST, instance=goal)
            clash = clash_of(form) if form.conflict else None
            is_saved = form.is_valid() and not clash
            if is_saved:
                form.save()
                note_edit(request, visit.workshop, _("Goal “%(what)s” changed") % {"what": goal})
        if is_saved:
            return back_to_board(request, visit, goal.field, at=f"edit-goal-{pk}")
    else:
        goal = standing_goal(visit, pk)
        form = GoalForm(instance=goal)
    fragment = wants_fragment(request)
    template = "measures/board/_goal_edit.html" if fragment else "measures/board/goal_edit.html"
    return edit_page(request, visit, form, template, goal=goal, field=goal.field, clash=clash)


@require_POST
@scribe
@during(Activity.CAPTURE)
def goal_move(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST moves a goal one place up or down."""
    by = one_of(request, "direction", DIRECTIONS)
    with turn(visit, Activity.CAPTURE):
        goal = standing_goal(visit, pk)
        move(goal, goal.field.goals.standing(), by=by)
        note_edit(request, visit.workshop, _("Goal “%(what)s” moved") % {"what": goal})
    at = f"goal-{request.POST['direction']}-{pk}"
    return back_to_board(request, visit, goal.field, at=at)


@require_POST
@scribe
@during(Activity.CAPTURE)
def goal_remove(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST removes a goal; its measures stay on the board, as those without a goal."""
    removed = f"goal-{pk}"
    with turn(visit, Activity.CAPTURE):
        goal = standing_goal(visit, pk)
        goal.is_removed = True
        goal.save(update_fields=["is_removed"])
        words = _("Goal “%(what)s” removed") % {"what": goal}
        note_edit(request, visit.workshop, words, row=removed)
    return back_to_board(request, visit, goal.field, at="undo", removed=removed)


@require_POST
@scribe
@during(Activity.CAPTURE)
def goal_restore(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST brings a removed goal back, with its measures."""
    goal = get_object_or_404(Goal.objects.in_workshop(visit.workshop), pk=pk)
    return brought_back(request, visit, goal, name=f"goal-{pk}", at=f"edit-goal-{pk}")


@require_POST
@scribe
@during(Activity.CAPTURE)
def goal_to_measure(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST makes a measure of a goal that has none: it was typed in the wrong line."""
    removed = f"goal-{pk}"
    try:
        with turn(visit, Activity.CAPTURE):
            goal = standing_goal(visit, pk)
            measure = turn_into_measure(goal, visit.table)
            said = _("“%(text)s” is a measure now.") % {"text": measure.title}
            words = _("Goal “%(what)s” made a measure") % {"what": goal}
            note_edit(request, visit.workshop, words, row=removed)
    except ValidationError as error:
        return refused(request, goal.field, error, at=f"edit-goal-{pk}")
    at = f"edit-{measure.number}"
    return back_to_board(request, visit, goal.field, at=at, removed=removed, said=said)
