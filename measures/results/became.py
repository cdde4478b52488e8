"""What became of each measure: its decision and how far it is, as a list says it in two words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from measures.followup.tracks import Report, due_date, is_final, overdue_days, state_of
from measures.models import TARGET, Decision, Outcome, StatusEntry
from workshops.compiled import compiled
from workshops.models import Workshop
from workshops.visits import Visit


class _Holding(NamedTuple):
    """The decision that holds, as ``followup.tracks`` asks for it."""

    target: int
    outcome: str
    deferred_until: date | None
    due_date: date | None
    decided_on: date
    pk: int
    responsible: str

    @property
    def calls_off(self) -> bool:
        return Outcome(self.outcome).calls_off


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
    """Return what became of the measures of the visitor's workshop. 2 queries."""
    workshop = visit.workshop
    decided = {row.target: row for row in map(_Holding._make, _decisions(workshop, visit))}
    reports = _reports(workshop)
    return {
        pk: _became(decided.get(pk), reports.get(pk, []), today)
        for pk in decided.keys() | reports.keys()
    }


def _became(decision: _Holding | None, reports: list[Report], today: date) -> Became:
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


def _decisions(workshop: Workshop, visit: Visit) -> Iterable[tuple]:
    """Return the decisions that stand, those last that hold."""
    return (_to_deciders if visit.is_decider else _to_all)(workshop.pk)


@compiled
def _to_deciders(workshop: int) -> QuerySet:
    return _told(Decision.objects.filter(session__workshop=workshop).standing(with_pending=True))


@compiled
def _to_all(workshop: int) -> QuerySet:
    return _told(Decision.objects.filter(session__workshop=workshop).known_to_all())


def _told(decisions: QuerySet[Decision]) -> QuerySet:
    rows = decisions.annotate(target=TARGET).order_by("decided_on", "pk")
    return rows.values_list(*_Holding._fields)


def _reports(workshop: Workshop) -> dict[int, list[Report]]:
    """Return what was reported by the measure's id, the oldest first."""
    found: dict[int, list[Report]] = {}
    for pk, day, state, percent, due in _entries(workshop.pk):
        found.setdefault(pk, []).append(Report(day, state, "", percent, due))
    return found


@compiled
def _entries(workshop: int) -> QuerySet:
    rows = StatusEntry.objects.filter(measure__workshop=workshop).annotate(target=TARGET)
    told = ("target", "date", "state", "percent", "next_due")
    return rows.order_by("date", "pk").values_list(*told)
