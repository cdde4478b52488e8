"""What is dropped or removed lies in the workshop's bin until it is brought back."""

from collections.abc import Collection
from typing import Protocol

from django.db import transaction

from fields.models import ActionField
from workshops.models import line_up


class InField(Protocol):
    """A goal or a measure."""

    field: ActionField
    is_removed: bool
    is_removed_with_field: bool

    def save(self, *, update_fields: Collection[str]) -> None: ...


@transaction.atomic
def drop_field(field: ActionField) -> None:
    """Put a field into the bin, and with it the goals and measures that stand in it.

    A measure that was merged into one of another field stays part of that.
    """
    line_up(field.workshop_id)
    # The field last: taken back in reverse, it is there before what it holds.
    rows: tuple[InField, ...] = (*field.measures.standing(), *field.goals.standing())
    for row in rows:
        row.is_removed = row.is_removed_with_field = True
        row.save(update_fields=["is_removed", "is_removed_with_field"])
    field.is_removed = True
    field.save(update_fields=["is_removed"])


@transaction.atomic
def restore_field(field: ActionField) -> None:
    """Bring a field back with all that was dropped with it.

    What was removed before stays in the bin. Raises ValidationError where another field has its
    name by now.
    """
    line_up(field.workshop_id)
    _restore_alone(field)
    gone = {"is_removed_with_field": True}
    rows: tuple[InField, ...] = (*field.goals.filter(**gone), *field.measures.filter(**gone))
    for row in rows:
        _restore(row)


@transaction.atomic
def restore(row: InField) -> None:
    """Bring a goal or a measure back, and its field alone where that was dropped.

    Raises ValidationError where another field has its name by now.
    """
    line_up(row.field.workshop_id)
    if row.field.is_removed:
        _restore_alone(row.field)
    _restore(row)


def _restore_alone(field: ActionField) -> None:
    field.is_removed = False
    field.clean()
    field.save(update_fields=["is_removed"])


def _restore(row: InField) -> None:
    row.is_removed = row.is_removed_with_field = False
    row.save(update_fields=["is_removed", "is_removed_with_field"])
