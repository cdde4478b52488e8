"""The committee's dashboard: matrix and ranking, narrowed and weighted by the address."""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe
from django_htmx.http import trigger_client_event

from measures.matrix.vector import svg_file
from measures.overview import Overview, Row
from measures.rating.outlook import first_to_show
from measures.results.body import results_of, screen_of
from measures.results.dashboard import Dashboard, dashboard_of, list_context, outcomes_of
from measures.results.filters import DashboardForm, asked
from measures.results.kept import heavy_once
from measures.results.picture import Sheet, laid_out, names_of
from measures.results.saved import query_of, start_of, words_of
from measures.results.saved_list import saved_views
from measures.results.unchanged import drawn_once, passing
from workshops.access import during, member
from workshops.pages import wants_fragment
from workshops.phases import Activity
from workshops.visits import Visit


@require_safe
@member
@during(Activity.SEE_RESULTS)
@drawn_once
def dashboard(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: matrix and ranking; without parameters that with which the committee starts.

    Unchanged since the browser's copy: 304 after the access query.
    """
    if not request.GET and (start := start_of(visit.workshop, visit)):
        return redirect(f"{request.path}?{start}")
    form = asked(request.GET, visit.workshop)
    board = dashboard_of(form, visit, today=localdate())
    listed = list_context(board, query_of(form))
    listed["only"] = words_of(form) if form.count else []
    results = results_of(board, listed)
    context = {**listed, "visit": visit, "form": form}
    context["saved_views"] = saved = saved_views(visit, form)
    context["waiting"] = first_to_show(visit.workshop)
    if is_fragment := wants_fragment(request):
        template, context["results"] = "measures/results/_results.html", results
    else:
        template = "measures/results/dashboard.html"
        context["screen"] = screen_of(form, listed, saved, results)
    page = TemplateResponse(request, template, context)
    if board.awaits_ranges:
        passing(page)
    # A saved view opens as long as it is there, whatever its filters named has gone since.
    opens = form.is_valid() or (saved.current and not is_fragment)
    return page if opens else _complaining(page, form, is_fragment)


@require_safe
@member
@during(Activity.SEE_RESULTS)
@drawn_once
def rank_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: answers and list once more, with what takes long to compute: the rank ranges."""
    form = asked(request.GET, visit.workshop)
    board = dashboard_of(form, visit, today=localdate(), computes=True)
    context = list_context(board, query_of(form))
    return TemplateResponse(request, "measures/results/_rank_list_later.html", context)


def _complaining(response: HttpResponse, form: DashboardForm, is_fragment: bool) -> HttpResponse:
    """Say beside the results what of the filters was not understood and is left out."""
    if not is_fragment:
        response.status_code = 400
        return response
    response.status_code = 422
    told = (
        f"{form[name].label}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()
    )
    return trigger_client_event(response, "toast", {"level": "danger", "text": " ".join(told)})


@require_safe
@member
@during(Activity.SEE_RESULTS)
def matrix_png(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: the picture as a file for slides and papers, with the same filters."""
    return _file(request, visit, "png", "image/png")


@require_safe
@member
@during(Activity.SEE_RESULTS)
def matrix_svg(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: the same as a file that stays sharp at any size."""
    return _file(request, visit, "svg", "image/svg+xml")


def _file(request: HttpRequest, visit: Visit, kind: str, content_type: str) -> HttpResponse:
    if refusal := ratelimit.consume_or_429(request, action="picture", limit_get=True):
        return refusal
    workshop = visit.workshop
    form = asked(request.GET, workshop)
    if not form.is_valid():
        return render(request, "400.html", status=400)
    today = localdate()
    # What is known of decisions goes into it, too.
    wanted = form.chosen | {"decides": visit.is_decider, "today": today}
    picture = heavy_once(
        f"file-{kind}",
        workshop,
        wanted,
        lambda: _drawn(dashboard_of(form, visit, today=today), kind),
    )
    response = HttpResponse(picture, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="matrix-{workshop.pk}.{kind}"'
    return response


def _drawn(board: Dashboard, kind: str) -> bytes:
    """Return the file, drawn once for the same marks, whatever filters and order led to them."""
    names = ("weight", "round", "table", "lens", "against")
    drawn = {name: board.chosen.get(name) for name in names}
    outcomes = outcomes_of(board)
    drawn["shown"] = [(each.measure.pk, outcomes.get(each.measure.pk)) for each in board.ranked]
    sheet = Sheet(names_of(board.ranked), outcomes, board.lens.overlay)
    draw = {"png": _draw_png, "svg": _draw_svg}[kind]
    return heavy_once(
        f"picture-{kind}", board.workshop, drawn, lambda: draw(board.overview, board.ranked, sheet)
    )


def _draw_svg(overview: Overview, rows: list[Row], sheet: Sheet) -> bytes:
    [(matrix, titles)] = laid_out(overview, rows, sheet)
    return svg_file(matrix, overview, titles, sheet.outcomes)


def _draw_png(overview: Overview, rows: list[Row], sheet: Sheet) -> bytes:
    # Loads matplotlib, which a worker that serves ordinary pages should never do.
    from measures.matrix.file import png, width_in_file

    [(matrix, titles)] = laid_out(overview, rows, sheet, width=width_in_file)
    return png(matrix, overview, titles, sheet.outcomes)
