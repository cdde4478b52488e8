"""What a public page consists of, and nothing that is not public.

Page, embedded matrix and preview are drawn from one ``PublicContent``.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from fields.models import Goal
from measures.followup.signs import light
from measures.matrix.layout import COLOURS
from measures.models import Decision, Remark, Seal, StatusEntry
from measures.overview import Overview, Row
from measures.results.picture import Picture
from measures.wordings import Former
from workshops.models import Workshop


@dataclass(frozen=True, slots=True)
class PublicMeasure:
    """A measure with its texts, its place and what became of it.

    ``quadrant`` is the workshop's name of the quadrant, empty where the values are withheld.
    ``municipality`` is named where several take part. ``former``: what it read before.
    """

    row: Row
    description: str
    facts: dict[str, str]
    municipality: str
    quadrant: str
    decision: Decision | None
    status: StatusEntry | None
    former: list[Former]

    @property
    def code(self) -> str:
        return self.row.measure.code

    @property
    def title(self) -> str:
        return self.row.measure.title

    @property
    def anchor(self) -> str:
        return anchor(self.row.measure.number)

    @property
    def progress_anchor(self) -> str:
        return f"progress-{self.row.measure.number}"

    @property
    def series(self) -> int:
        return series(self.row.field_index)

    @property
    def agreed(self) -> tuple[int | None, int | None] | None:
        """The pair (relevance, feasibility) that the room settled on, if it did."""
        return self.row.consensus if any(self.row.consensus) else None

    @property
    def light(self) -> SafeString:
        """The state last reported as a shape with its word, "" without a report."""
        status = self.status
        return light(status.state) if status else SafeString()


@dataclass(frozen=True, slots=True)
class PublicField:
    """An action field; ``number`` counts from 1, ``series`` stands for its colour.

    ``goals`` holds by goal its measures, under ``None`` those without one.
    """

    name: str
    number: int
    series: int
    is_worked_on: bool
    goals: dict[Goal | None, list[PublicMeasure]]


@dataclass(frozen=True, slots=True)
class PublicSession:
    """One session with its decisions, each between its measure and what its title was then."""

    committee: str
    date: date
    decisions: list[tuple[PublicMeasure, Decision, str]]

    @property
    def seal(self) -> Seal:
        """The seal of the decisions that were published last; it stands for all."""
        seals = (each.publication for _measure, each, _then in self.decisions if each.publication)
        return max(seals, key=lambda seal: seal.position)


@dataclass(frozen=True, slots=True)
class PublicContent:
    """Everything that is public of a workshop.

    ``ranked`` are the measures with a place, best first; ``closed_fields`` the names of fields
    that nobody worked on. ``scale`` holds by criterion the words of the lowest and highest step.
    ``settings_changed`` is a sentence on what was changed since the first decision shown.
    """

    workshop: Workshop
    municipalities: list[str]
    overview: Overview
    shows_results: bool
    scale: dict[str, tuple[str, str]]
    fields: list[PublicField]
    closed_fields: list[str]
    picture: Picture | None
    ranked: list[PublicMeasure]
    sessions: list[PublicSession]
    reported: list[PublicMeasure]
    remarks: list[tuple[PublicMeasure, list[Remark]]]
    settings_changed: str

    @property
    def ranked_count(self) -> int:
        return len(self.ranked)

    @property
    def withheld_count(self) -> int:
        return len(self.overview.rows) - len(self.ranked)

    @property
    def has_agreed(self) -> bool:
        return any(any(row.consensus) for row in self.overview.rows)

    @property
    def feasibility_weight(self) -> int:
        """In percent, like the workshop's weight of relevance."""
        return 100 - self.workshop.relevance_weight


def series(index: int) -> int:
    """Return the number of the colour of the field with this index."""
    return index % COLOURS + 1


def anchor(number: int) -> str:
    """Return the id under which a measure stands on the page."""
    return f"measure-{number}"
