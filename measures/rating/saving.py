"""In which order a person rates, and what of it is rated."""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from measures.models import Measure, Round
from measures.rating.statements import lots
from workshops.models import Ballot


def in_personal_order(ballot: Ballot, measures: Iterable[Measure]) -> list[Measure]:
    """Return ``measures`` in an order that is random, but always the same for this ballot.

    Whoever reads a list from the top is kinder to its beginning; different orders even that out.
    """
    return sorted(measures, key=lambda measure: _lot(ballot.pk, measure.pk))


def _lot(ballot_id: UUID, measure_id: int) -> str:
    """Return the same lot as the statement that says what comes next; a digest for its evenness."""
    return hashlib.md5(f"{lots(ballot_id)}{measure_id}".encode(), usedforsecurity=False).hexdigest()


def rated_pairs(ballot: Ballot, round: Round) -> dict[int, tuple[int | None, int | None]]:
    """Return the ballot's own (relevance, feasibility) by the id of each measure to be rated.

    Those of this round: earlier ones stay stored, but nobody is led by them.
    """
    rows = ballot.ratings.filter(round=round, measure__in=round.rateable())
    steps = rows.values_list("measure", "relevance", "feasibility")
    return {measure: (relevance, feasibility) for measure, relevance, feasibility in steps}
