"""What may be shown of a frozen basis: pure, on plain data.

Whoever decided before the room had a minimum, or before it was raised, has frozen figures of a few
people. The sealed text stays as it is; what is drawn from it follows the minimum of today. Sheets
of paper are judged apart as on the public page, for how many of them judged which criterion is not
frozen.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from workshops.models import Criterion, Workshop
from workshops.models.workshop import MIN_GROUP

FIGURES: dict[str, object] = {"n": None, "mean": None}
SHAPE: dict[str, object] = {"median": None, "quartiles": None, "counts": [], "agreement": None}
"""What tells single answers of a few, see ``rating.standing.without_distribution``."""
PLACE = ("score", "rank", "range", "all_weights", "quadrant", "quadrant_name")
ABOUT = ("n", "paper", "round")


def as_shown(basis: Mapping, workshop: Workshop) -> dict:
    """Return a basis without the figures that too few people are behind, as nobody rated would be.

    Whatever a forged text holds in their place is withheld as well.
    """
    ranking, ratings = (_part(basis, name) for name in ("ranking", "ratings"))
    judged = _judged(ratings)
    room = max(MIN_GROUP, workshop.smallest_room)
    if judged < room:
        ratings |= dict.fromkeys(ABOUT)
        ranking |= dict.fromkeys(PLACE)
        ranking.pop("at_table", None)
    if judged < max(room, workshop.smallest_group):
        ranking["range"] = None
        hidden = SHAPE if judged >= room else FIGURES | SHAPE
        for criterion in Criterion:
            ratings[criterion.value] = _part(ratings, criterion.value) | hidden
    return {**basis, "ranking": ranking, "ratings": ratings}


def _part(data: Mapping, name: str) -> dict:
    found = data.get(name)
    return dict(found) if isinstance(found, Mapping) else {}


def _judged(ratings: Mapping) -> int:
    """Return how many judgements the thinner criterion has, on ballots wherever there are any."""
    n, paper = _number(ratings.get("n")), _number(ratings.get("paper"))
    least = min(_number(_part(ratings, each.value).get("n")) for each in Criterion)
    return least - paper if n > paper else least


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def why_withheld(basis: Mapping, workshop: Workshop) -> str:
    """Say why figures of a basis are missing, "" where none are."""
    judged, ratings = _judged(_part(basis, "ratings")), _part(basis, "ratings")
    room = max(MIN_GROUP, workshop.smallest_room)
    if not _number(ratings.get("n")):
        return _(
            "Fewer than %(n)d people judged one of the criteria, or nobody did, so there are no"
            " values."
        ) % {"n": room}
    if judged < room:
        return _(
            "Fewer than %(n)d people judged one of the criteria, so no values are shown. What was"
            " sealed is kept unchanged."
        ) % {"n": room}
    if judged < max(room, workshop.smallest_group):
        return _(
            "Fewer than %(n)d people judged one of the criteria, so distribution, median and rank"
            " range are not shown. What was sealed is kept unchanged."
        ) % {"n": max(room, workshop.smallest_group)}
    return ""
