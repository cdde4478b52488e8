from django.contrib import admin
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from fields.models import ActionField, Goal
from fields.removal import restore, restore_field
from workshops.admin.base import workshop_filter
from workshops.admin.versions import RepairAdmin, UpToDateForm, restoring


class FieldNameForm(UpToDateForm):
    """The name alone, which no other field of the workshop has."""

    owner = ("workshop",)


@admin.register(ActionField)
class ActionFieldAdmin(RepairAdmin):
    """To read, with two repairs that no page offers.

    - The name, once measures are decided on; the public page shows it.
    - Restoring what was dropped, in any phase; the bin closes with the collecting.
    """

    form = FieldNameForm
    repaired = ("name",)
    list_display = ("name", "workshop", "order", "is_worked_on", "is_removed", "number_of_goals")
    list_filter = (workshop_filter("workshop"), "is_worked_on", "is_removed", "workshop__phase")
    list_select_related = ("workshop",)
    order_of_many = ("-workshop_id", "-pk")  # also for the filter by phase
    search_fields = ("name", "workshop__title")
    fields = ("workshop", "name", "order", "is_worked_on", "is_removed")
    actions = (restoring(restore_field),)
    numbers = {"standing_goals": Count("goals", filter=Q(goals__is_removed=False))}

    @admin.display(description=_("goals"))
    def number_of_goals(self, field: ActionField) -> int:
        return vars(field)["standing_goals"]


@admin.register(Goal)
class GoalAdmin(RepairAdmin):
    """To read, with two repairs that no page offers.

    - The words, once measures are decided on; the public page shows them.
    - Restoring what was removed, in any phase; the bin closes with the collecting.
    """

    repaired = ("text", "indicator")
    list_display = ("text", "field", "workshop", "order", "is_removed")
    list_filter = (workshop_filter("field__workshop"), "is_removed", "field__workshop__phase")
    list_select_related = ("field__workshop",)
    order_of_many = ("-field__workshop_id", "-field_id", "-pk")  # also for the filter by phase
    search_fields = ("text", "indicator", "field__name", "field__workshop__title")
    fields = ("workshop", "field", "text", "indicator", "order", "is_removed")
    actions = (restoring(restore),)

    @admin.display(description=_("workshop"), ordering="field__workshop__title")
    def workshop(self, goal: Goal) -> str:
        return goal.field.workshop.title
