"""How far a workshop's day has come."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from fields.models import ActionField, Goal
from measures.models import Measure, Round
from measures.rounding import whole_percent
from workshops.models import Criterion, Participant, Workshop


@dataclass(frozen=True)
class Progress:
    """Counts of one workshop.

    ``offered``, ``rated`` and ``ratings`` are about the last round: its measures, those of them
    that enough people have answered, and the ratings on ballots. "Cannot judge" is an answer: a
    count of judgements would tell, answer by answer, who abstained.
    """

    fields: int
    fields_worked_on: int
    goals: int
    measures: int
    offered: int
    rated: int
    ratings: int
    participants: int

    @property
    def share_rated(self) -> int | None:
        """Given ratings among the possible ones in whole percent; None without any.

        Possible is every participant times every measure to be rated. Paper does not count here,
        because nobody knows who filled it in. A hundred is said only when nothing is missing.
        """
        possible = self.participants * self.offered
        most = 100 if self.ratings >= possible else 99
        share = whole_percent(self.ratings, possible)
        return None if share is None else min(most, share)


def progress(workshop: Workshop) -> Progress:
    """Count what stands in the workshop. 10 queries."""
    fields = ActionField.objects.in_workshop(workshop).aggregate(
        all=Count("pk"), worked_on=Count("pk", filter=Q(is_worked_on=True))
    )
    standing = Measure.objects.in_workshop(workshop).standing()
    last = workshop.rounds.last()
    offered = last.rateable() if last else standing.rateable()
    ids = set(offered.values_list("pk", flat=True))
    return Progress(
        fields=fields["all"],
        fields_worked_on=fields["worked_on"],
        goals=Goal.objects.in_workshop(workshop).standing().count(),
        measures=standing.count(),
        offered=len(ids),
        rated=len(ids & _answered(workshop, last)) if last else 0,
        ratings=last.ratings.filter(measure__in=ids).count() if last else 0,
        participants=Participant.objects.filter(workshop=workshop).count(),
    )


def _answered(workshop: Workshop, round: Round) -> set[int]:
    """Return the ids of the measures that the room's minimum has answered, on ballots or paper."""
    ballots = round.ratings.order_by().values_list("measure").annotate(n=Count("pk"))
    sheets = round.paper_counts.filter(criterion=Criterion.RELEVANCE).order_by()
    paper = sheets.values_list("measure").annotate(n=Sum("count"))
    return {pk for rows in (ballots, paper) for pk, n in rows if n >= workshop.smallest_room}
