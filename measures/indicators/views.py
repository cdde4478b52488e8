"""The indicators of a measure, and what was measured; its page and its follow-up show them."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from measures.indicators.forms import EntryForm, IndicatorAddForm, IndicatorEditForm
from measures.indicators.told import told
from measures.models import Indicator, IndicatorEntry, Measure
from workshops.access import during, editor, in_turn, turn
from workshops.models import Workshop
from workshops.pages import edit_page
from workshops.phases import Activity
from workshops.seen import has_seen
from workshops.visits import Visit


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.ESTIMATE)
def indicator_add(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """GET shows the form of an indicator, POST stores it; sent twice, it is stored once."""
    measure = _measure(visit.workshop, number)
    data = request.POST if request.method == "POST" else None
    form = IndicatorAddForm(data, instance=Indicator(measure=measure))
    if request.method == "POST" and _stored(form, visit, Activity.ESTIMATE):
        messages.success(request, _("“%(what)s” is saved.") % {"what": form.instance.name})
        return redirect(f"{measure.get_absolute_url()}#indicators")
    context = {"workshop": visit.workshop, "visit": visit, "measure": measure, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "measures/indicators/indicator_add.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.ESTIMATE)
def indicator_edit(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET shows an indicator, POST changes it; a later change of somebody else stays (409)."""
    with transaction.atomic():
        if request.method == "POST":
            visit = in_turn(visit, Activity.ESTIMATE)
        indicator = _indicator(visit.workshop, pk)
        form = IndicatorEditForm(request.POST or None, instance=indicator)
        if request.method == "POST" and form.is_valid() and not form.conflict:
            form.save()
            messages.success(request, _("“%(what)s” is saved.") % {"what": indicator.name})
            return redirect(indicator)
    template = "measures/indicators/indicator_edit.html"
    is_kept = indicator.entries.exists()
    return edit_page(request, visit, form, template, indicator=indicator, is_kept=is_kept)


@require_POST
@editor
@during(Activity.ESTIMATE)
def indicator_remove(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST removes an indicator of which nothing was measured; 409 where that is no longer so."""
    with turn(visit, Activity.ESTIMATE):
        indicator = _indicator(visit.workshop, pk)
        page, is_kept = indicator.get_absolute_url(), indicator.entries.exists()
        form = IndicatorEditForm(instance=indicator)
        if has_seen(request, form.now) and not is_kept:
            indicator.delete()
            messages.success(request, _("“%(what)s” is removed.") % {"what": indicator.name})
            return redirect(page)
    context = {"workshop": visit.workshop, "visit": visit, "form": form, "indicator": indicator}
    context |= {"has_changed": True, "is_kept": is_kept}
    return render(request, "measures/indicators/indicator_edit.html", context, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.FOLLOW_UP)
def indicator_measure(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET shows the form of a measured value, POST stores it; sent twice, it is stored once."""
    indicator = _indicator(visit.workshop, pk)
    form = EntryForm(
        request.POST if request.method == "POST" else None,
        instance=IndicatorEntry(indicator=indicator, by=visit.person),
        today=timezone.localdate(),
    )
    if request.method == "POST" and _stored(form, visit, Activity.FOLLOW_UP):
        messages.success(request, _("The value of “%(what)s” is saved.") % {"what": indicator})
        return redirect(indicator)
    context = {"workshop": visit.workshop, "visit": visit, "measure": indicator.measure.target}
    context |= {"form": form, "told": told(indicator)}
    status = 422 if form.is_bound else 200
    return render(request, "measures/indicators/indicator_measure.html", context, status=status)


def _stored(form: IndicatorAddForm | EntryForm, visit: Visit, activity: Activity) -> bool:
    with turn(visit, activity):
        if is_valid := form.is_valid():
            form.save()
    return is_valid


def _measure(workshop: Workshop, number: int) -> Measure:
    """Return the measure, or the one that it was merged into."""
    rows = Measure.objects.in_workshop(workshop).unremoved()
    rows = rows.select_related("field", "merged_into__field")
    return get_object_or_404(rows, number=number).target


def _indicator(workshop: Workshop, pk: int) -> Indicator:
    measures = Measure.objects.in_workshop(workshop).unremoved()
    rows = Indicator.objects.filter(measure__in=measures).with_entries()
    return get_object_or_404(rows.select_related("measure__merged_into"), pk=pk)
