"""Entering what the administration holds of the measures: one of them, or many in a table."""

import re
from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from measures.assessment.forms import AssessmentForm, last_office
from measures.assessment.holding import assessments_in, assessments_of
from measures.assessment.table_forms import TableForm
from measures.models import Assessment, Measure
from measures.rating.forms import step_choices
from workshops.access import administration, during, in_turn
from workshops.models import Workshop
from workshops.pages import edit_page
from workshops.phases import Activity
from workshops.visits import Visit

ON_A_PAGE = 50
ROW = re.compile(r"m([0-9]{1,9})-seen")


@require_http_methods(["GET", "HEAD", "POST"])
@administration
@during(Activity.ASSESS)
def assessment_add(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """GET shows the form of an assessment, POST stores it; sent twice, it is stored once."""
    workshop = visit.workshop
    rows = Measure.objects.in_workshop(workshop).unremoved()
    rows = rows.select_related("field", "merged_into__field")
    measure = get_object_or_404(rows, number=number).target
    measure.workshop = workshop
    form = AssessmentForm(
        request.POST if request.method == "POST" else None,
        instance=Assessment(measure=measure),
        today=timezone.localdate(),
        office=last_office(Measure.objects.in_workshop(workshop)),
        choices=step_choices(workshop),
    )
    if request.method == "POST" and _stored(form, visit):
        text = _("The assessment of %(code)s is saved.") % {"code": measure.code}
        messages.success(request, text)
        return redirect(f"{measure.get_absolute_url()}#assessment")
    context = {"workshop": workshop, "visit": visit, "measure": measure, "form": form}
    context["entries"] = assessments_of(measure)
    status = 422 if form.is_bound else 200
    return render(request, "measures/assessment/assessment_add.html", context, status=status)


def _stored(form: AssessmentForm, visit: Visit) -> bool:
    with transaction.atomic():
        in_turn(visit, Activity.ASSESS)
        if is_valid := form.is_valid():
            form.save()
    return is_valid


@require_http_methods(["GET", "HEAD", "POST"])
@administration
@during(Activity.ASSESS)
def assessment_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: the measures as a table to fill in, ``?page=`` after page; POST stores what changed."""
    with transaction.atomic():
        if request.method == "POST":
            visit = in_turn(visit, Activity.ASSESS)
        workshop = visit.workshop
        page = Paginator(_measures(workshop), ON_A_PAGE).get_page(request.GET.get("page"))
        form = _table(request, workshop, page)
        if form.is_valid() and not form.conflict:
            _tell(request, form.save())
            return redirect(request.get_full_path())
    return edit_page(request, visit, form, "measures/assessment/assessment_list.html", page=page)


def _measures(workshop: Workshop):
    rows = Measure.objects.in_workshop(workshop).standing().in_reading_order()
    return rows.select_related("field")


def _table(request: HttpRequest, workshop: Workshop, page: Page) -> TableForm:
    """Return the page's table; a sent one has the rows that were sent. At most 6 queries."""
    is_sent = request.method == "POST"
    return TableForm(
        request.POST if is_sent else None,
        workshop=workshop,
        measures=(is_sent and _sent(workshop, request.POST)) or list(page),
        entries=assessments_in(workshop),
        choices=step_choices(workshop),
        today=timezone.localdate(),
        office=last_office(Measure.objects.in_workshop(workshop)),
    )


def _sent(workshop: Workshop, data: QueryDict) -> Sequence[Measure]:
    """Return the measures of the rows that were sent; 404, with the words, if one is gone."""
    numbers = {int(found[1]) for name in data if (found := ROW.fullmatch(name))}
    if len(numbers) > ON_A_PAGE:
        raise BadRequest(_("The form contains a value that does not exist."))
    measures = list(_measures(workshop).filter(number__in=numbers))
    if len(measures) < len(numbers):
        raise Http404
    return measures


def _tell(request: HttpRequest, count: int) -> None:
    if not count:
        messages.info(request, _("Nothing was changed, so nothing was saved."))
        return
    text = ngettext(
        "The assessment of %(n)d measure is saved.",
        "The assessments of %(n)d measures are saved.",
        count,
    )
    messages.success(request, text % {"n": count})
