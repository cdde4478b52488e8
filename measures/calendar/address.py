"""The secret address of a workshop's dates. Nothing but its hash is stored, so it is shown once."""

from measures.models import CalendarAddress
from workshops.guests import hash_of, new_secret
from workshops.models import User, Workshop


def renew(workshop: Workshop, by: User | None) -> str:
    """Return a new secret; the one before leads nowhere any more. Call it in turn."""
    secret = new_secret()
    CalendarAddress.objects.filter(workshop=workshop).delete()
    CalendarAddress.objects.create(workshop=workshop, secret_hash=hash_of(secret), by=by)
    return secret


def revoke(workshop: Workshop) -> None:
    """Let no address lead to the dates. Call it in turn."""
    CalendarAddress.objects.filter(workshop=workshop).delete()


def workshop_at(secret: str) -> Workshop | None:
    """Return whose dates a secret opens, None where it opens none. 1 query."""
    rows = CalendarAddress.objects.select_related("workshop__revision")
    found = rows.filter(secret_hash=hash_of(secret)).first()
    return found.workshop if found else None
