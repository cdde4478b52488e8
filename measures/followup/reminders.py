"""The digest by e-mail: who is told what, and that nobody is told twice on one day."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.core.mail import get_connection
from django.db import IntegrityError, transaction
from django.utils import timezone

from measures.followup.links import forget_old, links_for, path_of
from measures.followup.loading import follow
from measures.followup.mail import Occasion, message
from measures.followup.tracks import Digest, Track, digest
from measures.models import Decision, Reminder
from workshops.models import Membership, Role, Workshop
from workshops.phases import Activity, Phase, allows

logger = logging.getLogger(__name__)
PHASES = [phase for phase in Phase if allows(phase, Activity.FOLLOW_UP)]
# Whom a workshop wants to be told; see the columns of Workshop.
CHOICES = ("reminds_administration", "reminds_responsible", "reminds_facilitators")
SECONDS = 10  # a silent mail server must not keep the others waiting
STORED_DAYS = 31  # an address is no longer needed when its day is over; a month helps the operator
Failure = OSError | ValueError


@dataclass(frozen=True, slots=True)
class Letter:
    """What one person has to be told; ``own`` are the ids of measures that are this office's."""

    tracks: tuple[Track, ...]
    own: frozenset[int]

    @property
    def workshops(self) -> list[int]:
        return list(dict.fromkeys(each.measure.workshop for each in self.tracks))

    def within(self, workshops: Iterable[int]) -> "Letter":
        """Return what it tells of some workshops."""
        kept = {*workshops}
        return replace(self, tracks=tuple(t for t in self.tracks if t.measure.workshop in kept))

    def decisions(self) -> list[int]:
        """Return the ids of the decisions that name this office."""
        return [
            each.decision.pk
            for each in self.tracks
            if each.decision and each.measure.pk in self.own
        ]

    def digest(self, occasion: Occasion) -> Digest:
        return digest(self.tracks, today=occasion.today, days=occasion.days)


def letters(occasion: Occasion, workshops: Sequence[Workshop] | None = None) -> dict[str, Letter]:
    """Return by address what each person has to be told, over all workshops or some. 4 queries.

    One more for all. Responsible offices hear of what a published decision made them responsible
    for, administration and facilitators of everything in their workshops, as far as each workshop
    wants it. Nobody hears of a decision that is not published. Addresses are in lower case, as
    they are compared. What has nothing to say is left out, workshop by workshop.
    """
    if workshops is None:
        workshops = list(Workshop.objects.filter(phase__in=PHASES, archived_at=None))
    decisions = _published(workshops)
    tracks = _worth_telling(follow(workshops, decisions, today=occasion.today), occasion)
    told = _told(tracks, decisions, workshops)
    return {recipient: told[recipient] for recipient in sorted(told)}


def without_address(workshop: Workshop, occasion: Occasion) -> list[str]:
    """Return the offices that would be told something if their decision named an address.

    4 queries, none where no offices are reminded.
    """
    if not workshop.reminds_responsible:
        return []
    decisions = {each.pk: each for each in _published([workshop])}
    tracks = _worth_telling(follow([workshop], decisions.values(), today=occasion.today), occasion)
    named = (decisions[each.decision.pk] for each in tracks if each.decision)
    return sorted({each.responsible for each in named if not each.responsible_email} - {""})


def _worth_telling(tracks: Iterable[Track], occasion: Occasion) -> list[Track]:
    found = list(tracks)
    said = digest(found, today=occasion.today, days=occasion.days)
    kept = {each.measure.pk for each in (*said.overdue, *said.soon, *said.silent)}
    return [each for each in found if each.measure.pk in kept]


def _published(workshops: Sequence[Workshop]) -> list[Decision]:
    rows = Decision.objects.filter(session__workshop__in=workshops).known_to_all()
    return list(rows.defer("snapshot", "reason", "wording"))


def _told(
    tracks: Iterable[Track], decisions: Iterable[Decision], workshops: Sequence[Workshop]
) -> dict[str, Letter]:
    """Return the letters: whoever is named twice gets each measure once."""
    leaders = _leaders(workshops)
    offices = {each.pk for each in workshops if each.reminds_responsible}
    responsible = {decision.pk: decision.responsible_email for decision in decisions}
    told: dict[str, dict[int, Track]] = {}
    own: dict[str, set[int]] = {}
    for track in tracks:
        measure = track.measure
        emails = {*leaders.get(measure.workshop, ())}
        if track.decision and measure.workshop in offices:
            office = responsible[track.decision.pk].lower()
            own.setdefault(office, set()).add(measure.pk)
            emails.add(office)
        for email in emails - {""}:
            told.setdefault(email, {})[measure.pk] = track
    return {
        email: Letter(tuple(found.values()), frozenset(own.get(email, ())))
        for email, found in told.items()
    }


def _leaders(workshops: Sequence[Workshop]) -> dict[int, list[str]]:
    """Return by the workshop's id the addresses of those who hear of everything in it. 1 query."""
    wanted = {
        (each.pk, role)
        for each in workshops
        for role, is_wanted in (
            (Role.ADMINISTRATION, each.reminds_administration),
            (Role.FACILITATOR, each.reminds_facilitators),
        )
        if is_wanted
    }
    rows = Membership.objects.filter(workshop__in=workshops, user__is_active=True)
    found: dict[int, list[str]] = {}
    for workshop, role, email in rows.values_list("workshop_id", "role", "user__email"):
        if (workshop, role) in wanted:
            found.setdefault(workshop, []).append(email.lower())
    return found


def undelivered(found: Mapping[str, Letter], *, today: date) -> dict[str, Letter]:
    """Return what has not been told today, without those to whom nothing is left. 1 query."""
    known = set(Reminder.objects.filter(day=today).values_list("recipient", "workshop"))
    left = {
        recipient: letter.within(pk for pk in letter.workshops if (recipient, pk) not in known)
        for recipient, letter in found.items()
    }
    return {recipient: letter for recipient, letter in left.items() if letter.tracks}


def deliver(
    found: Mapping[str, Letter], occasion: Occasion, *, patience: int | None = None
) -> dict[str, Failure | None]:
    """Send what was not sent today, and return by address why it failed, None where it was sent.

    A failing address is left for the next run, the others go on; ``patience`` says after how many
    failures in a row nobody else is tried, for somebody waits.

    The rows that say "sent" are committed first and taken back when sending fails: two runs at
    once cannot both send, and nobody waits for the mail server with the database locked. If the
    process dies in between, that person's mail of the day is lost: no later run can know whether
    it went out. The log names the person, unless the process was killed outright.
    """
    today = occasion.today
    Reminder.objects.filter(day__lt=today - timedelta(days=STORED_DAYS)).delete()
    forget_old(now=timezone.now())
    done: dict[str, Failure | None] = {}
    failed = 0
    for recipient, letter in found.items():
        claimed = _claimed(today, recipient, letter.workshops)
        if not claimed:
            continue
        done[recipient] = _sent(recipient, _sender(recipient, letter.within(claimed), occasion))
        if done[recipient] is None:
            failed = 0
            continue
        failed += 1
        Reminder.objects.filter(day=today, recipient=recipient, workshop__in=claimed).delete()
        if failed == patience:
            break
    return done


def _sender(recipient: str, letter: Letter, occasion: Occasion) -> Callable[[], object]:
    """Return what sends a letter, with the links of the measures that are this office's."""
    made = links_for(letter.decisions() if occasion.site else (), now=timezone.now())
    paths = {decision: path_of(link) for decision, link in made.items()}
    mail = message(recipient, letter.digest(occasion), occasion, paths)
    mail.connection = get_connection(timeout=SECONDS)
    return mail.send


def _sent(recipient: str, send: Callable[[], object]) -> Failure | None:
    try:
        send()
    except (OSError, ValueError) as error:  # the server's or the address's fault
        return error
    except BaseException:
        logger.error("Stopped while mailing %s, who may have no mail today.", recipient)
        raise
    return None


def _claimed(day: date, recipient: str, workshops: Iterable[int]) -> list[int]:
    """Store that a person is told of these workshops now; return those of which no other run is."""
    return [pk for pk in workshops if _is_claimed(day, recipient, pk)]


def _is_claimed(day: date, recipient: str, workshop: int) -> bool:
    try:
        with transaction.atomic():
            Reminder.objects.create(day=day, recipient=recipient, workshop_id=workshop)
    except IntegrityError:
        return False
    return True
