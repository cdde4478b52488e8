from measures.models.assessment import Assessment
from measures.models.attachment import Attachment, AttachmentKind, AttachmentPart
from measures.models.calendar import CalendarAddress
from measures.models.carried import CarriedNote
from measures.models.cost import Cost, CostKind, CostShare
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
from measures.models.indicator import Indicator, IndicatorEntry
from measures.models.measure import PROFILE_FIELDS, TARGET, Measure, TimeHorizon
from measures.models.rating import Consensus, PaperCount, Rating
from measures.models.record import PublicRecord
from measures.models.remark import Remark
from measures.models.report_link import ReportLink
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
    "Assessment",
    "Attachment",
    "AttachmentKind",
    "AttachmentPart",
    "CalendarAddress",
    "CarriedNote",
    "Consensus",
    "Cost",
    "CostKind",
    "CostShare",
    "Decision",
    "DistinctPair",
    "FormerWording",
    "Front",
    "Idea",
    "Indicator",
    "IndicatorEntry",
    "Measure",
    "Offer",
    "Outcome",
    "PaperCount",
    "PublicRecord",
    "Rating",
    "Remark",
    "Reminder",
    "ReportLink",
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
