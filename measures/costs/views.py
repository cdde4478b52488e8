"""What measures cost: the positions of each, what they add up to, and where the budget ends."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from measures.costs.forms import BudgetForm, CostAddForm, CostEditForm, FirstForm
from measures.costs.loading import budget_of, position_of, positions_on
from measures.costs.page import budget_page
from measures.costs.sums import costs_of
from measures.costs.table import cost_table
from measures.costs.words import budget_words
from measures.models import Cost, Measure
from workshops.access import during, editor, in_turn, member, turn
from workshops.models import Workshop
from workshops.pages import edit_page
from workshops.phases import Activity
from workshops.seen import has_seen
from workshops.visits import Visit

FIRST = 10  # of the ranking, unless somebody says otherwise


@require_safe
@member
def cost_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: what the measures cost, with sums; ``?first=`` says how many of the ranking."""
    form = FirstForm(request.GET)
    count = (form.is_valid() and form.cleaned_data["first"]) or FIRST
    table = cost_table(visit.workshop, first=count if visit.shows_results else None)
    context = {"workshop": visit.workshop, "visit": visit, "table": table}
    context |= {"form": form, "count": count, "told": budget_words(budget_of(visit.workshop))}
    status = 200 if form.is_valid() else 400
    return render(request, "measures/costs/cost_list.html", context, status=status)


@require_safe
@member
@during(Activity.SEE_RESULTS)
def budget(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: where on the ranking the budget ends, and what would let the next measure in."""
    context = {"workshop": visit.workshop, "visit": visit, **budget_page(visit.workshop)}
    return render(request, "measures/costs/budget.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.ESTIMATE)
def budget_edit(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET shows the budget, POST changes it; a later change of the settings stays (409)."""
    with transaction.atomic():
        if request.method == "POST":
            visit = in_turn(visit, Activity.ESTIMATE)
        form = BudgetForm(
            request.POST or None,
            instance=visit.workshop,
            is_administration=visit.is_administration,
        )
        if request.method == "POST" and form.is_valid() and not form.conflict:
            form.save()
            messages.success(request, _("The budget is saved."))
            return redirect("measures:cost-list", visit.workshop.pk)
    return edit_page(request, visit, form, "measures/costs/budget_edit.html")


@require_safe
@member
def measure_costs(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """GET: the cost positions of a measure, and what they add up to."""
    measure = _measure(visit.workshop, number)
    positions = positions_on(measure)
    costs = costs_of(map(position_of, positions))
    context = {"workshop": visit.workshop, "visit": visit, "measure": measure, "costs": costs}
    context["positions"] = [(each, costs_of([position_of(each)])) for each in positions]
    return render(request, "measures/costs/measure_costs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.ESTIMATE)
def cost_add(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """GET shows the form of a cost position, POST stores it; sent twice, it is stored once."""
    measure = _measure(visit.workshop, number)
    data = request.POST if request.method == "POST" else None
    form = CostAddForm(data, instance=Cost(measure=measure))
    if request.method == "POST" and _stored(form, visit):
        messages.success(request, _("“%(what)s” is saved.") % {"what": form.instance.purpose})
        return redirect("measures:measure-costs", visit.workshop.pk, measure.number)
    context = {"workshop": visit.workshop, "visit": visit, "measure": measure, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "measures/costs/cost_add.html", context, status=status)


def _stored(form: CostAddForm, visit: Visit) -> bool:
    with turn(visit, Activity.ESTIMATE):
        if is_valid := form.is_valid():
            form.save()
    return is_valid


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.ESTIMATE)
def cost_edit(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET shows a cost position, POST changes it; a later change of somebody else stays (409)."""
    with transaction.atomic():
        if request.method == "POST":
            visit = in_turn(visit, Activity.ESTIMATE)
        cost = _cost(visit.workshop, pk)
        form = CostEditForm(request.POST or None, instance=cost)
        if request.method == "POST" and form.is_valid() and not form.conflict:
            form.save()
            messages.success(request, _("“%(what)s” is saved.") % {"what": cost.purpose})
            return redirect(cost)
    return edit_page(request, visit, form, "measures/costs/cost_edit.html", cost=cost)


@require_POST
@editor
@during(Activity.ESTIMATE)
def cost_remove(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST removes a position that was seen as it is; 409 where it is another one by now."""
    with turn(visit, Activity.ESTIMATE):
        cost = _cost(visit.workshop, pk)
        page = cost.get_absolute_url()
        form = CostEditForm(instance=cost)
        if has_seen(request, form.now):
            cost.delete()
            messages.success(request, _("“%(what)s” is removed.") % {"what": cost.purpose})
            return redirect(page)
    context = {"workshop": visit.workshop, "visit": visit, "form": form, "cost": cost}
    context["has_changed"] = True
    return render(request, "measures/costs/cost_edit.html", context, status=409)


def _measure(workshop: Workshop, number: int) -> Measure:
    """Return the measure, or the one that it was merged into."""
    rows = Measure.objects.in_workshop(workshop).unremoved()
    rows = rows.select_related("field", "merged_into__field")
    return get_object_or_404(rows, number=number).target


def _cost(workshop: Workshop, pk: int) -> Cost:
    measures = Measure.objects.in_workshop(workshop).unremoved()
    rows = Cost.objects.filter(measure__in=measures).select_related("measure__merged_into")
    return get_object_or_404(rows, pk=pk)
