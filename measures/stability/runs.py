"""Which neighbours in a ranking cannot be told apart."""

from collections.abc import Collection, Mapping, Sequence


def open_runs(
    ranked: Sequence[int], open_against: Mapping[int, Collection[int]]
) -> list[tuple[int, ...]]:
    """Cut a ranking, best first, into runs in which the order of any two is open.

    Each run begins with the best one left and goes on as long as the next one is open against all
    in it. Neighbours across a cut may be open as well; no cut could part them from all others.
    """
    found: list[tuple[int, ...]] = []
    for each in ranked:
        if found and all(other in open_against.get(each, ()) for other in found[-1]):
            found[-1] += (each,)
        else:
            found.append((each,))
    return found
