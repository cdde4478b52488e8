from workshops.models.deletion import Deletion
from workshops.models.edit import Edit
from workshops.models.municipality import Municipality, WorkshopMunicipality
from workshops.models.names import NameField, refuse_twin
from workshops.models.people import (
    Ballot,
    JoinCode,
    Membership,
    Participant,
    ParticipantGroup,
    Role,
    User,
    random_id,
)
from workshops.models.presence import LegalText, Look, has_presence
from workshops.models.revision import (
    TracksRevision,
    Versioned,
    WorkshopRevision,
    hold_votes,
    line_up,
    mark_changed,
    votes_key,
)
from workshops.models.table import Table
from workshops.models.workshop import (
    Criterion,
    PhaseChange,
    ScaleStep,
    Workshop,
)

__all__ = [
    "Ballot",
    "Criterion",
    "Deletion",
    "Edit",
    "JoinCode",
    "LegalText",
    "Look",
    "Membership",
    "Municipality",
    "NameField",
    "Participant",
    "ParticipantGroup",
    "PhaseChange",
    "Role",
    "ScaleStep",
    "Table",
    "TracksRevision",
    "User",
    "Versioned",
    "Workshop",
    "WorkshopMunicipality",
    "WorkshopRevision",
    "has_presence",
    "hold_votes",
    "line_up",
    "mark_changed",
    "random_id",
    "refuse_twin",
    "votes_key",
]
