"""What an address asks for: the weight of relevance, and one round by itself."""

from collections.abc import Mapping

from measures.panels import Panel, panels_in
from measures.shown import shown_rounds
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


def asked_panel(parameters: Mapping[str, str], workshop: Workshop) -> Panel | None:
    """Return the tables that ``table`` names; None without any, or where none of theirs is shown.

    At most 4 queries.
    """
    raw = parameters.get("table", "")
    found = panels_in(shown_rounds(workshop)) if raw else ()
    return next((each.panel for each in found if each.key == raw), None)


class NoSuchRound(ValueError):
    """The address names a round of which nothing is shown, or none at all."""


def asked_round(parameters: Mapping[str, str], workshop: Workshop) -> int | None:
    """Return ``round``, the number of a shown one; None: what holds altogether. At most 1 query.

    Raises NoSuchRound for any other text: what holds would pass for that round's results.
    """
    raw = parameters.get("round", "")
    if not raw:
        return None
    for number in workshop.rounds.shown().values_list("number", flat=True):
        if str(number) == raw:
            return number
    raise NoSuchRound
