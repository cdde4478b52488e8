"""The committee's dashboard: matrix and ranking, narrowed and weighted by the address."""

import hashlib
from functools import cache

from django.conf import settings
from django.contrib.messages import get_messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import quote_etag
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from measures.overview import overview
from measures.results.dashboard import DashboardForm, narrowed
from measures.results.kept import heavy_once, once
from measures.results.picture import legend, picture_of, svg
from measures.results.ranking_table import headings, table_rows, unrated_items
from workshops.access import during, member
from workshops.models import Workshop
from workshops.pages import wants_fragment
from workshops.phases import Activity


@require_safe
@member
@during(Activity.SEE_RESULTS)
def dashboard(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """GET: matrix and ranking. Unchanged since the browser's copy: 304 after the access query."""
    # A page that carries a message is shown once only.
    etag = "" if get_messages(request) else _etag(request, workshop)
    if unchanged := get_conditional_response(request, etag=etag or None):
        return _kept(unchanged, etag)
    form = _form(request, workshop)
    status = 200 if form.is_valid() else 400
    context = {"workshop": workshop, "form": form, "results": _results(workshop, form)}
    template = "measures/_results.html" if wants_fragment(request) else "measures/dashboard.html"
    response = render(request, template, context, status=status)
    return _kept(response, etag if status == 200 else "")


def _kept(response: HttpResponse, etag: str) -> HttpResponse:
    """Let the browser keep the answer but ask again each time; a 304 says so, too."""
    if etag:
        response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["HX-Request", "X-Fragment"])
    return response


def _form(request: HttpRequest, workshop: Workshop) -> DashboardForm:
    prefetch_related_objects([workshop], "fields")  # once for the filters and the overview
    return DashboardForm(
        request.GET,
        workshop=workshop,
        fields=workshop.fields.all(),
        municipalities=workshop.seats.values_list("municipality", "municipality__name"),
    )


def _results(workshop: Workshop, form: DashboardForm) -> str:
    """Return picture, table and lists as HTML, drawn once per state of the data.

    What depends on the person (log-out button, CSRF token) stands outside.
    """
    chosen = form.chosen
    return mark_safe(once("page", workshop, chosen, lambda: _draw(workshop, chosen)))


def _draw(workshop: Workshop, chosen: dict) -> str:
    view = overview(workshop, weight=chosen["weight"] / 100)
    rows = narrowed(view.rows, chosen)
    ranked = [row for row in rows if row.result.rank]
    unrated = [row for row in rows if not row.result.rank]
    url = _measure_urls(workshop)
    by_rank = sorted(ranked, key=lambda row: row.result.rank)
    context = {
        "view": view,
        "chosen": chosen,
        "headings": headings(chosen),
        "matrix": svg(view, by_rank, url) if ranked else "",
        "legend": legend(view, ranked),
        "table": table_rows(view, ranked, url),
        "unrated": unrated_items(unrated, url),
        "shown": len(ranked),
        "unrated_count": len(unrated),
        "all": len(view.rows),
    }
    return render_to_string("measures/_results_body.html", context)


def _measure_urls(workshop: Workshop):
    """Return a function from number to address: one ``reverse`` instead of hundreds."""
    pattern = reverse("measures:measure-detail", args=[workshop.pk, 0])
    return lambda number: f"{pattern.removesuffix('0/')}{number}/"


@require_safe
@member
@during(Activity.SEE_RESULTS)
def matrix_png(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    """GET: the picture as a file for slides and papers, with the same filters."""
    form = _form(request, workshop)
    if not form.is_valid():
        return render(request, "400.html", status=400)
    chosen = form.chosen
    picture = heavy_once("picture", workshop, chosen, lambda: _draw_file(workshop, chosen))
    response = HttpResponse(picture, content_type="image/png")
    response["Content-Disposition"] = f'attachment; filename="matrix-{workshop.pk}.png"'
    return response


def _draw_file(workshop: Workshop, chosen: dict) -> bytes:
    # Loads matplotlib, which a worker that serves ordinary pages should never do.
    from measures.matrix.file import png

    view = overview(workshop, weight=chosen["weight"] / 100)
    rows = [row for row in narrowed(view.rows, chosen) if row.result.rank]
    return png(picture_of(view, rows), view)


def _etag(request: HttpRequest, workshop: Workshop) -> str:
    """Name everything the page depends on: data, person, language, address and program."""
    parts = (
        workshop.revision.number,
        workshop.phase,
        request.user.pk,
        request.user.is_staff,
        str(request.user),
        (workshop.is_facilitator, workshop.is_administration, workshop.participant_id),
        get_language(),
        request.get_full_path(),
        wants_fragment(request),
        _secret_mark(request),
        _program_mark(),
    )
    return quote_etag(hashlib.sha256(repr(parts).encode()).hexdigest()[:32])


def _secret_mark(request: HttpRequest) -> str:
    """The page's forms carry a token of this secret; after a new log-in it is another one."""
    get_token(request)
    return hashlib.sha256(request.META["CSRF_COOKIE"].encode()).hexdigest()


@cache
def _program_mark() -> int:
    """The newest of the program's files: after an update no browser keeps an old page."""
    folders = ("workshops", "fields", "measures", "templates", "static", "locale")
    files = (path for folder in folders for path in (settings.BASE_DIR / folder).rglob("*.*"))
    return max(path.stat().st_mtime_ns for path in files if path.suffix != ".pyc")
