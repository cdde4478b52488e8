"""Which measures of a workshop can be carried over into the next one, and which usually are."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from measures.decided import holding
from measures.followup.loading import decisions_known_to, follow
from measures.followup.tracks import DONE, Report
from measures.models import Decision, Measure, Outcome
from workshops.visits import Visit


class Candidate(NamedTuple):
    """A measure with the decision and the report that hold, as far as this visitor knows them."""

    measure: Measure
    decision: Decision | None
    report: Report | None

    @property
    def is_done(self) -> bool:
        return self.report is not None and self.report.state == DONE

    @property
    def is_rejected(self) -> bool:
        return self.decision is not None and self.decision.outcome == Outcome.REJECTED

    @property
    def is_usual(self) -> bool:
        """Say whether it is carried over unless somebody says otherwise."""
        return not self.is_done and not self.is_rejected


def candidates(visit: Visit, *, today: date) -> list[Candidate]:
    """Return all that stands by itself, in reading order. 6 queries."""
    workshop = visit.workshop
    rows = Measure.objects.in_workshop(workshop).standing().in_reading_order()
    measures = list(rows.select_related("field"))
    decisions = decisions_known_to([visit])
    decided = _decided(visit, decisions)
    reports = {each.measure.pk: each.newest for each in follow([workshop], decisions, today=today)}
    return [Candidate(row, decided.get(row.pk), reports.get(row.pk)) for row in measures]


def _decided(visit: Visit, decisions: Sequence[Decision]) -> dict[int, Decision]:
    rows = Measure.objects.in_workshop(visit.workshop).order_by()
    targets = {pk: into or pk for pk, into in rows.values_list("pk", "merged_into")}
    return holding(decisions, lambda each: targets[each.measure_id])
