"""Closing with notice: phones count down, and who has an answer in hand may still give it.

No process waits for the moment. A vote is refused by the statement that would store it, as soon as
the grace is over; phones are led to their thanks when the time is up. The round itself is closed by
the next page of those who lead the day, which has to come before anybody can show a result, and at
the latest by the nightly run that erases the old traces.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from measures.models import GRACE, Round
from measures.rating.rounds import move_phase, open_round_of
from workshops.audiences import Audience, call
from workshops.models import Workshop, line_up
from workshops.phases import Phase

NOTICE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Closing:
    """How long people may still rate, in seconds, 0 when the time is up; then the grace begins."""

    left: int
    grace: int

    @property
    def due(self) -> int:
        """In how many seconds the round can be closed for good."""
        return self.left + self.grace + 1

    @property
    def clock(self) -> str:
        minutes, seconds = divmod(self.left, 60)
        return f"{minutes}:{seconds:02}"


def closing_of(round: Round) -> Closing | None:
    """Return how long a round is open, None where nobody has said. No query."""
    left = round.seconds_left(timezone.now())
    return None if left is None else Closing(left, int(GRACE.total_seconds()))


def close_soon(workshop: Workshop, *, now: datetime) -> bool:
    """Let the rating end after the notice; return False where none is open or one ends already.

    Whoever calls has lined up at the workshop.
    """
    round = open_round_of(workshop)
    if round is None or round.closes_at is not None:
        return False
    _ends(round, now + NOTICE)
    return True


def go_on(workshop: Workshop, *, now: datetime) -> bool:
    """Take the notice back; return False where there is none, or where it is over.

    People were told by then that their vote came too late. Whoever calls has lined up.
    """
    round = open_round_of(workshop)
    if round is None or round.closes_at is None or round.is_due(now):
        return False
    _ends(round, None)
    return True


def _ends(round: Round, moment: datetime | None) -> None:
    round.closes_at = moment
    round.save(update_fields=["closes_at"])
    call(round.workshop_id, Audience.PHONES)


def close_if_due(round: Round | None) -> bool:
    """Close a round whose time and grace are over, as the facilitator has ordered; say whether.

    No query unless it is due. The log of phases names nobody: it is not the act of who looks.
    """
    if round is None or not round.is_due(timezone.now()):
        return False
    with transaction.atomic():
        line_up(round.workshop_id)
        workshop = Workshop.objects.get(pk=round.workshop_id)
        current = open_round_of(workshop)  # somebody may have been faster, or have taken it back
        if current is None or not current.is_due(timezone.now()):
            return False
        move_phase(workshop, Phase.DELIBERATING, by=None)
    return True


def close_all_due() -> int:
    """Close every round that nobody has looked at since; return how many."""
    late = Round.objects.filter(
        state=Round.State.OPEN, closes_at__lte=timezone.now() - GRACE
    ).order_by("pk")
    return sum(map(close_if_due, late))
