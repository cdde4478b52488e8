"""What Django's admin writes down about people: which row was touched, never whose it is.

Its log outlives the rows that it tells of, whichever way they are deleted, and knows nothing of
cascades. So a name is not removed from it later: it never gets in.
"""

from django.contrib import admin
from django.db.models import Model
from django.utils.translation import override

from workshops.models import Membership, Participant, User

UNNAMED = "…"


class NamelessLog(admin.ModelAdmin):
    """For the admin of a model whose rows are called like a person."""

    def log_addition(self, request, obj: Model, message):
        return super().log_addition(request, _Numbered(obj), message)

    def log_change(self, request, obj: Model, message):
        return super().log_change(request, _Numbered(obj), message)

    def log_deletions(self, request, queryset):
        rows = [_Numbered(row) for row in queryset]
        return super().log_deletions(request, rows)  # type: ignore[arg-type]  # any rows will do


class _Numbered:
    """All that the log asks a row for; called by its number."""

    def __init__(self, row: Model) -> None:
        self.pk, self._meta = row.pk, row._meta

    def __str__(self) -> str:
        return f"#{self.pk}"


def unnamed(message: list[dict]) -> list[dict]:
    """Take the people out of what was changed together with their workshop or their account."""
    with override(None):  # as Django writes it
        people = {str(model._meta.verbose_name) for model in (User, Membership, Participant)}
    for change in message:
        for told in change.values():
            if told.get("name") in people:
                told["object"] = UNNAMED
    return message
