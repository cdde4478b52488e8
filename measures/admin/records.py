"""What deleted workshops had published; nobody else is left to take a page off."""

import re

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from measures.models import PublicRecord
from measures.public.record import read_pages
from measures.public.switching import switch
from workshops.admin.base import ReadOnlyAdmin
from workshops.models import Workshop


@admin.action(description=_("Take the page off the web"), permissions=["switch"])
def take_off(
    model_admin: "PublicRecordAdmin", request: HttpRequest, queryset: models.QuerySet
) -> None:
    """Show nobody the pages of the chosen workshops any more."""
    for workshop in _workshops(queryset):
        switch(workshop, on=False)
    model_admin.message_user(request, _("The page is not public any more."), messages.SUCCESS)


@admin.action(description=_("Put the page on the web again"), permissions=["switch"])
def put_on(
    model_admin: "PublicRecordAdmin", request: HttpRequest, queryset: models.QuerySet
) -> None:
    """Show the pages of the chosen workshops to everybody."""
    for workshop in _workshops(queryset):
        switch(workshop, on=True)
    model_admin.message_user(request, _("The page is public now."), messages.SUCCESS)


def _workshops(records: models.QuerySet) -> models.QuerySet:
    return Workshop.objects.filter(pk__in=records.order_by().values("workshop")).order_by("pk")


def _unsigned(markup: SafeString) -> SafeString:
    """Leave out pictures, whose size the public page's style sheet gives."""
    return mark_safe(re.sub(r"<svg\b.*?</svg>", "", markup, flags=re.DOTALL))


@admin.register(PublicRecord)
class PublicRecordAdmin(ReadOnlyAdmin):
    list_display = ("workshop", "language", "measures", "decided", "is_public")
    list_select_related = ("workshop",)
    search_fields = ("workshop__title",)
    fields = ("workshop", "language", "measures", "decided", "is_public", "told")
    readonly_fields = ("is_public", "told")
    actions = (take_off, put_on)  # type: ignore[assignment]  # of one that is read otherwise

    @admin.display(description=_("public page"), boolean=True)
    def is_public(self, record: PublicRecord) -> bool:
        return record.workshop.is_public

    @admin.display(description=_("what was published"))
    def told(self, record: PublicRecord) -> SafeString:
        """Show the cards, also of a page that was never on the web."""
        cards = read_pages(record.pages)["page"]["cards"]
        rows = (
            (each.number, each.title, *map(_unsigned, (each.head, each.body))) for each in cards
        )
        return format_html(
            "<div>{}</div>", format_html_join("", "<h3>M{} {}</h3><p>{}</p>{}", rows)
        )

    def has_switch_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("workshops.delete_workshop")
