"""Archiving a workshop, and bringing it back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from workshops.access import during, editor, in_turn
from workshops.archive import bring_back, may_archive, put_away, who_archives
from workshops.phases import Activity
from workshops.visits import Visit


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.ARCHIVE)
def workshop_archive(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET says what it means and asks, POST archives the workshop."""
    if request.method == "POST":
        with transaction.atomic():
            visit = in_turn(visit, Activity.ARCHIVE)
            _check(visit)
            put_away(visit.workshop)
        messages.success(request, _("The workshop is archived."))
        return redirect(visit.workshop)
    _check(visit)
    context = {"workshop": visit.workshop, "visit": visit}
    return render(request, "workshops/workshop_archive.html", context)


@require_POST
@editor(when_archived=True)
def workshop_unarchive(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST brings an archived workshop back; a second click finds it done."""
    with transaction.atomic():
        visit = in_turn(visit, when_archived=True)
        _check(visit)
        is_back = bring_back(visit.workshop)
    if is_back:
        messages.success(request, _("The workshop is back from the archive."))
    return redirect(visit.workshop)


def _check(visit: Visit) -> None:
    if not may_archive(visit):
        raise PermissionDenied(who_archives())
