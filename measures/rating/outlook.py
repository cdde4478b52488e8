"""What showing a round would do to the results, in numbers and without any of them."""

from collections import Counter
from collections.abc import Collection
from enum import StrEnum

from django.db.models import Count, Q, QuerySet, Sum

from measures.models import Measure, PaperCount, Rating, Round
from measures.rating.rounds import unseen_round
from measures.standing import Piles, meets, standing_of
from measures.tallies import piles_of
from workshops.models import Ballot, Workshop


class Effect(StrEnum):
    """What becomes of a measure that a round's ratings count for, once the round is shown.

    It gets its ``FIRST`` result, or another one ``REPLACING`` it. Or it keeps its own and gets a
    second one beside it: ``FEWER`` than half as many judged it, or only what was ``MERGED`` into it
    was offered. Nothing is shown if ``TOO_FEW`` judged a criterion, or if enough did so only with
    ballots and paper added up, which are counted ``APART``.
    """

    FIRST = "first"
    REPLACING = "replacing"
    FEWER = "fewer"
    MERGED = "merged"
    TOO_FEW = "too_few"
    APART = "apart"


def outlook(workshop: Workshop, round: Round) -> dict[Effect, list[Measure]]:
    """Look at a closed round as if it were the last one shown. 5 queries, 6 with duplicates."""
    rounds = [*workshop.rounds.shown(), round]
    piles = piles_of(rounds, workshop.steps)
    least = [each.least(workshop) for each in rounds]
    found: dict[Effect, list[Measure]] = {effect: [] for effect in Effect}
    for measure in counted_for(round):
        history = [piles.get((each.pk, measure.pk)) for each in rounds]
        found[_effect(history, least)].append(measure)
    return found


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


def _effect(history: list[Piles | None], least: list[int]) -> Effect:
    new, enough = history[-1], least[-1]
    if new is None or not meets(new, enough):
        return Effect.APART if new and _is_enough_together(new, enough) else Effect.TOO_FEW
    if standing_of(history, least)[:1] != [len(history) - 1]:
        return Effect.FEWER if new.is_offered else Effect.MERGED
    return Effect.REPLACING if standing_of(history[:-1], least[:-1]) else Effect.FIRST


def _is_enough_together(piles: Piles, enough: int) -> bool:
    tally = piles.total
    return min(sum(tally.relevance), sum(tally.feasibility)) >= enough


def ballots_in(round: Round) -> int:
    """Count the ballots with ratings of the round, but for those typed in from paper. 1 query."""
    own = round.ratings.filter(ballot__source__in=Ballot.ENTERED_BY_PEOPLE)
    return own.order_by().values("ballot").distinct().count()


def sheets_of(rounds: Collection[Round]) -> dict[int, int]:
    """Return by the round's id the most sheets of paper for one measure. 2 queries.

    Of those that were counted nobody knows which ones of two measures are from one person.
    """
    counts = PaperCount.objects.filter(round__in=rounds).order_by()
    sums = counts.values_list("round", "measure", "criterion").annotate(sheets=Sum("count"))
    counted: Counter[tuple[int, int]] = Counter()
    for round_id, measure, _criterion, sheets in sums:
        counted[round_id, measure] = max(sheets, counted[round_id, measure])
    found: Counter[int] = Counter()
    for (round_id, _measure), sheets in (counted + _whole_sheets(rounds)).items():
        found[round_id] = max(sheets, found[round_id])
    return dict(found)


def _whole_sheets(rounds: Collection[Round]) -> Counter[tuple[int, int]]:
    """Return by round and measure how many sheets were typed in as a whole."""
    sheets = Rating.objects.filter(round__in=rounds, ballot__source=Ballot.Source.PAPER)
    rows = sheets.order_by().values_list("round", "measure").annotate(n=Count("ballot"))
    return Counter({(round_id, measure): n for round_id, measure, n in rows})
