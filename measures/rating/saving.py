"""Saving ratings and choosing what a person rates next."""

import hashlib
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, F, Q

from measures.models import Measure, Offer, Rating, Round
from workshops.models import Ballot, Workshop, mark_changed


@transaction.atomic
def rate_while_open(
    workshop: Workshop,
    round: Round,
    ballot: Ballot,
    measure: Measure,
    *,
    relevance: int | None,
    feasibility: int | None,
) -> bool:
    """Store or change one ballot's steps for one measure; None is "cannot judge". 3 queries.

    Return False where the round, the measure's field, the scale or the ballot is another one by
    now: closing gives ballots new ids, also if the round was opened again since. All are as the
    request found them; the check runs under the lock that whoever closes the round or changes the
    scale needs as well.
    """
    mark_changed(workshop.pk)
    offered = Offer.objects.filter(round=round, measure=measure, round__state=Round.State.OPEN)
    offered = offered.filter(
        round__open_fields=F("measure__field"), round__workshop__ballots=ballot.pk
    )
    if offered.values_list("round__workshop__steps", flat=True).first() != workshop.steps:
        return False
    Rating.objects.bulk_create(
        [
            Rating(
                ballot=ballot,
                measure=measure,
                round=round,
                relevance=relevance,
                feasibility=feasibility,
            )
        ],
        update_conflicts=True,
        unique_fields=["measure", "round", "ballot"],
        update_fields=["relevance", "feasibility"],
    )
    return True


def in_personal_order(ballot: Ballot, measures: Iterable[Measure]) -> list[Measure]:
    """Return ``measures`` in an order that is random, but always the same for this ballot.

    Whoever reads a list from the top is kinder to its beginning; different orders even that out.
    """
    return sorted(measures, key=lambda measure: _lot(ballot.pk, measure.pk))


def _lot(ballot_id: int, measure_id: int) -> bytes:
    return hashlib.sha256(f"{ballot_id}:{measure_id}".encode()).digest()


def next_measure(ballot: Ballot, round: Round) -> Measure | None:
    """Return what this ballot rates next: the least rated measure, the lot decides among equals."""
    open_measures = (
        round.takes_now()
        .exclude(pk__in=ballot.ratings.filter(round=round).values("measure"))
        .annotate(votes=Count("ratings__ballot", filter=Q(ratings__round=round)))
        .only("number", "workshop")
    )
    return min(open_measures, key=lambda m: (m.votes, _lot(ballot.pk, m.pk)), default=None)


def rated_pairs(ballot: Ballot, round: Round) -> dict[int, tuple[int | None, int | None]]:
    """Return the ballot's own (relevance, feasibility) by the id of each measure to be rated.

    Those of this round: earlier ones stay stored, but nobody is led by them.
    """
    rows = ballot.ratings.filter(round=round, measure__in=round.rateable())
    steps = rows.values_list("measure", "relevance", "feasibility")
    return {measure: (relevance, feasibility) for measure, relevance, feasibility in steps}
