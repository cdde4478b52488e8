"""Workshops, their municipalities, their scale and the log of their phases."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Case, When
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.base import (
    HistoryAdmin,
    ReadOnlyAdmin,
    RowsInline,
    workshop_filter,
)
from workshops.admin.roles import MembershipsInline
from workshops.admin.versions import VersionedAdmin
from workshops.collation import sort_key
from workshops.models import (
    Municipality,
    ParticipantGroup,
    PhaseChange,
    ScaleStep,
    Workshop,
    WorkshopMunicipality,
    hold_votes,
)
from workshops.models.municipality import MAX_MUNICIPALITIES
from workshops.numerals import digits_only
from workshops.plain_text import name_key
from workshops.presence.keeping import keeps_presence, kept_rows


def is_frozen(workshop: Workshop | None) -> bool:
    """Ask the workshop once per page; its inlines ask many times."""
    if workshop is None:
        return False
    known = vars(workshop)
    if "_is_frozen" not in known:
        known["_is_frozen"] = workshop.has_ratings()
    return known["_is_frozen"]


@admin.register(Municipality)
class MunicipalityAdmin(HistoryAdmin):
    list_display = fields = ("name", "kind", "official_key")
    order_of_many = ("name", "pk")
    list_filter = ("kind",)
    search_fields = ("name_key", "official_key")
    search_help_text = _("Name or official key")

    def has_view_permission(self, request, obj=None) -> bool:
        """Let be found for whom texts and looks are kept: names are no secret."""
        return super().has_view_permission(request, obj) or keeps_presence(request.user)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        kept = {"kept": kept_rows(request.user, digits_only(object_id))}
        return super().change_view(request, object_id, form_url, kept | (extra_context or {}))

    def get_search_results(self, request, queryset, search_term):
        """Find names whatever their capitals; first those that begin with the words."""
        key = name_key(search_term)
        found, has_twice = super().get_search_results(request, queryset, key)
        begins = Case(When(name_key__startswith=key, then=0), default=1)
        return (found.order_by(begins, "name_key", "pk") if key else found), has_twice

    def get_deleted_objects(self, objs, request):
        """Say in sentences which workshops keep a municipality from being deleted."""
        *rest, protected = super().get_deleted_objects(objs, request)
        if protected:
            seats = WorkshopMunicipality.objects.filter(municipality__in=objs)
            sentence = gettext("“%(municipality)s” takes part in the workshop “%(workshop)s”.")
            protected = [
                sentence % {"municipality": seat.municipality, "workshop": seat.workshop}
                for seat in seats.select_related("municipality", "workshop")
            ] or protected
        return *rest, protected


class SeatFormSet(BaseInlineFormSet):
    default_error_messages = {
        "too_few_forms": _("A workshop belongs to at least one municipality."),
        "too_many_forms": _("One to three municipalities share a workshop."),
    }

    def clean(self):
        """Keep the municipalities that measures of the workshop concern."""
        super().clean()
        staying = {
            form.cleaned_data["municipality"].pk
            for form in self.forms
            if form not in self.deleted_forms and form.cleaned_data.get("municipality")
        }
        leaving = {form.instance.pk: form.initial["municipality"] for form in self.initial_forms}
        needed = self.instance.measures.filter(
            municipality__in={*leaving.values()} - staying
        ).values_list("municipality__name", flat=True)
        if names := sorted(set(needed.order_by()), key=sort_key):
            raise ValidationError(
                _("Measures of this workshop concern %(names)s, which therefore keeps its seat."),
                params={"names": ", ".join(names)},
            )


class SeatInline(RowsInline):
    model = WorkshopMunicipality
    formset = SeatFormSet
    fields = ("seat", "municipality")
    raw_id_fields = ("municipality",)
    min_num, max_num = 1, MAX_MUNICIPALITIES

    def get_formset(self, request, obj=None, **kwargs):
        return super().get_formset(request, obj, validate_min=True, validate_max=True, **kwargs)


class GroupInline(RowsInline):
    model = ParticipantGroup
    fields = ("order", "name")
    show_change_link = True
    # A refused deletion would list the ballots of the group; the group's own page does not.
    can_delete = False


class MembershipInline(MembershipsInline):
    fields = ("user", "role")
    raw_id_fields = ("user",)


class ScaleStepFormSet(BaseInlineFormSet):
    def clean(self):
        super().clean()
        for form in self.forms:
            step = form.cleaned_data.get("step") if hasattr(form, "cleaned_data") else None
            if form not in self.deleted_forms and step and step > self.instance.steps:
                form.add_error(
                    "step",
                    gettext("The scale has %(steps)d steps.") % {"steps": self.instance.steps},
                )


class ScaleStepInline(RowsInline):
    model = ScaleStep
    formset = ScaleStepFormSet
    fields = ("criterion", "step", "label")

    def has_add_permission(self, request, obj=None) -> bool:
        return not is_frozen(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None) -> bool:
        return not is_frozen(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return not is_frozen(obj) and super().has_delete_permission(request, obj)


@admin.register(Workshop)
class WorkshopAdmin(VersionedAdmin):
    """New workshops are made on the product's page, which gives them fields and a scale."""

    list_display = ("title", "date", "place", "municipality_names", "phase", "anonymity")
    list_filter = ("phase", "anonymity", ("archived_at", admin.EmptyFieldListFilter))
    actions = None  # a workshop is deleted one at a time, see below
    date_hierarchy = "date"
    order_of_many = ("-date", "-pk")
    search_fields = ("title", "place", "hosts", "municipalities__name")
    search_help_text = _("Title, place, hosts or municipality")
    inlines = (SeatInline, GroupInline, MembershipInline, ScaleStepInline)
    fieldsets = (
        (None, {"fields": ("title", "date", "place", "hosts", "introduction", "phase")}),
        (
            _("Scale and privacy"),
            {
                "fields": (
                    "steps",
                    "anonymity",
                    "smallest_room",
                    "smallest_group",
                    "measures_per_person",
                    "is_rated_by_table",
                ),
                "description": _(
                    "The scale, its words and the anonymity are frozen once a rating exists."
                ),
            },
        ),
        (
            _("Evaluation"),
            {
                "fields": (
                    "relevance_weight",
                    ("relevance_threshold", "feasibility_threshold"),
                    ("name_start", "name_prepare"),
                    ("name_optional", "name_park"),
                )
            },
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("municipalities")

    def get_object(self, request, object_id, from_field=None):
        """Return the workshop; from here to the save nobody rates, so that its scale may change."""
        workshop = super().get_object(request, object_id, from_field)
        if workshop is not None and request.method == "POST":
            hold_votes(workshop.pk)
        return workshop

    @admin.display(description=_("municipalities"))
    def municipality_names(self, workshop: Workshop) -> str:
        names = (each.name for each in workshop.municipalities.all())
        return ", ".join(sorted(names, key=sort_key))

    def get_readonly_fields(self, request, obj=None):
        frozen = ("steps", "anonymity") if is_frozen(obj) else ()
        if obj and (obj.has_record or obj.seals.exists()):  # see the product's own form
            frozen = ("date", *frozen)
        # The facilitator's button moves the phase and writes the log.
        return ("phase", *frozen, *super().get_readonly_fields(request, obj))

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        """Read what is archived; its own page brings it back."""
        is_open = obj is None or not obj.is_archived
        return is_open and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        """Only one that has not begun: no measure, no ballot, no change of phase, not archived."""
        if obj is not None and (
            obj.is_archived
            or obj.measures.exists()
            or obj.ballots.exists()
            or obj.phase_changes.exists()
        ):
            return False
        return super().has_delete_permission(request, obj)


@admin.register(PhaseChange)
class PhaseChangeAdmin(ReadOnlyAdmin):
    list_display = ("workshop", "before", "after", "by", "at")
    list_filter = (workshop_filter("workshop"), "after")
    list_select_related = ("workshop", "by")
    search_fields = ("workshop__title",)
    fields = ("workshop", "before", "after", "by", "at")
