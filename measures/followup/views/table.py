"""Many status entries at once, in a table."""

from dataclasses import dataclass
from hashlib import sha256

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from measures.followup.loading import decisions_known_to, follow
from measures.followup.table import MOST_ROWS, Sheet, drawn_sheet, typed_sheet
from measures.followup.table_forms import TableFilter
from measures.followup.table_markup import rows_of
from measures.followup.tracks import Track
from workshops.access import during, editor, in_turn
from workshops.phases import Activity
from workshops.visits import Visit


@dataclass(frozen=True, slots=True)
class Shown:
    """What the filters leave: ``tracks`` are all of the workshop, ``listed`` those of the page."""

    tracks: list[Track]
    form: TableFilter
    page: Page
    listed: list[Track]


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.FOLLOW_UP)
def status_table(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET shows a row for each measure that is followed up, POST stores what stands in them.

    All or nothing: 422 names each wrong cell, 409 shows what was reported meanwhile.
    """
    if request.method == "POST":
        with transaction.atomic():
            visit = in_turn(visit, Activity.FOLLOW_UP)
            shown = _shown(request, visit)
            sheet = typed_sheet(
                visit.workshop, shown.listed, shown.tracks, request.POST.dict(),
                today=timezone.localdate(),
            )  # fmt: skip
            if sheet.is_storable:
                return _stored(request, visit, sheet)
        return _page(request, visit, shown, sheet, status=409 if sheet.late or sheet.lost else 422)
    shown = _shown(request, visit)
    sheet = drawn_sheet(visit.workshop, shown.listed, today=timezone.localdate())
    return _page(request, visit, shown, sheet, status=200 if shown.form.is_valid() else 400)


def _shown(request: HttpRequest, visit: Visit) -> Shown:
    """Return what is followed up, as the address narrows it. 3 queries."""
    known = decisions_known_to([visit])
    found = follow([visit.workshop], known, today=timezone.localdate())
    tracks = [each for each in found if not each.is_called_off]
    form = TableFilter(request.GET, tracks=tracks)
    page = Paginator(form.within(), MOST_ROWS).get_page(request.GET.get("page"))
    return Shown(tracks, form, page, list(page))


def _stored(request: HttpRequest, visit: Visit, sheet: Sheet) -> HttpResponse:
    count = sheet.store(visit.workshop, visit.person)
    text = ngettext("%d entry is saved.", "%d entries are saved.", count)
    messages.success(request, text % count)
    page = reverse("measures:status-table", args=[visit.workshop.pk])
    query = request.GET.urlencode()
    return redirect(f"{page}?{query}" if query else page)


def _page(
    request: HttpRequest, visit: Visit, shown: Shown, sheet: Sheet, *, status: int
) -> HttpResponse:
    context = {"workshop": visit.workshop, "visit": visit, "form": shown.form, "page": shown.page}
    context |= {"sheet": sheet, "rows": rows_of(sheet.rows), "total": len(shown.tracks)}
    context["sheet_id"] = _sheet_id(request.GET.urlencode())
    return render(request, "measures/followup/status_table.html", context, status=status)


def _sheet_id(query: str) -> str:
    """Name the form by its filters: what a browser keeps of one is no draft of another."""
    return f"status-{sha256(query.encode()).hexdigest()[:12]}"
