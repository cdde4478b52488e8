"""How sure the ranking is, and what to talk about first: filled into the dashboard, or a page."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from measures.overview import overview_of
from measures.panels import Panel
from measures.rating.outlook import first_to_show
from measures.results.kept import once
from measures.results.markup import cluster_items, measure_urls, slider_ticks, stability_rows
from measures.results.stability import stability_of
from measures.results.stability_words import (
    bounds,
    top_sentence,
    weights_sentence,
)
from measures.results.talk import reasons_of
from measures.results.unchanged import drawn_once
from measures.results.weights import NoSuchRound, asked_panel, asked_round, asked_weight
from workshops.access import during, member
from workshops.models import Workshop
from workshops.pages import wants_fragment
from workshops.phases import Activity
from workshops.visits import Visit

FIRST_TO_TALK_ABOUT = 5
ROWS_ON_DASHBOARD = 10


@require_safe
@member
@during(Activity.SEE_RESULTS)
@drawn_once
def stability(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: the heavy figures at ``?weight=`` percent; a fragment for the dashboard, or a page.

    A weight or a round that is none is said (400), and left out.
    """
    workshop = visit.workshop
    chosen, is_refused = _asked(request, workshop)
    chosen["panel"] = asked_panel(request.GET, workshop)
    chosen["most"] = ROWS_ON_DASHBOARD if wants_fragment(request) else 0
    body, ticks = once("sure", workshop, chosen, lambda: _draw(workshop, **chosen))
    context = {"workshop": workshop, "visit": visit, "weight": chosen["weight"]}
    context |= {"stability": body, "ticks": ticks, "is_refused": is_refused}
    context["waiting"] = first_to_show(workshop)
    template = "_stability.html" if wants_fragment(request) else "stability.html"
    status = 400 if is_refused else 200
    return TemplateResponse(request, f"measures/results/{template}", context, status=status)


def _asked(request: HttpRequest, workshop: Workshop) -> tuple[dict[str, Any], bool]:
    """Return weight and round (0: what holds) of the address, and whether one was wrong."""
    weight, is_refused = asked_weight(request.GET, workshop), False
    try:
        round = asked_round(request.GET, workshop)
    except NoSuchRound:
        round, is_refused = None, True
    if weight is None:
        weight, is_refused = workshop.relevance_weight, True
    return {"weight": weight, "round": round or 0}, is_refused


def _draw(
    workshop: Workshop, weight: int, round: int, panel: Panel | None, most: int
) -> tuple[SafeString, SafeString]:
    """Return the figures, of the best ``most`` or of all, and the ticks of the weight slider."""
    overview = overview_of(workshop, weight=weight / 100, round=round or None, panel=panel)
    figures = stability_of(overview)
    said = {"weight": weight} if weight != workshop.relevance_weight else {}
    url = measure_urls(workshop, urlencode(said | ({"round": round} if round else {})))
    context = {
        "workshop": workshop,
        "weight": weight,
        "is_part": bool(most),
        **bounds(),
        "figures": figures,
        "panels": [each for each in overview.panels if each.panel] if overview.is_split else [],
        "panel": overview.panel_name,
        "reasons": reasons_of(overview, limit=FIRST_TO_TALK_ABOUT),
        "top_sentence": top_sentence(figures),
        "weights_sentence": weights_sentence(figures),
        "clusters": cluster_items(overview, figures, url, most or None),
        "rows": stability_rows(overview, figures, url, most or None),
        "left_out": max(len(figures.measures) - most, 0) if most else 0,
    }
    return render_to_string("measures/results/_stability_body.html", context), slider_ticks(figures)
