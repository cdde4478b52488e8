from django.contrib import admin
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from fields.models import ActionField, Goal
from workshops.admin.base import (
    HistoryAdmin,
    RowsInline,
    VersionedForm,
    change_rows,
    workshop_filter,
)


class GoalInline(RowsInline):
    model = Goal
    form = VersionedForm
    fields = ("order", "text", "indicator", "is_removed", "seen_version")
    readonly_fields = ("is_removed",)
    show_change_link = True
    can_delete = False  # a goal is removed, so that it can be restored


@admin.register(ActionField)
class ActionFieldAdmin(HistoryAdmin):
    form = VersionedForm
    list_display = ("name", "workshop", "order", "is_worked_on", "number_of_goals")
    list_filter = (workshop_filter("workshop"), "is_worked_on", "workshop__phase")
    list_select_related = ("workshop",)
    search_fields = ("name", "workshop__title")
    fields = ("workshop", "name", "order", "is_worked_on", "seen_version")
    raw_id_fields = ("workshop",)
    inlines = (GoalInline,)
    actions = ("mark_worked_on", "mark_not_worked_on")

    def get_queryset(self, request):
        standing = Count("goals", filter=Q(goals__is_removed=False))
        return super().get_queryset(request).annotate(standing_goals=standing)

    @admin.display(description=_("goals"), ordering="standing_goals")
    def number_of_goals(self, field: ActionField) -> int:
        return field.standing_goals

    def get_readonly_fields(self, request, obj=None):
        return (*(("workshop",) if obj else ()), *super().get_readonly_fields(request, obj))

    @admin.action(description=_("Mark as worked on"), permissions=["change"])
    def mark_worked_on(self, request, queryset):
        change_rows(self, request, queryset, is_worked_on=True)

    @admin.action(description=_("Mark as not worked on"), permissions=["change"])
    def mark_not_worked_on(self, request, queryset):
        change_rows(self, request, queryset, is_worked_on=False)


@admin.register(Goal)
class GoalAdmin(HistoryAdmin):
    form = VersionedForm
    list_display = ("text", "field", "workshop", "order", "is_removed")
    list_filter = (workshop_filter("field__workshop"), "is_removed", "field__workshop__phase")
    list_select_related = ("field__workshop",)
    search_fields = ("text", "indicator", "field__name", "field__workshop__title")
    fields = ("field", "text", "indicator", "order", "is_removed", "seen_version")
    raw_id_fields = ("field",)
    actions = ("remove", "restore")

    @admin.display(description=_("workshop"), ordering="field__workshop__title")
    def workshop(self, goal: Goal) -> str:
        return goal.field.workshop.title

    def get_readonly_fields(self, request, obj=None):
        # Measures hang on the goal and must stay in its field.
        fixed = ("field", "is_removed") if obj else ("is_removed",)
        return (*fixed, *super().get_readonly_fields(request, obj))

    def has_delete_permission(self, request, obj=None) -> bool:
        return False  # a goal is removed, so that it can be restored

    @admin.action(description=_("Remove"), permissions=["change"])
    def remove(self, request, queryset):
        change_rows(self, request, queryset, is_removed=True)

    @admin.action(description=_("Restore"), permissions=["change"])
    def restore(self, request, queryset):
        change_rows(self, request, queryset, is_removed=False)
