"""The workshop's page in the admin, with what only this app knows: decisions rest on settings."""

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from measures.models import Decision
from measures.settings.changes import COLUMNS, SettledSettings
from workshops.admin.versions import UpToDateForm
from workshops.admin.workshop import WorkshopAdmin
from workshops.models import Workshop, line_up


class SettledForm(SettledSettings, UpToDateForm):
    """Asks here as well; whoever decides or takes a ballot at this moment is waited for.

    Ballots freeze some settings, so it lines up before it looks whether there are any.
    """

    def full_clean(self) -> None:
        if self.is_bound and self.instance.pk:
            line_up(self.instance.pk)
            self.instance.forget_answers()
            self.before = Workshop.objects.values(*COLUMNS).get(pk=self.instance.pk)
        super().full_clean()


admin.site.unregister(Workshop)


@admin.register(Workshop)
class SettledWorkshopAdmin(WorkshopAdmin):
    form = SettledForm

    def get_fieldsets(self, request, obj=None):
        """Put the question beside the settings that it is about."""
        *others, (name, evaluation) = super().get_fieldsets(request, obj)
        is_old = getattr(request, "shows_old_state", False)
        if obj and not is_old:
            evaluation = evaluation | {"fields": (*evaluation["fields"], "confirmed")}
            if obj.has_agenda:
                evaluation |= {"description": _asked(request, obj)}
        return (*others, (name, evaluation))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if "confirmed" not in flatten_fieldsets(self.get_fieldsets(request, obj)):
            del form.base_fields["confirmed"]
        return form


def _asked(request: HttpRequest, workshop: Workshop) -> SafeString:
    """Say what rests on the settings; pending decisions to those only who find them here anyway."""
    sees_all = request.user.has_perm("measures.view_decision")
    rows = Decision.objects.in_workshop(workshop).standing(with_pending=sees_all)
    rows = rows if sees_all else rows.published()
    rows = rows.select_related("session", "measure").defer("snapshot")
    listed = format_html_join(
        "",
        "<li>{}: {}, {}, {}</li>",
        (
            (
                row.measure,
                row.told,
                row.session.committee,
                date_format(row.decided_on, "SHORT_DATE_FORMAT"),
            )
            for row in rows
        ),
    )
    text = _(
        "Decisions, also those that are not published yet, and agendas rest on weight, thresholds"
        " and names of the quadrants. Whoever changes them is asked once more."
    )
    return format_html("<p>{}</p><ul>{}</ul>", text, listed)
