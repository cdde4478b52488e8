"""What an import would do: the file beside what exists, compared without touching anything.

A measure is known by its field and title, a goal by its field and text; case and white space do
not count. Several measures of one field and title are told apart by their numbers. An empty cell
leaves alone what exists, so a file with fewer columns deletes nothing.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from measures.transfer.columns import Columns, check
from measures.transfer.lines import Line, Problem, Rules, name_of, read_lines
from measures.transfer.plans import (
    Change,
    ChangedMeasure,
    Existing,
    ExistingMeasure,
    NewIndicator,
    Plan,
)
from measures.transfer.reading import Table
from measures.transfer.texts import key, tidy
from measures.transfer.twins import pair, told_apart


def make_plan(table: Table, columns: Columns, existing: Existing, rules: Rules) -> Plan:
    """Compare a table with what exists. Raises ColumnProblem when columns are missing."""
    check(columns)
    lines, problems = read_lines(table, columns, rules)
    draft = _Draft.beside(existing)
    draft.take(lines)
    for target, line, first in draft.contradictions:
        reason = _contradiction(target) % {"row": first.row}
        problems.append(Problem(line.row, name_of(target, table.headers, columns), reason))
    return Plan(
        new_fields=tuple(draft.new_fields),
        new_goals=tuple(draft.new_goals),
        new_measures=tuple(sorted(draft.new_measures, key=_row)),
        changed_measures=tuple(sorted(draft.changed_measures, key=_row)),
        unchanged=len(lines) - len(draft.busy),
        problems=tuple(sorted(problems, key=_row)),
        indicators=tuple(draft.indicators),
    )


def _contradiction(target: str) -> str:
    if target == "indicator":
        return _("The same goal stands in row %(row)d with another indicator.")
    return _("The same measure of the same field stands in row %(row)d with another content.")


@dataclass
class _Draft:
    """The plan while it grows. ``busy`` are the numbers of the rows that do anything."""

    fields: set[str]
    goals: dict[tuple[str, str], list[str]]  # with the indicators of all goals of that text
    measures: dict[tuple[str, str], list[ExistingMeasure]]
    new_fields: list[str] = field(default_factory=list)
    new_goals: list[tuple[str, str]] = field(default_factory=list)
    indicators: list[NewIndicator] = field(default_factory=list)
    new_measures: list[Line] = field(default_factory=list)
    changed_measures: list[ChangedMeasure] = field(default_factory=list)
    contradictions: list[tuple[str, Line, Line]] = field(default_factory=list)
    busy: set[int] = field(default_factory=set)

    @classmethod
    def beside(cls, existing: Existing) -> "_Draft":
        goals, measures = defaultdict(list), defaultdict(list)
        for name, text, indicator in existing.goals:
            goals[key(name), key(text)].append(indicator)
        for measure in existing.measures:
            measures[key(measure.field), key(measure.title)].append(measure)
        return cls(
            fields={key(name) for name in existing.fields},
            goals=dict(goals),
            measures=dict(measures),
        )

    def take(self, lines: list[Line]) -> None:
        """Add all rows of the file."""
        indicators, measures = defaultdict(list), defaultdict(list)
        for line in lines:
            if line.indicator:
                indicators[key(line.field), key(line.goal)].append(line)
            if line.measure:
                measures[key(line.field), key(line.measure)].append(line)
        for known, same in indicators.items():
            self._take_indicators(same, self.goals.get(known))
        for line in lines:
            self._take_field(line)
            self._take_goal(line)
        for known, same in measures.items():
            self._take_measures(same, self.measures.get(known, []))

    def _take_field(self, line: Line) -> None:
        if key(line.field) not in self.fields:
            self.fields.add(key(line.field))
            self.new_fields.append(line.field)
            self.busy.add(line.row)

    def _take_goal(self, line: Line) -> None:
        known = (key(line.field), key(line.goal))
        if line.goal and known not in self.goals:
            self.goals[known] = []
            self.new_goals.append((line.field, line.goal))
            self.busy.add(line.row)

    def _take_indicators(self, lines: list[Line], there: list[str] | None) -> None:
        """Take the rows that name an indicator of one goal; they must agree."""
        known = set(map(_one_line, there or ()))
        if all(_one_line(line.indicator) in known for line in lines):
            return
        first = lines[0]
        others = [line for line in lines if line.indicator != first.indicator]
        self.contradictions += [("indicator", line, first) for line in others]
        before = there[0] if there else ""
        self.indicators.append(
            NewIndicator(first.row, first.field, first.goal, before, first.indicator, there is None)
        )
        self.busy.add(first.row)

    def _take_measures(self, lines: list[Line], there: list[ExistingMeasure]) -> None:
        """Take the rows of one field and title beside the measures that have them."""
        meant, others = told_apart(lines)
        standing = [measure for measure in there if not measure.is_merged]
        # A merged measure stays merged, whatever the file says about it: it takes a row that
        # would be a new measure otherwise.
        merged = len(there) - len(standing)
        swallowed = min(merged, max(0, len(meant) - len(standing)))
        changed: set[int] = set()
        if not _are_there(meant, standing, swallowed):
            changed = self._add_or_change(meant, standing, swallowed)
        same = [measure for measure in standing if measure.id not in changed]
        for line in others:
            if (there and not standing) or not all(_changes(measure, line) for measure in same):
                continue
            peers = [peer for peer in meant if peer.number == line.number] or meant
            if _content(line) not in map(_content, peers):
                self.contradictions.append(("measure", line, peers[0]))

    def _add_or_change(self, lines, standing: list[ExistingMeasure], swallowed: int) -> set[int]:
        """Carry the rows over to their measures; return the ids of those that change."""
        pairs = pair(lines, standing)
        for line, measure in pairs:
            if measure and (changes := _changes(measure, line)):
                self.changed_measures.append(
                    ChangedMeasure(
                        line.row, measure.id, line.field, measure.title, changes, measure.is_rated
                    )
                )
                self.busy.add(line.row)
        new = [line for line, measure in pairs if measure is None][swallowed:]
        self.new_measures += new
        self.busy.update(map(_row, new))
        return {measure.id for line, measure in pairs if measure and _changes(measure, line)}


def _are_there(lines: list[Line], standing: list[ExistingMeasure], swallowed: int) -> bool:
    """Tell whether all rows are measures already, one each, whatever their numbers.

    Another workshop gives numbers of its own, so the same file again must not go by them. Rows that
    say most choose first: one that says little fits many measures, and finds one among the rest.
    """
    left = list(standing)
    for line in sorted(lines, key=_says, reverse=True):
        place = next((i for i, each in enumerate(left) if not _changes(each, line)), None)
        if place is not None:
            del left[place]
        elif swallowed:
            swallowed -= 1
        else:
            return False
    return True


def _says(line: Line) -> int:
    return len(line.values) + bool(line.goal)


def _row(item: Line | ChangedMeasure | Problem) -> int:
    return item.row


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


def _one_line(text: str) -> str:
    return " ".join(text.split())
