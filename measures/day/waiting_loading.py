"""What is stored in some workshops of what may wait for their administration."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from measures.decided import holding, target_of
from measures.followup.loading import follow
from measures.followup.reminders import PHASES
from measures.followup.tracks import Track
from measures.models import AgendaItem, Decision, Measure, Outcome, Remark, Session
from workshops.models import Deletion, Workshop


@dataclass(frozen=True, slots=True)
class Loaded:
    """Rows of the workshops in which decisions and reports are made now.

    ``listed`` are by the session's id the measures on its agenda, those of a whole field with them;
    ``sessions`` all of theirs, the first one first; up to the day ``until`` an agenda is awaited.
    ``deletions``: by the workshop's id, also those of archived ones.
    """

    today: date
    workshops: dict[int, Workshop]
    tracks: list[Track]
    published: list[Decision]
    pending: list[Decision]
    sessions: list[Session]
    until: date
    listed: dict[int, set[int]]
    used: set[int]
    remarks: list[Remark]
    deletions: dict[int | None, Deletion]

    def past(self) -> list[Session]:
        return [each for each in self.sessions if each.date < self.today]

    def undecided(self, session: Session) -> int:
        """Count the items of a past session that neither it nor a later one has dealt with."""
        settled = {
            target_of(each)
            for each in (*self.published, *self.pending)
            if each.decided_on >= session.date
        }
        later = (each for each in self.sessions if each.workshop_id == session.workshop_id)
        for each in later:
            if each.date > session.date:
                settled |= self.listed[each.pk]
        return len(self.listed[session.pk] - settled)

    def to_publish(self) -> Counter[Session]:
        """Count by session what can be published now; before its day nothing can."""
        return Counter(each.session for each in self.pending if each.session.date <= self.today)

    def run_out(self) -> list[tuple[Decision, date]]:
        """Return the deferrals that are over, with their day, unless the measure comes up again."""
        ahead = (self.listed[each.pk] for each in self.sessions if each.date >= self.today)
        comes_up = {target_of(each) for each in self.pending}.union(*ahead)
        return [
            (each, each.deferred_until)
            for pk, each in holding(self.published).items()
            if each.outcome == Outcome.DEFERRED
            and each.deferred_until is not None
            and each.deferred_until <= self.today
            and not each.measure.target.is_removed
            and pk not in comes_up
        ]

    def next_session(self, workshop: Workshop) -> Session | None:
        """Return the next session of a workshop that is to come."""
        ahead = (each for each in self.sessions if each.date >= self.today)
        return next((each for each in ahead if each.workshop_id == workshop.pk), None)

    def without_agenda(self) -> list[Session]:
        ahead = (each for each in self.sessions if self.today <= each.date <= self.until)
        return [each for each in ahead if each.pk not in self.used]


def loaded_for(workshops: Sequence[Workshop], *, today: date, until: date) -> Loaded:
    """Load what may wait; agendas of sessions up to the day ``until``. 9 queries."""
    found = [each for each in workshops if each.phase in PHASES and not each.is_archived]
    decisions = Decision.objects.filter(session__workshop__in=found)
    decisions = decisions.select_related("session__workshop", "measure__merged_into")
    decisions = decisions.defer("snapshot", "reason", "wording")
    published = list(decisions.known_to_all())
    sessions = list(
        Session.objects.filter(workshop__in=found).select_related("workshop").order_by("date", "pk")
    )
    listed, used = _listed(found, sessions)
    return Loaded(
        today=today,
        workshops={each.pk: each for each in workshops},
        tracks=follow(found, published, today=today),
        published=published,
        pending=list(decisions.pending().standing(with_pending=True)),
        sessions=sessions,
        until=until,
        listed=listed,
        used=used,
        remarks=list(_open_remarks(found)),
        deletions={
            each.workshop_id: each for each in Deletion.objects.filter(workshop__in=workshops)
        },
    )


def _open_remarks(workshops: Sequence[Workshop]):
    rows = Remark.objects.filter(measure__workshop__in=workshops, measure__is_removed=False)
    return rows.open().filter(answer="").select_related("measure")


def _listed(
    workshops: Sequence[Workshop], sessions: Sequence[Session]
) -> tuple[dict[int, set[int]], set[int]]:
    """Return by the session's id the measures on its agenda; and which sessions have any item."""
    standing = Measure.objects.filter(workshop__in=workshops).standing().order_by()
    by_field = defaultdict(set)
    for pk, field in standing.values_list("pk", "field"):
        by_field[field].add(pk)
    there = set().union(*by_field.values())
    items = AgendaItem.objects.filter(session__in=sessions).order_by()
    listed: dict[int, set[int]] = defaultdict(set)
    used = set()
    rows = items.values_list("session", "field", "measure", "measure__merged_into")
    for session, field, measure, merged_into in rows:
        used.add(session)
        listed[session] |= by_field[field] if field else {merged_into or measure} & there
    return listed, used
