"""Amounts of euro as the reader's language writes them."""

from decimal import Decimal

from django.utils.formats import number_format

NOTHING = "–"


def euros(amount: Decimal | None) -> str:
    """Return 1.234,50 €, a dash for what is not known."""
    return NOTHING if amount is None else f"{bare_euros(amount)}\u00a0€"


def bare_euros(amount: Decimal) -> str:
    """Return 1.234,50: what a field holds that asks for euro."""
    return number_format(amount, 2, use_l10n=True, force_grouping=True)


def percent(share: Decimal) -> str:
    """Return 66,67 % with the decimals that it has."""
    digits = max(0, -int(share.normalize().as_tuple().exponent))
    return f"{number_format(share, digits, use_l10n=True)}\u00a0%"
