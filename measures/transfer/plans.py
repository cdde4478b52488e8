"""What the workshop has, what a file says and what an import would do, as plain data."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from measures.columns import COLUMNS
from measures.transfer.headings import heading
from measures.transfer.tables import place

Value = str | int | None  # what a cell says; None: nothing


@dataclass(frozen=True, slots=True)
class FileRow:
    """One checked row of a file, or a measure as the row that our own export would write.

    ``row`` is its place in the file, 0 outside of one. ``values`` holds what the measure is given
    beside its title; of a file only what it says, for an empty cell says nothing. ``indicator`` is
    the goal's. ``number`` is "12" for M12, or whatever else the file counts by. ``unknown_place``
    is the word for a municipality that the workshop does not know, whatever it is taken for.
    """

    row: int
    field: str
    goal: str
    measure: str
    values: Mapping[str, Value]
    indicator: str = ""
    number: str = ""
    unknown_place: str = ""

    @property
    def details(self) -> list[tuple[str, str]]:
        """The values as people read them, each behind its heading."""
        return [(heading(name), COLUMNS[name].words(value)) for name, value in self.values.items()]


@dataclass(frozen=True, slots=True)
class Existing:
    """What a workshop has, and what it takes.

    ``goals`` are triples of field, goal and indicator. ``measures`` stand by their ids in the order
    of their numbers; ``merged`` and ``rated`` are the ids of some of them.

    ``limits`` are characters per target, ``steps`` those of the scale. ``horizons`` and
    ``municipalities`` have what a cell may say -> what is meant: the time's key, the whole name.
    """

    fields: tuple[str, ...] = ()
    goals: tuple[tuple[str, str, str], ...] = ()
    measures: Mapping[int, FileRow] = field(default_factory=dict)
    merged: frozenset[int] = frozenset()
    rated: frozenset[int] = frozenset()
    limits: Mapping[str, int | None] = field(default_factory=dict)
    steps: int = 5
    horizons: Mapping[str, str] = field(default_factory=dict)
    municipalities: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word of the file that the workshop does not know, as it stands there first.

    ``name`` is what forms call it, ``target`` what its column holds, ``count`` in how many rows it
    stands. ``meaning`` is what it is taken for, "" for nothing: then a field is a new one, and any
    other word must be told what it means before something is imported.
    """

    name: str
    target: str
    text: str
    row: int
    count: int
    meaning: str

    @property
    def is_undecided(self) -> bool:
        return self.target != "field" and not self.meaning


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that cannot be imported: the row's number, the heading and a sentence."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        return _("%(place)s, column “%(column)s”: %(reason)s") % {
            "place": capfirst(place(self.row)),
            "column": self.column,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """One value of a measure that is there, or the indicator of a goal; ``name`` says of which.

    ``measure`` is the measure's id, None for a goal. ``before`` is None where a value is missing;
    so is the indicator of a goal that is new. ``stays_readable``: people have rated this wording.
    """

    row: int
    field: str
    name: str
    target: str
    before: Value
    after: Value
    measure: int | None = None
    stays_readable: bool = False

    @property
    def heading(self) -> str:
        return heading(self.target)

    @property
    def words_before(self) -> str:
        return COLUMNS[self.target].words(self.before)

    @property
    def words_after(self) -> str:
        return COLUMNS[self.target].words(self.after)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A row beside the one whose content it has."""

    row: FileRow
    first: FileRow

    @property
    def name(self) -> str:
        return self.row.measure or self.row.goal

    @property
    def place(self) -> str:
        """Where people find the other row: row 2."""
        return place(self.first.row)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the import creates and changes; it may be carried out if there are no problems.

    ``changes`` tells the indicators of goals first. ``unchanged`` counts the rows whose content is
    there already, ``untouched``, and ``skipped`` those without any; ``repeats`` are those that
    another row of the file says already. ``alike`` are new measures that only a municipality left
    empty tells from others. ``unknown`` are the words of the file that the workshop does not know,
    whatever they were taken for. ``is_applied``: it was carried out.
    """

    new_fields: tuple[str, ...]
    new_goals: tuple[tuple[str, str], ...]
    new_measures: tuple[FileRow, ...]
    changes: tuple[PlannedChange, ...]
    unchanged: int
    problems: tuple[Problem, ...]
    unknown: tuple[Unknown, ...] = ()
    skipped: int = 0
    repeats: tuple[Repeat, ...] = ()
    alike: tuple[Repeat, ...] = ()
    is_applied: bool = False
    untouched: tuple[FileRow, ...] = field(default=(), compare=False)

    @property
    def undecided(self) -> tuple[Unknown, ...]:
        """The words of which somebody must tell what they mean."""
        return tuple(word for word in self.unknown if word.is_undecided)

    @property
    def refused(self) -> int:
        """How many rows have cells that must be corrected."""
        return len({problem.row for problem in self.problems})

    @property
    def usual_problems(self) -> list[tuple[str, str, int]]:
        """The most frequent ones, three at most: the column, the reason, in how many cells."""
        told = Counter((problem.column, problem.reason) for problem in self.problems)
        return [(*cell, count) for cell, count in told.most_common(3)]

    @property
    def is_ready(self) -> bool:
        """Tell whether nothing stands in the way of the import."""
        return not self.problems and not self.undecided

    @property
    def entries(self) -> int:
        """How many fields, goals and measures are created or changed."""
        new = len(self.new_fields) + len(self.new_goals) + len(self.new_measures)
        return new + self.changed_goals + self.changed_measures

    @property
    def changed_goals(self) -> int:
        """How many goals that are there get another indicator."""
        return sum(each.measure is None and each.before is not None for each in self.changes)

    @property
    def changed_measures(self) -> int:
        return len({each.measure for each in self.changes} - {None})

    @property
    def reworded(self) -> int:
        """How many measures people have rated in the wording that is changed."""
        return sum(each.stays_readable for each in self.changes)

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to do."""
        return not any(self._deeds)

    @property
    def fingerprint(self) -> str:
        """Return a text that is equal for plans that do the same."""
        return hashlib.sha256(repr(self._deeds).encode()).hexdigest()

    @property
    def _deeds(self) -> tuple[tuple, ...]:
        return (self.new_fields, self.new_goals, self.new_measures, self.changes)
