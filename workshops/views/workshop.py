from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from workshops.access import during, editor
from workshops.forms import ScaleForm
from workshops.models import hold_votes, mark_changed
from workshops.phases import Activity
from workshops.visits import Visit


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.SET_UP)
def workshop_scale(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET shows the scale (``?steps=`` for another length), POST changes it."""
    workshop = visit.workshop
    with transaction.atomic():
        if request.method == "POST":
            mark_changed(workshop.pk)
            hold_votes(workshop.pk)  # nobody rates between the check and the change
        frozen = workshop.has_ratings()
        form = ScaleForm(request.POST or None, instance=workshop, steps=_steps_drawn(request))
        if request.method == "POST" and not frozen and form.is_valid():
            form.save()
            messages.success(request, _("The scale is saved."))
            return redirect(workshop)
    if frozen and form.is_bound:
        messages.error(request, _("Ratings exist, so the scale cannot change any more."))
        workshop.refresh_from_db()
    context = {"workshop": workshop, "visit": visit, "form": form, "frozen": frozen}
    status = (409 if frozen else 422) if form.is_bound else 200
    return render(request, "workshops/workshop_scale.html", context, status=status)


def _steps_drawn(request: HttpRequest) -> int | None:
    """Return the number of steps to draw fields for; None (as now) for anything but 3 to 10."""
    raw = request.POST.get("steps") or request.GET.get("steps") or ""
    return int(raw) if raw in {str(n) for n in range(3, 11)} else None
