"""Measures come in from a file, with a preview first, and go out into one."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from measures.overview import Overview, overview_of
from measures.results.weights import NoSuchRound, asked_round, asked_weight
from measures.transfer import exporting
from measures.transfer.forms import ColumnsForm, UploadForm, pack, unpack
from measures.transfer.headings import ColumnProblem, ignored
from measures.transfer.importing import existing, import_table
from measures.transfer.matching import meanings_in
from measures.transfer.matching_form import MatchingForm
from measures.transfer.parts import parts_of
from measures.transfer.planning import make_plan
from measures.transfer.proof import leaves
from measures.transfer.reading import Source
from measures.transfer.source_form import SourceForm
from measures.transfer.spelling import UnclearLetters
from measures.transfer.summary import field_facts, plan_summary
from measures.transfer.tables import UnreadableFile
from workshops.access import during, editor, in_turn, member
from workshops.edits import note_edit
from workshops.models import Workshop
from workshops.phases import Activity
from workshops.visits import Visit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.CAPTURE)
def measure_import(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET asks for a file, POST shows what it, or other columns of it, would do; saves nothing."""
    if request.method != "POST":
        return _page(request, visit, UploadForm())
    if "table" in request.POST:
        return _preview_again(request, visit)
    upload = UploadForm(request.POST, request.FILES)
    if not upload.is_valid():
        return _page(request, visit, upload, status=422)
    return _preview(request, visit, upload.cleaned_data["file"])


@require_POST
@editor
@during(Activity.CAPTURE)
def measure_import_confirm(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST imports all rows that were shown, or none; shows them again if they mean more by now."""
    workshop = visit.workshop
    try:
        source = unpack(request.POST.get("table", ""), workshop)
        table = SourceForm(source, request.POST).read()
        columns = ColumnsForm(table, request.POST).columns()
        seen = request.POST.get("seen") or "nothing"
        meanings = meanings_in(request.POST)
        turn = partial(in_turn, visit, Activity.CAPTURE)
        plan = import_table(
            table, columns, workshop, visit.person, meanings=meanings, seen=seen, take_turn=turn
        )
    except (UnreadableFile, ColumnProblem):
        return _preview_again(request, visit)
    if plan.is_empty and plan.is_ready:
        messages.info(request, _("All of this is here already. Nothing was changed."))
        return redirect(workshop)
    if not plan.is_applied:
        return _preview_again(request, visit, status=409)
    done = ", ".join(plan_summary(plan))
    note_edit(request, workshop, _("Imported: %(what)s") % {"what": done})
    messages.success(request, _("Imported: %(what)s.") % {"what": done})
    return redirect(workshop)


@require_safe
@member
@during(Activity.SEE_RESULTS)
def measure_export_csv(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: the list as CSV; ``?weight=`` in percent, ``?round=`` a shown one, 400 for others."""
    workshop = visit.workshop
    shown = _asked(request, workshop)
    if shown is None:
        return render(request, "400.html", status=400)
    content = exporting.to_csv(*exporting.rows(shown))
    return _download(workshop, content, "text/csv; charset=utf-8", "csv")


@require_safe
@member
@during(Activity.SEE_RESULTS)
def measure_export_xlsx(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: the prioritised list as a workbook; ``?weight=`` and ``?round=`` as in the CSV."""
    workshop = visit.workshop
    shown = _asked(request, workshop)
    if shown is None:
        return render(request, "400.html", status=400)
    content = exporting.to_xlsx(*exporting.rows(shown), leaves(shown))
    return _download(workshop, content, XLSX, "xlsx")


def _asked(request: HttpRequest, workshop: Workshop) -> Overview | None:
    """Return what the address asks for, None where it makes no sense."""
    weight = asked_weight(request.GET, workshop)
    try:
        round = asked_round(request.GET, workshop)
    except NoSuchRound:
        return None
    if weight is None:
        return None
    return overview_of(workshop, weight=weight / 100, round=round, profiles=True)


def _preview_again(request: HttpRequest, visit: Visit, *, status: int = 200) -> HttpResponse:
    """Show the file that the form brought back, read as chosen in it."""
    try:
        source = unpack(request.POST.get("table", ""), visit.workshop)
    except UnreadableFile as error:
        return _page(request, visit, UploadForm(), error=str(error), status=422)
    return _preview(request, visit, source, request.POST, status=status)


def _preview(
    request: HttpRequest,
    visit: Visit,
    source: Source,
    data: QueryDict | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Show what the import would do; 422 if it cannot be done yet, 409 as told."""
    form = SourceForm(source, data)
    context: dict[str, object] = {"source_form": form}
    try:
        table = form.read()
    except UnreadableFile as error:
        return _asked_again(request, visit, source, error, **context)
    try:
        travelling, context["table"] = pack(source, visit.workshop, table.sheets)
        form.offer_sheets(travelling)
    except UnreadableFile as error:
        return _page(request, visit, UploadForm(), error=str(error), status=422)
    context["columns_form"] = columns_form = ColumnsForm(table, data)
    try:
        columns = columns_form.columns()
        form.facts += field_facts(table, columns)
        there = existing(visit.workshop)
        meanings = meanings_in(data or {})
        plan = make_plan(table, columns, there, meanings)
    except ColumnProblem as error:
        return _page(request, visit, UploadForm(), error=str(error), status=422, **context)
    parts = parts_of(plan, data or {})
    context |= {
        "plan": plan,
        "parts": parts,
        "is_turning": any(part.is_asked for part in parts.values()),
        "summary": plan_summary(plan),
        "matching": MatchingForm(plan.unknown, there, meanings),
        "ignored": ignored(table.headers, columns, table.sheet_column),
        "is_outdated": status == 409,
    }
    status = status if plan.is_ready else 422
    return _page(request, visit, UploadForm(), status=status, **context)


def _asked_again(
    request: HttpRequest, visit: Visit, source: Source, error: UnreadableFile, **context: object
) -> HttpResponse:
    """Show the choices only: as they are the file cannot be read."""
    try:
        _source, context["table"] = pack(source, visit.workshop)
        if isinstance(error, UnclearLetters):
            context["question_level"] = "warning"
    except UnreadableFile as too_large:
        error = too_large
        context = {}
    return _page(request, visit, UploadForm(), error=str(error), status=422, **context)


def _page(
    request: HttpRequest, visit: Visit, upload: UploadForm, *, status: int = 200, **context: object
) -> HttpResponse:
    context |= {"workshop": visit.workshop, "visit": visit, "upload_form": upload}
    return render(request, "measures/transfer/measure_import.html", context, status=status)


def _download(workshop: Workshop, content: bytes, content_type: str, ending: str) -> HttpResponse:
    words = slugify(workshop.title, allow_unicode=True)[:60].strip("-")
    name = f"{words or 'workshop'}-{workshop.pk}.{ending}"
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(content, content_type=content_type, headers=headers)
