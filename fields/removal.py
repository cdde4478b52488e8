"""What is dropped or removed lies in the workshop's bin until it is brought back."""

from django.db import transaction

from fields.models import ActionField
from workshops.edits import save_flags
from workshops.models import Versioned, line_up

FLAGS = ("is_removed", "is_removed_with_field")


@transaction.atomic
def drop_field(field: ActionField) -> None:
    """Put a field into the bin, and with it the goals and measures that stand in it. 14 queries.

    A measure that was merged into one of another field stays part of that.
    """
    line_up(field.workshop_id)
    for gone in _gone_with(field):  # with an earlier drop, and left in the bin since
        for row in gone:
            row.is_removed_with_field = False
        save_flags(gone, FLAGS)
    # The field last: taken back in reverse, it is there before what it holds.
    for rows in (field.measures.standing(), field.goals.standing()):
        _flag(list(rows), is_removed=True)
    field.is_removed = True
    field.save(update_fields=["is_removed"])


@transaction.atomic
def restore_field(field: ActionField) -> None:
    """Bring a field back with all that was dropped with it. 15 queries.

    What was removed before stays in the bin. Raises ValidationError where another field has its
    name by now.
    """
    line_up(field.workshop_id)
    if field.is_removed:
        _restore_alone(field)
    for rows in _gone_with(field):
        _flag(rows, is_removed=False)


def _gone_with(field: ActionField) -> tuple[list, list]:
    """Return the goals and the measures that went with the field."""
    gone = {"is_removed_with_field": True}
    return list(field.goals.filter(**gone)), list(field.measures.filter(**gone))


def _flag(rows: list, *, is_removed: bool) -> None:
    for row in rows:
        row.is_removed = row.is_removed_with_field = is_removed
    save_flags(rows, FLAGS)


@transaction.atomic
def restore(row: Versioned) -> None:
    """Bring a goal or a measure back, and its field alone where that was dropped.

    Raises ValidationError where another field has its name by now.
    """
    line_up(row.get_workshop_id())
    field: ActionField = row.field  # type: ignore[attr-defined]  # both have one
    if field.is_removed:
        _restore_alone(field)
    _flag([row], is_removed=False)


def _restore_alone(field: ActionField) -> None:
    field.is_removed = False
    field.check_place()
    field.validate_constraints()  # a database has its own mind about some capitals
    field.save(update_fields=["is_removed"])
