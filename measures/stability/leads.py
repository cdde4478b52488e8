"""What can be said of one measure's lead over another, and from which bounds on."""

from dataclasses import dataclass
from enum import StrEnum
from math import floor

# The bounds are ours, chosen by simulation (tests/benchmarks/false_alarms.py): two equal measures
# shall be called clear in about one room of ten at most, and open more often than not.
CLEAR_FROM = 98  # of 100 draws
PROBABLE_FROM = 80  # of 100 draws
FEWEST_FOR_CLEAR = 8  # judgements per criterion, of either measure


class Certainty(StrEnum):
    """The word for a lead."""

    CLEAR = "clear"
    PROBABLE = "probable"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Lead:
    """``ahead`` has the higher score, in ``share`` of all draws, 0.5 to 1; ties count half.

    ``judged`` is the least number of judgements, of either measure and either criterion.
    """

    ahead: int
    behind: int
    share: float
    judged: int

    @property
    def percent(self) -> int:
        """Whole draws of 100, rounded down: so it reaches a bound where the word does."""
        return floor(100 * self.share)

    @property
    def certainty(self) -> Certainty:
        if self.percent >= CLEAR_FROM and self.judged >= FEWEST_FOR_CLEAR:
            return Certainty.CLEAR
        return Certainty.PROBABLE if self.percent >= PROBABLE_FROM else Certainty.OPEN


@dataclass(frozen=True, slots=True)
class Comparison:
    """One measure among the others: its lead over the next below, the one of the next above.

    Equal scores keep the order in which the measures were given. ``open_against`` holds all
    measures whose order with it is open, best first. What has no rank is compared with nothing.
    """

    above: Lead | None = None
    below: Lead | None = None
    open_against: tuple[int, ...] = ()
