"""What was dropped or removed in a workshop, and the last steps of this browser."""

from itertools import groupby
from operator import itemgetter
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from fields.models import ActionField, Goal
from measures.board.answers import back_to_board, boards_of
from measures.models import Measure
from workshops.access import during, editor, scribe, turn
from workshops.edits import last_edits, turn_back
from workshops.models import Edit, Workshop
from workshops.numerals import digits_only
from workshops.pages import wants_fragment
from workshops.phases import Activity, Phase
from workshops.visits import Visit

# Where somebody can press beside the boards and the list of fields.
_PAGES = {"bin": "measures:workshop-bin", "measures": "measures:measure-list"}
Gone = dict[ActionField, list[Goal | Measure]]


@require_safe
@editor
def workshop_bin(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: what was dropped or removed, by field; 404 once the workshop is closed."""
    workshop = visit.workshop
    if workshop.phase == Phase.CLOSED:
        raise Http404
    may_change = visit.allows(Activity.CAPTURE)
    gone = _gone(workshop)
    context = {
        "workshop": workshop,
        "visit": visit,
        "gone": gone,
        "with_field": _with_field(gone),
        "may_change": may_change,
        **(last_edits(request, workshop) if may_change else {}),
    }
    return render(request, "measures/board/workshop_bin.html", context)


def _gone(workshop: Workshop) -> Gone:
    """Return by field what was removed from it, goals first; fields that are gone first. 3 queries.

    The duplicates of a removed measure are not listed: they come back with it.
    """
    fields = {field.pk: field for field in workshop.fields.all()}
    rows: list[Goal | Measure] = [
        *Goal.objects.in_workshop(workshop).filter(is_removed=True),
        *Measure.objects.in_workshop(workshop).filter(is_removed=True).order_by("number"),
    ]
    found: Gone = {field: [] for field in fields.values()}
    for row in rows:
        found[fields[row.field_id]].append(row)
    shown = [each for each in found.items() if each[1] or each[0].is_removed]
    return dict(sorted(shown, key=lambda each: not each[0].is_removed))


def _with_field(gone: Gone) -> set[int]:
    """Return the ids of the fields that come back with something, or by themselves."""
    return {
        field.pk
        for field, rows in gone.items()
        if field.is_removed or any(row.is_removed_with_field for row in rows)
    }


@require_POST
@scribe
@during(Activity.CAPTURE)
def edit_undo(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST takes back the last step of this browser."""
    return _turned(request, visit, "last_edit", _("“%(what)s” is undone."))


@require_POST
@scribe
@during(Activity.CAPTURE)
def edit_redo(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST does the step again that was taken back last."""
    return _turned(request, visit, "undone_edit", _("“%(what)s” is done again."))


def _turned(request: HttpRequest, visit: Visit, which: str, said: str) -> HttpResponse:
    """Take a step back or do it again, and answer with the page on which somebody pressed.

    A page that shows another step than the last one is old: nothing happens on a second click.
    """
    failed = True
    with turn(visit, Activity.CAPTURE):
        edit = last_edits(request, visit.workshop)[which]
        if edit is None or request.POST.get("edit") != str(edit.pk):
            said = _("There is another last step by now. Please look at it and press once more.")
        elif _is_foreign(visit, edit):
            said = _("Your table does not work on this field.")
        else:
            said %= {"what": edit.words}
            try:
                turn_back(request, edit)
                failed = False
            except ValidationError as error:
                said = " ".join(error.messages)
    return _back(request, visit, said, at=_button(request, visit, which), failed=failed)


def _is_foreign(visit: Visit, edit: Edit) -> bool:
    """Say whether a table would change what stands in another one's field. At most 3 queries.

    Its fields may have changed since, and somebody with an account may have sat here before.
    """
    if visit.table is None:
        return False
    own = set(boards_of(visit).values_list("pk", flat=True))
    for label, records in groupby(sorted(edit.records), key=itemgetter(0)):
        model: Any = apps.get_model(label)
        if model not in (Goal, Measure):
            return True
        written = model.history.filter(history_id__in=[number for _label, number in records])
        if not own.issuperset(written.values_list("field_id", flat=True)):
            return True
    return False


def _button(request: HttpRequest, visit: Visit, which: str) -> str:
    """Return the id of the button with which somebody goes on: the same one, if it is there."""
    buttons = {"last_edit": "undo-edit", "undone_edit": "redo-edit"}
    left = [name for name, edit in last_edits(request, visit.workshop).items() if edit]
    return buttons[which if which in left or not left else left[0]]


def _back(request: HttpRequest, visit: Visit, said: str, *, at: str, failed: bool) -> HttpResponse:
    """Answer with the page that ``to`` names: a board, the bin, the measures, or the fields."""
    workshop, to = visit.workshop, request.POST.get("to", "")
    pk = digits_only(to)
    fields = boards_of(visit) if visit.table else workshop.fields.standing()
    if pk is not None and (field := fields.filter(pk=pk).first()):
        return back_to_board(request, visit, field, at=at, said=said, failed=failed)
    messages.add_message(request, messages.ERROR if failed else messages.SUCCESS, said)
    page = "measures:table-start" if visit.is_table else _PAGES.get(to, "fields:field-list")
    address = f"{reverse(page, args=[workshop.pk])}#{at}"
    return HttpResponseClientRedirect(address) if wants_fragment(request) else redirect(address)
