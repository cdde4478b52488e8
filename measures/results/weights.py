"""What an address asks for: the weight of relevance, and one round by itself."""

from collections.abc import Mapping

from workshops.models import Workshop
from workshops.numerals import NotANumber, read_whole


def asked_weight(parameters: Mapping[str, str], workshop: Workshop) -> int | None:
    """Return ``weight`` in whole percent; the workshop's own without any, None for a wrong one."""
    raw = parameters.get("weight", "").strip()
    if not raw:
        return workshop.relevance_weight
    try:
        weight = read_whole(raw)
    except NotANumber:
        return None
    return weight if 0 <= weight <= 100 else None


def asked_round(parameters: Mapping[str, str], workshop: Workshop) -> int | None:
    """Return ``round`` if it is the number of one that was shown; None: what holds altogether."""
    raw = parameters.get("round", "")
    shown = workshop.rounds.shown().values_list("number", flat=True) if raw else ()
    return next((number for number in shown if str(number) == raw), None)
