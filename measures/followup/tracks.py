"""Where the measures that are followed up stand.

Pure arithmetic on plain data; whoever asks says which day it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

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

    @property
    def code(self) -> str:
        return f"M{self.number}"


@dataclass(frozen=True, slots=True)
class Report:
    """One report. ``words`` says the state in the reader's language."""

    date: date
    state: str
    words: str
    sentence: str
    percent: int | None = None
    next_due: date | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision that holds. ``words`` says its outcome in the reader's language.

    ``calls_off`` is true for a rejection and a deferral: the measure is nobody's task (any more).
    """

    pk: int
    on: date
    words: str
    due: date | None = None
    responsible: str = ""
    is_pending: bool = False
    calls_off: bool = False
    deferred_until: date | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """A measure's way since it was decided on, as it stands on one day.

    ``reports`` are the newest first. ``due`` is the date that was stated last, by the decision or
    by a report. ``overdue`` counts the days since then, 0 for what is done or stopped. What was
    called off is due at no date, whatever was stated.
    """

    measure: Followed
    decided: Decided | None
    reports: tuple[Report, ...]
    due: date | None
    overdue: int

    @property
    def newest(self) -> Report | None:
        return self.reports[0] if self.reports else None

    @property
    def state(self) -> str:
        """The newest report's state, empty where nobody has reported yet."""
        return self.reports[0].state if self.reports else ""

    def is_in(self, state: str) -> bool:
        """Say whether one of STATES fits."""
        return self.overdue > 0 if state == OVERDUE else (self.state or UNREPORTED) == state

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    @property
    def is_called_off(self) -> bool:
        """Say whether it was rejected or deferred, be it after it had been accepted."""
        return self.decided is not None and self.decided.calls_off

    @property
    def begun(self) -> date | None:
        """The day of the decision or of the first report, whichever came first."""
        days = [self.decided.on] if self.decided else []
        return min([*days, *(report.date for report in self.reports)], default=None)


@dataclass(frozen=True, slots=True)
class Move:
    """What happened to a measure after a day, in ``count`` reports.

    ``before`` is what was known on that day, if anything.
    """

    track: Track
    before: Report | None
    after: Report
    count: int

    @property
    def changes_state(self) -> bool:
        return self.before is None or self.before.state != self.after.state

    @property
    def changes_percent(self) -> bool:
        return self.before is not None and self.before.percent != self.after.percent


@dataclass(frozen=True, slots=True)
class Group:
    """The tracks of one action field."""

    name: str
    tracks: tuple[Track, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What a reminder has to say; each measure once, where it weighs most."""

    overdue: tuple[Track, ...]
    soon: tuple[Track, ...]
    silent: tuple[Track, ...]

    def __bool__(self) -> bool:
        return bool(self.overdue or self.soon or self.silent)


def track(
    measure: Followed, decided: Decided | None, reports: Iterable[Report], *, today: date
) -> Track:
    """Return where a measure stands; of two reports of one day the later in ``reports`` holds."""
    newest_first = tuple(sorted(reports, key=lambda report: report.date)[::-1])
    due = due_date(decided, newest_first)
    final = bool(newest_first) and newest_first[0].state in FINAL
    overdue = 0 if due is None or final else max(0, (today - due).days)
    return Track(measure, decided, newest_first, due, overdue)


def oldest_first(decisions: Iterable) -> list:
    """Sort decisions on a measure, also those on its duplicates: the last one holds.

    Of two on one day it is the one recorded later. Anything with ``decided_on`` and ``pk`` will do.
    """
    return sorted(decisions, key=lambda each: (each.decided_on, each.pk))


def due_date(decided: Decided | None, newest_first: Sequence[Report]) -> date | None:
    """Return the due date stated last; on the same day a report counts more than a decision."""
    if decided is not None and decided.calls_off:
        return None
    stated = next((report for report in newest_first if report.next_due), None)
    if decided is None or decided.due is None:
        return stated.next_due if stated else None
    if stated is None or stated.date < decided.on:
        return decided.due
    return stated.next_due


def overdue_first(tracks: Iterable[Track]) -> tuple[tuple[Track, ...], tuple[Group, ...]]:
    """Part the overdue ones, the longest first, from the others by field in their order."""
    overdue, fields = [], {}
    for each in tracks:
        (overdue if each.overdue else fields.setdefault(each.measure.field, [])).append(each)
    return (
        tuple(sorted(overdue, key=lambda each: -each.overdue)),
        tuple(Group(name, tuple(members)) for name, members in fields.items()),
    )


def counts(tracks: Sequence[Track]) -> dict[str, int]:
    """Return how many are in each of STATES."""
    return {state: sum(each.is_in(state) for each in tracks) for state in STATES}


def moves(tracks: Iterable[Track], *, since: date) -> list[Move]:
    """Return what has been reported for days after ``since``, the newest report first."""
    found = []
    for each in tracks:
        later = [report for report in each.reports if report.date > since]
        if later:
            before = each.reports[len(later)] if len(later) < len(each.reports) else None
            found.append(Move(each, before, each.reports[0], len(later)))
    return sorted(found, key=lambda move: move.after.date, reverse=True)


def digest(tracks: Iterable[Track], *, today: date, days: int) -> Digest:
    """Sort what is still to be done: overdue, due within ``days`` days, long unheard of."""
    overdue, soon, silent = [], [], []
    for each in tracks:
        if each.is_final or each.is_called_off:
            continue
        if each.overdue:
            overdue.append(each)
        elif each.due and (each.due - today).days <= days:
            soon.append(each)
        elif silent_days(each, today=today) >= SILENT_DAYS:
            silent.append(each)
    return Digest(
        overdue=tuple(sorted(overdue, key=lambda each: -each.overdue)),
        soon=tuple(sorted(soon, key=lambda each: each.due)),
        silent=tuple(sorted(silent, key=lambda each: -silent_days(each, today=today))),
    )


def silent_days(each: Track, *, today: date) -> int:
    """Return the days since the newest report, or since the decision where there is none."""
    last = each.reports[0].date if each.reports else each.begun
    return (today - last).days if last else 0
