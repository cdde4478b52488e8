import re

from django.contrib import admin
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from fields.removal import restore
from measures.columns import FACTS, attributes
from measures.models import (
    MAX_ROUNDS,
    PROFILE_FIELDS,
    CarriedNote,
    Consensus,
    DistinctPair,
    FormerWording,
    Measure,
    Round,
    SavedView,
)
from workshops.admin.base import HistoryAdmin, ReadOnlyAdmin, limit_choices, workshop_filter
from workshops.admin.versions import RepairAdmin, restoring
from workshops.numerals import digits_only

RATED = format_lazy(
    "{title}. {text}",
    title=_("This measure has been rated"),
    text=_(
        "If you change its title or description, the former wording stays readable for everybody,"
        " with the date: on the measure's page, on the agenda and on the public page."
    ),
)


@admin.register(Measure)
class MeasureAdmin(RepairAdmin):
    """To read, with three repairs that no page offers.

    - The wording, once measures are decided on; the public page shows it.
    - The municipality, from then on as well: one that was entered twice keeps its seat in the
      workshop as long as measures concern it.
    - Restoring what was removed, in any phase; the bin closes with the collecting.
    """

    repaired = ("title", "short_title", "description", "municipality")
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
    order_of_many = ("-workshop_id", "-pk")  # also for the filter by phase
    actions = (restoring(restore),)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "workshop", "code", "title", "short_title", "description", "field", "goal",
                    "order", *attributes(FACTS), "municipality", "merged_into", "is_removed",
                )
            },
        ),
        (_("Profile"), {"fields": PROFILE_FIELDS}),
    )  # fmt: skip

    @admin.display(description=_("number"), ordering="number")
    def code(self, measure: Measure) -> str:
        return measure.code

    def get_fieldsets(self, request, obj=None):
        (name, first), *rest = super().get_fieldsets(request, obj)
        if "seen" in first["fields"] and obj.is_rated:
            first = first | {"description": RATED}
        return [(name, first), *rest]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj:
            partners = obj.workshop.municipalities.order_by("seats__seat")
            limit_choices(form, "municipality", partners)
        return form

    def get_search_results(self, request, queryset, search_term):
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        number = re.fullmatch(r"[mM]?([0-9]{1,9})", search_term.strip())
        if number and not request.is_among_many:  # every workshop has a measure of that number
            found |= queryset.filter(number=int(number[1]))
        return found, may_repeat


class RoundFilter(admin.SimpleListFilter):
    """By the number of the round: all that can be, and not those that a whole table holds."""

    title = _("round")
    parameter_name = "round"

    def lookups(self, request, model_admin) -> list[tuple[str, str]]:
        return [(str(number), str(number)) for number in range(1, MAX_ROUNDS + 1)]

    def queryset(self, request, queryset):
        value = self.value()
        return queryset.filter(round__number=digits_only(value)) if value else queryset


@admin.register(Consensus)
class ConsensusAdmin(ReadOnlyAdmin, HistoryAdmin):
    """What the room agreed on, who entered it and when; it is entered on the page of its round."""

    list_display = ("measure", "workshop", "round", "relevance", "feasibility")
    list_filter = (workshop_filter("measure__workshop"), RoundFilter)
    list_select_related = ("measure__workshop", "round")
    search_fields = ("measure__title", "measure__workshop__title")
    fields = ("measure", "round", "relevance", "feasibility")
    empty_value_display = _("cannot judge")

    @admin.display(description=_("workshop"), ordering="measure__workshop__title")
    def workshop(self, consensus: Consensus) -> str:
        return consensus.measure.workshop.title


@admin.register(FormerWording)
class FormerWordingAdmin(ReadOnlyAdmin):
    list_display = ("measure", "title", "at")
    list_filter = (workshop_filter("measure__workshop"),)
    list_select_related = ("measure",)
    search_fields = ("title", "description", "measure__title", "measure__workshop__title")
    fields = ("measure", "title", "description", "at")


@admin.register(CarriedNote)
class CarriedNoteAdmin(ReadOnlyAdmin):
    list_display = ("measure", "workshop_title", "number", "state", "date")
    list_filter = (workshop_filter("measure__workshop"), "state")
    list_select_related = ("measure",)
    search_fields = ("sentence", "workshop_title", "measure__title")


@admin.register(DistinctPair)
class DistinctPairAdmin(ReadOnlyAdmin):
    list_display = ("first", "second")
    list_filter = (workshop_filter("first__workshop"),)
    list_select_related = ("first", "second")
    search_fields = ("first__title", "second__title", "first__workshop__title")
    fields = ("first", "second")


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


@admin.register(SavedView)
class SavedViewAdmin(ReadOnlyAdmin, HistoryAdmin):
    """To look up; the dashboard is where views are saved, renamed and removed."""

    list_display = ("name", "workshop", "query", "is_start")
    list_filter = (workshop_filter("workshop"), "is_start")
    list_select_related = ("workshop",)
    search_fields = ("name", "workshop__title")
    fields = ("workshop", "name", "query", "is_start")
