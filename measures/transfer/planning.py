"""What an import would do: the file beside what exists, compared without touching anything.

A measure is known by its field and title, a goal by its field and text; case and white space do
not count. An empty cell leaves alone what exists, so a file with fewer columns deletes nothing.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from measures.transfer.columns import Columns, check
from measures.transfer.lines import Line, Problem, Rules, name_of, read_lines
from measures.transfer.reading import Table
from measures.transfer.texts import key, tidy


@dataclass(frozen=True, slots=True)
class ExistingMeasure:
    """A measure as the workshop has it; ``values`` as in `lines.Line`, plus empty ones."""

    id: int
    field: str
    goal: str
    title: str
    values: dict[str, str | int | None]
    is_merged: bool = False


@dataclass(frozen=True, slots=True)
class Existing:
    """Names of the fields, pairs of field and goal, and the measures of a workshop."""

    fields: tuple[str, ...] = ()
    goals: tuple[tuple[str, str], ...] = ()
    measures: tuple[ExistingMeasure, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a measure, before and after, in words for people left to the page."""

    target: str
    before: str | int | None
    after: str | int


@dataclass(frozen=True, slots=True)
class ChangedMeasure:
    row: int
    id: int
    field: str
    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the import creates and changes; it may be carried out if there are no problems.

    ``unchanged`` counts the rows whose content is there already.
    """

    new_fields: tuple[str, ...]
    new_goals: tuple[tuple[str, str], ...]
    new_measures: tuple[Line, ...]
    changed_measures: tuple[ChangedMeasure, ...]
    unchanged: int
    problems: tuple[Problem, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to do."""
        return not (self.new_fields or self.new_goals or self.new_measures or self.changed_measures)

    @property
    def fingerprint(self) -> str:
        """Return a text that is equal for plans that do the same."""
        deeds = (self.new_fields, self.new_goals, self.new_measures, self.changed_measures)
        return hashlib.sha256(repr(deeds).encode()).hexdigest()


def make_plan(table: Table, columns: Columns, existing: Existing, rules: Rules) -> Plan:
    """Compare a table with what exists. Raises ColumnProblem when columns are missing."""
    check(columns)
    lines, problems = read_lines(table, columns, rules)
    draft = _Draft.beside(existing)
    unchanged = sum([not draft.take(line) for line in lines])
    column = name_of("measure", table.headers, columns)
    for line, first in draft.contradictions:
        reason = _(
            "The same measure of the same field stands in row %(row)d with another content."
        ) % {"row": first.row}
        problems.append(Problem(line.row, column, reason))
    return Plan(
        new_fields=tuple(draft.new_fields),
        new_goals=tuple(draft.new_goals),
        new_measures=tuple(draft.new_measures),
        changed_measures=tuple(draft.changed_measures),
        unchanged=unchanged,
        problems=tuple(sorted(problems, key=lambda problem: problem.row)),
    )


@dataclass
class _Draft:
    """The plan while it grows, line by line."""

    fields: set[str]
    goals: set[tuple[str, str]]
    measures: dict[tuple[str, str], list[ExistingMeasure]]
    seen: dict[tuple[str, str], Line] = field(default_factory=dict)
    new_fields: list[str] = field(default_factory=list)
    new_goals: list[tuple[str, str]] = field(default_factory=list)
    new_measures: list[Line] = field(default_factory=list)
    changed_measures: list[ChangedMeasure] = field(default_factory=list)
    contradictions: list[tuple[Line, Line]] = field(default_factory=list)

    @classmethod
    def beside(cls, existing: Existing) -> "_Draft":
        measures = defaultdict(list)
        for measure in existing.measures:
            measures[key(measure.field), key(measure.title)].append(measure)
        return cls(
            fields={key(name) for name in existing.fields},
            goals={(key(name), key(text)) for name, text in existing.goals},
            measures=measures,
        )

    def take(self, line: Line) -> bool:
        """Add one line; return whether it does anything."""
        added = [self._take_field(line), self._take_goal(line), self._take_measure(line)]
        return any(added)

    def _take_field(self, line: Line) -> bool:
        if key(line.field) in self.fields:
            return False
        self.fields.add(key(line.field))
        self.new_fields.append(line.field)
        return True

    def _take_goal(self, line: Line) -> bool:
        known = (key(line.field), key(line.goal))
        if not line.goal or known in self.goals:
            return False
        self.goals.add(known)
        self.new_goals.append((line.field, line.goal))
        return True

    def _take_measure(self, line: Line) -> bool:
        if not line.measure:
            return False
        known = (key(line.field), key(line.measure))
        first = self.seen.setdefault(known, line)
        there = self.measures.get(known, [])
        standing = [measure for measure in there if not measure.is_merged]
        changes = [_changes(measure, line) for measure in standing]
        # A merged measure stays merged, whatever the file says about it. And two measures may
        # share a title; a line that equals one of them means that one.
        if there and not (standing and all(changes)):
            return False
        if first is not line:
            if _content(first) != _content(line):
                self.contradictions.append((line, first))
            return False
        if there:
            same, todo = standing[0], changes[0]
            changed = ChangedMeasure(line.row, same.id, line.field, same.title, todo)
            self.changed_measures.append(changed)
        else:
            self.new_measures.append(line)
        return True


def _content(line: Line):
    return key(line.goal), line.values


def _changes(measure: ExistingMeasure, line: Line) -> tuple[Change, ...]:
    changes = [
        Change(target, measure.values.get(target), value)
        for target, value in line.values.items()
        if _comparable(value) != _comparable(measure.values.get(target))
    ]
    if line.goal and key(line.goal) != key(measure.goal):
        changes.append(Change("goal", measure.goal, line.goal))
    return tuple(changes)


def _comparable(value: str | int | None) -> str | int | None:
    return tidy(value) if isinstance(value, str) else value
