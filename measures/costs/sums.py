"""What positions add up to: exact, in euro and cents; pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

ZERO = Decimal("0.00")
CENT = Decimal("0.01")


class Position(NamedTuple):
    """A cost position; of what others give there is an amount, a percentage, or neither."""

    is_yearly: bool
    amount: Decimal
    funded_amount: Decimal | None = None
    funded_percent: Decimal | None = None

    @property
    def funded(self) -> Decimal:
        """What others give; half a cent is rounded up, as banks do it."""
        if self.funded_amount is not None:
            return self.funded_amount
        share = self.amount * (self.funded_percent or 0) / 100
        return share.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount that comes once and one that comes each year; they are never added up."""

    once: Decimal = ZERO
    per_year: Decimal = ZERO

    def __add__(self, other: "Money") -> "Money":
        return Money(self.once + other.once, self.per_year + other.per_year)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.once - other.once, self.per_year - other.per_year)

    def __bool__(self) -> bool:
        return bool(self.once or self.per_year)


@dataclass(frozen=True, slots=True)
class Costs:
    """What something costs altogether, and what others give of that."""

    total: Money = field(default_factory=Money)
    funded: Money = field(default_factory=Money)

    def __add__(self, other: "Costs") -> "Costs":
        return Costs(self.total + other.total, self.funded + other.funded)

    @property
    def own(self) -> Money:
        return self.total - self.funded


def costs_of(positions: Iterable[Position]) -> Costs:
    """Return what the positions of one measure add up to."""
    return summed(Costs(_money(each, each.amount), _money(each, each.funded)) for each in positions)


def summed(costs: Iterable[Costs | None]) -> Costs:
    """Add up what is known; None is a measure of which nothing is known."""
    return sum((each for each in costs if each is not None), Costs())


def _money(position: Position, amount: Decimal) -> Money:
    return Money(per_year=amount) if position.is_yearly else Money(once=amount)
