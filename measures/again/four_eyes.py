"""Deleting an archived workshop: asked for by one person, confirmed by another some days later.

What was published is the public's record and stays, see ``reducing``.
"""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from measures.again.deleting import delete
from measures.again.reducing import reduce
from measures.models import Decision
from workshops.models import Deletion, Membership, Role, User, Workshop, hold_votes

NOTICE = timedelta(days=7)  # in which the others can object


def why_kept(workshop: Workshop) -> str:
    """Say why the workshop is not deleted, "" where it may be. No query."""
    if not workshop.is_archived:
        return _("Only an archived workshop can be deleted. Archive it first.")
    return ""


def has_published(workshop: Workshop) -> bool:
    """Say whether there is a record to be left: a decision that was published, or a page.

    At most 2 queries.
    """
    is_told = Decision.objects.in_workshop(workshop).published().exists()
    return is_told or workshop.history.filter(is_public=True).exists()


def ask(workshop: Workshop, *, by: User, reason: str, now: datetime) -> Deletion:
    """Store that the workshop is to be deleted; who asks again finds what was asked. In turn."""
    towns = workshop.municipalities.order_by("seats__seat").values_list("name", flat=True)
    told = {
        "title": workshop.title,
        "date": workshop.date,
        "municipalities": "\n".join(towns),
        "reason": reason,
        "asked_by": by,
        "asked_at": now,
    }
    return Deletion.objects.get_or_create(workshop=workshop, defaults=told)[0]


def withdraw(workshop: Workshop) -> None:
    """Let the workshop stay. In turn."""
    Deletion.objects.filter(workshop=workshop).delete()


def why_not_confirmed(deletion: Deletion, *, by: User, now: datetime) -> str:
    """Say why this person cannot confirm it now, "" where that is possible. 1 query."""
    asked_by = deletion.asked_by_id
    still = Membership.objects.filter(workshop=deletion.workshop, role=Role.ADMINISTRATION)
    if not still.filter(user=asked_by, user__is_active=True).exists():
        return _("Who asked for it does not belong to the administration any more. Ask anew.")
    if asked_by == by.pk:
        return _("Another person has to confirm it.")
    if now < deletion.asked_at + NOTICE:
        return _("It can be confirmed from the seventh day on after it was asked for.")
    return ""


def confirm(deletion: Deletion, *, by: User, now: datetime) -> None:
    """Delete the workshop. In turn. Raises PermissionDenied where that is impossible by now."""
    workshop = deletion.workshop
    if workshop is None:
        return
    hold_votes(workshop.pk)
    if reason := why_kept(workshop) or why_not_confirmed(deletion, by=by, now=now):
        raise PermissionDenied(reason)
    deletion.workshop, deletion.confirmed_by, deletion.confirmed_at = None, by, now
    deletion.save()
    if has_published(workshop):
        reduce(workshop)
    else:
        delete(workshop)
