import re

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fields.models import ActionField
from measures.models import (
    PROFILE_FIELDS,
    Consensus,
    FormerWording,
    Measure,
    Round,
    TimeHorizon,
)
from measures.rating.rounds import open_round_of
from workshops.admin.base import (
    HistoryAdmin,
    ReadOnlyAdmin,
    VersionedForm,
    change_rows,
    limit_choices,
    workshop_filter,
)
from workshops.order import next_order


class ConsensusForm(forms.ModelForm):
    def clean(self):
        data = super().clean()
        measure = self.cleaned_data.get("measure")
        if measure is None and self.instance.measure_id:
            measure = self.instance.measure
        if measure and self.has_changed():
            self._of_open_round(measure)
        steps = measure.workshop.steps if measure else 0
        for name in ("relevance", "feasibility"):
            if measure and not 1 <= (self.cleaned_data.get(name) or 1) <= steps:
                told = gettext("The scale of this workshop reaches from 1 to %(steps)d.")
                self.add_error(name, told % {"steps": steps})
        return data

    def _of_open_round(self, measure: Measure) -> None:
        """A result that was shown never changes, so a value belongs to a round that is open."""
        is_new = self.instance._state.adding
        round = open_round_of(measure.workshop) if is_new else self.instance.round
        if round is None or not round.is_open:
            told = gettext("No round of rating is open, so the agreed value stays as it is.")
            self.add_error(None, told)
            return
        self.instance.round = round
        if measure.group_values.filter(round=round).exclude(pk=self.instance.pk).exists():
            self.add_error(None, gettext("There is a group value of this round already."))


class ConsensusInline(admin.StackedInline):
    """To look at; what is changed goes through the values' own page, which knows the rounds."""

    model = Consensus
    fields = ("round", ("relevance", "feasibility"))
    readonly_fields = ("round", "relevance", "feasibility")
    extra = 0

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class MeasureForm(VersionedForm):
    """A new measure takes its workshop from its field; the rest is chosen on its own page."""

    def clean(self):
        data = super().clean()
        field = self.cleaned_data.get("field")
        if self.instance.workshop_id is None and isinstance(field, ActionField):
            self.instance.workshop_id = field.workshop_id
            self.instance.order = next_order(field.measures.all())
        return data


def _set_time_horizon(horizon: TimeHorizon):
    @admin.action(
        description=format_lazy(_("Set implementation time: {horizon}"), horizon=horizon.label),
        permissions=["change"],
    )
    def action(self, request, queryset):
        change_rows(self, request, queryset, time_horizon=horizon.value)

    return action


RATED = format_lazy(
    "{title}. {text}",
    title=_("This measure has been rated"),
    text=_(
        "If you change its title or description, the former wording stays readable for everybody,"
        " with the date: on the measure's page, on the agenda and on the public page."
    ),
)


@admin.register(Measure)
class MeasureAdmin(HistoryAdmin):
    form = MeasureForm
    list_display = (
        "code", "title", "workshop", "field", "time_horizon", "municipality", "is_removed",
        "merged_into",
    )  # fmt: skip
    list_display_links = ("code", "title")
    list_filter = (
        workshop_filter("workshop"),
        "time_horizon",
        "is_removed",
        ("merged_into", admin.EmptyFieldListFilter),
        "workshop__phase",
    )
    list_select_related = ("workshop", "field", "municipality", "merged_into")
    search_fields = ("title", "description", "field__name", "workshop__title")
    search_help_text = _("Number (M12), title, description, action field or workshop")
    inlines = (ConsensusInline,)
    actions = ("set_short", "set_medium", "set_long", "set_unknown", "remove", "restore")
    continue_after_add = True
    add_fields = ("field", "title", "description", "time_horizon", "seen_version")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "workshop", "code", "title", "description", "field", "goal", "order",
                    "time_horizon", "municipality", "merged_into", "is_removed", "seen_version",
                )
            },
        ),
        (_("Profile"), {"fields": PROFILE_FIELDS}),
    )  # fmt: skip
    # Measures are merged on the product's page, which knows what happens to the ratings.
    readonly_fields = ("workshop", "code", "merged_into", "is_removed")

    set_short = _set_time_horizon(TimeHorizon.SHORT)
    set_medium = _set_time_horizon(TimeHorizon.MEDIUM)
    set_long = _set_time_horizon(TimeHorizon.LONG)
    set_unknown = _set_time_horizon(TimeHorizon.UNKNOWN)

    @admin.display(description=_("number"), ordering="number")
    def code(self, measure: Measure) -> str:
        return measure.code

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return ((None, {"fields": self.add_fields}),)
        (name, texts), *rest = self.fieldsets
        return ((name, texts | ({"description": RATED} if obj.is_rated else {})), *rest)

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None and "field" in form.base_fields:
            relation = Measure._meta.get_field("field").remote_field
            form.base_fields["field"].widget = ForeignKeyRawIdWidget(relation, self.admin_site)
        if obj:
            goals = obj.field.goals.filter(Q(is_removed=False) | Q(pk=obj.goal_id))
            limit_choices(form, "field", obj.workshop.fields.all())
            limit_choices(form, "goal", goals)
            partners = obj.workshop.municipalities.order_by("seats__seat")
            limit_choices(form, "municipality", partners)
        return form

    def get_search_results(self, request, queryset, search_term):
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if number := re.fullmatch(r"[mM]?([0-9]{1,9})", search_term.strip()):
            found |= queryset.filter(number=int(number[1]))
        return found, may_repeat

    def has_delete_permission(self, request, obj=None) -> bool:
        return False  # its number would be given again; it is removed, so that it can be restored

    @admin.action(description=_("Remove"), permissions=["change"])
    def remove(self, request, queryset):
        change_rows(self, request, queryset, is_removed=True)

    @admin.action(description=_("Restore"), permissions=["change"])
    def restore(self, request, queryset):
        change_rows(self, request, queryset, is_removed=False)


@admin.register(Consensus)
class ConsensusAdmin(HistoryAdmin):
    form = ConsensusForm
    list_display = ("measure", "workshop", "round", "relevance", "feasibility")
    list_filter = (workshop_filter("measure__workshop"), "round__number")
    list_select_related = ("measure__workshop", "round")
    search_fields = ("measure__title", "measure__workshop__title")
    fields = ("measure", "relevance", "feasibility")
    raw_id_fields = ("measure",)
    actions = None
    empty_value_display = _("cannot judge")

    @admin.display(description=_("workshop"), ordering="measure__workshop__title")
    def workshop(self, consensus: Consensus) -> str:
        return consensus.measure.workshop.title

    def get_readonly_fields(self, request, obj=None):
        return (*(("measure",) if obj else ()), *super().get_readonly_fields(request, obj))

    def has_delete_permission(self, request, obj=None) -> bool:
        is_open = obj is not None and obj.round.is_open
        return is_open and super().has_delete_permission(request, obj)


@admin.register(FormerWording)
class FormerWordingAdmin(ReadOnlyAdmin):
    list_display = ("measure", "title", "at")
    list_filter = (workshop_filter("measure__workshop"),)
    list_select_related = ("measure",)
    search_fields = ("title", "description", "measure__title", "measure__workshop__title")
    fields = ("measure", "title", "description", "at")


@admin.register(Round)
class RoundAdmin(ReadOnlyAdmin):
    """How far each round is. Ratings have no list: here they would be seen before they are shown.

    Nor do counts of paper: a pile of one sheet is that sheet.
    """

    list_display = ("workshop", "number", "state", "settled_at", "settled_by", "erased_at")
    list_filter = (workshop_filter("workshop"), "state")
    list_select_related = ("workshop", "settled_by")
    search_fields = ("workshop__title",)
    fields = ("workshop", "number", "state", "reason", "settled_at", "settled_by", "erased_at")
