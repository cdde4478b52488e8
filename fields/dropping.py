"""What goes with an action field when it is dropped: counted before anybody is asked."""

import hashlib
from dataclasses import dataclass

from fields.models import ActionField


@dataclass(frozen=True, slots=True)
class Content:
    """How much stands in a field.

    ``rated`` are those of the measures that somebody has rated in any way; how many ratings there
    are is told nowhere, for of few that says who abstained. ``seen`` stands for just these rows in
    the form that asks.
    """

    goals: int
    measures: int
    rated: int
    seen: str

    def __bool__(self) -> bool:
        return bool(self.goals or self.measures)


def content_of(field: ActionField) -> Content:
    """Count what stands in a field. 3 queries."""
    standing = field.measures.standing()
    goals = list(field.goals.standing().order_by("pk").values_list("pk", flat=True))
    measures = list(standing.order_by("pk").values_list("pk", flat=True))
    rated = standing.rated().count()
    return Content(
        goals=len(goals),
        measures=len(measures),
        rated=rated,
        seen=hashlib.sha256(repr((goals, measures, rated)).encode()).hexdigest()[:16],
    )
