"""One measure's place in the ranking and its ratings, as far as they may be shown."""

from __future__ import annotations

from dataclasses import dataclass

from measures.by_group import NO_GROUPS, GroupPiles, piles_by_group, standing_keys
from measures.models import Measure, Offer
from measures.overview import (
    AtTable,
    ListedGroup,
    Overview,
    Row,
    at_table,
    means_of,
    overview_of,
)
from measures.prioritisation import PrioritisedMeasure, Scale, prioritise_tallies
from measures.tallies import abstentions, piles_of
from workshops.models import Workshop


@dataclass(frozen=True, slots=True)
class RatedMeasure:
    """A measure's row of the ranking and everything beside it.

    ``labels`` are those of the scale's steps, ``abstained`` says how many could not judge, both by
    criterion. ``by_group`` holds what the groups say that may be shown. ``rounds`` holds by number
    what each shown round says, ``holds`` is the number of the one that counts.
    """

    row: Row
    quadrant: str
    at_table: AtTable | None
    ranked: int
    labels: dict[str, list[str]]
    abstained: dict[str, int]
    by_group: dict[ListedGroup, PrioritisedMeasure[int]]
    hidden_groups: bool
    rounds: dict[int, PrioritisedMeasure[int]]
    holds: int | None


def rated_measure(
    workshop: Workshop, measure: Measure, overview: Overview | None = None
) -> RatedMeasure:
    """Collect what may be shown of one measure's ratings, of one round or of what holds."""
    overview = overview or overview_of(workshop)
    row = next(row for row in overview.rows if row.measure.pk == measure.pk)
    piles = piles_by_group(overview).get(measure.pk, NO_GROUPS)
    by_group = _by_group(piles, overview)
    key = standing_keys(overview).get(measure.pk)
    has_rounds = len(overview.rounds) > 1
    whole = overview_of(workshop) if has_rounds and overview.round else overview
    return RatedMeasure(
        row=row,
        quadrant=overview.quadrant_name(row),
        at_table=at_table(overview, row),
        ranked=sum(each.result.rank is not None for each in overview.rows),
        labels=_labels(workshop),
        abstained=abstentions(key) if key else {},
        by_group=by_group,
        hidden_groups=_hides(piles, {group.pk for group in by_group}),
        rounds=_by_round(overview, measure.pk) if has_rounds else {},
        holds=next(each.round for each in whole.rows if each.measure.pk == measure.pk),
    )


def _labels(workshop: Workshop) -> dict[str, list[str]]:
    labels: dict[str, list[str]] = {}
    for step in workshop.scale_steps.all():
        labels.setdefault(step.criterion, []).append(f"{step.step} – {step.label}")
    return labels


def _by_group(piles: GroupPiles, overview: Overview) -> dict[ListedGroup, PrioritisedMeasure[int]]:
    workshop = overview.workshop
    tallies = piles.shown(workshop)
    results = prioritise_tallies(tallies, measures=tallies, scale=Scale(1, workshop.steps))
    figures = {result.measure: result for result in results}
    return {group: figures[group.pk] for group in overview.groups if group.pk in figures}


def _hides(piles: GroupPiles, shown: set[int]) -> bool:
    """Say whether there are ratings of others than the groups that are ``shown``."""
    return any(
        tally.n
        for pile in (piles.ballots, piles.paper)
        for group, tally in pile.items()
        if group not in shown
    )


def _by_round(overview: Overview, measure: int) -> dict[int, PrioritisedMeasure[int]]:
    """Return by number what each shown round that offered the measure says of it. 4 queries."""
    offered = Offer.objects.filter(round__in=overview.rounds, counts_for=measure)
    numbers = set(offered.values_list("round", flat=True))
    piles = piles_of(overview.rounds, overview.workshop.steps)
    return {
        each.number: means_of(measure, piles.get((each.pk, measure)), overview.workshop)
        for each in overview.rounds
        if each.pk in numbers
    }
