"""Talk about these first: where the room disagrees most, and about what.

Two signs of disagreement, both from 0 to 1: how far one criterion's ratings are from agreement,
(1 - A) / 2 with van der Eijk's A, and how far the means of two groups lie apart, in parts of the
scale's width. Ratings spread evenly over all steps, and groups half a scale apart, both give 0.5.
Putting the two on one line is our choice; each reason carries its own figure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from measures.prioritisation import Id, PrioritisedMeasure, Scale
from measures.stability.gaps import gaps_of, spreads

# From here on something is worth a sentence: on five steps, groups one step apart.
LEAST = 0.25
MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Dissent:
    """Where people disagree about one criterion, and how far, from 0 to 1.

    Either its ratings are far apart: ``agreement`` is van der Eijk's A. Or two groups are, of all
    groups those furthest apart: ``high`` and ``low`` are their names, beside their means.
    """

    criterion: str
    strength: float
    agreement: float | None = None
    high: str = ""
    high_mean: float | None = None
    low: str = ""
    low_mean: float | None = None


def talk_first(
    results: Iterable[PrioritisedMeasure[Id]],
    by_group: Mapping[str, Mapping[Id, PrioritisedMeasure[Id]]],
    *,
    scale: Scale,
    limit: int | None = 10,
    fewest: int = 3,
) -> dict[Id, tuple[Dissent, ...]]:
    """Return up to ``limit`` measures with the most disagreement, the strongest first, and why.

    ``by_group`` holds by its name how each group that may be shown rated the measures. A measure
    stands by its strongest sign of disagreement; equal ones are ordered by the next strongest, and
    then as given. Signs below LEAST are none, and a measure without any is left out. At most three
    are told: equally strong ones groups first, relevance first. The spread of fewer than ``fewest``
    ratings says nothing about a room and is no sign, and neither is one whose distribution is
    withheld: its agreement is None, however many rated. A criterion without a mean gives no sign at
    all, not even by its groups.
    """
    found = []
    for result in results:
        signs = [*_groups_apart(result, by_group, scale), *_wide_spreads(result, fewest)]
        if signs:
            signs.sort(key=lambda sign: -sign.strength)
            found.append((result.measure, tuple(signs)))
    found.sort(key=lambda entry: [sign.strength for sign in entry[1]], reverse=True)
    return {measure: signs[:MOST_REASONS] for measure, signs in islice(found, limit)}


def _groups_apart(
    result: PrioritisedMeasure[Id],
    by_group: Mapping[str, Mapping[Id, PrioritisedMeasure[Id]]],
    scale: Scale,
) -> Iterator[Dissent]:
    """Yield per criterion the two groups that are furthest apart, if that is at least LEAST."""
    for gap in gaps_of(result, by_group):
        apart = gap.steps / (scale.high - scale.low)
        if apart >= LEAST:
            (high, *_), (low, *_) = gap.high, gap.low
            yield Dissent(
                gap.criterion,
                apart,
                high=high,
                high_mean=gap.high_mean,
                low=low,
                low_mean=gap.low_mean,
            )


def _wide_spreads(result: PrioritisedMeasure[Id], fewest: int) -> Iterator[Dissent]:
    """Yield each criterion whose ratings are at least LEAST from agreement."""
    for criterion, spread in spreads(result).items():
        if spread.mean is None or spread.agreement is None or spread.n < fewest:
            continue
        strength = (1 - spread.agreement) / 2
        if strength >= LEAST:
            yield Dissent(criterion, strength, spread.agreement)
