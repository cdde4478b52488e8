"""How the typist's board is answered.

Every change works as a plain form with a redirect; asked for as a fragment it answers with the
board alone.
"""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_htmx.http import trigger_client_event

from fields.models import ActionField, Goal
from fields.removal import restore
from measures.board.ideas import tray_of
from measures.board.sections import sections
from measures.models import Measure, TimeHorizon
from measures.rating.leading import way_to_collecting
from workshops.access import turn
from workshops.audiences import Audience, listening
from workshops.edits import last_edits, note_edit, was_undone
from workshops.models import Municipality, Workshop
from workshops.numerals import digits_only
from workshops.pages import plain, wants_fragment
from workshops.phases import Activity
from workshops.visits import Visit


def standing_field(visit: Visit, pk: int) -> ActionField:
    """Return a field of the workshop; 404 for one that was dropped, 403 for another table's."""
    return only_own(visit, get_object_or_404(visit.workshop.fields.standing(), pk=pk))


def only_own(visit: Visit, field: ActionField) -> ActionField:
    """Return the field. Raises PermissionDenied where the table that asks does not work on it.

    Nor on one that was dropped or left out meanwhile. 1 query for a table, else none.
    """
    if visit.table and not boards_of(visit).filter(pk=field.pk).exists():
        raise PermissionDenied(_("Your table does not work on this field."))
    return field


def standing_goal(visit: Visit, pk: int) -> Goal:
    """Return a goal of the workshop; 404 for one that was removed."""
    goals = Goal.objects.in_workshop(visit.workshop).standing().select_related("field")
    goal = get_object_or_404(goals, pk=pk)
    only_own(visit, goal.field)
    return goal


def standing_measure(visit: Visit, number: int) -> Measure:
    """Return a measure of the workshop; 404 for one that was removed or merged."""
    measures = Measure.objects.in_workshop(visit.workshop).standing().select_related("field")
    measure = get_object_or_404(measures, number=number)
    only_own(visit, measure.field)
    return measure


def board_page(
    request: HttpRequest,
    visit: Visit,
    field: ActionField,
    *,
    removed: str = "",
    status: int = 200,
    **context: object,
) -> HttpResponse:
    """Draw the board; ``removed`` ("measure-7", "goal-12") offers to undo that removal.

    A merged one counts as removed here. ``at`` in the context is the id of the element with which
    the person goes on.
    """
    fragment = wants_fragment(request)
    removed = removed or request.GET.get("removed", "")
    workshop, may_change = visit.workshop, visit.may_capture
    gone = _removed(field, removed) if may_change else None
    merged = Measure.objects.filter(field=field).duplicates()
    found = sections(field, removed=gone)
    context |= {
        "workshop": workshop,
        "visit": visit,
        "field": field,
        "fields": None if fragment else boards_of(visit),
        "sections": found,
        "begins_at": "" if fragment or removed else _begins_at(found),
        "new_id": uuid4,  # called, so that every empty line gets a client id of its own
        "merged": merged.select_related("merged_into"),
        "tray": tray_of(field, [m for rows in found.values() for m in rows if m.stands]),
        "horizons": TimeHorizon.choices,
        "partners": partners_of(visit),
        "listening": listening(workshop, Audience.TABLES),
        "chosen_before": request.GET,  # without a script: what the last line was for
        "undo": gone and _undo(workshop, gone),
        "may_change": may_change,
        "way_back": "" if fragment or visit.is_table else way_to_collecting(visit),
        **(last_edits(request, workshop) if may_change else {}),
    }
    template = "measures/board/_board.html" if fragment else "measures/board/field_capture.html"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    if fragment:  # whatever asked, a line's form too: the answer is the whole board
        response["HX-Retarget"], response["HX-Reswap"] = "#board", "outerHTML"
    return response


def boards_of(visit: Visit) -> QuerySet[ActionField]:
    """Return the fields on whose boards this visitor works."""
    fields = visit.workshop.fields.worked_on()
    return fields.filter(tables=visit.table) if visit.table else fields


def partners_of(visit: Visit) -> list[Municipality]:
    """Return the municipalities among which a typist chooses: none where there is only one."""
    if not visit.may_capture:
        return []
    partners = list(visit.workshop.municipalities.order_by("seats__seat"))
    return partners if len(partners) > 1 else []


def _begins_at(found: dict[Goal | None, list[Measure]]) -> str:
    """Return in which empty line a typist begins: a goal's id, "none", or "goal" for a new one."""
    goals = [goal for goal in found if goal]
    if goals:
        return str(goals[-1].pk)
    return "none" if found[None] else "goal"


def back_to_board(
    request: HttpRequest,
    visit: Visit,
    field: ActionField,
    *,
    at: str,
    removed: str = "",
    said: str = "",
    failed: bool = False,
) -> HttpResponse:
    """Answer a change: the board anew as a fragment, otherwise a redirect to the page.

    Either way the person goes on at the element with the id ``at``, which takes the focus.
    ``said`` is a sentence for what the board does not show; ``failed`` if nothing was changed.
    """
    if wants_fragment(request):
        status = 409 if failed else 200
        response = board_page(request, visit, field, at=at, removed=removed, status=status)
        level = "danger" if failed else "success"
        toast = {"level": level, "text": said, "about": "board"}  # the last one says it all
        return trigger_client_event(response, "toast", toast) if said else response
    if said:
        messages.add_message(request, messages.ERROR if failed else messages.SUCCESS, said)
    query = f"?removed={removed}" if removed else ""
    return redirect(f"{field.get_absolute_url()}{query}#{at}")


def brought_back(
    request: HttpRequest, visit: Visit, row: Measure | Goal, *, name: str, at: str
) -> HttpResponse:
    """Bring back what was removed, or part what was merged, and answer.

    ``name`` ("measure-7") is what a removal calls the row. Where it stood on the board, the edit is
    taken back as a whole if it was the last one of this browser; the bin brings back the row alone.
    Bringing back what is there changes nothing. A table does so in its own fields, and parts
    nothing. Raises PermissionDenied.
    """
    from_bin, workshop = request.POST.get("to") == "bin", visit.workshop
    error = None
    with turn(visit, Activity.CAPTURE) as visit:
        row.refresh_from_db()
        only_own(visit, row.field)
        if visit.table and isinstance(row, Measure) and row.merged_into:
            raise PermissionDenied(_("Only who leads the workshop parts what was merged."))
        try:
            if from_bin or not was_undone(request, workshop, name):
                with transaction.atomic():
                    _bring_back(row)
                note_edit(request, workshop, _("%(what)s brought back") % {"what": row})
        except ValidationError as refusal:
            error = refusal
    if from_bin and error:
        messages.error(request, " ".join(error.messages))
    elif from_bin:
        messages.success(request, _("“%(what)s” is back.") % {"what": row})
    if from_bin:
        return redirect("measures:workshop-bin", workshop.pk)
    if error:
        return refused(request, row.field, error, at=at)
    return back_to_board(request, visit, row.field, at=at)


def _bring_back(row: Measure | Goal) -> None:
    if isinstance(row, Measure) and row.merged_into:
        row.merged_into = None
        row.save(update_fields=["merged_into"])
    if row.is_removed or row.field.is_removed:
        restore(row)


def refused(
    request: HttpRequest, field: ActionField, error: ValidationError, *, at: str
) -> HttpResponse:
    """Answer that something cannot be done, and why; nothing was changed."""
    sentence = " ".join(error.messages)
    if wants_fragment(request):
        response = plain(sentence, status=422)
        response["HX-Reswap"] = "none"  # the board stays; a 422 brings a form elsewhere
        return trigger_client_event(response, "toast", {"level": "danger", "text": sentence})
    messages.error(request, sentence)
    return redirect(f"{field.get_absolute_url()}#{at}")


def _removed(field: ActionField, removed: str) -> Measure | Goal | None:
    """Return the removed or merged row of this field that "measure-7" or "goal-12" names."""
    kind, _dash, digits = removed.partition("-")
    if (number := digits_only(digits)) is None:
        return None
    if kind == "measure":
        gone = Measure.objects.filter(field=field).exclude(is_removed=False, merged_into=None)
        return gone.filter(number=number).first()
    return Goal.objects.filter(field=field, pk=number, is_removed=True).first()


def _undo(workshop: Workshop, row: Measure | Goal) -> dict[str, str]:
    """Return the sentence and the address that bring a removed row back."""
    if isinstance(row, Measure):
        url = reverse("measures:measure-restore", args=[workshop.pk, row.number])
        return {"text": _removal(row), "url": url}
    url = reverse("measures:goal-restore", args=[workshop.pk, row.pk])
    return {"text": _("The goal “%(what)s” is removed.") % {"what": row}, "url": url}


def _removal(measure: Measure) -> str:
    """Say that a measure is gone, and its duplicates with it: they are the same measure."""
    if not measure.is_removed:
        text = _("%(what)s is merged into %(target)s.")
        return text % {"what": measure, "target": measure.merged_into}
    merged = [str(each) for each in measure.duplicates.filter(is_removed=False)]
    if not merged:
        return _("%(what)s is removed.") % {"what": measure}
    text = ngettext(
        "%(what)s is removed, and with it %(merged)s, which was merged into it. Undo brings back"
        " both with their ratings.",
        "%(what)s is removed, and with it %(merged)s, which were merged into it. Undo brings back"
        " all of them with their ratings.",
        len(merged),
    )
    return text % {"what": measure, "merged": ", ".join(merged)}
