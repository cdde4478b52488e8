"""How far people agree on a measure, in one word: the only place that says where a word begins."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from measures.prioritisation import PrioritisedMeasure, Spread

# Of van der Eijk's A, from -1 to 1; evenly spread ratings have 0.
AGREED_FROM, SPLIT_BELOW = 0.6, 0.3


class Agreement(NamedTuple):
    """``key`` is "agreed", "mixed" or "split"; ``spread`` that of the less agreed criterion."""

    key: str
    word: str | Promise
    spread: Spread


def agreement_on(result: PrioritisedMeasure) -> Agreement | None:
    """Return the word for a measure's less agreed criterion; None where neither is told."""
    told = [(s.agreement, s) for s in (result.relevance, result.feasibility)]
    known = [(value, spread) for value, spread in told if value is not None]
    if not known:
        return None
    value, spread = min(known, key=lambda pair: pair[0])
    if value >= AGREED_FROM:
        return Agreement("agreed", pgettext_lazy("of raters", "agreed"), spread)
    if value < SPLIT_BELOW:
        return Agreement("split", pgettext_lazy("of raters", "split"), spread)
    return Agreement("mixed", pgettext_lazy("of raters", "mixed"), spread)
