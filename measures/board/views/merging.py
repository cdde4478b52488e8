"""The same measure twice: searched from its line, or judged in the list of similar titles."""

import re

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from measures.board.answers import back_to_board, standing_measure
from measures.board.forms import TargetForm
from measures.board.merging import Pair, find, rated_among, similar_pairs, ways_on
from measures.models import DistinctPair, Measure
from measures.searching.finding import sought_in
from workshops.access import during, editor, turn
from workshops.edits import note_edit
from workshops.models import Workshop
from workshops.numerals import digits_only
from workshops.pages import wants_fragment
from workshops.phases import Activity
from workshops.visits import Visit

FROM_LIST = "list"  # what a form of the list of similar titles says of where it goes back to


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.CAPTURE)
def measure_merge(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """GET searches (``?q=``) what a measure is the same as, POST makes it a duplicate of that."""
    if request.method != "POST":
        return _search(request, visit, standing_measure(visit, number), error="")
    with turn(visit, Activity.CAPTURE) as visit:
        measure = standing_measure(visit, number)
        error = _merge(measure, TargetForm(request.POST, measure=measure))
        if not error:
            words = _("%(what)s merged") % {"what": measure}
            note_edit(request, visit.workshop, words, row=f"measure-{number}")
    if error:
        return _search(request, visit, measure, error=error)
    if request.POST.get("back") == FROM_LIST:
        return redirect(f"{_list(visit.workshop)}?merged={number}#undo")
    return back_to_board(request, visit, measure.field, at="undo", removed=f"measure-{number}")


def _merge(measure: Measure, form: TargetForm) -> str:
    """Merge a measure as the form says, and return "", or say why that cannot be."""
    if not form.is_valid():
        return form.complaint
    try:
        measure.merge_into(form.cleaned_data["target"])
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _search(request: HttpRequest, visit: Visit, measure: Measure, *, error: str) -> HttpResponse:
    """Answer with the search, in place of the measure's line or as a page; 422 with an error."""
    sought = sought_in(request.GET)
    in_place = wants_fragment(request)
    context = {
        "workshop": visit.workshop,
        "visit": visit,
        "measure": measure,
        "field": measure.field,
        "along": measure.duplicates.filter(is_removed=False),
        "sought": sought,
        "found": find(visit, measure, sought),
        "error": error,
        "in_place": in_place,
    }
    template = "measures/board/_merge.html" if in_place else "measures/board/measure_merge.html"
    response = render(request, template, context, status=422 if error else 200)
    if in_place and error:  # whatever asked, a suggestion's button or that of the search
        response["HX-Retarget"], response["HX-Reswap"] = f"#measure-{measure.number}", "outerHTML"
    return response


@require_safe
@editor
@during(Activity.CAPTURE)
def similar_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: pairs of measures with similar titles, to be judged before they are rated.

    ``?merged=`` offers to part a measure again that was merged here.
    """
    workshop = visit.workshop
    pairs, count = similar_pairs(workshop)
    context = {
        "workshop": workshop,
        "visit": visit,
        "pairs": pairs,
        "ways_on": list(zip(pairs, ways_on(pairs), strict=True)),
        "count": count,
        "rated": rated_among(measure for pair in pairs for measure in pair),
        "distinct": _distinct(workshop),
        "undo": _undo(workshop, request.GET.get("merged", "")),
        "back": FROM_LIST,
    }
    return render(request, "measures/board/similar_list.html", context)


def _distinct(workshop: Workshop) -> list[DistinctPair]:
    """Return the pairs of which somebody said that they are not the same, both still there."""
    pairs = DistinctPair.objects.in_workshop(workshop).select_related("first", "second")
    return [pair for pair in pairs if pair.first.stands and pair.second.stands]


def _undo(workshop: Workshop, digits: str) -> dict[str, str] | None:
    """Return the sentence and the address that part a merged measure again."""
    if (number := digits_only(digits)) is None:
        return None
    rows = Measure.objects.in_workshop(workshop).duplicates().select_related("merged_into")
    if (merged := rows.filter(number=number).first()) is None:
        return None
    text = _("%(what)s is merged into %(target)s.")
    text %= {"what": merged, "target": merged.merged_into}
    return {"text": text, "url": reverse("measures:measure-restore", args=[workshop.pk, number])}


@require_POST
@editor
@during(Activity.CAPTURE)
def measure_distinct(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """POST keeps that a measure is not the same as ``target``; with ``distinct=no`` no more.

    ``at`` ("pair-3-7") is the pair with which one goes on in the list.
    """
    is_distinct = request.POST.get("distinct") != "no"
    with turn(visit, Activity.CAPTURE) as visit:
        measure = standing_measure(visit, number)
        form = TargetForm(request.POST, measure=measure)
        other = form.cleaned_data["target"] if form.is_valid() else None
        if other and is_distinct:
            DistinctPair.objects.note(measure, other)
        elif other:
            DistinctPair.objects.forget(measure, other)
    if other is None:
        return _search(request, visit, measure, error=form.complaint)
    if wants_fragment(request):
        return render(request, "measures/board/_distinct.html", {"other": other})
    at = _way_on(request) if is_distinct else _pair(measure, other).key
    return redirect(f"{_list(visit.workshop)}{at and '#'}{at}")


def _way_on(request: HttpRequest) -> str:
    """Return the key of a pair that the form names, "" for anything else."""
    at = request.POST.get("at", "")
    return at if re.fullmatch(r"pair-\d+-\d+", at, re.ASCII) else ""


def _pair(one: Measure, other: Measure) -> Pair:
    return Pair(one, other) if one.number < other.number else Pair(other, one)


def _list(workshop: Workshop) -> str:
    return reverse("measures:similar-list", args=[workshop.pk])
