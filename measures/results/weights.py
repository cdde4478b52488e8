"""What an address asks for: the weight of relevance, and one round by itself."""

from collections.abc import Mapping

from workshops.models import Workshop


def asked_weight(parameters: Mapping[str, str], workshop: Workshop) -> int:
    """Return ``weight`` in whole percent; the workshop's own for anything but 0 to 100."""
    raw = parameters.get("weight", "")
    return (
        int(raw) if raw in {str(percent) for percent in range(101)} else workshop.relevance_weight
    )


def asked_round(parameters: Mapping[str, str], workshop: Workshop) -> int | None:
    """Return ``round`` if it is the number of one that was shown; None: what holds altogether."""
    raw = parameters.get("round", "")
    shown = workshop.rounds.shown().values_list("number", flat=True) if raw else ()
    return next((number for number in shown if str(number) == raw), None)
