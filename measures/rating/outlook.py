"""What showing a round would do to the results, in numbers and without any of them."""

from dataclasses import dataclass

from measures.models import Round
from measures.standing import meets, standing_of
from measures.tallies import piles_of
from workshops.models import Workshop


@dataclass(frozen=True, slots=True)
class Outlook:
    """Counts of a round's measures: the first results, those that replace one, those beside one.

    ``too_few`` have fewer ratings than the room's minimum, so nothing of them is shown.
    """

    offered: int
    first: int
    replacing: int
    beside: int
    too_few: int
    people: int


def outlook(workshop: Workshop, round: Round) -> Outlook:
    """Look at a closed round as if it were the last one shown. 6 queries."""
    rounds = [*workshop.rounds.shown(), round]
    piles = piles_of(rounds, workshop.steps)
    found = {"first": 0, "replacing": 0, "beside": 0, "too_few": 0}
    ids = list(round.rateable().values_list("pk", flat=True))
    for pk in ids:
        history = [piles.get((each.pk, pk)) for each in rounds]
        found[_kind(history, [each.least(workshop) for each in rounds])] += 1
    people = round.ratings.order_by().values("ballot").distinct().count()
    return Outlook(offered=len(ids), people=people, **found)


def _kind(history: list, smallest: list[int]) -> str:
    if history[-1] is None or not meets(history[-1], smallest[-1]):
        return "too_few"
    if standing_of(history, smallest).place != len(history) - 1:
        return "beside"
    before = standing_of(history[:-1], smallest[:-1])
    return "first" if before.place is None else "replacing"
