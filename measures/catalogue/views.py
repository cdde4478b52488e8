"""One measure with everything known, and the list of all of them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from measures.board.forms import ProfileForm, ShortTitleForm
from measures.catalogue.listing import FieldList, listed
from measures.catalogue.markup import field_mark, measure_lines, short_link
from measures.catalogue.page import page_of
from measures.models import Measure
from measures.results.weights import NoSuchRound, asked_round
from measures.searching.finding import measures_fitting, sought_in
from workshops.access import during, editor, member, turn
from workshops.edits import last_edits, note_edit
from workshops.pages import edit_page, wants_fragment
from workshops.phases import Activity
from workshops.visits import Visit


@require_safe
@member
def measure_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: all measures by field and goal, a line each; ``?texts=1`` with their descriptions.

    With ``?q=`` those that fit.
    """
    workshop, with_texts = visit.workshop, request.GET.get("texts") == "1"
    sought = sought_in(request.GET)
    fitting = measures_fitting(visit, sought) if sought else None

    def lines(place: FieldList) -> dict[str, SafeString]:
        return {
            goal: measure_lines(
                workshop, place.series, measures,
                may_rename=visit.may_describe, with_descriptions=with_texts,
            )
            for goal, measures in place.goals.items()
        }  # fmt: skip

    places = [
        place
        for place in listed(visit, fitting)
        if place.count or (visit.may_capture and place.field.is_worked_on and not sought)
    ]
    context = {
        "workshop": workshop,
        "visit": visit,
        "sought": sought,
        "places": [(place, field_mark(place.series), lines(place)) for place in places],
        "has_measures": any(place.count for place in places),
        "columns": _columns(places),
        "with_texts": with_texts,
        **(last_edits(request, workshop) if visit.may_capture else {}),
    }
    return render(request, "measures/catalogue/measure_list.html", context)


def _columns(places: list[FieldList]) -> str:
    """Return the classes of those columns in which anything stands."""
    filled = {
        "catalogue--timed": any(place.has_times for place in places),
        "catalogue--decided": any(place.is_decided for place in places),
    }
    return " ".join(name for name, is_filled in filled.items() if is_filled)


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.DESCRIBE)
def short_title(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """GET shows the short title to change, POST stores it; a later change stays (409).

    A script gets the part of the list's line, ``?shown=1`` what stands there otherwise.
    """
    workshop = visit.workshop
    with turn(visit, Activity.DESCRIBE):
        rows = Measure.objects.in_workshop(workshop).standing().select_for_update()
        measure = get_object_or_404(rows, number=number)
        form = ShortTitleForm(request.POST or None, instance=measure)
        is_saved = request.method == "POST" and form.is_valid() and not form.conflict
        if is_saved:
            form.save()
            if visit.may_capture:  # in no other phase a step is taken back
                words = _("Short title of %(what)s changed") % {"what": measure.code}
                note_edit(request, workshop, words)
    fragment = wants_fragment(request)
    if fragment and (is_saved or "shown" in request.GET):
        context = {"workshop": workshop, "measure": measure, "visit": visit}
        context |= {"link": short_link(workshop, measure, has_focus=True), "is_saved": is_saved}
        context |= last_edits(request, workshop) if visit.may_capture else {}
        return render(request, "measures/catalogue/_short_title.html", context)
    if is_saved:
        address = reverse("measures:measure-list", args=[workshop.pk])
        return redirect(f"{address}#measure-{number}")
    name = "_short_title_edit" if fragment else "short_title"
    return edit_page(request, visit, form, f"measures/catalogue/{name}.html", measure=measure)


@require_safe
@member
def measure_detail(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """GET: what was decided, how it was rated as soon as this person may see it, and the rest.

    ``?round=`` is one that was shown, 400 for any other; ``?from=`` the list that one came from,
    with what was asked of it.
    """
    workshop = visit.workshop
    rows = Measure.objects.in_workshop(workshop).filter(is_removed=False)
    rows = rows.select_related(
        "field", "goal", "merged_into", "municipality", "carried_note", "copied_from"
    )
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
    context = page_of(visit, measure, request.GET, round=round, today=timezone.localdate())
    return render(request, "measures/catalogue/measure_detail.html", context)


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
