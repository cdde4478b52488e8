"""The mark of the front: an opaque text that is another one once projector or cockpit are old.

It is made from what they show: the workshop's revision, what was chosen for the front, and the
counts as they are told. So a vote that changes no told count changes nothing, and nobody has to
call them for what is typed.
"""

import hashlib
from time import monotonic

from django.urls import reverse

from measures.rating.turnout import Turnout, turnout_of
from workshops.audiences import Audience, token_of
from workshops.models import Workshop

# Seconds that a count may be old where only the mark is asked. The front asks every two seconds, so
# that a vote that was too late for one count is still told within three.
KEPT = 0.5
MOST = 100  # halls in one process; what is left of earlier ones goes
_counts: dict[int, tuple[float, Turnout]] = {}


def front_address(workshop: Workshop) -> str:
    """Return the address that the front's pages ask. No query."""
    token = token_of(workshop.pk, Audience.FRONT)
    return reverse("measures:front-moment", args=[workshop.pk, token])


def mark_of(workshop: Workshop, turnout: Turnout) -> str:
    """Return the mark of a page drawn with these counts. No query but for the revision's."""
    revision = workshop.revision
    told = f"{workshop.pk} {revision.front:x} {revision.number} {turnout}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def mark_now(workshop: Workshop) -> str:
    """Return the same for whoever asks whether a page is old; counted at most twice a second."""
    kept = _counts.get(workshop.pk)
    is_fresh = kept is not None and monotonic() - kept[0] <= KEPT
    return mark_of(workshop, kept[1] if kept and is_fresh else counted(workshop))


def counted(workshop: Workshop) -> Turnout:
    """Count anew: for a page, whose mark is not to be older than what it shows."""
    turnout = turnout_of(workshop)
    if len(_counts) >= MOST:
        _counts.clear()
    _counts[workshop.pk] = (monotonic(), turnout)
    return turnout
