"""What a public page consists of, and nothing that is not public.

Page, embedded matrix and preview are drawn from one ``PublicContent``.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.utils.safestring import SafeString

from fields.models import Goal
from measures.costs.sums import Costs
from measures.decided import wording_of
from measures.followup.signs import light
from measures.followup.tracks import UNREPORTED
from measures.indicators.told import ToldIndicator
from measures.matrix.layout import COLOURS
from measures.models import Assessment, Attachment, Decision, Outcome, Remark, Seal, StatusEntry
from measures.overview import Overview, Row
from measures.wordings import Former
from workshops.models import Workshop

OPEN = "open"  # what is no outcome yet


class ToldDecision(NamedTuple):
    """A published decision; ``then``: the title of what was decided on, "" where it is not kept."""

    decision: Decision
    then: str


@dataclass(frozen=True, slots=True)
class PublicMeasure:
    """A measure with its texts, its place and what became of it.

    ``quadrant`` is the workshop's name of the quadrant, empty where the values are withheld.
    ``municipality`` is named where several take part. ``former``: what it read before. ``costs``
    are told where the workshop says so, ``indicators`` where there is a ``status``.
    ``decisions`` come newest first: the first one holds. ``assessment`` is the administration's
    own, None unless the page tells it. ``attachments`` are those that were released.
    """

    row: Row
    description: str
    facts: dict[str, str]
    municipality: str
    quadrant: str
    decisions: list[ToldDecision]
    status: StatusEntry | None
    former: list[Former]
    remarks: list[Remark]
    assessment: Assessment | None
    attachments: list[Attachment]
    costs: Costs | None = None
    indicators: list[ToldIndicator] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.row.measure.code

    @property
    def number(self) -> int:
        return self.row.measure.number

    @property
    def title(self) -> str:
        return self.row.measure.title

    @property
    def decision(self) -> Decision | None:
        """Return the one that holds, None where nothing or only a recommendation was given."""
        first = self.decisions[0].decision if self.decisions else None
        return None if first is None or first.is_recommendation else first

    @property
    def others(self) -> list[ToldDecision]:
        """Return what was decided or recommended beside it, the newest first."""
        return self.decisions[1:] if self.decision else self.decisions

    @property
    def outcome(self) -> str:
        """What was decided, ``OPEN`` without a decision."""
        return self.decision.outcome if self.decision else OPEN

    @property
    def wording(self) -> str:
        """How a committee has worded it; "" where it reads as it was proposed."""
        wording = wording_of(self.decision)
        return wording.text if wording else ""

    @property
    def text(self) -> str:
        return self.wording or self.description

    @property
    def state(self) -> str:
        """One of ``tracks.STATES``; "" where nothing is reported and nobody waits for it."""
        if self.status:
            return self.status.state
        return UNREPORTED if self.decision and not self.decision.calls_off else ""

    @property
    def series(self) -> int:
        return series(self.row.field_index)

    @property
    def agreed(self) -> tuple[int | None, int | None] | None:
        """The pair (relevance, feasibility) that the room settled on, if it did."""
        return self.row.consensus if any(self.row.consensus) else None

    @property
    def light(self) -> SafeString:
        """Its state as a shape with its word, "" without one."""
        return light(self.state) if self.state else SafeString()


@dataclass(frozen=True, slots=True)
class PublicField:
    """An action field; ``number`` counts from 1, ``series`` stands for its colour.

    ``measures`` counts all of its measures, ``goals`` by goal those of the goal.
    """

    name: str
    number: int
    series: int
    is_worked_on: bool
    measures: int
    goals: dict[Goal, int]

    @property
    def is_open(self) -> bool:
        """Say whether somebody works or has worked on it."""
        return self.is_worked_on or bool(self.goals) or self.measures > 0


@dataclass(frozen=True, slots=True)
class PublicSession:
    """One session with the decisions that are told of it, and where each of them stands."""

    committee: str
    date: date
    decisions: list[tuple[PublicMeasure, Decision]]
    attachments: list[Attachment]

    @property
    def seal(self) -> Seal:
        """The seal of the decisions that were published last; it stands for all."""
        seals = (each.publication for _measure, each in self.decisions if each.publication)
        return max(seals, key=lambda seal: seal.position)


@dataclass(frozen=True, slots=True)
class PublicContent:
    """Everything that is public of a workshop.

    ``measures`` are all of them, those decided on first, each part in the order of the ranking.
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
    measures: list[PublicMeasure]
    ranked: list[PublicMeasure]
    sessions: list[PublicSession]
    settings_changed: str

    @property
    def decided_count(self) -> int:
        """Count as the inside does: what comes back is not decided."""
        holding = (each.decision for each in self.measures if each.decision)
        return sum(not Outcome(each.outcome).is_open for each in holding)

    @property
    def deferred_count(self) -> int:
        return sum(bool(each.decision) for each in self.measures) - self.decided_count

    @property
    def smallest(self) -> int:
        """Return from how many judgements on a measure is shown with its values."""
        return max(self.workshop.smallest_room, self.workshop.smallest_group)

    @property
    def ranked_count(self) -> int:
        return sum(measure.row.result.rank is not None for measure in self.ranked)

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
