"""Talk about these first: where the room disagrees most, and about what.

Two signs of disagreement, both from 0 to 1: how far one criterion's ratings are from agreement,
(1 - A) / 2 with van der Eijk's A, and how far the means of two groups lie apart, in parts of the
scale's width. Ratings spread evenly over all steps, and groups half a scale apart, both give 0.5.
Putting the two on one line is our choice; each reason carries its own figure.
"""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from measures.prioritisation import Scale, Spread

CRITERIA = ("relevance", "feasibility")
# From here on something is worth a sentence: on five steps, groups one step apart.
LEAST = 0.25
MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class GroupMeans:
    """How one group that may be shown rated a measure: ``n`` of its people, means on the scale."""

    name: str
    n: int
    relevance: float | None
    feasibility: float | None


@dataclass(frozen=True, slots=True)
class TalkItem:
    """A measure with the spread of both criteria and the groups that may be shown."""

    measure: Hashable
    relevance: Spread
    feasibility: Spread
    groups: tuple[GroupMeans, ...] = ()


@dataclass(frozen=True, slots=True)
class WideSpread:
    """The ratings of one criterion are far apart; ``agreement`` is van der Eijk's A."""

    kind: ClassVar[str] = "spread"
    criterion: str
    agreement: float


@dataclass(frozen=True, slots=True)
class GroupsApart:
    """Of all groups, ``high`` and ``low`` rate one criterion furthest apart (name and mean)."""

    kind: ClassVar[str] = "groups"
    criterion: str
    high: str
    high_mean: float
    low: str
    low_mean: float


Reason = WideSpread | GroupsApart


@dataclass(frozen=True, slots=True)
class Talk:
    """``score`` is that of the strongest reason, 0 to 1; ``reasons`` are the strongest first."""

    measure: Hashable
    score: float
    reasons: tuple[Reason, ...]


class _Sign(NamedTuple):
    strength: float
    reason: Reason


def talk_first(
    items: Iterable[TalkItem], *, scale: Scale, limit: int = 10, fewest: int = 3
) -> list[Talk]:
    """Return up to ``limit`` measures with the most disagreement, the strongest first.

    A measure's score is its strongest sign of disagreement; equal ones are ordered by the next
    strongest, and then as given. Signs below LEAST are none, and a measure without any is left
    out. At most three reasons are told: equally strong ones groups first, relevance first.
    The spread of fewer than ``fewest`` ratings says nothing about a room and is no sign, and
    neither is one whose distribution is withheld: its agreement is None, however many rated. A
    criterion without a mean gives no sign at all, not even by its groups.
    """
    found = []
    for item in items:
        signs = sorted(_signs(item, scale, fewest), key=lambda sign: -sign.strength)
        if signs:
            found.append((item.measure, signs))
    found.sort(key=lambda entry: [sign.strength for sign in entry[1]], reverse=True)
    return [
        Talk(measure, signs[0].strength, tuple(s.reason for s in signs[:MOST_REASONS]))
        for measure, signs in found[:limit]
    ]


def _signs(item: TalkItem, scale: Scale, fewest: int) -> Iterator[_Sign]:
    """Yield what is at least LEAST: per criterion two groups apart, then per criterion a spread."""
    shown = [name for name in CRITERIA if getattr(item, name).mean is not None]
    for criterion in shown:
        means = [
            (mean, group.name)
            for group in item.groups
            if (mean := getattr(group, criterion)) is not None
        ]
        if means:
            high, low = max(means, key=lambda m: m[0]), min(means, key=lambda m: m[0])
            apart = (high[0] - low[0]) / (scale.high - scale.low)
            if apart >= LEAST:
                yield _Sign(apart, GroupsApart(criterion, high[1], high[0], low[1], low[0]))
    for criterion in shown:
        spread = getattr(item, criterion)
        if spread.agreement is not None and spread.n >= fewest:
            strength = (1 - spread.agreement) / 2
            if strength >= LEAST:
                yield _Sign(strength, WideSpread(criterion, spread.agreement))
