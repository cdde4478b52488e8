"""Which participant groups may be shown beside each other: pure, and tested by subtraction.

A group is shown from the smallest size on. What is left out must not come to light by taking the
shown groups away from the shown total, so what is left out is either nobody or again at least as
many as the smallest group.
"""

from collections.abc import Hashable, Mapping

from measures.prioritisation import Tally


def shown_groups(tallies: Mapping[Hashable, Tally], *, smallest: int) -> dict[Hashable, Tally]:
    """Return the tallies that may be shown, ``None`` (no group) never among them.

    ``smallest`` is the least number of raters of a shown group, and of those left out together.
    """
    shown = {
        group: tally
        for group, tally in tallies.items()
        if group is not None and _least(tally) >= smallest
    }
    left_out = [tally for group, tally in tallies.items() if group not in shown and tally.n]
    while shown and left_out and _smallest_remainder(left_out) < smallest:
        smallest_shown = min(shown, key=lambda group: (_least(shown[group]), str(group)))
        left_out.append(shown.pop(smallest_shown))
    return shown


def _least(tally: Tally) -> int:
    """The number of people behind the thinner criterion: few judgements tell on few people."""
    return min(sum(tally.relevance), sum(tally.feasibility))


def _smallest_remainder(left_out: list[Tally]) -> int:
    """The least number of judgements that subtraction would uncover, of either criterion."""
    relevance = sum(sum(tally.relevance) for tally in left_out)
    feasibility = sum(sum(tally.feasibility) for tally in left_out)
    return min(relevance, feasibility)
