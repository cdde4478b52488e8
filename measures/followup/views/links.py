"""Making and revoking the links by which offices report without an account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from measures.followup.entries import reported_on
from measures.followup.links import LASTS, address_list, holding_of, make_link, revoke
from measures.models import ReportLink
from workshops.access import administration, during, sender
from workshops.pages import site_address
from workshops.phases import Activity
from workshops.visits import Visit


@require_http_methods(["GET", "HEAD", "POST"])
@administration
@during(Activity.FOLLOW_UP)
def report_link(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """GET shows the links of a measure, POST makes one unless one is good already."""
    measure = reported_on(visit.workshop, number)
    decision = holding_of(measure)
    now = timezone.now()
    if request.method == "POST":
        if decision:
            make_link(decision, by=sender(request), now=now)
        return redirect("measures:report-link", visit.workshop.pk, measure.number)
    context = {
        "workshop": visit.workshop,
        "visit": visit,
        "measure": measure,
        "decision": decision,
        "links": address_list(measure, decision, site_address(request), now=now),
        "days": LASTS.days,
    }
    return render(request, "measures/followup/report_link.html", context)


@require_POST
@administration
def report_link_revoke(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST: end a link at once; one that has ended stays as it is."""
    rows = ReportLink.objects.filter(decision__session__workshop=visit.workshop)
    link = get_object_or_404(rows.select_related("decision__measure__merged_into"), pk=pk)
    revoke(link, now=timezone.now())
    messages.success(request, _("The link is revoked."))
    return redirect("measures:report-link", visit.workshop.pk, link.decision.measure.target.number)
