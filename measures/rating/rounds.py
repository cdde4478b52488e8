"""Rounds of rating: people rate again after they have talked, and the earlier round stays.

Every round starts empty. Carried over, a rating that nobody changed would tell, by subtraction from
the round before, what the one person chose who did change something.
"""

from measures.models import Decision, Measure
from workshops.models import PhaseChange, User, Workshop
from workshops.models.workshop import MAX_ROUNDS
from workshops.phases import Phase


def has_ratings(workshop: Workshop) -> bool:
    """Say whether the present round has anything: a rating, a sheet of paper, a group value."""
    kinds = ("ratings", "paper_counts", "group_values")
    measures = Measure.objects.in_workshop(workshop)
    return any(measures.filter(**{f"{kind}__round": workshop.round}).exists() for kind in kinds)


def is_relied_on(workshop: Workshop) -> bool:
    """Say whether the present round's figures were published or decided upon.

    Opened again, with one ballot changed, the figures before and after would tell that ballot.
    """
    if workshop.is_public:
        return True
    decisions = Decision.objects.in_workshop(workshop)
    return any(_may_rest_on(each.frozen, workshop.round) for each in decisions)


def _may_rest_on(frozen: dict, round: int) -> bool:
    """Say whether a snapshot is of this round; one that does not tell may be."""
    ratings = frozen.get("ratings")
    return not isinstance(ratings, dict) or ratings.get("round", round) == round


def may_open_round(workshop: Workshop) -> bool:
    """Say whether another round makes sense: people have seen this one's results. 3 queries."""
    return (
        workshop.phase == Phase.DELIBERATING
        and workshop.round < MAX_ROUNDS
        and has_ratings(workshop)
    )


def open_round(workshop: Workshop, *, by: User) -> bool:
    """Count up and open the rating; the caller has locked the workshop's row."""
    if not may_open_round(workshop):
        return False
    before = workshop.phase
    workshop.round += 1
    workshop.phase = Phase.RATING
    workshop.save(update_fields=["round", "phase"])
    PhaseChange.objects.create(workshop=workshop, before=before, after=Phase.RATING, by=by)
    return True


def drop_empty_round(workshop: Workshop) -> None:
    """Go back to the round before if nobody rated in this one: it was opened by mistake."""
    if workshop.round > 1 and not has_ratings(workshop):
        workshop.round -= 1
        workshop.save(update_fields=["round"])
