"""The mark of the front: an opaque text that is another one once projector or cockpit are old.

It is made from what they show: the workshop's revision, what was chosen for the front, and the
counts as they are told: the cockpit all, the projector the room's alone, so that its mark stands
still where only a group's count or a field's tenths move. So a vote that changes no told count
changes nothing, and nobody has to call them for what is typed. The mark is keyed, or whoever has it
could try out which counts make it.
"""

from enum import StrEnum
from time import monotonic

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from measures.rating.turnout import Turnout, turnout_of
from workshops.models import Workshop

# Seconds that a count may be old where only the mark is asked. The front asks every two seconds, so
# that a vote that was too late for one count is still told within three.
KEPT = 0.5
MOST = 100  # halls in one process; what is left of earlier ones goes
_counts: dict[int, tuple[float, Turnout]] = {}


class Place(StrEnum):
    """Whose page asks."""

    COCKPIT = "cockpit"
    PROJECTOR = "projector"


def cockpit_address(workshop: Workshop) -> str:
    """Return the address that the cockpit asks. No query."""
    return _address(workshop, Place.COCKPIT)


def projector_address(workshop: Workshop, code: str) -> str:
    """Return the address that a projector asks which was opened with this code. No query."""
    return _address(workshop, Place.PROJECTOR, code)


def place_at(workshop_id: int, token: str) -> tuple[Workshop, Place] | None:
    """Return whose token this is, with the workshop and its revision. 1 query.

    A projector's ends with the code that opened it.
    """
    rows = Workshop.objects.select_related("revision", "front")
    workshop = rows.filter(pk=workshop_id).first()
    if workshop is None:
        return None
    front = getattr(workshop, "front", None)  # none before anything was chosen for it
    tokens = {Place.COCKPIT: _token(workshop, Place.COCKPIT)}
    if front and front.code:
        tokens[Place.PROJECTOR] = _token(workshop, Place.PROJECTOR, front.code)
    for place, good in tokens.items():
        if constant_time_compare(token, good):
            return workshop, place
    return None


def mark_of(workshop: Workshop, turnout: Turnout, place: Place) -> str:
    """Return the mark of a page drawn with these counts. No query but for the revision's."""
    revision, counts = workshop.revision, turnout if place == Place.COCKPIT else turnout.room
    told = f"{workshop.pk} {revision.front:x} {revision.number} {counts}"
    return salted_hmac("measures.hall.marks.mark", told, algorithm="sha256").hexdigest()[:16]


def mark_now(workshop: Workshop, place: Place) -> str:
    """Return the same for whoever asks whether a page is old; counted at most twice a second."""
    kept = _counts.get(workshop.pk)
    is_fresh = kept is not None and monotonic() - kept[0] <= KEPT
    return mark_of(workshop, kept[1] if kept and is_fresh else counted(workshop), place)


def _address(workshop: Workshop, place: Place, code: str = "") -> str:
    return reverse("measures:front-moment", args=[workshop.pk, _token(workshop, place, code)])


def _token(workshop: Workshop, place: Place, code: str = "") -> str:
    said = f"{workshop.pk} {place} {code}"
    return salted_hmac("measures.hall.marks.token", said, algorithm="sha256").hexdigest()[:32]


def counted(workshop: Workshop) -> Turnout:
    """Count anew: for a page, whose mark is not to be older than what it shows."""
    turnout = turnout_of(workshop)
    if len(_counts) >= MOST:
        _counts.clear()
    _counts[workshop.pk] = (monotonic(), turnout)
    return turnout
