"""Rows that several people may edit: nobody overwrites what they have not seen.

``VersionedAdmin`` is the admin's side of ``workshops.seen.VersionedForm``. ``RepairAdmin`` is
for what the pages write: people read it here, and correct what no page changes any more.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from workshops.admin.base import HistoryAdmin, is_of_archived
from workshops.models import Versioned, Workshop, line_up
from workshops.phases import Activity
from workshops.seen import VersionedForm


class UpToDateForm(VersionedForm):
    """Refuses what was typed into an old page; the admin has none that shows both texts."""

    def clean(self):
        data = super().clean()
        if self.conflict and {*self.changed_data} - {"seen"}:
            raise forms.ValidationError(
                _("Somebody else has changed this in the meantime. Please load the page again.")
            )
        return data


class VersionedAdmin(HistoryAdmin):
    """Carries the version that the page showed through its form, see ``UpToDateForm``."""

    form = UpToDateForm

    def get_object(self, request, object_id, from_field=None):
        """Return the row as it stays: from here to the save nobody else writes in the workshop."""
        row = super().get_object(request, object_id, from_field)
        if row is None or request.method != "POST":
            return row
        line_up(row.get_workshop_id())
        return super().get_object(request, object_id, from_field)

    def get_fieldsets(self, request, obj=None):
        (name, first), *rest = super().get_fieldsets(request, obj)
        is_old = getattr(request, "shows_old_state", False)
        if obj and not is_old and self.has_change_permission(request, obj):
            first = first | {"fields": (*first["fields"], "seen")}
        return [(name, first), *rest]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if "seen" not in flatten_fieldsets(self.get_fieldsets(request, obj)):
            del form.base_fields["seen"]
        return form


WRITTEN_ELSEWHERE = _(
    "This is written on the workshop's own pages. Here mistakes are corrected that are found later,"
    " in the phases “Deliberation” and “Closed”."
)


class RepairAdmin(VersionedAdmin):
    """What the workshop's board writes: to read, and to correct what it does not change any more.

    Once measures are discussed and decided on, the board is closed and the way back to it leads
    through a further round of rating. Nobody should have to hold one for a misspelt word, or for a
    name that must not be read in public. So from then on ``repaired`` can be changed here, and only
    then: before, a second editor would stand beside the pages.
    """

    repaired: tuple[str, ...] = ()

    def workshop_of(self, row: Versioned) -> Workshop:
        return attrgetter(self.path_to_workshop().replace("__", "."))(row)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Versioned | None = None) -> bool:
        is_open = obj is None or self.workshop_of(obj).allows(Activity.DECIDE)
        return is_open and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Versioned | None = None) -> bool:
        return False

    def get_fieldsets(self, request, obj=None):
        (name, first), *rest = super().get_fieldsets(request, obj)
        if obj and not self.workshop_of(obj).allows(Activity.DECIDE):
            first = first | {"description": WRITTEN_ELSEWHERE}
        return [(name, first), *rest]

    def get_readonly_fields(self, request, obj=None):
        shown = flatten_fieldsets(self.get_fieldsets(request, obj))
        fixed = (name for name in shown if name not in (*self.repaired, "seen"))
        return (*fixed, *super().get_readonly_fields(request, obj))


def restoring(bring_back: Callable[[Any], None]):
    """Build the action that brings back what was removed, in any phase: the bin closes earlier."""

    @admin.action(description=_("Restore"), permissions=["change"])
    def restore(model_admin: RepairAdmin, request: HttpRequest, queryset: models.QuerySet) -> None:
        field = next(each for each in model_admin.opts.fields if each.name == "is_removed")
        try:
            with transaction.atomic():
                for workshop_id in sorted({row.get_workshop_id() for row in queryset}):
                    line_up(workshop_id)  # in one order, or two people could wait for each other
                removed = [
                    row for row in queryset.filter(is_removed=True) if not is_of_archived(row)
                ]
                for row in removed:
                    bring_back(row)
                    told = [{"changed": {"fields": [str(field.verbose_name)]}}]
                    model_admin.log_change(request, row, told)
        except ValidationError as error:
            model_admin.message_user(request, " ".join(error.messages), messages.ERROR)
            return
        text = ngettext("%(count)d row was changed.", "%(count)d rows were changed.", len(removed))
        model_admin.message_user(request, text % {"count": len(removed)}, messages.SUCCESS)

    return restore
