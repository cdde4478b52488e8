"""What holds whatever the weight, and what half a step would change."""

from fractions import Fraction

from measures.prioritisation import Id, Scale, Thresholds, resolve_thresholds
from measures.stability.points import Points, exact, exact_points


def pareto_front(points: Points[Id]) -> set[Id]:
    """Return the measures that no other one beats: none is as good in both and better in one.

    Equal points all stay. O(n log n).
    """
    ranked = sorted(exact_points(points).items(), key=lambda entry: entry[1], reverse=True)
    front: set[Id] = set()
    best: tuple[Fraction, Fraction] | None = None  # the last point of the front so far
    for measure, pair in ranked:
        # Everybody before is at least as relevant: only more feasibility, or equality, helps.
        if best is None or pair[1] > best[1] or pair == best:
            front.add(measure)
            best = pair
    return front


def half_step_quadrants(
    points: Points[Id], *, scale: Scale, thresholds: Thresholds | None = None, by: float = 0.5
) -> set[Id]:
    """Return the measures whose quadrant changes when one mean moves by at most ``by``.

    A mean on the threshold counts as high, and none leaves the scale. So a high mean that is
    ``by`` above the line stays high, and a low one that is ``by`` below it becomes high.

    Raises ValueError for a threshold outside the scale and for a negative ``by``.
    """
    if not by >= 0:
        raise ValueError(f"A mean cannot move by {by}.")
    limits = [exact(limit) for limit in resolve_thresholds(thresholds, scale)]
    reach = exact(by)

    def changes(mean: Fraction, limit: Fraction) -> bool:
        if mean >= limit:
            return max(mean - reach, Fraction(scale.low)) < limit
        return mean + reach >= limit

    return {
        measure for measure, pair in exact_points(points).items() if any(map(changes, pair, limits))
    }
