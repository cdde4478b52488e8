"""What the groups say of every measure, as far as it may be shown."""

from measures.overview import Overview
from measures.prioritisation import Scale, Tally, prioritise_tallies
from measures.rating.groups import shown_groups
from measures.rating.tallies import GroupPiles, total, workshop_group_tallies
from measures.stability import GroupMeans
from workshops.models import Workshop


def shown_tallies(piles: GroupPiles, workshop: Workshop) -> dict[int, Tally]:
    """Return by the group's id the tallies of those groups that may be shown for one measure."""
    ballots, paper = piles
    shown = shown_groups(ballots, paper, smallest=workshop.smallest_group)
    return {g: total([p[g] for p in (ballots, paper) if g in p], workshop.steps) for g in shown}


def tallies_by_group(workshop: Workshop) -> dict[int, dict[int, Tally]]:
    """Return for each group's id the tallies by the measure's id that may be shown. 2 queries."""
    by_group: dict[int, dict[int, Tally]] = {}
    for measure, piles in workshop_group_tallies(workshop).items():
        for group, tally in shown_tallies(piles, workshop).items():
            by_group.setdefault(group, {})[measure] = tally
    return by_group


def means_by_measure(view: Overview) -> dict[int, tuple[GroupMeans, ...]]:
    """Return for each measure's id the means of the groups that may be shown. 3 queries."""
    scale = Scale(1, view.workshop.steps)
    by_group = tallies_by_group(view.workshop)
    means: dict[int, tuple[GroupMeans, ...]] = {}
    for group in view.workshop.groups.all():
        tallies = by_group.get(group.pk, {})
        for each in prioritise_tallies(tallies, measures=tallies, scale=scale):
            own = GroupMeans(group.name, each.n, each.relevance.mean, each.feasibility.mean)
            means[each.measure] = (*means.get(each.measure, ()), own)
    return means
