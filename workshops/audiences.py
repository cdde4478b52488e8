"""What pages ask every few seconds: has anything happened that concerns their readers?

Each audience has an opaque state, random and new with every such thing, so that a page which polls
learns that it is old and nothing else: no number counts votes, and no other people's edits show.
Whoever lets one of these things happen says so in the same transaction (``call``). A page carries
the address that it asks, which is signed, and the state that it was drawn in.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db import connection
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from workshops.models import Workshop, WorkshopRevision
from workshops.models.revision import new_state


class Audience(StrEnum):
    """Whose pages they are; the value is the column of ``WorkshopRevision`` with their state."""

    PHONES = "phones"  # hears of the phase, of rounds that open, close or are shown, of open fields
    FRONT = "front"  # hears of what the projector shows, of the timer and of the day's plan
    # Whoever works on a board hears of every change of the workshop's data, for nobody has to call:
    # it is the revision that says so. Votes are none of it.
    TABLES = "number"


@dataclass(frozen=True, slots=True)
class Listening:
    """What a page needs to notice that it is old."""

    address: str
    state: str


def listening(workshop: Workshop, audience: Audience) -> Listening:
    """Let a page of the workshop listen; the state is as old as the visit. No query after that."""
    token = _token(workshop.pk, audience)
    address = reverse("workshops:moment", args=[workshop.pk, token])
    return Listening(address, _written(workshop.pk, audience, getattr(workshop.revision, audience)))


def audience_of(workshop_id: int, token: str) -> Audience | None:
    """Return whom a token was made for, in this workshop. No query.

    The front has tokens of its own, see ``measures.hall.marks``.
    """
    for audience in (Audience.PHONES, Audience.TABLES):
        if constant_time_compare(token, _token(workshop_id, audience)):
            return audience
    return None


def state_of(workshop_id: int, audience: Audience) -> str | None:
    """Return the state by now, None where there is no such workshop. 1 query.

    Written by hand: in a hall it is asked a hundred times a second, and the ORM would take longer
    to compile it than all the rest of the answer.
    """
    sql = f"SELECT {audience} FROM workshops_workshoprevision WHERE workshop_id = %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [workshop_id])
        row = cursor.fetchone()
    return _written(workshop_id, audience, row[0]) if row else None


def call(workshop_id: int, audience: Audience) -> None:
    """Let the pages of an audience notice that they are old. 1 query."""
    rows = WorkshopRevision.objects.filter(workshop_id=workshop_id)
    rows.update(**{audience.value: new_state()})


def _token(workshop_id: int, audience: Audience) -> str:
    """Return what an audience's pages show in the addresses that they ask."""
    digest = salted_hmac("workshops.moment", f"{workshop_id}-{audience}", algorithm="sha256")
    return digest.hexdigest()[:32]


def _written(workshop_id: int, audience: Audience, state: int) -> str:
    """Return the state as a text that tells nothing; a revision would count."""
    if audience is not Audience.TABLES:
        return f"{state:016x}"
    said = f"{workshop_id}-{state}"
    return salted_hmac("workshops.revision", said, algorithm="sha256").hexdigest()[:16]
