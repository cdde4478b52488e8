"""The committee's dashboard: matrix and ranking, narrowed and weighted by the address."""

from allauth.core import ratelimit
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe
from django_htmx.http import trigger_client_event

from measures.matrix.vector import svg_file
from measures.models import Decision
from measures.overview import Overview, Row, outline_of, overview_of
from measures.rating.outlook import counted_for, first_to_show
from measures.results.filters import DashboardForm, narrowed
from measures.results.kept import heavy_once
from measures.results.lenses import Lens, through_lens
from measures.results.markup import (
    measure_urls,
    ranking_head,
    ranking_rows,
    shift_rows,
    unranked_items,
)
from measures.results.picture import Sheet, by_rank, laid_out, picture
from measures.results.talk import Talk, talk_of
from measures.results.unchanged import drawn_once
from measures.settings.changes import changed_since
from workshops.access import during, member
from workshops.compiled import compiled
from workshops.models import Workshop, WorkshopMunicipality
from workshops.pages import wants_fragment
from workshops.phases import Activity
from workshops.visits import Visit


@require_safe
@member
@during(Activity.SEE_RESULTS)
@drawn_once
def dashboard(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: matrix and ranking. Unchanged since the browser's copy: 304 after the access query."""
    workshop = visit.workshop
    form = _form(request, workshop)
    context = {"workshop": workshop, "visit": visit, "form": form}
    context["results"] = _results(form)
    context["waiting"] = first_to_show(workshop)
    if wants_fragment(request):
        response = TemplateResponse(request, "measures/results/_results.html", context)
        return _with_complaints(response, form)
    status = 200 if form.is_valid() else 400
    return TemplateResponse(request, "measures/results/dashboard.html", context, status=status)


def _with_complaints(response: HttpResponse, form: DashboardForm) -> HttpResponse:
    """Say beside the results (422) what of the filters was not understood and is left out."""
    if form.is_valid():
        return response
    response.status_code = 422
    told = (
        f"{form[name].label}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()
    )
    return trigger_client_event(response, "toast", {"level": "danger", "text": " ".join(told)})


def _form(request: HttpRequest, workshop: Workshop) -> DashboardForm:
    return DashboardForm(
        request.GET,
        workshop=workshop,
        outline=outline_of(workshop),
        municipalities=_seats(workshop.pk),
    )


@compiled
def _seats(workshop: int) -> QuerySet:
    seats = WorkshopMunicipality.objects.filter(workshop=workshop)
    return seats.values_list("municipality", "municipality__name")


def _results(form: DashboardForm) -> str:
    """Return picture, table and lists as HTML."""
    workshop, chosen, lens = form.workshop, form.chosen, _lens(form)
    shown = lens.overview
    rows = narrowed(shown.rows, chosen)
    ranked = [row for row in rows if row.result.rank]
    unrated = [row for row in rows if not row.result.rank]
    offered = _offered(shown)
    url = measure_urls(workshop)
    context = {
        "overview": shown,
        "lens": lens,
        "shift_rows": shift_rows(lens, ranked, url),
        "chosen": chosen,
        "ranking_head": ranking_head(chosen),
        "ranking_rows": ranking_rows(shown, ranked, url),
        "picture": picture(
            shown,
            ranked,
            url,
            lens.overlay,
            lens.words,
            _talk(lens),
            has_spread=_has_spread(form, lens),
        ),
        "unrated": unranked_items([row for row in unrated if row.measure.pk in offered], url),
        "elsewhere": unranked_items([r for r in unrated if r.measure.pk not in offered], url),
        "shown": len(ranked),
        "unrated_count": sum(row.measure.pk in offered for row in unrated),
        "elsewhere_count": sum(row.measure.pk not in offered for row in unrated),
        "all": len(shown.rows),
        "settings_changed": _settings_changed(workshop),
    }
    return render_to_string("measures/results/_results_body.html", context)


def _offered(overview: Overview) -> set[int]:
    """Return the ids of what could have a result here. 1 query, for one round by itself."""
    if overview.round is None:
        return {row.measure.pk for row in overview.rows}
    [round] = [each for each in overview.rounds if each.number == overview.round]
    return set(counted_for(round).values_list("pk", flat=True))


def _settings_changed(workshop: Workshop) -> str:
    """Say what changed since the first decision that everybody knows of. 2 queries at most."""
    if not list(_is_published(workshop.pk)):
        return ""
    return changed_since(workshop, Decision.objects.in_workshop(workshop).published())


@compiled
def _is_published(workshop: int) -> QuerySet:
    decisions = Decision.objects.filter(session__workshop=workshop).published()
    return decisions.order_by().values_list("pk")[:1]


def _has_spread(form: DashboardForm, lens: Lens) -> bool:
    return form.chosen.get("spread") == "yes" and not lens.hides_spread


def _talk(lens: Lens) -> Talk:
    """Return what is disputed in the room; nothing beside the figures of one group alone."""
    return {} if lens.is_of_group else talk_of(lens.overview)


def _lens(form: DashboardForm) -> Lens:
    chosen = form.chosen
    overview = overview_of(
        form.workshop,
        weight=chosen["weight"] / 100,
        round=chosen.get("round"),
        outline=form.outline,
    )
    return through_lens(overview, chosen.get("lens", ""), chosen.get("against", ""))


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
    form = _form(request, workshop)
    if not form.is_valid():
        return render(request, "400.html", status=400)
    picture = heavy_once(f"file-{kind}", workshop, form.chosen, lambda: _drawn(form, kind))
    response = HttpResponse(picture, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="matrix-{workshop.pk}.{kind}"'
    return response


def _drawn(form: DashboardForm, kind: str) -> bytes:
    """Return the file, drawn once for the same marks, whatever filters and order led to them."""
    workshop, chosen, lens = form.workshop, form.chosen, _lens(form)
    rows = by_rank(narrowed(lens.overview.rows, chosen))
    drawn = {name: chosen.get(name) for name in ("weight", "round", "lens", "against")}
    drawn["shown"] = [row.measure.pk for row in rows]
    return heavy_once(f"picture-{kind}", workshop, drawn, lambda: _draw_file(lens, rows, kind))


def _draw_file(lens: Lens, rows: list[Row], kind: str) -> bytes:
    sheet = Sheet(overlay=lens.overlay)
    if kind == "svg":
        matrix, titles = laid_out(lens.overview, rows, sheet)
        return svg_file(matrix, lens.overview, titles, sheet.outcomes)
    # Loads matplotlib, which a worker that serves ordinary pages should never do.
    from measures.matrix.file import png, width_in_file

    matrix, titles = laid_out(lens.overview, rows, sheet, width=width_in_file)
    return png(matrix, lens.overview, titles, sheet.outcomes)
