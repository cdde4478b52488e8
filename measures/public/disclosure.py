"""Which results the public may see: pure, and tested by subtraction.

What is withheld must not come to light through what is shown: ranks are counted anew among the
shown measures, for a gap in them would tell where a withheld one stands, and the withheld ones
follow in the order of their ids, not in that of their scores.

Ballots and paper are judged apart, as in ``measures.groups``: whoever counted the sheets
knows them, and taking them away must still leave enough ballots to hide in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from measures.prioritisation import PrioritisedMeasure, Spread

NOTHING = Spread(0, None, None, None, None, (), None)


def disclosed(
    results: Sequence[PrioritisedMeasure], *, paper: Mapping[int, int], smallest: int
) -> list[PrioritisedMeasure]:
    """Return the results as they may be published, the ranked ones first.

    ``results`` come in the order of their rank, ``paper`` holds the number of sheets by the
    measure's id, ``smallest`` is the least number of judgements of either criterion behind a shown
    mean. Of these only mean and number are left: no distribution, no quartile, no agreement.
    """
    shown = [each for each in results if _may_be_shown(each, paper.get(each.measure, 0), smallest)]
    places: dict[int | None, int | None] = {None: None}
    for place, result in enumerate((each for each in shown if each.rank), start=1):
        places.setdefault(result.rank, place)
    told = {each.measure for each in shown}
    return [
        replace(
            each,
            rank=places[each.rank],
            relevance=_mean_only(each.relevance),
            feasibility=_mean_only(each.feasibility),
        )
        for each in shown
    ] + withheld([each for each in results if each.measure not in told])


def withheld(results: Sequence[PrioritisedMeasure]) -> list[PrioritisedMeasure]:
    """Return the same measures in the order of their ids, as if nobody had rated them."""
    return [
        PrioritisedMeasure(measure, 0, NOTHING, NOTHING, None, None, None)
        for measure in sorted(each.measure for each in results)
    ]


def _may_be_shown(result: PrioritisedMeasure, sheets: int, smallest: int) -> bool:
    judged = min(result.relevance.n, result.feasibility.n)
    has_ballots = result.n > sheets
    return result.point is not None and judged - (sheets if has_ballots else 0) >= smallest


def _mean_only(spread: Spread) -> Spread:
    """Put the quartiles where the mean is: a picture draws lines of no length."""
    return Spread(spread.n, spread.mean, None, spread.mean, spread.mean, (), None)
