"""What became of each measure: its decision and how far it is, as a list says it in two words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import DateField, IntegerField, QuerySet, Value

from measures.decided import by_weight
from measures.followup.tracks import Report, due_date, is_final, overdue_days, state_of
from measures.models import TARGET, Decision, Outcome, StatusEntry
from workshops.compiled import compiled
from workshops.visits import Visit


class _Said(NamedTuple):
    """A decision, or what was reported (``is_report``), on the measure ``target``.

    ``word`` is the outcome, or the state; ``due_date`` that of a decision, or the next one.
    ``followup.tracks`` asks the decision that holds as if it were itself.
    """

    is_report: bool
    decided_on: date
    pk: int
    target: int
    word: str
    due_date: date | None
    is_recommendation: bool
    deferred_until: date | None
    percent: int | None
    responsible: str

    @property
    def outcome(self) -> str:
        return self.word

    @property
    def calls_off(self) -> bool:
        return Outcome(self.word).calls_off

    @property
    def rules(self) -> bool:
        return Outcome(self.word).rules and not self.is_recommendation


class Became(NamedTuple):
    """What became of a measure, as far as the reader may know.

    ``outcome`` is the decision that holds, "" without one. ``state`` is what was reported last,
    see ``followup.tracks``, "" where nobody is to report. ``overdue`` counts days.
    """

    outcome: str = ""
    deferred_until: date | None = None
    state: str = ""
    percent: int | None = None
    overdue: int = 0

    @property
    def is_open(self) -> bool:
        """Say whether a committee has still to decide."""
        return not self.outcome or Outcome(self.outcome).is_open

    @property
    def is_awaited(self) -> bool:
        """Say whether it is somebody's task and not done yet."""
        return bool(self.state) and not is_final(self.state)


UNDECIDED = Became()
Becoming = Mapping[int, Became]  # by the measure's id; without an entry it is UNDECIDED


def became_of(visit: Visit, *, today: date) -> Becoming:
    """Return what became of the measures of the visitor's workshop. 1 query."""
    reports: dict[int, list[Report]] = {}
    told = _to_deciders if visit.is_decider else _to_all
    all_of_it = sorted(map(_Said._make, told(visit.workshop.pk)))
    decided = {said.target: said for said in by_weight(e for e in all_of_it if not e.is_report)}
    for said in all_of_it:  # in the order of their days
        if said.is_report:
            report = Report(said.decided_on, said.word, "", said.percent, said.due_date)
            reports.setdefault(said.target, []).append(report)
    return {
        pk: _became(decided.get(pk), reports.get(pk, []), today)
        for pk in decided.keys() | reports.keys()
    }


def _became(decision: _Said | None, reports: list[Report], today: date) -> Became:
    newest_first = reports[::-1]
    newest = newest_first[0] if newest_first else None
    if decision and decision.calls_off:
        return Became(decision.outcome, decision.deferred_until)
    return Became(
        decision.outcome if decision else "",
        None,
        state_of(newest),
        newest.percent if newest else None,
        overdue_days(due_date(decision, newest_first), newest, today=today),
    )


@compiled
def _to_deciders(workshop: int) -> QuerySet:
    standing = Decision.objects.filter(session__workshop=workshop).standing(with_pending=True)
    return _with_reports(standing, workshop)


@compiled
def _to_all(workshop: int) -> QuerySet:
    known = Decision.objects.filter(session__workshop=workshop).known_to_all()
    return _with_reports(known, workshop)


def _with_reports(decisions: QuerySet[Decision], workshop: int) -> QuerySet:
    """Return decisions and reports as ``_Said`` has them, in one statement."""
    reports = StatusEntry.objects.filter(measure__workshop=workshop)
    decided = decisions.annotate(target=TARGET).order_by()
    reported = reports.annotate(target=TARGET).order_by()
    no_percent = Value(None, output_field=IntegerField())
    no_day = Value(None, output_field=DateField())
    return decided.values_list(
        *(Value(False), "decided_on", "pk", "target", "outcome"),
        *("due_date", "is_recommendation", "deferred_until", no_percent, "responsible"),
    ).union(
        reported.values_list(
            *(Value(True), "date", "pk", "target", "state"),
            *("next_due", Value(False), no_day, "percent", Value("")),
        ),
        all=True,
    )
