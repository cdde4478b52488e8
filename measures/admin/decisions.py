"""What a committee decided and how far it is: to look up and search, never to change.

Decisions, status entries and assessments are append-only; sessions, agendas and remarks have pages
of their own, which know who may do what.
"""

from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from measures.models import (
    AgendaItem,
    Assessment,
    Attachment,
    Decision,
    Remark,
    Reminder,
    ReportLink,
    Seal,
    Session,
    StatusEntry,
    Task,
)
from workshops.admin.base import HistoryAdmin, ReadOnlyAdmin, workshop_filter
from workshops.number_fields import ADMIN_NUMBERS


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin, HistoryAdmin):
    list_display = ("committee", "date", "place", "workshop", "is_public")
    list_filter = (workshop_filter("workshop"), "is_public")
    list_select_related = ("workshop",)
    search_fields = ("committee", "place", "workshop__title")
    fields = ("workshop", "committee", "date", "place", "is_public", "seats")


@admin.register(AgendaItem)
class AgendaItemAdmin(ReadOnlyAdmin):
    list_display = ("session", "order", "measure", "field")
    list_filter = (workshop_filter("session__workshop"),)
    list_select_related = ("session", "measure", "field")
    search_fields = ("session__committee", "measure__title", "field__name")


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ("measure", "outcome", "session", "decided_on", "published_at", "corrects")
    list_filter = (
        workshop_filter("session__workshop"),
        "outcome",
        ("published_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("measure", "session", "corrects__measure")
    search_fields = ("measure__title", "session__committee", "reason", "responsible", "seal__value")
    exclude = ("excluded_names",)  # for the committee and its administration alone


@admin.register(Seal)
class SealAdmin(ReadOnlyAdmin):
    list_display = ("workshop", "position", "kind", "at", "digits", "key_id", "is_foreign")
    list_filter = (workshop_filter("workshop"), "kind", "is_foreign")
    list_select_related = ("workshop",)
    search_fields = ("value", "workshop__title", "content")

    @admin.display(description=_("seal"))
    def digits(self, seal: Seal) -> str:
        return seal.short


@admin.register(Remark)
class RemarkAdmin(ReadOnlyAdmin):
    list_display = ("measure", "kind", "text", "is_closed", "is_released")
    list_filter = (workshop_filter("measure__workshop"), "kind", "is_closed", "is_released")
    list_select_related = ("measure",)
    search_fields = ("text", "answer", "measure__title")


@admin.register(StatusEntry)
class StatusEntryAdmin(ReadOnlyAdmin):
    formfield_overrides = {**ADMIN_NUMBERS, models.URLField: {"assume_scheme": "https"}}
    list_display = ("measure", "date", "state", "sentence", "percent", "next_due", "is_by_link")
    list_filter = (workshop_filter("measure__workshop"), "state", "is_by_link")
    list_select_related = ("measure",)
    search_fields = ("sentence", "measure__title")


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin):
    list_display = ("measure", "day", "relevance", "feasibility", "office", "reason")
    list_filter = (workshop_filter("measure__workshop"),)
    list_select_related = ("measure",)
    search_fields = ("reason", "office", "measure__title")


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    """What there is and how large, for who looks after the room; workshops' pages hand them out."""

    list_display = ("name", "workshop", "size", "added_as", "is_released", "at")
    list_filter = (workshop_filter("workshop"), "kind", "is_released")
    list_select_related = ("workshop",)
    search_fields = ("name", "workshop__title")
    fields = ("workshop", "name", "kind", "size", "digest", "added_as", "is_released", "at")


@admin.register(Task)
class TaskAdmin(ReadOnlyAdmin, HistoryAdmin):
    list_display = ("measure", "text", "office", "due_date", "done_on")
    list_filter = (workshop_filter("measure__workshop"), ("done_on", admin.EmptyFieldListFilter))
    list_select_related = ("measure",)
    search_fields = ("text", "office", "measure__title")
    fields = ("measure", "text", "office", "due_date", "done_on")


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    list_display = ("day", "recipient", "workshop")
    list_filter = (workshop_filter("workshop"),)
    list_select_related = ("workshop",)
    search_fields = ("recipient",)
    search_help_text = _("E-mail address")


@admin.register(ReportLink)
class ReportLinkAdmin(ReadOnlyAdmin):
    list_display = ("decision", "made_at", "expires_at", "revoked_at")
    list_filter = (workshop_filter("decision__session__workshop"),)
    list_select_related = ("decision__measure",)
    search_fields = ("decision__measure__title", "decision__responsible")
    fields = ("decision", "made_at", "expires_at", "revoked_at")
