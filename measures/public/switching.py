"""Turning the public page, and parts of it, on and off."""

from django.db import transaction

from workshops.models import Workshop, line_up


@transaction.atomic
def switch(workshop: Workshop, *, on: bool, column: str = "is_public") -> bool:
    """Bring the page, or what a column says of it, into the wanted state; return whether it moved.

    A second click, or somebody else's, finds it done and leaves no trace in the history.
    """
    line_up(workshop.pk)
    stored = Workshop.objects.select_for_update().get(pk=workshop.pk)
    if getattr(stored, column) == on:
        return False
    setattr(stored, column, on)
    stored.save(update_fields=[column])
    return True
