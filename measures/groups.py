"""Which participant groups may be shown beside each other: pure, and tested by subtraction.

A group is shown from the smallest size on. What is left out must not come to light by taking the
shown groups away from the shown total, so what is left out is either nobody or again at least as
many as the smallest group.

Ballots and paper are judged apart: whoever typed in the sheets of a group knows their counts, and
taking them away must still leave enough ballots to hide in.
"""

from collections.abc import Mapping

from measures.prioritisation import Id, Tally

Tallies = Mapping[Id, Tally]  # by group


def shown_groups(ballots: Tallies[Id], paper: Tallies[Id], *, smallest: int) -> set[Id]:
    """Return the groups that may be shown; ``None`` (no group) is never among them.

    ``ballots`` and ``paper`` hold the tallies by group, ``smallest`` is the least number of
    judgements behind a shown group, and of those left out together.
    """
    piles = (ballots, paper)
    groups = {group for pile in piles for group, tally in pile.items() if tally.n} - {None}
    shown = {g for g in groups if not any(_is_thin(pile, [g], smallest) for pile in piles)}
    while shown and any(_is_thin(pile, _others(pile, shown), smallest) for pile in piles):
        shown.remove(min(shown, key=lambda group: (_people(piles, group), str(group))))
    return shown


def _others(pile: Tallies[Id], shown: set[Id]) -> list[Id]:
    return [group for group in pile if group not in shown]


def _is_thin(pile: Tallies[Id], groups: list[Id], smallest: int) -> bool:
    """Say whether there are judgements of these groups, but of one criterion too few."""
    tallies = [pile[group] for group in groups if group in pile]
    relevance = sum(sum(tally.relevance) for tally in tallies)
    feasibility = sum(sum(tally.feasibility) for tally in tallies)
    return relevance + feasibility > 0 and min(relevance, feasibility) < smallest


def _people(piles: tuple[Tallies[Id], ...], group: Id) -> int:
    return sum(pile[group].n for pile in piles if group in pile)
