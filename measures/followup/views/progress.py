"""How far the measures are: the progress pages, and the entries that they are made of."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from measures.followup.entries import reported_on, status_of, tasks_of
from measures.followup.forms import StatusForm
from measures.followup.page import progress_page
from measures.indicators.told import indicators_on
from measures.models import StatusEntry
from workshops.access import during, editor, in_turn, member, sender, signed_in
from workshops.models import Municipality, Workshop
from workshops.pages import way_back
from workshops.phases import Activity
from workshops.visits import Visit, visits_of, workshops_of

WORKSHOPS = 20  # of a municipality on one page, each with all that was decided


@require_safe
@member
def progress(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: where everything stands that was decided or reported on; filters in the address."""
    return progress_page(
        request,
        [visit],
        "measures/followup/progress.html",
        workshop=visit.workshop,
        visit=visit,
        municipalities=visit.workshop.municipalities.order_by("seats__seat"),
    )


@require_safe
@signed_in
def municipality_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the same over all workshops of a municipality that the person may see; 404 if none.

    ``?page=`` is a page of its workshops, where there are more than ``WORKSHOPS``.
    """
    municipality, person = get_object_or_404(Municipality, pk=pk), sender(request)
    own = workshops_of(person).filter(municipalities=municipality, archived_at=None)
    ids = list(own.values_list("pk", flat=True))
    page = Paginator(ids, WORKSHOPS).get_page(request.GET.get("page"))
    visits = visits_of(person, Workshop.objects.filter(pk__in=page))
    if not visits:
        raise Http404
    template = "measures/followup/municipality_progress.html"
    return progress_page(request, visits, template, municipality=municipality, page=page)


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.FOLLOW_UP)
def status_add(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """GET shows the form of a status entry, POST stores it; sent twice, it is stored once."""
    measure = reported_on(visit.workshop, number)
    entries = status_of(measure)
    form = StatusForm(
        request.POST if request.method == "POST" else None,
        instance=StatusEntry(measure=measure, by=visit.person),
        today=timezone.localdate(),
        newest=entries[0] if entries else None,
    )
    if request.method == "POST" and _stored(form, visit):
        messages.success(request, _("The status of %(code)s is saved.") % {"code": measure.code})
        return redirect(way_back(request, f"{measure.get_absolute_url()}#status"))
    context = {"workshop": visit.workshop, "visit": visit, "measure": measure}
    context |= {"form": form, "entries": entries, "indicators": indicators_on(measure)}
    context |= {"tasks": tasks_of(measure), "today": timezone.localdate()}
    context |= {"cancel": way_back(request, measure.get_absolute_url())}
    status = 422 if form.is_bound else 200
    return render(request, "measures/followup/status_add.html", context, status=status)


def _stored(form: StatusForm, visit: Visit) -> bool:
    """Store a valid entry; nobody publishes a decision between the look at its day and that."""
    with transaction.atomic():
        in_turn(visit, Activity.FOLLOW_UP)
        if is_valid := form.is_valid():
            form.save()
    return is_valid
