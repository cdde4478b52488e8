"""How far a budget reaches down a ranking, and what would let the next measure in; pure, exact."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from measures.costs.sums import ZERO, Money


class Budget(NamedTuple):
    """What there is once and each year; None: not stated, so nothing is held against it."""

    once: Decimal | None
    per_year: Decimal | None

    def missing(self, needed: Money) -> Money:
        """Return how much more would be needed."""
        return Money(_beyond(needed.once, self.once), _beyond(needed.per_year, self.per_year))

    def holds(self, needed: Money) -> bool:
        return not self.missing(needed)


class Ranked(NamedTuple):
    """A measure with a rank; ``own`` is what it costs us, None where that is not known."""

    key: int
    rank: int
    score: float
    own: Money | None


@dataclass(frozen=True, slots=True)
class Fit:
    """Where the money ends.

    ``inside`` are those whose costs are known, the best first, down to the line, ``running`` what
    they cost up to each of them. ``next`` is the first one that does not fit, None where all do;
    ``missing`` is how much more it needs. ``left_out`` is the one of ``inside`` that makes room for
    it with the least loss in score, None where no single one does. ``unknown`` are all of which no
    costs are known; they are counted nowhere.
    """

    inside: tuple[Ranked, ...]
    running: tuple[Money, ...]
    next: Ranked | None
    missing: Money
    left_out: Ranked | None
    unknown: tuple[Ranked, ...]

    @property
    def used(self) -> Money:
        return self.running[-1] if self.running else Money()

    @property
    def is_tied(self) -> bool:
        """Say whether the line runs between two of the same rank."""
        return bool(self.next and self.inside and self.next.rank == self.inside[-1].rank)


def fit(ranking: Iterable[Ranked], budget: Budget) -> Fit:
    """Go down the ranking as long as what the measures cost us stays within the budget."""
    measures = list(ranking)
    known = [each for each in measures if each.own is not None]
    running = list(accumulate(_own(each) for each in known))
    inside = next((n for n, sum_ in enumerate(running) if not budget.holds(sum_)), len(known))
    after = known[inside] if inside < len(known) else None
    return Fit(
        inside=tuple(known[:inside]),
        running=tuple(running[:inside]),
        next=after,
        missing=budget.missing(running[inside]) if after else Money(),
        left_out=_making_room(known[:inside], running[inside], budget) if after else None,
        unknown=tuple(each for each in measures if each.own is None),
    )


def _making_room(inside: Sequence[Ranked], needed: Money, budget: Budget) -> Ranked | None:
    """Return the one without which ``needed`` fits; of several the one with the lowest score.

    Of equal scores the last one of the ranking.
    """
    enough = [each for each in inside if budget.holds(needed - _own(each))]
    return min(reversed(enough), key=lambda each: each.score, default=None)


def _own(measure: Ranked) -> Money:
    return measure.own or Money()


def _beyond(needed: Decimal, limit: Decimal | None) -> Decimal:
    return max(needed - limit, ZERO) if limit is not None else ZERO
