from measures.models.measure import PROFILE_FIELDS, Measure, TimeHorizon
from measures.models.rating import Consensus, PaperCount, Rating

__all__ = [
    "PROFILE_FIELDS",
    "Consensus",
    "Measure",
    "PaperCount",
    "Rating",
    "TimeHorizon",
]
