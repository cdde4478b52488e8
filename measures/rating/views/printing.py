"""What is printed for the day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from measures.models import Measure
from measures.models.measure import MeasureQuerySet
from measures.rating.rounds import open_round_of
from workshops.access import during, facilitator
from workshops.models import Table, Workshop
from workshops.phases import Activity
from workshops.visits import Visit


def to_rate(workshop: Workshop, table: Table | None = None) -> MeasureQuerySet:
    """Return what is rated now, or would be if it began, in the order of every sheet. 1 query.

    With a ``table`` what it rates: that of its fields, and that of fields without any.
    """
    round = open_round_of(workshop)
    rateable = Measure.objects.in_workshop(workshop).rateable()
    measures = round.rateable() if round else rateable
    if table:
        others = workshop.fields.filter(tables__is_removed=False).exclude(tables=table)
        measures = measures.exclude(field__in=others)
    return measures.select_related("field").in_reading_order()


def sheet_tables(workshop: Workshop) -> list[Table]:
    """Return the tables that get a sheet of their own, none where everybody rates everything."""
    if not workshop.is_rated_by_table:
        return []
    return list(workshop.tables.filter(is_removed=False, fields__isnull=False).distinct())


@require_safe
@facilitator
@during(Activity.PRINT_SHEETS)
def print_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: everything that can be printed for this workshop."""
    workshop = visit.workshop
    context = {
        "workshop": workshop,
        "visit": visit,
        "measures": to_rate(workshop).count(),
        "tables": sheet_tables(workshop),
    }
    return render(request, "measures/rating/print_list.html", context)


@require_safe
@facilitator
@during(Activity.PRINT_SHEETS)
def wall_cards(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: a card for the wall for each measure (``?size=a5``: two on a page, to be cut)."""
    workshop = visit.workshop
    is_small = request.GET.get("size") == "a5"
    context = {
        "workshop": workshop,
        "visit": visit,
        "measures": to_rate(workshop),
        "is_small": is_small,
    }
    return render(request, "measures/rating/wall_cards.html", context)
