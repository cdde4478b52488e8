"""What showing a round would do to the results, in numbers and without any of them."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from measures.models import Measure, PaperCount, Round
from measures.rating.rounds import unseen_round
from measures.standing import Piles, meets, standing_of
from measures.tallies import piles_of
from workshops.models import Workshop

Measures = tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What becomes of the measures that a round's ratings count for.

    Each is in one of the tuples: ``first`` gets its first result, ``replacing`` another one.
    ``fewer`` and ``merged`` keep theirs and get a second one beside it: fewer than half as many
    judged it, or only a duplicate of it was offered. Nothing is shown of the others: ``too_few``
    judged a criterion, or ``apart``, enough did so only with ballots and paper added up.

    ``people`` counts ballots, ``sheets`` the most sheets of paper counted for one measure: nobody
    knows which sheets of two measures are from one person.
    """

    first: Measures
    replacing: Measures
    fewer: Measures
    merged: Measures
    too_few: Measures
    apart: Measures
    people: int
    sheets: int

    @property
    def offered(self) -> int:
        kinds = (self.first, self.replacing, self.fewer, self.merged, self.too_few, self.apart)
        return sum(map(len, kinds))


def outlook(workshop: Workshop, round: Round) -> Outlook:
    """Look at a closed round as if it were the last one shown. 7 queries, 8 with duplicates."""
    rounds = [*workshop.rounds.shown(), round]
    piles = piles_of(rounds, workshop.steps)
    least = [each.least(workshop) for each in rounds]
    kinds = ("first", "replacing", "fewer", "merged", "too_few", "apart")
    found: dict[str, list[Measure]] = {kind: [] for kind in kinds}
    for measure in counted_for(round):
        found[_kind([piles.get((each.pk, measure.pk)) for each in rounds], least)].append(measure)
    return Outlook(
        people=round.ratings.order_by().values("ballot").distinct().count(),
        sheets=sheets_of([round]).get(round.pk, 0),
        **{kind: tuple(measures) for kind, measures in found.items()},
    )


def first_to_show(workshop: Workshop) -> Round | None:
    """Return the closed round that will be the first to be shown. At most 1 query."""
    return None if workshop.has_results else unseen_round(workshop)


def counted_for(round: Round) -> QuerySet[Measure]:
    """Return the standing measures that a round's ratings count for. 1 query.

    What was merged since counts for another one, whether the round offered that or not.
    """
    if round.is_shown:
        counted = Q(pk__in=round.offers.values("counts_for"))
    else:
        merged = round.offers.filter(measure__is_removed=False).values("measure__merged_into")
        counted = Q(pk__in=round.offers.values("measure")) | Q(pk__in=merged)
    return Measure.objects.filter(counted, workshop=round.workshop_id).standing().order_by("number")


def _kind(history: list[Piles | None], least: list[int]) -> str:
    new, enough = history[-1], least[-1]
    if new is None or not meets(new, enough):
        return "apart" if new and _is_enough_together(new, enough) else "too_few"
    if standing_of(history, least)[:1] != [len(history) - 1]:
        return "fewer" if new.is_offered else "merged"
    return "replacing" if standing_of(history[:-1], least[:-1]) else "first"


def _is_enough_together(piles: Piles, enough: int) -> bool:
    tally = piles.total
    return min(sum(tally.relevance), sum(tally.feasibility)) >= enough


def sheets_of(rounds: Collection[Round]) -> dict[int, int]:
    """Return by the round's id the most sheets of paper counted for one measure. 1 query."""
    counts = PaperCount.objects.filter(round__in=rounds).order_by()
    counts = counts.values("round", "measure", "criterion").annotate(sheets=Sum("count"))
    found: dict[int, int] = {}
    for round_id, sheets in counts.values_list("round", "sheets"):
        found[round_id] = max(sheets, found.get(round_id, 0))
    return found
