"""Decisions, progress and remarks as the public reads them.

Only the named columns are ever loaded: no page can tell what is not among them without a query of
its own, which the tests that count queries would find.
"""

from collections.abc import Collection

from django.db.models import Prefetch

from measures.decided import holding
from measures.indicators.told import ToldIndicator, by_measure
from measures.models import (
    TARGET,
    Assessment,
    Attachment,
    Decision,
    Indicator,
    IndicatorEntry,
    Measure,
    Remark,
    StatusEntry,
)
from measures.models.decision import DecisionQuerySet
from workshops.models import Workshop

# No e-mail address, no budget, nobody's name; of the snapshot only the title is told.
_DECISION = (
    "uuid", "published_at", "session__committee", "measure__number", "measure__merged_into",
    "decided_on", "outcome", "is_recommendation", "referred_to", "wording", "deferred_until",
    "reason", "votes_for", "votes_against", "votes_abstained", "responsible", "due_date",
    "snapshot", "publication__position",
    "publication__value", "publication__is_foreign",
)  # fmt: skip
_STATUS = ("measure__merged_into", "state", "sentence", "date", "at", "client_id")
_ASSESSMENT = ("measure", "relevance", "feasibility", "reason", "office", "day")
_ATTACHMENT = (
    "workshop", "measure__merged_into", "session", "item__measure__merged_into", "item__session",
    "name", "kind", "size",
)  # fmt: skip
_INDICATOR = (
    "measure__merged_into", "name", "unit", "baseline", "baseline_on", "target", "target_on",
)  # fmt: skip
_REMARK = ("measure__merged_into", "kind", "text", "answer")


def published_decisions(workshop: Workshop) -> DecisionQuerySet:
    """Return the decisions that stand and are published, of public and of other sessions."""
    return Decision.objects.in_workshop(workshop).known_to_all()


def told_decisions(workshop: Workshop) -> DecisionQuerySet:
    """Return all entries that the page has ever told of, also those that were corrected since."""
    rows = Decision.objects.in_workshop(workshop).published().annotate(target=TARGET)
    standing = Measure.objects.in_workshop(workshop).standing()
    return rows.told_in_public().filter(target__in=standing)


def public_decisions(workshop: Workshop) -> dict[Decision, str]:
    """Return those of public sessions, the newest first, each with its title then. 1 query.

    The snapshot holds figures that may be closed to the public, so it is dropped here.
    """
    rows = published_decisions(workshop).told_in_public()
    rows = rows.select_related("session", "measure", "publication").only(*_DECISION)
    titles = {}
    for decision in rows.order_by("-decided_on", "session_id", "measure__number", "pk"):
        titles[decision] = decision.frozen_title
        del decision.snapshot  # who asks for it from now on needs a query
    return titles


def public_statuses(workshop: Workshop) -> dict[int, StatusEntry]:
    """Return by the measure's id what was reported last. 2 queries.

    Nothing of a measure whose decision that holds is closed to the public: that something is done
    about it would tell what was decided.
    """
    rows = StatusEntry.objects.in_workshop(workshop).select_related("measure").only(*_STATUS)
    found = {entry.measure.target_id: entry for entry in rows.order_by("date", "pk")}
    known = published_decisions(workshop).select_related("session", "measure")
    named = ("session__is_public", "measure__merged_into", "decided_on", "outcome")
    holds = holding(known.only(*named, "is_recommendation", "is_public"))
    closed = {pk for pk, each in holds.items() if not each.is_told_in_public}
    return {pk: entry for pk, entry in found.items() if pk not in closed}


def public_assessments(workshop: Workshop) -> dict[int, Assessment]:
    """Return by the measure's id what the administration holds, if the page tells it.

    1 query, none where it does not.
    """
    if not workshop.shows_assessment:
        return {}
    rows = Assessment.objects.in_workshop(workshop).with_target().only(*_ASSESSMENT)
    return {vars(each)["target"]: each for each in rows.order_by("day", "pk")}


def public_attachments(workshop: Workshop) -> list[Attachment]:
    """Return what was released, in the order in which it was added. 1 query."""
    rows = Attachment.objects.in_workshop(workshop).released()
    return list(rows.select_related("measure", "item__measure").only(*_ATTACHMENT))


def public_indicators(
    workshop: Workshop, statuses: Collection[int]
) -> dict[int, list[ToldIndicator]]:
    """Return the indicators of the measures with a status, by its id. 2 queries, none without.

    Who entered a value, and the remark beside it, are not read.
    """
    if not statuses:
        return {}
    entries = IndicatorEntry.objects.order_by("day", "pk").only("indicator", "day", "value")
    rows = Indicator.objects.in_workshop(workshop).select_related("measure").only(*_INDICATOR)
    found = by_measure(rows.prefetch_related(Prefetch("entries", queryset=entries)))
    return {pk: told for pk, told in found.items() if pk in statuses}


def public_remarks(workshop: Workshop) -> list[Remark]:
    """Return the released remarks, those on one measure together. 1 query."""
    rows = Remark.objects.in_workshop(workshop).released().annotate(target=TARGET)
    rows = rows.select_related("measure").only(*_REMARK)
    return list(rows.order_by("target", "at", "pk"))
