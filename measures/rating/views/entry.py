"""What the facilitator enters for the room: paper counts and the group's agreed pair."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from measures.models import Round
from measures.rating.entry_forms import EntryForm
from measures.rating.forms import step_choices
from measures.rating.rounds import require_open_round
from measures.rating.views.printing import sheet_tables, to_rate
from workshops.access import WrongPhase, during, facilitator, in_turn
from workshops.models import Criterion, ParticipantGroup, Workshop
from workshops.numerals import digits_only
from workshops.pages import edit_page
from workshops.phases import Activity
from workshops.visits import Visit


@require_safe
@facilitator
@during(Activity.ENTER_RATINGS)
def entry_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: every measure with its agreed pair and its number of sheets, to enter more."""
    round = require_open_round(visit.workshop)
    agreed = Prefetch("group_values", round.group_values.all(), to_attr="agreed")
    sheets = Prefetch("paper_counts", round.paper_counts.all(), to_attr="sheets")
    ordered = round.rateable().in_reading_order()
    measures = ordered.select_related("field").prefetch_related(agreed, sheets)
    context = {"workshop": visit.workshop, "visit": visit, "measures": measures, "round": round}
    return render(request, "measures/rating/entry_list.html", context)


@require_safe
@facilitator
@during(Activity.PRINT_SHEETS)
def rating_sheet(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: a sheet to print and to tick, with every measure (``?texts=no``: titles alone).

    Where each table rates its own measures ``?table=`` has one for each.
    """
    workshop = visit.workshop
    tables, asked = sheet_tables(workshop), request.GET.get("table", "")
    table = next((each for each in tables if str(each.pk) == asked), None)
    choices, abstain = step_choices(workshop), ("k", _("cannot judge"))
    scales = [(criterion.label, [*choices[criterion], abstain]) for criterion in Criterion]
    context = {
        "workshop": workshop,
        "visit": visit,
        "measures": to_rate(workshop, table),
        "tables": tables,
        "table": table,
        "groups": workshop.groups.all(),
        "scales": scales,
        "columns": 1 + sum(len(words) for _label, words in scales),
        "with_texts": request.GET.get("texts") != "no",
    }
    return render(request, "measures/rating/rating_sheet.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@facilitator(keeps_input=False)
@during(Activity.ENTER_RATINGS)
def measure_entry(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """GET shows the agreed pair and the sheets of ``?group=``, POST saves both and goes on."""
    workshop = visit.workshop
    round = require_open_round(workshop)
    measure = get_object_or_404(round.rateable(), number=number)
    group = _group(workshop, request.GET.get("group"))
    before, after = _neighbours(round, number)
    with transaction.atomic():
        if request.method == "POST":
            visit = in_turn(visit, Activity.ENTER_RATINGS)  # lines up two facilitators
            workshop = visit.workshop
            if require_open_round(workshop) != round:
                raise WrongPhase(_("Rating was closed at this very moment."))
        choices = step_choices(workshop)
        form = EntryForm(
            request.POST or None, measure=measure, round=round, group=group, choices=choices
        )
        if request.method == "POST" and form.is_valid() and not form.conflict:
            then = _then(request, workshop, number, group, after)
            form.save()
            messages.success(request, _("%(measure)s is saved.") % {"measure": measure.code})
            return redirect(then)
    context = {
        "measure": measure,
        "round": round,
        "group": group,
        "groups": workshop.groups.all(),
        "before": before,
        "after": after,
    }
    return edit_page(request, visit, form, "measures/rating/measure_entry.html", **context)


def _group(workshop: Workshop, raw: str | None) -> ParticipantGroup | None:
    if not raw:
        return None
    return get_object_or_404(workshop.groups, pk=digits_only(raw))


def _neighbours(round: Round, number: int) -> tuple[int | None, int | None]:
    """Return the numbers of the measures before and after this one in reading order. 1 query."""
    measures = round.rateable().in_reading_order()
    numbers = [None, *measures.values_list("number", flat=True), None]
    here = numbers.index(number)
    return numbers[here - 1], numbers[here + 1]


def _then(
    request: HttpRequest,
    workshop: Workshop,
    number: int,
    group: ParticipantGroup | None,
    after: int | None,
) -> str:
    """Return where the button leads: here again, to the next measure or to another group's pile."""
    if "group" in request.POST:
        group = _group(workshop, request.POST["group"])
    elif request.POST.get("then") == "next":
        number = after or number
    query = {"group": group.pk} if group else None
    return reverse("measures:measure-entry", args=[workshop.pk, number], query=query)
