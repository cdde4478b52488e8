"""Handing over: a session as a draft for the administration, and what leaves as files."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from measures.committee.session_forms import SessionAddForm
from measures.models import Session
from workshops import roles
from workshops.access import during, facilitator, turn
from workshops.phases import Activity
from workshops.visits import Visit


@require_http_methods(["GET", "HEAD", "POST"])
@facilitator
@during(Activity.DECIDE)
def hand_over(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET says what there is to hand over, POST calls a session without an agenda.

    It is a draft: nobody decides on anything before the administration has filled it, and it is
    no record that binds the roles.
    """
    workshop = visit.workshop
    form = SessionAddForm(request.POST or None, instance=Session(workshop=workshop))
    if request.method == "POST" and form.is_valid():
        with turn(visit, Activity.DECIDE):
            form.save()
        text = _("The session is there as a draft. The administration fills its agenda.")
        messages.success(request, text if form.is_new else _("This session is there already."))
        return redirect("measures:hand-over", workshop.pk)
    context = {
        "workshop": workshop,
        "visit": visit,
        "form": form,
        "sessions": Session.objects.in_workshop(workshop).with_counts(),
        "no_administration": roles.missing_administration(visit),
    }
    status = 422 if form.is_bound else 200
    return render(request, "measures/hall/hand_over.html", context, status=status)
