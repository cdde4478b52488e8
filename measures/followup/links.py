"""Links by which a responsible office reports on one measure without an account.

Whoever holds one can report on that measure, and sees of it what is published; so a link that was
forwarded is good for whom it was forwarded to. Its address is made of a random word with our key;
stored is the word alone, so that a link can be revoked and its page opened again, and nobody makes
one from the table. It is good as long as its decision holds: a new decision, or a correction that
names another office, ends it.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse

from measures.decided import holding
from measures.models import Decision, Measure, ReportLink
from workshops.models import User, line_up
from workshops.phases import Activity

LASTS = timedelta(days=30)
# A mail brings one that is good for so long at least; else it makes another.
FRESH = timedelta(days=7)
STORED = timedelta(days=31)  # after its end, so that its page can still say what has happened
_signer = Signer(sep=".", salt="link to report")


class Ended(Enum):
    """Why a link is good for nothing."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"
    PAUSED = "paused"

    @property
    def status(self) -> int:
        """What its page answers: gone for good, but for what never was and what comes back."""
        return {Ended.UNKNOWN: 404, Ended.PAUSED: 403}.get(self, 410)


@dataclass(frozen=True, slots=True)
class Task:
    """What the holder of a link reports on: the measure, and the decision that made it a task."""

    link: ReportLink
    decision: Decision
    measure: Measure


def token_of(link: ReportLink) -> str:
    """Return what stands in the address of a link."""
    return _signer.sign(link.nonce)


def path_of(link: ReportLink) -> str:
    return reverse("measures:report", args=[token_of(link)])


def task_of(token: str, *, now: datetime) -> Task | Ended:
    """Return what a link leads to, or why to nothing. 3 queries, none for what is no link."""
    try:
        nonce = _signer.unsign(token)
    except BadSignature:
        return Ended.UNKNOWN
    rows = ReportLink.objects.select_related(
        "decision__session__workshop", "decision__measure__merged_into"
    )
    link = rows.filter(nonce=nonce).first()
    if link is None:
        return Ended.UNKNOWN
    if link.revoked_at:
        return Ended.REVOKED
    if link.expires_at <= now:
        return Ended.EXPIRED
    measure = link.decision.measure.target
    if measure.is_removed or holding_of(measure) != link.decision:
        return Ended.REPLACED
    if not link.decision.session.workshop.allows(Activity.FOLLOW_UP):
        return Ended.PAUSED
    return Task(link, link.decision, measure)


def holding_of(measure: Measure) -> Decision | None:
    """Return the decision that makes a measure somebody's task, as all may know it. 1 query."""
    rows = Decision.objects.about(measure).known_to_all().defer("snapshot")
    found = holding(rows.select_related("session"), lambda _each: measure.pk).get(measure.pk)
    return None if found is None or found.calls_off else found


def links_for(
    decisions: Iterable[int], *, now: datetime, by: User | None = None, fresh: timedelta = FRESH
) -> Mapping[int, ReportLink]:
    """Return by the decision's id a link that is good for ``fresh`` at least. 1 or 2 queries.

    The newest that is there, or one made now.
    """
    wanted = set(decisions)
    living = ReportLink.objects.living(now + fresh).filter(decision__in=wanted)
    found = {each.decision_id: each for each in living.order_by("expires_at", "pk")}
    made = [
        ReportLink(
            decision_id=pk, nonce=secrets.token_urlsafe(16), by=by, made_at=now,
            expires_at=now + LASTS,
        )
        for pk in sorted(wanted - found.keys())
    ]  # fmt: skip
    return found | {each.decision_id: each for each in ReportLink.objects.bulk_create(made)}


@transaction.atomic
def make_link(decision: Decision, *, by: User | None, now: datetime) -> ReportLink:
    """Return the link of a decision that is good, one made now if there is none.

    Whoever asks twice gets the same.
    """
    line_up(decision.get_workshop_id())
    return links_for([decision.pk], now=now, by=by, fresh=timedelta(0))[decision.pk]


def forget_old(*, now: datetime) -> None:
    """Delete what ended long ago."""
    ReportLink.objects.filter(expires_at__lt=now - STORED).delete()


def revoke(link: ReportLink, *, now: datetime) -> None:
    """End a link at once, for good."""
    ReportLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now)


@dataclass(frozen=True, slots=True)
class ListedLink:
    """A link as the administration reads it; ``address`` is "" where it is good for nothing."""

    link: ReportLink
    address: str


def address_list(
    measure: Measure, decision: Decision | None, site: str, *, now: datetime
) -> list[ListedLink]:
    """Return the links of a measure and of its duplicates, the newest first. 1 query.

    ``decision`` is the one that holds.
    """
    rows = ReportLink.objects.filter(decision__in=Decision.objects.about(measure).values("pk"))
    return [
        ListedLink(
            each,
            site + path_of(each)
            if decision
            and each.decision_id == decision.pk
            and each.revoked_at is None
            and each.expires_at > now
            else "",
        )
        for each in rows.select_related("by", "decision")
    ]
