"""Which round's result of a measure holds, and from how many ratings on it is a result: pure.

Ballots and paper are judged apart: whoever typed in the sheets knows their counts, and taking them
away must still leave enough ballots to hide in. Sheets alone must be as many.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from measures.prioritisation import Id, PrioritisedMeasure, Spread, Tally


class Piles(NamedTuple):
    """One measure's ratings of one round: those on ballots and those on paper.

    ``is_offered``: the round offered the measure itself, not only what was merged into it.
    """

    ballots: Tally
    paper: Tally
    is_offered: bool = True

    @property
    def total(self) -> Tally:
        return total(self[:2], len(self.ballots.relevance))


def standing_of(history: Sequence[Piles | None], smallest: Sequence[int]) -> list[int]:
    """Return where in the history of the shown rounds the result is that holds; [] without any.

    Behind it come the places of later results that do not replace it. In the history the first
    round comes first, None stands for one without a rating of the measure.

    A result counts if it meets the minimum of its own round (``smallest``, one for each), and
    replaces the one before if that round offered the measure itself and at least half as many
    judged: in all, and each criterion by itself. Three friends must not overrule twenty-five, and
    neither does what was asked of a duplicate alone.
    """
    places: list[int] = []
    holds: Piles | None = None
    for here, (piles, least) in enumerate(zip(history, smallest, strict=True)):
        if piles is None or not meets(piles, least):
            continue
        if holds is None or replaces(piles, holds):
            places, holds = [here], piles
        else:
            places.append(here)
    return places


def replaces(new: Piles, old: Piles) -> bool:
    return new.is_offered and _is_half(new.total, old.total)


def _is_half(new: Tally, old: Tally) -> bool:
    return all(2 * mine >= theirs for mine, theirs in zip(_judged(new), _judged(old), strict=True))


def _judged(tally: Tally) -> tuple[int, int, int]:
    return tally.n, sum(tally.relevance), sum(tally.feasibility)


def meets(piles: Piles, smallest: int) -> bool:
    """Say whether each criterion has ``smallest`` judgements, on ballots wherever there are any."""
    pairs = zip(*((pile.relevance, pile.feasibility) for pile in piles[:2]), strict=True)
    return all((sum(ballots) or sum(paper)) >= smallest for ballots, paper in pairs)


def total(tallies: Iterable[Tally], steps: int) -> Tally:
    """Add tallies step by step; the tally of nobody if there are none."""
    tallies = [tally for tally in tallies if tally.n]
    if len(tallies) == 1:
        return tallies[0]
    return Tally(
        tuple(sum(t.relevance[i] for t in tallies) for i in range(steps)),
        tuple(sum(t.feasibility[i] for t in tallies) for i in range(steps)),
        sum(t.n for t in tallies),
    )


def without_distribution(result: PrioritisedMeasure) -> PrioritisedMeasure:
    """Return the result without what tells single answers of a few: only mean and n stay.

    The median of three beside their mean is enough to tell all three: 1.67 and 1.00 mean 1, 1, 3.
    """
    return replace(
        result,
        relevance=_without_distribution(result.relevance),
        feasibility=_without_distribution(result.feasibility),
    )


def _without_distribution(spread: Spread) -> Spread:
    return Spread(spread.n, spread.mean, None, None, None, (), None)


def lost_labels(sizes: Mapping[Id, int], smallest: int) -> set[Id]:
    """Return the labels that are too rare to keep, so that nobody stands out by one.

    ``sizes`` counts people by label; None is none. A label below ``smallest`` is lost, and with it
    the next rarest ones until those without a label are nobody or at least ``smallest``: otherwise
    "without" would be a small group itself.
    """
    labels = sorted((n, str(label), label) for label, n in sizes.items() if n and label is not None)
    lost = {label for n, _name, label in labels if n < smallest}
    without = sum(n for label, n in sizes.items() if label is None or label in lost)
    for n, _name, label in labels:
        if 0 < without < smallest and label not in lost:
            lost.add(label)
            without += n
    return lost
