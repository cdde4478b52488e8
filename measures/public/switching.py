"""Turning the public page on and off."""

from django.db import transaction

from workshops.models import Workshop, line_up


@transaction.atomic
def switch(workshop: Workshop, *, on: bool) -> bool:
    """Bring the page into the wanted state; return whether that was a change.

    A second click, or somebody else's, finds it done and leaves no trace in the history.
    """
    line_up(workshop.pk)
    stored = Workshop.objects.select_for_update().get(pk=workshop.pk)
    if stored.is_public == on:
        return False
    stored.is_public = on
    stored.save(update_fields=["is_public"])
    return True
