from collections.abc import Sequence

from django import template

from measures import agreement
from measures.numbers import number_writer
from measures.prioritisation import Spread
from measures.rounding import whole_percent

register = template.Library()


@register.filter
def figure(value: float | None) -> str:
    """Write a mean, threshold or score as everywhere else: two decimals, a dash for nothing."""
    return number_writer()(value)


@register.filter
def bars(spread: Spread, labels: Sequence[str]) -> list[dict[str, str | float | None]]:
    """Return a distribution as the rows of ``components/_bars.html``; a label for each step."""
    return [
        {
            "label": label,
            "count": count,
            "percent": whole_percent(count, spread.n),
            "width": round(100 * count / spread.n, 1) if spread.n else 0,
        }
        for label, count in zip(labels, spread.counts, strict=False)
    ]


@register.filter("tastle_wierman")
def _tastle_wierman(spread: Spread) -> float | None:
    """Return the consensus by Tastle and Wierman; None where no distribution is told."""
    return agreement.tastle_wierman(spread.counts) if spread.counts else None
