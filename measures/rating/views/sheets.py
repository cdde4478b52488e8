"""Sheets of paper, typed in one at a time by the facilitator."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from measures.models import Round
from measures.rating.digits import answer_pattern
from measures.rating.rounds import require_open_round
from measures.rating.sheet_cookie import OwnSheets, keep_sheets, own_sheets
from measures.rating.sheet_forms import SheetForm, answers_told
from measures.rating.sheet_saving import (
    OtherSheet,
    Sheet,
    add_sheet,
    answered,
    ballot_id,
    change_sheet,
    opening_of,
    remove_sheet,
    sheet_of,
)
from workshops.access import during, facilitator, sender, turn
from workshops.pages import wants_fragment
from workshops.phases import Activity
from workshops.visits import Visit


@require_http_methods(["GET", "HEAD", "POST"])
@facilitator(keeps_input=False)
@during(Activity.ENTER_RATINGS)
def sheet_add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: an empty sheet and those typed in so far. POST stores one, a script gets the list."""
    if request.method == "POST":
        with turn(visit, Activity.ENTER_RATINGS) as visit:
            return _add(request, visit)
    workshop = visit.workshop
    round, opening = require_open_round(workshop), opening_of(workshop)
    sheets = own_sheets(request, workshop, opening)
    start = {"opening": opening, "group": request.GET.get("group", "")}
    return _page(request, visit, round, sheets, _form(visit, round, initial=start))


def _add(request: HttpRequest, visit: Visit) -> HttpResponse:
    workshop = visit.workshop
    round, opening = require_open_round(workshop), opening_of(workshop)
    sheets = own_sheets(request, workshop, opening)
    form = _form(visit, round, request.POST)
    if not form.is_valid():
        return _refused(request, visit, round, sheets, form, status=422)
    if form.cleaned_data["opening"] != opening:
        sentence = _(
            "The rating was closed and opened again in the meantime. Was this sheet saved before?"
            " If not, save it now."
        )
        return _refused(request, visit, round, sheets, form, sentence, status=409)
    pk = ballot_id(workshop, sender(request).pk, opening, form.cleaned_data["client_id"])
    if (number := sheets.number_of(pk)) and sheet_of(round, pk) is None:
        sentence = _("Sheet %(n)d was removed. If it is to count after all, save it once more.")
        return _refused(request, visit, round, sheets, form, sentence % {"n": number}, status=409)
    try:
        add_sheet(round, pk, form.sheet())
    except OtherSheet:
        sentence = _("A sheet was saved from this page already. If this is another, save it now.")
        return _refused(request, visit, round, sheets, form, sentence, status=409)
    sheets = sheets.with_sheet(pk)
    if wants_fragment(request):
        response = _list(request, visit, round, sheets, just_saved=sheets.number_of(pk))
    else:
        response = _onward(request, visit, _saved(sheets.number_of(pk)))
    return keep_sheets(response, request, workshop, sheets, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@facilitator(keeps_input=False)
@during(Activity.ENTER_RATINGS)
def sheet_edit(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """GET: a sheet that I typed in since the rating was opened. POST stores other answers."""
    if request.method == "POST":
        with turn(visit, Activity.ENTER_RATINGS) as visit:
            return _change(request, visit, number)
    round, sheets, _pk, sheet = _own(request, visit, number)
    form = _form(visit, round, sheet=sheet, initial={"opening": sheets.opening})
    return _page(request, visit, round, sheets, form, number=number)


def _change(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    round, sheets, pk, _sheet = _own(request, visit, number)
    form = _form(visit, round, request.POST)
    if not form.is_valid():
        return _page(request, visit, round, sheets, form, status=422, number=number)
    change_sheet(round, pk, form.sheet())
    return _onward(request, visit, _saved(number))


@require_POST
@facilitator
@during(Activity.ENTER_RATINGS)
def sheet_remove(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """POST: a sheet that I typed in counts no more."""
    with turn(visit, Activity.ENTER_RATINGS) as visit:
        round, _sheets, pk, _sheet = _own(request, visit, number)
        remove_sheet(round, pk)
    return _onward(request, visit, _("Sheet %(n)d is removed.") % {"n": number})


def _own(request: HttpRequest, visit: Visit, number: int) -> tuple[Round, OwnSheets, int, Sheet]:
    """Return the sheet of this number, its id, and what belongs to it; 404 if it is not mine."""
    workshop = visit.workshop
    round = require_open_round(workshop)
    sheets = own_sheets(request, workshop, opening_of(workshop))
    pk = sheets.id_of(number)
    sheet = sheet_of(round, pk) if pk else None
    if pk is None or sheet is None:
        raise Http404
    return round, sheets, pk, sheet


def _form(visit: Visit, round: Round, data: Any = None, **made_for: Any) -> SheetForm:
    workshop = visit.workshop
    measures = round.rateable().in_reading_order().select_related("field")
    return SheetForm(
        data, measures=measures, groups=workshop.groups.all(), steps=workshop.steps, **made_for
    )


def _refused(
    request: HttpRequest,
    visit: Visit,
    round: Round,
    sheets: OwnSheets,
    form: SheetForm,
    sentence: str = "",
    *,
    status: int,
) -> HttpResponse:
    """Give a sheet back as it was typed; with a ``sentence`` it can be sent as another one."""
    if wants_fragment(request):
        errors = [str(error) for each in form.errors.values() for error in each]
        said = sentence or " ".join(errors)
        return _list(request, visit, round, sheets, status=status, refused=said)
    if sentence:
        anew = {"client_id": str(uuid4()), "opening": str(sheets.opening)}
        form = _form(visit, round, request.POST.dict() | anew)
    return _page(request, visit, round, sheets, form, status=status, sentence=sentence)


def _page(
    request: HttpRequest,
    visit: Visit,
    round: Round,
    sheets: OwnSheets,
    form: SheetForm,
    *,
    status: int = 200,
    **context: object,
) -> HttpResponse:
    steps = visit.workshop.steps
    context |= _context(visit, round, sheets)
    context |= {"form": form, "answer": answer_pattern(steps), "answers": answers_told(steps)}
    name = "sheet_edit" if "number" in context else "sheet_add"
    return render(request, f"measures/rating/{name}.html", context, status=status)


def _list(
    request: HttpRequest,
    visit: Visit,
    round: Round,
    sheets: OwnSheets,
    *,
    status: int = 200,
    **context: object,
) -> HttpResponse:
    context |= _context(visit, round, sheets)
    return render(request, "measures/rating/_sheet_list.html", context, status=status)


def _context(visit: Visit, round: Round, sheets: OwnSheets) -> dict[str, object]:
    found = answered(round, sheets.ids)
    so_far = [(n, *found.get(pk, (None, 0))) for n, pk in reversed(sheets.numbered())]
    return {
        "workshop": visit.workshop,
        "visit": visit,
        "round": round,
        "sheets": so_far,
        "next": sheets.next,
        "opening": sheets.opening,
    }


def _onward(request: HttpRequest, visit: Visit, said: str) -> HttpResponse:
    """Go on with the next sheet, of the same group."""
    messages.success(request, said)
    group = request.POST.get("group")
    query = {"group": group} if group else None
    return redirect(reverse("measures:sheet-add", args=[visit.workshop.pk], query=query))


def _saved(number: int | None) -> str:
    return _("Sheet %(n)d is saved.") % {"n": number}
