"""The settings of a workshop. They belong to this app, because decisions rest on some of them."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from measures.settings.changes import SettledSettings, standing_decisions
from workshops.access import during, editor, in_turn
from workshops.forms import WorkshopForm
from workshops.pages import edit_page
from workshops.phases import Activity
from workshops.visits import Visit


class SettingsForm(SettledSettings, WorkshopForm):
    """All settings but the scale's words; see both bases."""


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.SET_UP)
def workshop_edit(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET shows the settings, POST changes them; those that decisions rest on after a yes only."""
    with transaction.atomic():
        if request.method == "POST":
            visit = in_turn(visit, Activity.SET_UP)  # no ballot is handed out until it is changed
        form = SettingsForm(request.POST or None, instance=visit.workshop)
        if request.method == "POST" and form.is_valid() and not form.conflict:
            form.save()
            messages.success(request, _("The settings are saved."))
            return redirect(visit.workshop)
    decisions = standing_decisions(visit) if form.is_bound and form.rested else ()
    template = "measures/settings/workshop_edit.html"
    return edit_page(request, visit, form, template, decisions=decisions)
