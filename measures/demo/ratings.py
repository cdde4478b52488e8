"""Ratings for the example workshop, drawn from a fixed seed: the same on every machine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

LOW, HIGH = 1, 5

Pair = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a room thinks of a measure before chance comes in, on the scale from 1 to 5.

    ``groups`` shifts relevance and feasibility for a group; ``camps`` is added to every second
    ballot and taken from the others, so that the room falls into two halves.
    """

    relevance: float
    feasibility: float
    groups: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    camps: tuple[float, float] = (0, 0)


@dataclass(frozen=True, slots=True)
class DrawnBallot:
    """One filled-in ballot: ``answers`` by the opinion's index; what was skipped is absent."""

    id: int
    group: str
    answers: dict[int, Pair]


def draw_ballots(
    opinions: Sequence[Opinion], sizes: Mapping[str, int], *, seed: str, skipped: float
) -> list[DrawnBallot]:
    """Fill in ``sizes[group]`` ballots for each group; ``skipped`` is the share left blank."""
    random = Random(seed)
    groups = [group for group, size in sizes.items() for _each in range(size)]
    return [
        _fill_in(random, opinions, group, sign=1 if place % 2 else -1, skipped=skipped)
        for place, group in enumerate(groups)
    ]


def _fill_in(
    random: Random, opinions: Sequence[Opinion], group: str, *, sign: int, skipped: float
) -> DrawnBallot:
    # As many bits as ever: with fewer everything that is drawn after them would be other numbers.
    ballot = DrawnBallot(random.getrandbits(128) >> 65, group, {})
    leniency = _noise(random, 0.3)
    unsure = 0.02 + 0.1 * random.random()
    for index, opinion in enumerate(opinions):
        shift = opinion.groups.get(group, (0, 0))
        relevance = opinion.relevance + shift[0] + sign * opinion.camps[0] + leniency
        feasibility = opinion.feasibility + shift[1] + sign * opinion.camps[1] + leniency
        # Both are drawn in any case: what one person skips must not change the next answers.
        answer = (
            _judge(random, relevance, unsure / 4),
            _judge(random, feasibility, unsure),
        )
        if random.random() >= skipped:
            ballot.answers[index] = answer
    return ballot


def _judge(random: Random, opinion: float, unsure: float) -> int | None:
    step = min(HIGH, max(LOW, round(opinion + _noise(random, 0.7))))
    return None if random.random() < unsure else step


def _noise(random: Random, deviation: float) -> float:
    """Bell-shaped around 0; ``random()`` alone is promised to stay the same between versions.

    The sum of three uniform numbers has the standard deviation one half.
    """
    return (sum(random.random() for _each in range(3)) - 1.5) * 2 * deviation
