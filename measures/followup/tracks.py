"""Where the measures that are followed up stand.

Pure arithmetic on plain data; whoever asks says which day it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

DONE, STOPPED = "done", "stopped"
FINAL = frozenset({DONE, STOPPED})
OVERDUE, UNREPORTED = "overdue", "unreported"
# What lists can be narrowed to. Overdue is no state: what runs may be overdue as well.
STATES = (OVERDUE, "not_started", "running", "delayed", DONE, STOPPED, UNREPORTED)
SILENT_DAYS = 90


@dataclass(frozen=True, slots=True)
class Followed:
    """A measure as lists name it. Across workshops, fields of one name are one field.

    ``municipality`` is None where it concerns all municipalities of its workshop.
    """

    pk: int
    number: int
    title: str
    horizon: str
    field: str
    workshop: int
    workshop_title: str
    municipality: int | None = None
    is_removed: bool = False

    @property
    def code(self) -> str:
        return f"M{self.number}"


@dataclass(frozen=True, slots=True)
class Report:
    """What a status entry says of a measure on a day."""

    day: date
    state: str
    sentence: str
    percent: int | None = None
    next_due: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A task of a measure, as far as it has to do with days."""

    due: date | None
    done_on: date | None

    def is_late(self, today: date) -> bool:
        return self.done_on is None and self.due is not None and self.due < today


class Decided(Protocol):
    """What is asked of a decision here; the model's rows answer it.

    ``calls_off`` is true for a rejection and a deferral: the measure is nobody's task (any more).
    """

    @property
    def pk(self) -> int: ...
    @property
    def decided_on(self) -> date: ...
    @property
    def due_date(self) -> date | None: ...
    @property
    def responsible(self) -> str: ...
    @property
    def calls_off(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Track:
    """A measure's way since it was decided on, as it stands on one day.

    ``decision`` is the one that holds. ``reports`` are the newest first. ``due`` is the date that
    was stated last, by the decision or by a report; ``next_due`` is that of the report, None where
    the decision's holds. ``overdue`` counts the days since ``due``, 0 for what is done or stopped.
    What was called off is due at no date, whatever was stated. ``late_tasks`` counts the tasks
    that are open after their day, 0 where nothing more is awaited of the measure.
    """

    measure: Followed
    decision: Decided | None
    reports: tuple[Report, ...]
    due: date | None
    next_due: date | None
    overdue: int
    tasks: tuple[Step, ...] = ()
    late_tasks: int = 0

    @property
    def done_tasks(self) -> int:
        return sum(each.done_on is not None for each in self.tasks)

    @property
    def decided_due(self) -> date | None:
        """The date that the decision sets, be it that a report has stated another since."""
        return self.decision.due_date if self.decision and not self.is_called_off else None

    @property
    def newest(self) -> Report | None:
        return self.reports[0] if self.reports else None

    @property
    def state(self) -> str:
        """The newest report's state, UNREPORTED where nobody has reported yet."""
        return state_of(self.newest)

    def is_in(self, state: str) -> bool:
        """Say whether one of STATES fits."""
        return self.overdue > 0 if state == OVERDUE else self.state == state

    @property
    def is_final(self) -> bool:
        return is_final(self.state)

    @property
    def is_called_off(self) -> bool:
        """Say whether it was rejected or deferred, be it after it had been accepted."""
        return self.decision is not None and self.decision.calls_off

    @property
    def begun(self) -> date | None:
        """The day of the decision or of the first report, whichever came first."""
        days = [self.decision.decided_on] if self.decision else []
        return min([*days, *(report.day for report in self.reports)], default=None)

    @property
    def days(self) -> list[date]:
        """All days that are known: decided, reported on, due, and those of its tasks."""
        ends = [day for day in (self.begun, self.due) if day]
        tasks = [day for each in self.tasks if (day := each.done_on or each.due)]
        return ends + [report.day for report in self.reports] + tasks


@dataclass(frozen=True, slots=True)
class ReportedChange:
    """What happened to a measure after a day, in ``count`` reports.

    ``before`` is what was known on that day, if anything.
    """

    track: Track
    before: Report | None
    after: Report
    count: int

    @property
    def state_before(self) -> str:
        return state_of(self.before)

    @property
    def changes_state(self) -> bool:
        return self.state_before != self.after.state

    @property
    def changes_percent(self) -> bool:
        return self.before is not None and self.before.percent != self.after.percent


@dataclass(frozen=True, slots=True)
class Digest:
    """What a reminder has to say; each measure once, where it weighs most."""

    overdue: tuple[Track, ...]
    soon: tuple[Track, ...]
    silent: tuple[Track, ...]

    def __bool__(self) -> bool:
        return bool(self.overdue or self.soon or self.silent)


def track(
    measure: Followed,
    decision: Decided | None,
    reports: Iterable[Report],
    tasks: Iterable[Step] = (),
    *,
    today: date,
) -> Track:
    """Return where a measure stands; of two reports of one day the later in ``reports`` holds."""
    newest_first = tuple(sorted(reports, key=lambda report: report.day)[::-1])
    due = due_date(decision, newest_first)
    newest = newest_first[0] if newest_first else None
    steps = tuple(tasks)
    is_over = is_final(state_of(newest)) or (decision is not None and decision.calls_off)
    return Track(
        measure,
        decision,
        newest_first,
        due,
        next_due(decision, newest_first),
        overdue_days(due, newest, today=today),
        steps,
        0 if is_over else sum(each.is_late(today) for each in steps),
    )


def overdue_days(due: date | None, newest: Report | None, *, today: date) -> int:
    """Return how many days it is overdue; 0 for what is done, stopped or due at no date."""
    return 0 if due is None or is_final(state_of(newest)) else max(0, (today - due).days)


def is_final(state: str) -> bool:
    """Say whether nothing more is awaited."""
    return state in FINAL


def state_of(report: Report | None) -> str:
    """Return what a report says; None stands for no report yet."""
    return report.state if report else UNREPORTED


def due_date(decision: Decided | None, newest_first: Sequence[Report]) -> date | None:
    """Return the due date stated last, by a report or by the decision."""
    if decision is not None and decision.calls_off:
        return None
    return next_due(decision, newest_first) or (decision.due_date if decision else None)


def next_due(decision: Decided | None, newest_first: Sequence[Report]) -> date | None:
    """Return the date that a report stated last; None where the decision set one after it.

    On the same day a report counts more than a decision.
    """
    if decision is not None and decision.calls_off:
        return None
    stated = next((report for report in newest_first if report.next_due), None)
    is_replaced = decision and decision.due_date and stated and stated.day < decision.decided_on
    return stated.next_due if stated and not is_replaced else None


def overdue_first(tracks: Iterable[Track]) -> list[Track]:
    """Return the overdue ones alone, the longest first."""
    return sorted((each for each in tracks if each.overdue), key=lambda each: -each.overdue)


def others_by_field(tracks: Iterable[Track]) -> dict[str, list[Track]]:
    """Return those that are not overdue by their field's name, in their order."""
    found: dict[str, list[Track]] = {}
    for each in tracks:
        if not each.overdue:
            found.setdefault(each.measure.field, []).append(each)
    return found


def count_by_state(tracks: Sequence[Track]) -> dict[str, int]:
    """Return how many are in each of STATES."""
    return {state: sum(each.is_in(state) for each in tracks) for state in STATES}


def reported_since(day: date, tracks: Iterable[Track]) -> list[ReportedChange]:
    """Return what has been reported for days after ``day``, the newest report first."""
    found = []
    for each in tracks:
        later = [report for report in each.reports if report.day > day]
        if later:
            before = each.reports[len(later)] if len(later) < len(each.reports) else None
            found.append(ReportedChange(each, before, each.reports[0], len(later)))
    return sorted(found, key=lambda change: change.after.day, reverse=True)


def digest(tracks: Iterable[Track], *, today: date, days: int) -> Digest:
    """Sort what is still to be done: overdue, due within ``days`` days, long unheard of."""
    open_ones = [each for each in tracks if not each.is_final and not each.is_called_off]
    soon, silent = [], []
    for each in open_ones:
        if each.overdue:
            continue
        if each.due and (each.due - today).days <= days:
            soon.append(each)
        elif silent_days(each, today=today) >= SILENT_DAYS:
            silent.append(each)
    return Digest(
        overdue=tuple(overdue_first(open_ones)),
        soon=tuple(sorted(soon, key=lambda each: each.due or date.max)),
        silent=tuple(sorted(silent, key=lambda each: -silent_days(each, today=today))),
    )


def silent_days(each: Track, *, today: date) -> int:
    """Return the days since the newest report, or since the decision where there is none."""
    last = each.newest.day if each.newest else each.begun
    return (today - last).days if last else 0
