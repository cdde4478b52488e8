"""Where each group's circle stands on a row of the chart of groups: letters, places, lanes.

Places are percentages of the row's width, so that one drawing fits every screen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count

from measures.prioritisation import Scale

EDGE = 4.0  # percent left free at either end: half a circle on a phone
NEAR = 5.6  # percent that two circles of one lane need between their middles, on a phone
LANE = 10  # pixels from the line to the middle of a circle that gives way


@dataclass(frozen=True, slots=True)
class Circle:
    """One group's mean: ``x`` in percent, ``lane`` −1 above the line, 0 on it, 1 below."""

    group: str
    mean: float
    x: float
    lane: int
    is_end: bool


def place(mean: float, scale: Scale) -> float:
    """Return where a value of the scale stands, in percent."""
    return EDGE + (mean - scale.low) * (100 - 2 * EDGE) / (scale.high - scale.low)


def circles(means: Mapping[str, float], scale: Scale) -> list[Circle]:
    """Return the groups' circles from low to high; what would touch stands above and below.

    Where more than two meet, those behind move on until they have room.
    """
    ends = {min(means.values()), max(means.values())}
    ordered = sorted(means.items(), key=lambda pair: pair[1])
    placed: list[Circle] = []
    for run in _runs([place(mean, scale) for _name, mean in ordered]):
        for n, x in enumerate(run):
            name, mean = ordered[len(placed)]
            lane = 0 if len(run) == 1 else (-1, 1)[n % 2]
            placed.append(Circle(name, mean, round(x, 2), lane, mean in ends))
    return placed


def _runs(places: Iterable[float]) -> list[list[float]]:
    """Part the places, in their order, wherever two neighbours have room side by side.

    Within a run every second one stands in the same lane and moves on until it has room.
    """
    runs: list[list[float]] = []
    for x in places:
        if runs and x - max(runs[-1]) < NEAR:
            runs[-1].append(max([x, *(each + NEAR for each in runs[-1][-2:-1])]))
        else:
            runs.append([x])
    return _on_scale(runs)


def _on_scale(runs: list[list[float]]) -> list[list[float]]:
    """Move back what was moved beyond the scale's end, and what is in its way."""
    limit, moved = 100 - EDGE, []
    for run in reversed(runs):
        over = max(max(run) - limit, 0.0)
        moved.append([x - over for x in run])
        limit = min(moved[-1]) - NEAR
    return moved[::-1]


def initials(names: Iterable[str]) -> dict[str, str]:
    """Return one to three letters for each name, no two alike; a number where letters fail."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        letters = next(each for each in _shortened(name) if each.casefold() not in taken)
        taken.add(letters.casefold())
        found[name] = letters
    return found


def _shortened(name: str) -> Iterable[str]:
    """Yield ever other ways to shorten a name: R, Ra, RuV, Rat, R2, R3 …"""
    words = ["".join(filter(str.isalnum, word)) for word in name.split()]
    words = [word for word in words if word] or ["?"]
    first = words[0][0].upper()
    yield first
    yield first + words[0][1:2]
    yield "".join(word[0] for word in words[:3])
    yield first + words[0][1:3]
    for number in count(2):
        yield f"{first}{number}"
