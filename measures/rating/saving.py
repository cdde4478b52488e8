"""Saving ratings and choosing what a person rates next."""

import hashlib
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from measures.models import Measure, Rating
from workshops.models import Ballot, Workshop, mark_changed
from workshops.phases import Activity


@transaction.atomic
def save_rating(
    ballot: Ballot, measure: Measure, *, relevance: int | None, feasibility: int | None
) -> None:
    """Store or change one ballot's steps for one measure; ``None`` is "cannot judge". 2 queries."""
    mark_changed(measure.workshop_id)
    _store(ballot, measure, relevance, feasibility, measure.workshop.round)


@transaction.atomic
def rate_while_open(
    workshop: Workshop, ballot: Ballot, measure: Measure, *, relevance, feasibility
) -> bool:
    """Save like ``save_rating``, but return False if rating was closed or scale or round changed.

    ``workshop`` is as the request found it; the check runs under the lock that whoever closes the
    rating or changes the scale needs as well. 3 queries.
    """
    mark_changed(workshop.pk)
    now = Workshop.objects.only("phase", "steps", "round").get(pk=workshop.pk)
    seen = (workshop.steps, workshop.round)
    if not now.allows(Activity.RATE) or (now.steps, now.round) != seen:
        return False
    _store(ballot, measure, relevance, feasibility, workshop.round)
    return True


def _store(ballot: Ballot, measure: Measure, relevance, feasibility, round: int) -> None:
    steps = {"relevance": relevance, "feasibility": feasibility}
    Rating.objects.bulk_create(
        [Rating(ballot=ballot, measure=measure, round=round, **steps)],
        update_conflicts=True,
        unique_fields=["ballot", "measure", "round"],
        update_fields=["relevance", "feasibility"],
    )


def in_personal_order(ballot: Ballot, measures: list[Measure]) -> list[Measure]:
    """Return ``measures`` in an order that is random, but always the same for this ballot.

    Whoever reads a list from the top is kinder to its beginning; different orders even that out.
    """
    return sorted(measures, key=lambda measure: _lot(ballot.pk, measure.pk))


def _lot(ballot_id: UUID, measure_id: int) -> bytes:
    return hashlib.sha256(f"{ballot_id}:{measure_id}".encode()).digest()


def next_measure(ballot: Ballot, workshop: Workshop) -> Measure | None:
    """Return what this ballot rates next: the least rated measure, the lot decides among equals."""
    open_measures = (
        Measure.objects.in_workshop(workshop)
        .rateable()
        .exclude(pk__in=ballot.ratings.of_round(workshop.round).values("measure"))
        .annotate(votes=Count("ratings", filter=Q(ratings__round=workshop.round)))
        .only("number", "workshop")
    )
    return min(open_measures, key=lambda m: (m.votes, _lot(ballot.pk, m.pk)), default=None)


def rated_pairs(ballot: Ballot) -> dict[int, tuple[int | None, int | None]]:
    """Return the ballot's own (relevance, feasibility) by the id of each measure to be rated.

    Those of the present round: earlier ones are kept, but nobody is led by them.
    """
    rateable = Measure.objects.filter(workshop=ballot.workshop_id).rateable()
    rows = ballot.ratings.of_present_round().filter(measure__in=rateable)
    rows = rows.values_list("measure", "relevance", "feasibility")
    return {measure: (relevance, feasibility) for measure, relevance, feasibility in rows}
