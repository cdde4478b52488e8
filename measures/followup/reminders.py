"""The digest by e-mail: who is told what, and that nobody is told twice on one day."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from django.core.mail import get_connection
from django.db import IntegrityError, transaction

from measures.followup.loading import follow
from measures.followup.mail import message
from measures.followup.tracks import Digest, Track, digest
from measures.models import Decision, Reminder
from workshops.models import Membership, Role, Workshop
from workshops.phases import Activity, Phase, allows

logger = logging.getLogger(__name__)
PHASES = [phase for phase in Phase if allows(phase, Activity.FOLLOW_UP)]
SECONDS = 10  # a silent mail server must not keep the others waiting
STORED_DAYS = 31  # an address is no longer needed when its day is over; a month helps the operator


def digests(*, today: date, days: int) -> dict[str, Digest]:
    """Return by address what each person has to be told, over all workshops. 6 queries.

    Responsible people hear of what a published decision made them responsible for, facilitators of
    everything in their workshops. Nobody hears of a decision that is not published. Addresses are
    in lower case, as they are compared.
    """
    workshops = list(Workshop.objects.filter(phase__in=PHASES, archived_at=None))
    decisions = _published(workshops)
    tracks = follow(workshops, decisions, today=today)
    told = _told(tracks, decisions, _facilitators(workshops))
    found = {
        recipient: digest(own.values(), today=today, days=days)
        for recipient, own in sorted(told.items())
    }
    return {recipient: each for recipient, each in found.items() if each}


def _published(workshops: Sequence[Workshop]) -> list[Decision]:
    rows = Decision.objects.filter(session__workshop__in=workshops).known_to_all()
    return list(rows.defer("snapshot", "reason", "wording"))


def _facilitators(workshops: Sequence[Workshop]) -> dict[int, list[str]]:
    rows = Membership.objects.filter(
        workshop__in=workshops, role=Role.FACILITATOR, user__is_active=True
    )
    found: dict[int, list[str]] = {}
    for workshop, email in rows.values_list("workshop_id", "user__email"):
        found.setdefault(workshop, []).append(email)
    return found


def _told(
    tracks: Iterable[Track], decisions: Iterable[Decision], facilitators: dict[int, list[str]]
) -> dict[str, dict[int, Track]]:
    """Return per address its tracks by the measure's id: whoever is both gets each of them once."""
    responsible = {decision.pk: decision.responsible_email for decision in decisions}
    told: dict[str, dict[int, Track]] = {}
    for track in tracks:
        emails = [*facilitators.get(track.measure.workshop, ())]
        if track.decision and responsible[track.decision.pk]:
            emails.append(responsible[track.decision.pk])
        for email in emails:
            told.setdefault(email.lower(), {})[track.measure.pk] = track
    return told


def undelivered(found: Iterable[str], *, today: date) -> list[str]:
    """Return the addresses to which nothing has been sent today. 1 query."""
    known = set(Reminder.objects.filter(day=today).values_list("recipient", flat=True))
    return [recipient for recipient in found if recipient not in known]


def deliver(
    found: Mapping[str, Digest], *, today: date, days: int
) -> dict[str, OSError | ValueError | None]:
    """Send what was not sent today, and return by address why it failed, None where it was sent.

    A failing address is left for the next run, the others go on.

    The row that says "sent" is committed first and taken back when sending fails: two runs at once
    cannot both send, and nobody waits for the mail server with the database locked. If the process
    dies in between, that person's mail of the day is lost: no later run can know whether it went
    out. The log names the person, unless the process was killed outright.
    """
    Reminder.objects.filter(day__lt=today - timedelta(days=STORED_DAYS)).delete()
    done: dict[str, OSError | ValueError | None] = {}
    for recipient, told in found.items():
        mail = message(recipient, told, today=today, days=days)
        mail.connection = get_connection(timeout=SECONDS)
        reminder = _claimed(today, recipient)
        if reminder is None:
            continue
        try:
            mail.send()
            done[recipient] = None
        except (OSError, ValueError) as error:  # the server's or the address's fault
            reminder.delete()
            done[recipient] = error
        except BaseException:
            logger.error("Stopped while mailing %s, who may have no mail today.", recipient)
            raise
    return done


def _claimed(day: date, recipient: str) -> Reminder | None:
    """Store that a person's mail of the day goes out now; None if another run has done so."""
    try:
        with transaction.atomic():
            return Reminder.objects.create(day=day, recipient=recipient)
    except IntegrityError:
        return None
