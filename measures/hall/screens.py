"""Which screen the projector shows: what was chosen, as long as that can be shown, else the day's.

Nothing here looks at who asks: the projector has no rights but to what the whole room may know.
"""

from dataclasses import dataclass

from measures.models import Front, Round, Screen
from workshops.models import Workshop
from workshops.phases import Activity, Phase

# Beside those to choose from: while there is nothing to come to, and while a round waits.
WELCOME, WAIT = "welcome", "wait"


@dataclass(frozen=True, slots=True)
class Day:
    """Where a workshop's day is, as far as the projector goes by it."""

    workshop: Workshop
    open_round: Round | None
    closed: Round | None  # nobody has seen anything of it
    shown: int  # rounds

    @property
    def is_door_open(self) -> bool:
        return self.workshop.is_door_open and self.workshop.allows(Activity.LET_IN)

    @property
    def state(self) -> str:
        """An opaque text that is another one after each step of the day."""
        number = self.open_round.number if self.open_round else 0
        return f"{self.workshop.phase}-{number}-{self.shown}"


def day_of(workshop: Workshop) -> Day:
    """Return where the day is. 1 query."""
    rounds = list(workshop.rounds.all())
    return Day(
        workshop,
        open_round=next((each for each in rounds if each.is_open), None),
        closed=next((each for each in rounds if each.is_closed), None),
        shown=sum(each.is_shown for each in rounds),
    )


def front_of(workshop: Workshop) -> Front:
    """Return what was chosen for the front; a new one, not saved, where nothing was. 1 query."""
    rows = Front.objects.select_related("field", "measure")
    return rows.filter(workshop=workshop).first() or Front(workshop=workshop)


def can_show(day: Day, screen: str) -> bool:
    """Say whether a screen can be chosen now: nothing of a round before it is shown."""
    if screen == Screen.JOIN:
        return day.is_door_open
    if screen == Screen.RATE:
        return day.open_round is not None
    if screen in (Screen.RESULT, Screen.TEN, Screen.PART, Screen.MEASURE):
        return day.shown > 0
    return True


def screen_of(day: Day, front: Front) -> str:
    """Return the screen that is shown: the chosen one, until the day goes on, else the day's."""
    is_chosen = front.screen and front.state == day.state and can_show(day, front.screen)
    if is_chosen and (front.screen != Screen.MEASURE or front.measure):
        return front.screen
    return usual(day)


def usual(day: Day) -> str:
    """Return the screen that follows the day by itself."""
    phase = day.workshop.phase
    if phase == Phase.COLLECTING:
        return Screen.COLLECT
    if phase == Phase.RATING and day.open_round:
        return Screen.RATE
    if phase == Phase.PREPARING:
        return Screen.JOIN if day.is_door_open else WELCOME
    if day.closed:
        return WAIT
    return Screen.RESULT if day.shown else WELCOME
