"""Decisions, progress and remarks as the public reads them.

Only the named columns are ever loaded: what is not in a tuple cannot get into a page.
"""

from datetime import date
from typing import NamedTuple

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, When
from django.utils.safestring import SafeString

from measures.followup.signs import light
from measures.models import Decision, Measure, Outcome, Remark, State, StatusEntry
from measures.models.decision import title_in
from workshops.models import Workshop


class PublicDecision(NamedTuple):
    """What a public session decided on a measure; no e-mail, no budget, nobody's name.

    ``title`` is the measure's as it was decided on, "" where nobody kept it. ``was_number`` is the
    number of the duplicate that was decided on, where it has been merged into the measure since.
    ``seal_value`` is the seal of its publication, ``seal_place`` its place in the chain.
    """

    pk: int
    target: int
    was_number: int | None
    session_id: int
    committee: str
    decided_on: date
    outcome: str
    wording: str
    deferred_until: date | None
    reason: str
    votes_for: int | None
    votes_against: int | None
    votes_abstained: int | None
    responsible: str
    due_date: date | None
    seal_place: int
    seal_value: str
    is_sealed_elsewhere: bool
    title: str

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.outcome).label)

    @property
    def calls_off(self) -> bool:
        return Outcome(self.outcome).calls_off

    @property
    def has_votes(self) -> bool:
        return self.votes_for is not None


class PublicStatus(NamedTuple):
    """How far a measure is, as last reported."""

    state: str
    sentence: str
    date: date

    @property
    def state_label(self) -> str:
        return str(State(self.state).label)

    @property
    def light(self) -> SafeString:
        """The state as a shape with its word."""
        return light(self.state)


class PublicRemark(NamedTuple):
    """A remark or question that the administration has released, with its answer."""

    target: int
    kind: str
    text: str
    answer: str

    @property
    def kind_label(self) -> str:
        return str(Remark.Kind(self.kind).label)


def published_decisions(workshop: Workshop) -> QuerySet:
    """Return the decisions that stand and are published, of public and of other sessions."""
    published = Decision.objects.in_workshop(workshop).published()
    return published.standing(with_pending=False)


def told_decisions(workshop: Workshop) -> QuerySet:
    """Return all entries that the page has ever told of, also those that were corrected since."""
    rows = Decision.objects.in_workshop(workshop).published().with_target()
    standing = Measure.objects.in_workshop(workshop).standing()
    return rows.filter(session__is_public=True, target__in=standing)


def public_decisions(workshop: Workshop) -> list[PublicDecision]:
    """Return those of public sessions, the newest first. 1 query."""
    is_merged = When(measure__merged_into__isnull=False, then="measure__number")
    rows = (
        published_decisions(workshop)
        .with_target()
        .filter(session__is_public=True)
        .annotate(
            was_number=Case(is_merged),
            committee=F("session__committee"),
            seal_place=F("publication__position"),
            seal_value=F("publication__value"),
            is_sealed_elsewhere=F("publication__is_foreign"),
        )
        .order_by("-decided_on", "session_id", "measure__number", "pk")
    )
    columns = (*PublicDecision._fields[:-1], "snapshot")  # of which only the title goes further
    return [
        PublicDecision(*row, title=title_in(snapshot))
        for *row, snapshot in rows.values_list(*columns)
    ]


def public_statuses(workshop: Workshop) -> dict[int, PublicStatus]:
    """Return by the measure's id what was reported last. 1 query."""
    newest = StatusEntry.objects.about(OuterRef("target")).newest_first().values("pk")[:1]
    rows = StatusEntry.objects.in_workshop(workshop).with_target().filter(pk=Subquery(newest))
    found = rows.values_list("target", *PublicStatus._fields)
    return {target: PublicStatus(*rest) for target, *rest in found}


def public_remarks(workshop: Workshop) -> list[PublicRemark]:
    """Return the released remarks, those on one measure together. 1 query."""
    rows = Remark.objects.in_workshop(workshop).released().with_target()
    rows = rows.order_by("target", "at", "pk")
    return [PublicRemark._make(row) for row in rows.values_list(*PublicRemark._fields)]
