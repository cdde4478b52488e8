"""How far a workshop's day has come, in numbers."""

from collections import Counter

from django.db.models import Count, Q, QuerySet, Sum

from fields.models import ActionField, Goal
from measures.models import Measure, Round
from measures.models.measure import MeasureQuerySet
from measures.rating.outlook import counted_for
from measures.rounding import whole_percent
from measures.standing import meets
from measures.tallies import IS_ON_PAPER, piles_of
from workshops.models import Ballot, Criterion, Participant, Workshop

BY_PEOPLE = {"ballot__source__in": Ballot.ENTERED_BY_PEOPLE}


def counts_of(workshop: Workshop) -> dict[str, int | None]:
    """Count, for the page of the day, what stands in the workshop. 10 to 12 queries.

    ``offered``, ``rated`` and ``ratings`` are about the last round: its measures, those of them
    with enough ratings, and the ratings on ballots. While it is open, "cannot judge" counts as
    well: a count of judgements would tell, answer by answer, who abstained. Afterwards only what
    makes a result counts, see ``rating.outlook``. Ballots and paper are counted apart always.
    """
    fields = (
        ActionField.objects.in_workshop(workshop)
        .standing()
        .aggregate(all=Count("pk"), worked_on=Count("pk", filter=Q(is_worked_on=True)))
    )
    standing = Measure.objects.in_workshop(workshop).standing()
    last = workshop.rounds.last()
    ids = set(_offered(standing, last).values_list("pk", flat=True))
    ratings = last.ratings.filter(measure__in=ids, **BY_PEOPLE).count() if last else 0
    asked = len(ids) if workshop.measures_per_person is None else workshop.measures_per_person
    is_by_table = last is not None and last.is_open and last.is_by_table
    participants = Participant.objects.filter(workshop=workshop).count()
    return {
        "fields": fields["all"],
        "fields_worked_on": fields["worked_on"],
        "goals": Goal.objects.in_workshop(workshop).standing().count(),
        "measures": standing.count(),
        "offered": len(ids),
        "rated": len(ids & _enough(workshop, last)) if last else 0,
        "ratings": ratings,
        "participants": participants,
        # Of how many measures each is asked depends on the table; the cockpit counts that.
        "share_rated": None
        if is_by_table
        else share_given(ratings, participants * min(len(ids), asked)),
    }


def share_given(ratings: int, possible: int) -> int | None:
    """Return the given ratings among the possible ones in whole percent; None without any.

    Possible is every participant times the measures that each is to rate. Paper does not count
    here, because nobody knows who filled it in. A hundred is said only when nothing is missing.
    """
    most = 100 if ratings >= possible else 99
    share = whole_percent(ratings, possible)
    return None if share is None else min(most, share)


def _offered(standing: MeasureQuerySet, last: Round | None) -> QuerySet[Measure]:
    if last is None:
        return standing.rateable()
    return last.rateable() if last.is_open else counted_for(last)


def _enough(workshop: Workshop, round: Round) -> set[int]:
    """Return the ids of the measures that have enough ratings."""
    least = workshop.smallest_room
    if round.is_open:
        return {pk for pk, n in _answered(round).items() if n >= least}
    piles = piles_of([round], workshop.steps)
    return {pk for (_round, pk), each in piles.items() if meets(each, least)}


def _answered(round: Round) -> dict[int, int]:
    """Return by the measure's id how many answered, on ballots wherever there are any."""
    counts = round.paper_counts.filter(criterion=Criterion.RELEVANCE).order_by()
    sheets = Counter(dict(counts.values_list("measure").annotate(n=Sum("count"))))
    ballots = {}
    rows = round.ratings.order_by().annotate(is_on_paper=IS_ON_PAPER)
    for measure, is_on_paper, n in rows.values_list("measure", "is_on_paper").annotate(
        n=Count("ballot")
    ):
        if is_on_paper:
            sheets[measure] += n
        else:
            ballots[measure] = n
    return dict(sheets) | ballots
