"""What goes with an action field when it is dropped: counted before anybody is asked."""

from dataclasses import astuple, dataclass

from django.db.models import Count

from fields.models import ActionField


@dataclass(frozen=True, slots=True)
class Content:
    """How much was ever written into a field.

    ``measures`` stand in it, ``rated`` are those of them that somebody has rated in any way, and
    ``ratings`` are on ballots. What was removed, or merged into another measure, is counted apart.
    """

    goals: int
    removed_goals: int
    measures: int
    rated: int
    ratings: int
    other_measures: int

    def __bool__(self) -> bool:
        return bool(self.goals or self.removed_goals or self.measures or self.other_measures)

    @property
    def seen(self) -> str:
        """The text that stands for it in the form that asks."""
        return "-".join(map(str, astuple(self)))


def content_of(field: ActionField) -> Content:
    """Count what stands in a field and what lies in it. 6 queries."""
    goals = field.goals.standing().count()
    standing = field.measures.standing()
    measures = standing.count()
    return Content(
        goals=goals,
        removed_goals=field.goals.count() - goals,
        measures=measures,
        rated=standing.rated().count(),
        ratings=field.measures.aggregate(n=Count("ratings"))["n"],
        other_measures=field.measures.count() - measures,
    )
