from measures.models.calendar import CalendarAddress
from measures.models.carried import CarriedNote
from measures.models.decision import Decision, Outcome
from measures.models.distinct import DistinctPair
from measures.models.front import (
    LONGEST_SLOT,
    LONGEST_TIMER,
    MOST_SLOTS,
    NOTES_LENGTH,
    Front,
    Screen,
    Slot,
)
from measures.models.idea import Idea
from measures.models.measure import PROFILE_FIELDS, TARGET, Measure, TimeHorizon
from measures.models.rating import Consensus, PaperCount, Rating
from measures.models.remark import Remark
from measures.models.round import GRACE, MAX_ROUNDS, REASON_LENGTH, Offer, Round
from measures.models.seal import Seal, SealKind
from measures.models.session import AgendaItem, Session
from measures.models.status import Reminder, State, StatusEntry
from measures.models.task import Task
from measures.models.view import MOST_VIEWS, SavedView
from measures.models.wording import FormerWording

__all__ = [
    "GRACE",
    "LONGEST_SLOT",
    "LONGEST_TIMER",
    "MAX_ROUNDS",
    "MOST_SLOTS",
    "MOST_VIEWS",
    "NOTES_LENGTH",
    "PROFILE_FIELDS",
    "REASON_LENGTH",
    "TARGET",
    "AgendaItem",
    "CalendarAddress",
    "CarriedNote",
    "Consensus",
    "Decision",
    "DistinctPair",
    "FormerWording",
    "Front",
    "Idea",
    "Measure",
    "Offer",
    "Outcome",
    "PaperCount",
    "Rating",
    "Remark",
    "Reminder",
    "Round",
    "SavedView",
    "Screen",
    "Seal",
    "SealKind",
    "Session",
    "Slot",
    "State",
    "StatusEntry",
    "Task",
    "TimeHorizon",
]
