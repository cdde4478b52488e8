"""What the groups say of every measure, as far as it may be shown."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from measures.groups import shown_groups
from measures.models import Offer, Round
from measures.overview import Overview
from measures.prioritisation import PrioritisedMeasure, Scale, Tally, prioritise_tallies
from measures.shown import Key, kept_when_shown, once_shown
from measures.standing import total
from measures.tallies import group_piles_of
from workshops.models import Workshop


class GroupPiles(NamedTuple):
    """One measure's ratings by group: those on ballots, those on paper. Not for display.

    ``frozen`` are the groups that could be shown beside each other when the round was shown. Of
    them some may be too small by now, have lost their label, or would tell those left out by what
    is missing from the whole; no other ever joins them, or what two looks differ by would be a few
    people's ratings.
    """

    ballots: dict[int | None, Tally]
    paper: dict[int | None, Tally]
    frozen: frozenset[int]

    def shown(self, workshop: Workshop) -> dict[int, Tally]:
        """Return by the group's id the tallies that may be shown."""
        piles = (self.ballots, self.paper)
        shown = shown_groups(self.ballots, self.paper, smallest=workshop.smallest_group)
        return {
            group: total([pile[group] for pile in piles if group in pile], workshop.steps)
            for group in self.frozen & shown
        }


NO_GROUPS = GroupPiles({}, {}, frozenset())


def piles_by_group(overview: Overview) -> dict[int, GroupPiles]:
    """Return by the measure's id its ratings by group, of the round its result comes from.

    Measures without a result have none. 4 or 5 queries.
    """
    piles = group_piles_of(overview.rounds, overview.workshop.steps)
    frozen = _frozen(overview.rounds, overview.workshop.steps)
    return {
        pk: GroupPiles(*piles[key], frozenset(frozen.get(key, ())))
        for pk, key in standing_keys(overview).items()
        if key in piles
    }


@kept_when_shown
def _frozen(rounds: Sequence[Round], steps: int) -> dict[Key, set[int]]:
    """Return the groups that could be shown beside each other when the rounds were. 1 query."""
    frozen: defaultdict[Key, set[int]] = defaultdict(set)
    rows = Offer.groups.through.objects.filter(offer__round__in=rounds)
    for round_id, measure, group in rows.values_list(
        "offer__round", "offer__measure", "participantgroup"
    ):
        frozen[round_id, measure].add(group)
    return frozen


def standing_keys(overview: Overview) -> dict[int, Key]:
    """Return by the measure's id where the result comes from, for those that have one."""
    rounds = {each.number: each.pk for each in overview.rounds}
    return {
        row.measure.pk: (rounds[row.round], row.measure.pk) for row in overview.rows if row.round
    }


def tallies_by_group(overview: Overview) -> dict[int, dict[int, Tally]]:
    """Return for each group's id the tallies by the measure's id that may be shown."""
    workshop, keys = overview.workshop, standing_keys(overview)
    shown = once_shown(
        "shown groups",
        overview.rounds,
        (workshop.steps, workshop.smallest_group, tuple(keys.values())),
        lambda: {pk: piles.shown(workshop) for pk, piles in piles_by_group(overview).items()},
    )
    by_group: dict[int, dict[int, Tally]] = {}
    for measure, tallies in shown.items():
        for group, tally in tallies.items():
            by_group.setdefault(group, {})[measure] = tally
    return by_group


def results_by_group(overview: Overview) -> dict[str, dict[int, PrioritisedMeasure[int]]]:
    """Return for each group's name the results by the measure's id that may be shown. 5 queries."""
    scale = Scale(1, overview.workshop.steps)
    by_group = tallies_by_group(overview)
    results: dict[str, dict[int, PrioritisedMeasure[int]]] = {}
    for group in overview.groups:
        tallies = by_group.get(group.pk, {})
        own = prioritise_tallies(tallies, measures=tallies, scale=scale)
        results[group.name] = {each.measure: each for each in own}
    return results
