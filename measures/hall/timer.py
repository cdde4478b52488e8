"""The timer at the front: it runs until a moment, or stands with what was left of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from measures.models import LONGEST_TIMER, Front, Round

MOST = 60 * LONGEST_TIMER  # seconds


@dataclass(frozen=True, slots=True)
class Timer:
    """``left`` are seconds, never below 0; they run unless the timer ``stands``."""

    left: int
    stands: bool

    @property
    def clock(self) -> str:
        minutes, seconds = divmod(self.left, 60)
        return f"{minutes:02}:{seconds:02}"

    @property
    def ends_in(self) -> int | None:
        """In how many seconds it is over, None where it stands or is over by now."""
        return None if self.stands or self.is_over else self.left

    @property
    def is_over(self) -> bool:
        return self.left == 0


def clock_of(front: Front, open_round: Round | None, now: datetime) -> Timer | None:
    """Return what runs at the front: the end of the rating, where it is set, else the timer."""
    left = open_round.seconds_left(now) if open_round else None
    return timer_of(front, now) if left is None else Timer(left, stands=False)


def timer_of(front: Front, now: datetime) -> Timer | None:
    """Return the timer as it is now, None without one."""
    if front.left is not None:
        return Timer(front.left, stands=True)
    if front.ends_at is None:
        return None
    return Timer(max(0, round((front.ends_at - now).total_seconds())), stands=False)


def start(front: Front, minutes: int, now: datetime) -> None:
    front.left, front.ends_at = None, now + timedelta(seconds=min(60 * minutes, MOST))


def add(front: Front, minutes: int, now: datetime) -> None:
    """Give so many minutes more, to a timer that stands as well; one that is over starts anew."""
    timer = timer_of(front, now)
    left = min((timer.left if timer else 0) + 60 * minutes, MOST)
    if timer and timer.stands:
        front.left = left
    else:
        front.ends_at = now + timedelta(seconds=left)


def hold(front: Front, now: datetime) -> None:
    if timer := timer_of(front, now):
        front.left, front.ends_at = timer.left, None


def go_on(front: Front, now: datetime) -> None:
    if front.left is not None:
        front.ends_at = now + timedelta(seconds=front.left)
        front.left = None


def end(front: Front) -> None:
    front.left = front.ends_at = None
