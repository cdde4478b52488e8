"""Where groups part: the widest gaps between them as a chart."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from measures.overview import ListedGroup, overview_of
from measures.rating.outlook import first_to_show
from measures.results.groups import Groups, groups_of
from measures.results.lenses import GROUP
from measures.results.unchanged import drawn_once
from measures.results.weights import NoSuchRound, asked_round
from workshops.access import during, member
from workshops.phases import Activity
from workshops.visits import Visit


@require_safe
@member
@during(Activity.SEE_RESULTS)
@drawn_once
def groups(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: where groups part, of what holds or of one ``?round=``; ``?highlight=`` marks a group.

    A round or a group that is none here is said (400), and left out.
    """
    workshop, is_refused = visit.workshop, False
    try:
        round = asked_round(request.GET, workshop)
    except NoSuchRound:
        round, is_refused = None, True
    chart = groups_of(overview_of(workshop, round=round))
    asked = request.GET.get("highlight", "")
    highlight = _chosen(chart, asked)
    is_refused = is_refused or bool(asked and highlight is None)
    context = {"workshop": workshop, "visit": visit, "chart": chart}
    context |= {"highlight": highlight, "is_refused": is_refused}
    context["lens"] = f"{GROUP}{highlight.pk}" if highlight else None
    context["waiting"] = first_to_show(workshop)
    status = 400 if is_refused else 200
    return TemplateResponse(request, "measures/results/groups.html", context, status=status)


def _chosen(chart: Groups, asked: str) -> ListedGroup | None:
    return next((group for group in chart.shown if str(group.pk) == asked), None)
