"""The shapes of the example's texts: field, goal, measure, profile, paper sheets."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from measures.demo.ratings import Opinion, Pair

COUNCIL = "Rat"
ADMINISTRATION = "Verwaltung"
CLUBS = "Vereine und Verbände"
CITIZENS = "Bürgerinnen und Bürger"

Counts = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class PaperText:
    """Counted paper sheets: how many chose step 1, 2 … 5, and how many could not judge."""

    group: str | None
    relevance: Counts
    feasibility: Counts
    cannot_judge: tuple[int, int]


@dataclass(frozen=True, slots=True)
class MeasureText:
    title: str
    description: str
    time_horizon: str
    opinion: Opinion
    agreed: Pair | None = None
    paper: PaperText | None = None
    profile: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GoalText:
    text: str
    indicator: str
    measures: tuple[MeasureText, ...]


@dataclass(frozen=True, slots=True)
class FieldText:
    """An action field of the catalogue; ``loose`` measures serve none of its goals."""

    goals: tuple[GoalText, ...]
    loose: tuple[MeasureText, ...] = ()

    def measures(self) -> Iterator[tuple[GoalText | None, MeasureText]]:
        for goal in self.goals:
            for measure in goal.measures:
                yield goal, measure
        for measure in self.loose:
            yield None, measure
