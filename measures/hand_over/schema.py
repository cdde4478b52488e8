"""What of a workshop is in a transfer file: everything, but for what is named here with its reason.

Tables and columns are listed by their models, so a new column travels by itself. A new model must
be named, among ``TABLES`` or in ``STAYS``, and each change of what travels raises ``VERSION``: a
test compares both with what it has written down (tests/data/transfer_schema.json).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.db import models
from django.db.models import QuerySet

from fields.models import ActionField, Goal
from measures.models import (
    AgendaItem,
    Assessment,
    Attachment,
    AttachmentPart,
    CarriedNote,
    Consensus,
    Cost,
    CostShare,
    Decision,
    DistinctPair,
    FormerWording,
    Idea,
    Indicator,
    IndicatorEntry,
    Measure,
    Offer,
    PaperCount,
    Rating,
    Remark,
    Round,
    SavedView,
    Seal,
    Session,
    StatusEntry,
    Task,
)
from workshops.models import (
    Ballot,
    Membership,
    Municipality,
    Participant,
    ParticipantGroup,
    PhaseChange,
    ScaleStep,
    User,
    Workshop,
    WorkshopMunicipality,
)
from workshops.models import Table as HallTable

FORMAT = "digital-werkstatt-transfer"
VERSION = 3

BALLOT_STAYS = "the secret stays with the browser, and a further round hands out ballots anew"
HALL_STAYS = "opens a door of the installation in the hall"
RECORD_STAYS = "what is left of a workshop that is deleted, at the address where it was read"
DERIVED = "made of the name"
OTHER_STAYS = "of another workshop, which does not come along; the note beside it does"


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows of one model; ``of`` leads from a row to its workshop, as a filter says it.

    ``stays``: columns that stay behind, each with the reason.
    """

    model: Any
    of: str
    stays: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    has_history: bool = False

    @property
    def name(self) -> str:
        return self.model._meta.label_lower

    @property
    def history(self) -> Any:
        return self.model.history.model

    def rows(self, workshop: Workshop) -> QuerySet:
        """Return the workshop's rows in the order in which they were made."""
        return self.model._default_manager.filter(**{self.of: workshop.pk}).order_by("pk")

    def columns(self) -> list[models.Field]:
        return [
            each
            for each in self.model._meta.concrete_fields
            if not each.primary_key and each.name not in self.stays
        ]

    def sets(self) -> list[models.ManyToManyField]:
        """Return the columns that hold several rows of another table."""
        through = ((each, each.remote_field.through) for each in self.model._meta.many_to_many)
        return [each for each, rows in through if rows._meta.auto_created]

    def history_columns(self) -> list[models.Field]:
        """Return what a record holds, but for its number and the row that it is about."""
        left = {"history_id", "id", *self.stays}
        return [each for each in self.history._meta.concrete_fields if each.name not in left]


TABLES = (
    Table(
        Workshop,
        "pk",
        {"room_code": HALL_STAYS, "is_door_open": HALL_STAYS, "reduced_at": RECORD_STAYS},
        has_history=True,
    ),
    Table(WorkshopMunicipality, "workshop"),
    Table(ParticipantGroup, "workshop"),
    Table(ScaleStep, "workshop"),
    Table(Membership, "workshop"),
    Table(Participant, "workshop", {"has_ballot": BALLOT_STAYS, "ballot": BALLOT_STAYS}),
    Table(PhaseChange, "workshop"),
    Table(HallTable, "workshop", {"code": HALL_STAYS}),
    Table(ActionField, "workshop", has_history=True),
    Table(Goal, "field__workshop", has_history=True),
    Table(Measure, "workshop", {"copied_from": OTHER_STAYS}, has_history=True),
    Table(CarriedNote, "measure__workshop"),
    Table(Idea, "field__workshop"),
    Table(DistinctPair, "first__workshop"),
    Table(FormerWording, "measure__workshop"),
    Table(Round, "workshop"),
    Table(Offer, "round__workshop"),
    Table(Consensus, "round__workshop"),
    Table(PaperCount, "round__workshop"),
    Table(Session, "workshop"),
    Table(AgendaItem, "session__workshop"),
    Table(Seal, "workshop", {"is_foreign": "each installation knows its own keys"}),
    Table(Decision, "session__workshop"),
    Table(Remark, "measure__workshop"),
    Table(StatusEntry, "measure__workshop"),
    Table(Assessment, "measure__workshop"),
    Table(Attachment, "workshop"),
    Table(AttachmentPart, "attachment__workshop"),
    Table(Cost, "measure__workshop"),
    Table(CostShare, "cost__measure__workshop"),
    Table(Indicator, "measure__workshop"),
    Table(IndicatorEntry, "indicator__measure__workshop"),
    Table(Task, "measure__workshop"),
    Table(SavedView, "workshop", {"name_key": DERIVED}),
)

# A ballot is told by its group, its source and its ratings. One without any stays behind.
BALLOTS = (Ballot, Rating)
RATED = ("relevance", "feasibility")

# Found there by what identifies them, made where they are missing; what is known there is kept.
MATCHED: dict[Any, tuple[str, ...]] = {
    User: ("email", "name"),
    Municipality: ("name", "kind", "official_key"),
}

# What stays behind, by model, each with the reason.
STAYS = {
    "workshops.workshoprevision": "counts the changes of an installation",
    "workshops.deletion": "says what an installation has deleted, or is to",
    "workshops.edit": "what a browser can take back, in the installation that it knows",
    "workshops.joincode": HALL_STAYS,
    "workshops.look": "of a municipality; its own installation has it",
    "workshops.legaltext": "of a municipality or of the installation's operator",
    "measures.publicrecord": RECORD_STAYS,
    "measures.calendaraddress": "opens the dates of an installation",
    "measures.front": "leads a day in the hall, which is over when its workshop leaves",
    "measures.slot": "the plan of that day",
    "measures.reminder": "which mails an installation has sent",
    "measures.reportlink": "opens a page of the installation that made it, with its key",
}
# The history is carried of what the product reads: settings changed after a decision, wordings.
HISTORY_STAYS = {
    "workshops.municipality": "matched there, with a history of its own",
    "workshops.workshopmunicipality": "read by the administration alone",
    "workshops.membership": "names people who had a role once",
    "workshops.participantgroup": "read by the administration alone",
    "workshops.scalestep": "read by the administration alone",
    "workshops.look": "stays with its row",
    "workshops.legaltext": "stays with its row",
    "measures.consensus": "read by the administration alone",
    "measures.papercount": "tells how each single sheet was added; the sums travel",
    "measures.session": "read by the administration alone",
    "measures.savedview": "read by the administration alone",
    "measures.cost": "read by the administration alone",
    "measures.costshare": "read by the administration alone",
    "measures.indicator": "read by the administration alone",
    "measures.task": "read by the administration alone",
}


def described() -> dict[str, list[str]]:
    """Return the columns of each table as the file names them: what ``VERSION`` stands for."""
    return dict(_described())


def _described() -> Iterator[tuple[str, list[str]]]:
    for model, columns in MATCHED.items():
        yield model._meta.label_lower, [*columns]
    for table in TABLES:
        yield table.name, [each.name for each in (*table.columns(), *table.sets())]
        if table.has_history:
            yield f"{table.name} history", [each.name for each in table.history_columns()]
    yield "ballots", ["group", "source", "measure", "round", *RATED]
