"""Putting a workshop away: read only and in no list, until the same people bring it back.

That nothing in it changes meanwhile is said by ``access`` (whatever is sent is refused) and by
``Workshop.allows`` (so that no page offers it). Published pages stay as they are.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from workshops.models import Deletion, Workshop
from workshops.visits import Visit


def may_archive(visit: Visit) -> bool:
    """Say whether this person puts the workshop away and brings it back. At most 1 query."""
    if visit.is_administration:
        return True
    return visit.is_facilitator and not visit.workshop.has_administration


def who_archives() -> str:
    return _("Only the administration of a workshop archives it, or its facilitator without one.")


def put_away(workshop: Workshop) -> bool:
    """Archive it and close its door; False where it is archived already. In turn."""
    if workshop.is_archived:
        return False
    workshop.archived_at, workshop.is_door_open = timezone.now(), False
    workshop.save(update_fields=["archived_at", "is_door_open"])
    return True


def bring_back(workshop: Workshop) -> bool:
    """Let it be changed again; False where it is not archived. In turn."""
    if not workshop.is_archived:
        return False
    Deletion.objects.filter(workshop=workshop).delete()  # nobody wants it gone any more
    workshop.archived_at = None
    workshop.save(update_fields=["archived_at"])
    return True
