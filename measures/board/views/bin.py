"""What was dropped or removed in a workshop, and the last steps of this browser."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from fields.models import ActionField, Goal
from measures.board.answers import back_to_board
from measures.models import Measure
from workshops.access import during, editor
from workshops.edits import Edit, last_edits, redo, undo
from workshops.models import Workshop
from workshops.numerals import digits_only
from workshops.pages import wants_fragment
from workshops.phases import Activity, Phase
from workshops.visits import Visit

Gone = dict[ActionField, list[Goal | Measure]]


@require_safe
@editor
def workshop_bin(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: what was dropped or removed, by field; 404 once the workshop is closed."""
    workshop = visit.workshop
    if workshop.phase == Phase.CLOSED:
        raise Http404
    may_change = visit.allows(Activity.CAPTURE)
    context = {
        "workshop": workshop,
        "visit": visit,
        "gone": _gone(workshop),
        "may_change": may_change,
        **(last_edits(request, workshop) if may_change else {}),
    }
    return render(request, "measures/board/workshop_bin.html", context)


def _gone(workshop: Workshop) -> Gone:
    """Return by field what was removed from it, goals first; also fields that are gone. 3 queries.

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
    return {field: inside for field, inside in found.items() if inside or field.is_removed}


@require_POST
@editor
@during(Activity.CAPTURE)
def edit_undo(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST takes back the last step of this browser."""
    edit = last_edits(request, visit.workshop)["last_edit"]
    said = _("Taken back: %(what)s.")
    return _turned(request, visit, undo, edit, said, at="undo-edit")


@require_POST
@editor
@during(Activity.CAPTURE)
def edit_redo(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST does the step again that was taken back last."""
    edit = last_edits(request, visit.workshop)["undone_edit"]
    said = _("Done again: %(what)s.")
    return _turned(request, visit, redo, edit, said, at="redo-edit")


def _turned(
    request: HttpRequest,
    visit: Visit,
    turn: Callable[[HttpRequest, Workshop, Edit], None],
    edit: Edit | None,
    said: str,
    *,
    at: str,
) -> HttpResponse:
    """Take a step back or do it again, and answer with the page on which somebody pressed.

    A page that shows another step than the last one is old: nothing happens on a second click.
    """
    if edit is None or request.POST.get("edit") != edit["id"]:
        said = _("There is another last step by now. Please look at it and press once more.")
        return _back(request, visit, said, at=at, failed=True)
    try:
        turn(request, visit.workshop, edit)
    except ValidationError as error:
        return _back(request, visit, " ".join(error.messages), at=at, failed=True)
    return _back(request, visit, said % {"what": edit["words"]}, at=at, failed=False)


def _back(request: HttpRequest, visit: Visit, said: str, *, at: str, failed: bool) -> HttpResponse:
    """Answer with the page that ``to`` names: a field's board, the bin, or the list of fields."""
    workshop, to = visit.workshop, request.POST.get("to", "")
    pk = digits_only(to)
    if pk is not None and (field := workshop.fields.standing().filter(pk=pk).first()):
        return back_to_board(request, visit, field, at=at, said=said, failed=failed)
    messages.add_message(request, messages.ERROR if failed else messages.SUCCESS, said)
    page = "measures:workshop-bin" if to == "bin" else "fields:field-list"
    address = f"{reverse(page, args=[workshop.pk])}#{at}"
    return HttpResponseClientRedirect(address) if wants_fragment(request) else redirect(address)
