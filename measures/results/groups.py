"""What the groups say of every measure, as far as it may be shown."""

from measures.overview import Overview
from measures.prioritisation import Scale, Tally, prioritise_tallies
from measures.rating.groups import shown_groups
from measures.rating.standing import total
from measures.rating.tallies import Grouped, Key, group_piles_of
from measures.stability import GroupMeans
from workshops.models import Workshop


def shown_tallies(piles: Grouped, workshop: Workshop) -> dict[int, Tally]:
    """Return by the group's id the tallies of those groups that may be shown for one measure."""
    ballots, paper = piles
    shown = shown_groups(ballots, paper, smallest=workshop.smallest_group)
    return {g: total([p[g] for p in (ballots, paper) if g in p], workshop.steps) for g in shown}


def piles_by_group(view: Overview) -> dict[int, Grouped]:
    """Return by the measure's id its ratings by group, of the round its result comes from.

    Measures without a result have none. 3 or 4 queries. Not for display.
    """
    piles = group_piles_of(view.rounds, view.workshop.steps)
    return {pk: piles[key] for pk, key in standing_keys(view).items() if key in piles}


def standing_keys(view: Overview) -> dict[int, Key]:
    """Return by the measure's id where the result comes from, for those that have one."""
    rounds = {each.number: each.pk for each in view.rounds}
    rows = (row for row in view.rows if row.round)
    return {row.measure.pk: (rounds[row.round], row.measure.pk) for row in rows}


def tallies_by_group(view: Overview) -> dict[int, dict[int, Tally]]:
    """Return for each group's id the tallies by the measure's id that may be shown."""
    by_group: dict[int, dict[int, Tally]] = {}
    for measure, piles in piles_by_group(view).items():
        for group, tally in shown_tallies(piles, view.workshop).items():
            by_group.setdefault(group, {})[measure] = tally
    return by_group


def means_by_measure(view: Overview) -> dict[int, tuple[GroupMeans, ...]]:
    """Return for each measure's id the means of the groups that may be shown. 5 queries."""
    scale = Scale(1, view.workshop.steps)
    by_group = tallies_by_group(view)
    means: dict[int, tuple[GroupMeans, ...]] = {}
    for group in view.workshop.groups.all():
        tallies = by_group.get(group.pk, {})
        for each in prioritise_tallies(tallies, measures=tallies, scale=scale):
            own = GroupMeans(group.name, each.n, each.relevance.mean, each.feasibility.mean)
            means[each.measure] = (*means.get(each.measure, ()), own)
    return means
