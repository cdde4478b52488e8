"""What every list of ours in the admin shares.

Filters that nobody can widen by hand, changes and deletions through the models' own ``save`` and
``delete``, and a history that people can read.
"""

import dataclasses
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import (
    NotRelationField,
    flatten_fieldsets,
    get_fields_from_path,
)
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.contrib.admin.widgets import AutocompleteSelect, ForeignKeyRawIdWidget
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import models, transaction
from django.db.models import Value
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.functions import Coalesce, NullIf
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin
from simple_history.models import ModelChange
from simple_history.template_utils import HistoricalRecordContextHelper

from workshops.admin.log import unnamed
from workshops.admin.many import BoundedAdmin, BoundedChangeList, newest_workshops
from workshops.models import User, Workshop
from workshops.number_fields import ADMIN_NUMBERS
from workshops.numerals import digits_only
from workshops.plain_text import plain_text
from workshops.sorting import SortKey

Order = str | Combinable


def person_key(path: str) -> SortKey:
    """Sort by what a person is shown as; ``path`` leads to the account, e.g. ``user__``."""
    name = NullIf(f"{path}name", Value(""))
    return SortKey(Coalesce(name, f"{path}email", output_field=models.TextField()))


def readable_order(model: type[models.Model], order: Order) -> list[Order]:
    """Return one item of an ordering so that texts stand as people read them.

    A row of another table is sorted by what is read of it, or as that table itself is sorted.
    Choices and everything that is no column stay as they are.
    """
    if not isinstance(order, str):
        return [order]
    path, falls = order.removeprefix("-"), order.startswith("-")
    try:
        field = get_fields_from_path(model, path)[-1]
    except (FieldDoesNotExist, NotRelationField):  # "pk", an annotation
        return [order]
    if there := field.related_model:
        if there is User:
            return [_turned(person_key(f"{path}__"), falls)]
        named = (each for each in there._meta.ordering or () if isinstance(each, str))
        inner = ((each.removeprefix("-"), each.startswith("-")) for each in named)
        ways = (f"{'-' * (falls != turned)}{path}__{name}" for name, turned in inner)
        return [each for way in ways for each in readable_order(model, way)]
    if isinstance(field, models.CharField | models.TextField) and not field.choices:
        return [_turned(SortKey(path), falls)]
    return [order]


def _turned(key: SortKey, falls: bool) -> OrderBy:
    """Rows without a text come last in either direction."""
    return key.desc(nulls_last=True) if falls else key.asc(nulls_last=True)


class ReadableChangeList(BoundedChangeList):
    """Sorts names as German readers expect them, whatever the database makes of them."""

    def get_ordering(self, request: HttpRequest, queryset: models.QuerySet) -> list[Order]:
        asked = super().get_ordering(request, queryset)
        return [each for order in asked for each in readable_order(self.model, order)]


def is_of_archived(row: Any) -> bool:
    """Say whether a row is part of an archived workshop, which nobody changes. 1 query."""
    find = getattr(row, "get_workshop_id", None)
    return (
        find is not None and Workshop.objects.filter(pk=find(), archived_at__isnull=False).exists()
    )


class StrictAdmin(BoundedAdmin):
    """Answers only to the filters that it shows, and deletes row by row."""

    formfield_overrides = ADMIN_NUMBERS
    list_per_page = 50

    def get_changelist(self, request: HttpRequest, **kwargs) -> type[ChangeList]:
        return ReadableChangeList

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Refuse (400) every query string that no filter of this list makes.

        Django itself lets everything through that lies on the own table, so ``?group=1`` on a
        list of ballots would tell what a group of two has voted.
        """
        shown = [self.date_hierarchy] if self.date_hierarchy else []
        for each in self.get_list_filter(request):
            if isinstance(each, type) and issubclass(each, admin.SimpleListFilter):
                shown.append(str(each.parameter_name))
            else:
                shown.append(str(each[0] if isinstance(each, tuple) else each))
        return super().lookup_allowed(lookup, value, request) and any(
            lookup == path or lookup.startswith(f"{path}__") for path in shown
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not is_of_archived(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not is_of_archived(obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer no archived workshop: nothing is added to what is only read."""
        if db_field.related_model is Workshop:
            kwargs.setdefault("queryset", Workshop.objects.filter(archived_at=None))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        """Delete as the page of one row does, so that the workshop's revision follows."""
        with transaction.atomic():
            for row in queryset:
                self.delete_model(request, row)

    def construct_change_message(self, request, form, formsets, add=False):
        return unnamed(super().construct_change_message(request, form, formsets, add))


class ReadOnlyAdmin(StrictAdmin):
    """A list to look at: nothing is added, changed or deleted here."""

    actions = None

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


def _says_else(change: ModelChange) -> bool:
    """Tell whether a text reads differently: old rows have ends of lines of another kind."""
    old, new = change.old, change.new
    is_text = isinstance(old, str) and isinstance(new, str)
    return not is_text or plain_text(old) != plain_text(new)


class ReadableChanges(HistoricalRecordContextHelper):
    """Says "Facilitator" instead of "facilitator" and "yes" instead of "True"."""

    def context_for_delta_changes(self, delta) -> list[dict[str, Any]]:
        told = [each for each in delta.changes if each.field != "version" and _says_else(each)]
        return super().context_for_delta_changes(dataclasses.replace(delta, changes=told))

    def prepare_delta_change_value(self, change, value):
        field = self.model._meta.get_field(change.field)
        if value is None or value == "":
            return "–"
        if field.flatchoices:
            return dict(field.flatchoices).get(value, value)
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        if isinstance(value, Decimal):
            return number_format(value, field.decimal_places)
        return super().prepare_delta_change_value(change, value)


class HistoryAdmin(StrictAdmin, SimpleHistoryAdmin):
    """Every change stays and can be read; an old state is shown, never sent back."""

    def get_historical_record_context_helper(self, request, historical_record):
        return ReadableChanges(self.model, historical_record)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        # The switch in the settings only hides the button: a hand-made POST would still save.
        if request.method != "GET":
            raise PermissionDenied
        request.shows_old_state = True
        return super().history_form_view(request, object_id, version_id, extra_context)

    def get_readonly_fields(self, request, obj=None):
        if getattr(request, "shows_old_state", False):
            return flatten_fieldsets(self.get_fieldsets(request, obj))
        return super().get_readonly_fields(request, obj)


class FindingAdmin(HistoryAdmin):
    """Rows whose ``autocomplete_fields`` are found by name."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = NumbersOnlySelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class NumbersOnlySelect(AutocompleteSelect):
    """Shows nothing as chosen where an address or a form names no row; Django's own fails there."""

    def optgroups(self, name, value, attrs=None):
        named = [each for each in value if digits_only(each) is not None]
        return super().optgroups(name, named, attrs)


class KnownRawIdWidget(ForeignKeyRawIdWidget):
    """Takes the label from the row at hand instead of asking the database row by row."""

    known: models.Model | None = None

    def label_and_url_for_value(self, value) -> tuple[str, str]:
        if self.known is None or str(self.known.pk) != str(value):
            return super().label_and_url_for_value(value)
        options = self.known._meta
        route = f"admin:{options.app_label}_{options.model_name}_change"
        return Truncator(str(self.known)).words(14), reverse(route, args=[self.known.pk])


class RowForm(forms.ModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field.widget, KnownRawIdWidget) and self.instance.pk:
                field.widget.known = getattr(self.instance, name)


class RowsInline(admin.TabularInline):
    """Rows of a table on their parent's page; raw ids cost no query per row."""

    form = RowForm
    formfield_overrides = ADMIN_NUMBERS
    extra = 0

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.raw_id_fields:
            kwargs["widget"] = KnownRawIdWidget(db_field.remote_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.raw_id_fields)


def workshop_filter(path: str) -> type[admin.SimpleListFilter]:
    """Build a filter by workshop that stays short: the newest ones, those searched for first.

    ``path`` leads from the list's model to the workshop, e.g. ``field__workshop``.
    """
    its_path = path

    class WorkshopFilter(admin.SimpleListFilter):
        title = _("workshop")
        parameter_name = "workshop"
        path = its_path

        def lookups(self, request, model_admin) -> list[tuple[str, str]]:
            newest = newest_workshops(request, request.GET.get(SEARCH_VAR, ""))
            return [(str(row.pk), f"{row.title} ({row.date:%d.%m.%Y})") for row in newest]

        def has_output(self) -> bool:
            return True  # asked for by a link even where only one workshop exists

        def queryset(self, request, queryset):
            value = self.value()
            return queryset.filter(**{path: digits_only(value)}) if value else queryset

    return WorkshopFilter


def limit_choices(form: type[forms.ModelForm], name: str, rows: models.QuerySet) -> None:
    """Offer, and accept, only ``rows`` in the field ``name`` if the form has it."""
    field = form.base_fields.get(name)
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = rows
