"""One measure with everything known, and the list of all of them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from measures.board.forms import ProfileForm
from measures.columns import facts
from measures.committee.dossier import decisions_of
from measures.committee.remarks import new_remark, remarks_on
from measures.followup.entries import status_of
from measures.models import PROFILE_FIELDS, Measure
from measures.overview import overview_of
from measures.results.detail import RatedMeasure, rated_measure
from measures.results.weights import NoSuchRound, asked_round
from measures.searching.finding import measures_fitting, sought_in
from measures.wordings import former_wordings
from workshops.access import during, editor, member, turn
from workshops.models import Workshop
from workshops.pages import edit_page
from workshops.phases import Activity
from workshops.visits import Visit


@require_safe
@member
def measure_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: all measures by field and goal, for reading and printing; ``?q=`` those that fit."""
    workshop = visit.workshop
    sought = sought_in(request.GET)
    rows = Measure.objects.in_workshop(workshop).standing().select_related("field", "goal")
    measures = list(rows.in_reading_order())
    if sought:
        fitting = measures_fitting(visit, sought)
        measures = [measure for measure in measures if measure.pk in fitting]
    context = {
        "workshop": workshop,
        "visit": visit,
        "sought": sought,
        "measures": measures,
        "fields": workshop.fields.standing().with_counts(),
    }
    return render(request, "measures/catalogue/measure_list.html", context)


@require_safe
@member
def measure_detail(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """GET: texts and profile; the ratings as soon as this person may see results.

    ``?round=`` is one that was shown, 400 for any other.
    """
    workshop = visit.workshop
    rows = Measure.objects.in_workshop(workshop).filter(is_removed=False)
    rows = rows.select_related("field", "goal", "merged_into", "municipality")
    measure = get_object_or_404(rows, number=number)
    if measure.merged_into:
        text = _("%(old)s was merged into %(new)s.")
        codes = {"old": measure.code, "new": measure.merged_into.code}
        messages.info(request, text % codes)
        return redirect(measure.merged_into)
    try:
        round = asked_round(request.GET, workshop)
    except NoSuchRound:
        return render(request, "400.html", status=400)
    context = {
        "workshop": workshop,
        "visit": visit,
        "measure": measure,
        "facts": facts(measure),
        "profile": [(measure._meta.get_field(n), getattr(measure, n)) for n in PROFILE_FIELDS],
        "duplicates": measure.duplicates.filter(is_removed=False),
        "rated": _rated(workshop, measure, round) if workshop.has_results else None,
        "decisions": decisions_of(visit, measure),
        "remarks": remarks_on(visit, measure),
        "remark_form": new_remark(visit),
        "status": status_of(measure),
        "former": former_wordings(measure),
    }
    return render(request, "measures/catalogue/measure_detail.html", context)


def _rated(workshop: Workshop, measure: Measure, round: int | None) -> RatedMeasure | None:
    everything = overview_of(workshop, round=round)
    is_listed = any(row.measure.pk == measure.pk for row in everything.rows)
    return rated_measure(workshop, measure, everything) if is_listed else None


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.DESCRIBE)
def measure_profile(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """GET shows the core questions, POST stores the answers; a later change stays (409)."""
    with turn(visit, Activity.DESCRIBE):
        rows = Measure.objects.in_workshop(visit.workshop).standing().select_for_update()
        measure = get_object_or_404(rows, number=number)
        form = ProfileForm(request.POST or None, instance=measure)
        if request.method == "POST" and form.is_valid() and not form.conflict:
            form.save()
            messages.success(request, _("The profile is saved."))
            return redirect(measure)
    return edit_page(
        request, visit, form, "measures/catalogue/measure_profile.html", measure=measure
    )
