"""How far people agree on a measure, in one word."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import pgettext_lazy

from measures.prioritisation import PrioritisedMeasure, Spread

# Van der Eijk's A, of the criterion that people agree on less. Our choice, told in the guide.
AGREED_FROM, MIXED_FROM = 0.6, 0.3


class Concord(StrEnum):
    AGREED = "agreed"
    MIXED = "mixed"
    SPLIT = "split"


WORDS = {
    Concord.AGREED: pgettext_lazy("of people", "agreed"),
    Concord.MIXED: pgettext_lazy("of people", "mixed"),
    Concord.SPLIT: pgettext_lazy("of people", "split"),
}


def concord_of(result: PrioritisedMeasure) -> tuple[Concord, Spread] | None:
    """Return the word and the criterion that it comes from; None where too few judged."""
    told = [
        (spread.agreement, spread)
        for spread in (result.relevance, result.feasibility)
        if spread.agreement is not None
    ]
    if len(told) < 2:
        return None
    agreement, spread = min(told, key=lambda each: each[0])
    if agreement >= AGREED_FROM:
        return Concord.AGREED, spread
    return (Concord.MIXED if agreement >= MIXED_FROM else Concord.SPLIT), spread
