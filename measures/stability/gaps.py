"""Where groups part: how far apart their means of one criterion lie, in steps of the scale."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Generic

from measures.prioritisation import Id, PrioritisedMeasure, Spread

SAME = 9  # decimals; what differs behind them is the noise of floats


@dataclass(frozen=True, slots=True)
class Gap(Generic[Id]):
    """How the groups rate one criterion of a measure: at least two means, by the group's name."""

    measure: Id
    criterion: str
    means: Mapping[str, float]

    @property
    def low_mean(self) -> float:
        return min(self.means.values())

    @property
    def high_mean(self) -> float:
        return max(self.means.values())

    @property
    def low(self) -> tuple[str, ...]:
        """The groups that rate lowest, in their order; several where they are equal."""
        return tuple(name for name, mean in self.means.items() if mean == self.low_mean)

    @property
    def high(self) -> tuple[str, ...]:
        return tuple(name for name, mean in self.means.items() if mean == self.high_mean)

    @property
    def steps(self) -> float:
        """The distance between the two groups that are furthest apart."""
        return self.high_mean - self.low_mean


def gaps_of(
    result: PrioritisedMeasure[Id], by_group: Mapping[str, Mapping[Id, PrioritisedMeasure[Id]]]
) -> Iterator[Gap[Id]]:
    """Yield the gap of each criterion, relevance first, where at least two groups have a mean.

    ``by_group`` holds by its name how each group that may be shown rated the measures. A criterion
    without a mean of all has no gap, whatever the groups say.
    """
    groups = {name: own[result.measure] for name, own in by_group.items() if result.measure in own}
    for criterion, spread in spreads(result).items():
        means = {
            name: mean
            for name, own in groups.items()
            if (mean := spreads(own)[criterion].mean) is not None
        }
        if spread.mean is not None and len(means) > 1:
            yield Gap(result.measure, criterion, means)


def widest_gaps(
    results: Iterable[PrioritisedMeasure[Id]],
    by_group: Mapping[str, Mapping[Id, PrioritisedMeasure[Id]]],
    *,
    limit: int,
) -> list[Gap[Id]]:
    """Return the ``limit`` widest gaps, one of each measure: the criterion that parts it more.

    Equally wide ones stay in the order of ``results``, of two criteria relevance stands. Where all
    groups agree there is no gap.
    """
    own = (max(gaps_of(result, by_group), key=_width, default=None) for result in results)
    found = [gap for gap in own if gap and _width(gap)]
    return list(islice(sorted(found, key=_width, reverse=True), limit))


def _width(gap: Gap) -> float:
    return round(gap.steps, SAME)


def spreads(result: PrioritisedMeasure) -> dict[str, Spread]:
    return {"relevance": result.relevance, "feasibility": result.feasibility}
