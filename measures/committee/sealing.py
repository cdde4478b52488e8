"""What of decisions and sessions is sealed, and when.

Rows are named by ids that hold in every installation, never by the database's own: ``uuid`` of
session and decision, ``client_id`` of a measure. Outside of all seals are who recorded an entry or
published it, who was excluded and ``responsible_email``: whoever is handed the chain may read it,
so it holds neither a name nor an address.
"""

from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256

from measures.committee.appending import append
from measures.models import Decision, PublicRecord, Seal, SealKind, Session
from measures.seals.chain import hash_of, moment
from measures.seals.text import fingerprint
from workshops.models import Workshop

SESSION_COLUMNS = ("committee", "date", "is_public", "seats")
LATER = (
    "is_recommendation",
    "referred_to",
    "correction_reason",
    "present",
    "excluded",
    "quorum",
)


def place_of(workshop: Workshop) -> dict:
    """Return what people know the workshop by, so that no chain passes for another workshop's."""
    return {"workshop": {"title": workshop.title, "date": _day(workshop.date)}}


def recorded(decision: Decision) -> dict:
    """Return the decision as its columns tell it: what its seal covers, beside ``place_of``."""
    votes = [decision.votes_for, decision.votes_against, decision.votes_abstained]
    return {
        "decision": str(decision.uuid),
        "session": str(decision.session.uuid),
        "measure": str(decision.measure.client_id),
        "number": decision.measure.number,
        "corrects": str(decision.corrects.uuid) if decision.corrects else None,
        "date": _day(decision.decided_on),
        "outcome": decision.outcome,
        "wording": decision.wording,
        "deferred_until": _day(decision.deferred_until),
        "reason": decision.reason,
        "votes": None if votes == [None] * 3 else votes,
        "seats": decision.seats,
        "responsible": decision.responsible,
        "due_date": _day(decision.due_date),
        "budget_note": decision.budget_note,
        # Left out where there is nothing to say, as in entries from before it could be said.
        **{name: value for name in LATER if (value := getattr(decision, name))},
        **({} if decision.is_public else {"is_public": False}),
        "recorded": moment(decision.at),
        "snapshot": fingerprint(decision.snapshot),
    }


def recorded_session(session: Session) -> dict:
    """Return what a session is from its publication on: what the seal of that covers."""
    columns = {name: getattr(session, name) for name in SESSION_COLUMNS}
    return {"session": str(session.uuid), **columns, "date": _day(session.date)}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def seal_decision(decision: Decision) -> Seal:
    """Seal an entry that is about to be stored, its snapshot included."""
    workshop = decision.session.workshop
    return append(workshop.pk, SealKind.RECORDED, recorded(decision) | place_of(workshop))


def seal_publication(session: Session, decisions: Iterable[Decision], at: datetime) -> Seal:
    """Seal which entries of a session are published when, and what the session is.

    So neither can an entry be passed off as published, nor a published one be hidden. From then on
    the session stays what it is. (Older chains also hold links of sessions renamed later.)
    """
    content = {
        "decisions": sorted(str(decision.uuid) for decision in decisions),
        "published": moment(at),
    }
    content |= recorded_session(session) | place_of(session.workshop)
    return append(session.workshop_id, SealKind.PUBLISHED, content)


def marks_of(records: Iterable[PublicRecord]) -> dict[str, dict[str, str]]:
    """Return by language the hashes of what a deleted workshop had published."""
    return {
        each.language: {
            "pages": fingerprint(each.pages),
            "picture": sha256(each.picture).hexdigest(),
        }
        for each in records
    }


def chain_of(workshop: Workshop) -> dict[str, object]:
    """Name a chain that is about to go by its length and its last link, which binds all others."""
    last = workshop.seals.order_by("position").last()
    return {"links": last.position, "last": hash_of(last.link(workshop))} if last else {"links": 0}


def seal_records(workshop: Workshop, files: Iterable[str], chain: dict[str, object]) -> Seal:
    """Seal what is left of a workshop: its record, the digests of its files, the chain that went.

    The first link of a new chain, for the old one told what is deleted.
    """
    content = {"records": marks_of(workshop.records.all()), "files": sorted(files), "chain": chain}
    return append(workshop.pk, SealKind.REDUCED, content | place_of(workshop))
