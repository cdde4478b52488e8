from workshops.models.people import (
    Ballot,
    Membership,
    Participant,
    ParticipantGroup,
    Role,
    User,
)
from workshops.models.revision import (
    TracksRevision,
    Versioned,
    WorkshopRevision,
    mark_changed,
)
from workshops.models.workshop import (
    Criterion,
    Municipality,
    PhaseChange,
    ScaleStep,
    Workshop,
    WorkshopMunicipality,
)

__all__ = [
    "Ballot",
    "Criterion",
    "Membership",
    "Municipality",
    "Participant",
    "ParticipantGroup",
    "PhaseChange",
    "Role",
    "ScaleStep",
    "TracksRevision",
    "User",
    "Versioned",
    "Workshop",
    "WorkshopMunicipality",
    "WorkshopRevision",
    "mark_changed",
]
