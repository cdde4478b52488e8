"""Sheets of paper typed in as a whole: ballots of that source, each with its pairs.

Every function that changes something expects that the caller has lined up at the workshop.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.crypto import salted_hmac

from measures.models import Rating, Round
from measures.rating.digits import Pair
from workshops.models import Ballot, Workshop


class OtherSheet(Exception):
    """A sheet with other answers was stored under this id."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The group that was ticked on a sheet, and its pairs by the measure's id."""

    group_id: int | None
    pairs: Mapping[int, Pair]


def opening_of(workshop: Workshop) -> int:
    """Return a number that is another one each time the rating is opened. 1 query.

    A sheet that is sent again after that could not be told from a new one: closing has given all
    ballots other ids.
    """
    changes = workshop.phase_changes.order_by("-pk")
    return changes.values_list("pk", flat=True).first() or 0


def ballot_id(workshop: Workshop, person_id: int, opening: int, client_id: UUID) -> int:
    """Return the ballot's id for a sheet that a browser calls ``client_id``, the same each time.

    No table keeps what the browser calls it, and without our key nobody finds one from the other.
    """
    named = f"{workshop.pk}-{person_id}-{opening}-{client_id}"
    digest = salted_hmac("measures.rating.sheet", named, algorithm="sha256").digest()
    return (int.from_bytes(digest[:8], "big") >> 1) or 1


def sheet_of(round: Round, pk: int) -> Sheet | None:
    """Return a sheet of the round as it is stored. At most 2 queries."""
    ballot = _ballots(round, [pk]).first()
    if ballot is None:
        return None
    rows = ballot.ratings.filter(round=round).values_list("measure", "relevance", "feasibility")
    return Sheet(ballot.group_id, {measure: (r, f) for measure, r, f in rows})


def add_sheet(round: Round, pk: int, sheet: Sheet) -> None:
    """Store a sheet, once however often it is sent. Raises OtherSheet."""
    known = sheet_of(round, pk)
    if known == sheet:
        return
    if known:
        raise OtherSheet
    Ballot.objects.create(
        id=pk, workshop_id=round.workshop_id, group_id=sheet.group_id, source=Ballot.Source.PAPER
    )
    _write(round, pk, sheet)


def change_sheet(round: Round, pk: int, sheet: Sheet) -> None:
    """Store other answers of a sheet of the round, or another group."""
    Ballot.objects.filter(pk=pk).update(group=sheet.group_id)
    Rating.objects.filter(ballot=pk, round=round).delete()
    _write(round, pk, sheet)


def remove_sheet(round: Round, pk: int) -> None:
    _ballots(round, [pk]).delete()


def answered(round: Round, ids: Collection[int]) -> dict[int, tuple[str | None, int]]:
    """Return by its id the group's name of each sheet and how many measures it rates. 1 query."""
    rows = _ballots(round, ids).annotate(n=Count("ratings")).order_by()
    return {pk: (group, n) for pk, group, n in rows.values_list("pk", "group__name", "n")}


def _ballots(round: Round, ids: Collection[int]) -> QuerySet[Ballot]:
    paper = Ballot.objects.filter(workshop=round.workshop_id, source=Ballot.Source.PAPER)
    return paper.filter(pk__in=ids)


def _write(round: Round, pk: int, sheet: Sheet) -> None:
    Rating.objects.bulk_create(
        Rating(measure_id=measure, round=round, ballot_id=pk, relevance=r, feasibility=f)
        for measure, (r, f) in sheet.pairs.items()
    )
