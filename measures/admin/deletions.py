"""Which workshops are to be deleted, or were; staff of the site can be the second person."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from measures.again.four_eyes import confirm
from workshops.access import sender
from workshops.admin.base import ReadOnlyAdmin
from workshops.models import Deletion, WorkshopRevision, line_up


@admin.action(description=_("Confirm: delete this workshop for good"), permissions=["confirm"])
def confirm_deletion(
    model_admin: "DeletionAdmin", request: HttpRequest, queryset: models.QuerySet
) -> None:
    """Delete the workshop of the one row that is chosen."""
    waiting = list(queryset.filter(workshop__isnull=False)[:2])
    choose = gettext("Please choose exactly one deletion that waits for a second person.")
    if len(waiting) != 1:
        model_admin.message_user(request, choose, messages.ERROR)
        return
    try:
        with transaction.atomic():
            line_up(waiting[0].workshop_id)
            deletion = Deletion.objects.select_related("workshop").get(pk=waiting[0].pk)
            confirm(deletion, by=sender(request), now=timezone.now())
    except PermissionDenied as refused:
        model_admin.message_user(request, str(refused), messages.ERROR)
        return
    except WorkshopRevision.DoesNotExist:  # somebody was faster
        model_admin.message_user(request, choose, messages.ERROR)
        return
    text = gettext("The workshop “%(title)s” is deleted.") % {"title": deletion.title}
    model_admin.message_user(request, text, messages.SUCCESS)


@admin.register(Deletion)
class DeletionAdmin(ReadOnlyAdmin):
    list_display = ("title", "date", "reason", "asked_by", "asked_at", "confirmed_by")
    list_filter = (("confirmed_at", admin.EmptyFieldListFilter),)
    list_select_related = ("asked_by", "confirmed_by")
    search_fields = ("title", "municipalities", "reason")
    fields = (
        "title", "date", "municipalities", "reason", "asked_by", "asked_at", "confirmed_by",
        "confirmed_at",
    )  # fmt: skip
    actions = (confirm_deletion,)  # type: ignore[assignment]  # of one that is read otherwise

    def has_confirm_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("workshops.delete_workshop")
