"""How far a workshop's day has come."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from fields.models import ActionField, Goal
from measures.models import Measure, PaperCount, Rating
from measures.rounding import whole_percent
from workshops.models import Participant, Workshop


@dataclass(frozen=True)
class Progress:
    """Counts of one workshop. ``ratings`` are those on ballots, ``rated`` counts measures."""

    fields: int
    fields_worked_on: int
    goals: int
    measures: int
    rateable: int
    rated: int
    ratings: int
    participants: int

    @property
    def share_rated(self) -> int | None:
        """Given ratings among the possible ones in whole percent; None without any.

        Possible is every participant times every measure to be rated. Paper does not count here,
        because nobody knows who filled it in. A hundred is said only when nothing is missing.
        """
        possible = self.participants * self.rateable
        most = 100 if self.ratings >= possible else 99
        share = whole_percent(self.ratings, possible)
        return None if share is None else min(most, share)


def progress(workshop: Workshop) -> Progress:
    """Count what stands in the workshop. 8 queries.

    A duplicate's ratings count for the measure that it was merged into.
    """
    fields = ActionField.objects.in_workshop(workshop).aggregate(
        all=Count("pk"), worked_on=Count("pk", filter=Q(is_worked_on=True))
    )
    standing = Measure.objects.in_workshop(workshop).standing()
    rateable = standing.rateable()
    rateable_ids = set(rateable.values_list("pk", flat=True))
    rated = {target for model in (Rating, PaperCount) for target in _targets(model, workshop)}
    return Progress(
        fields=fields["all"],
        fields_worked_on=fields["worked_on"],
        goals=Goal.objects.in_workshop(workshop).standing().count(),
        measures=standing.count(),
        rateable=len(rateable_ids),
        rated=len(rated & rateable_ids),
        ratings=Rating.objects.of_round(workshop.round).filter(measure__in=rateable).count(),
        participants=Participant.objects.filter(workshop=workshop).count(),
    )


def _targets(model, workshop: Workshop):
    """Return the ids of the measures that the rows of ``model`` count for."""
    rows = model.objects.of_round(workshop.round)
    rows = rows.filter(measure__workshop=workshop, measure__is_removed=False)
    target = Coalesce("measure__merged_into", "measure")
    return rows.order_by().values_list(target, flat=True).distinct()
