"""What exists and what an import would do with it, as plain data."""

import hashlib
from dataclasses import dataclass

from measures.transfer.lines import Line, Problem


@dataclass(frozen=True, slots=True)
class ExistingMeasure:
    """A measure as the workshop has it; ``values`` as in `lines.Line`, plus empty ones."""

    id: int
    field: str
    goal: str
    title: str
    values: dict[str, str | int | None]
    is_merged: bool = False
    number: int = 0
    is_rated: bool = False


@dataclass(frozen=True, slots=True)
class Existing:
    """Names of the fields, triples of field, goal and indicator, and the measures by number."""

    fields: tuple[str, ...] = ()
    goals: tuple[tuple[str, str, str], ...] = ()
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
    is_rated: bool = False

    @property
    def is_reworded(self) -> bool:
        """Tell whether it reads otherwise than when it was rated; the former wording is kept."""
        return self.is_rated and any(each.target == "description" for each in self.changes)


@dataclass(frozen=True, slots=True)
class NewIndicator:
    """What the indicator of a goal, a new one or one that exists, becomes."""

    row: int
    field: str
    goal: str
    before: str
    after: str
    is_of_new_goal: bool


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
    indicators: tuple[NewIndicator, ...] = ()

    @property
    def reworded(self) -> int:
        """How many measures people have rated in the wording that is changed."""
        return sum(measure.is_reworded for measure in self.changed_measures)

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
        return (
            self.new_fields,
            self.new_goals,
            self.indicators,
            self.new_measures,
            self.changed_measures,
        )
