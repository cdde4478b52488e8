"""What goes with an action field when it is dropped: counted before anybody is asked."""

import hashlib
from dataclasses import dataclass

from django.db.models import Count

from fields.models import ActionField


@dataclass(frozen=True, slots=True)
class Content:
    """How much stands in a field.

    ``rated`` are those of the measures that somebody has rated in any way, ``ratings`` are on
    ballots. ``seen`` stands for just these rows in the form that asks.
    """

    goals: int
    measures: int
    rated: int
    ratings: int
    seen: str

    def __bool__(self) -> bool:
        return bool(self.goals or self.measures)


def content_of(field: ActionField) -> Content:
    """Count what stands in a field. 4 queries."""
    standing = field.measures.standing()
    goals = list(field.goals.standing().order_by("pk").values_list("pk", flat=True))
    measures = list(standing.order_by("pk").values_list("pk", flat=True))
    ratings = standing.aggregate(n=Count("ratings"))["n"]
    return Content(
        goals=len(goals),
        measures=len(measures),
        rated=standing.rated().count(),
        ratings=ratings,
        seen=hashlib.sha256(repr((goals, measures, ratings)).encode()).hexdigest()[:16],
    )
