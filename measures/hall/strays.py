"""Ballots of guests on which nothing was rated, thrown away where somebody has made many of them.

Nobody can tell which of them are of people in the hall: these come in again.
"""

from collections import Counter, defaultdict

from django.utils.translation import gettext as _

from measures.models import Rating
from measures.standing import lost_labels
from workshops.models import Ballot, Workshop, hold_votes


class WouldTell(Exception):
    """How many are left would tell how far a few people are; the message says so."""


def throw_away(workshop: Workshop) -> None:
    """Throw them away. Raises WouldTell. Whoever calls has lined up. At most 8 queries."""
    hold_votes(workshop.pk)  # nobody rates for the first time at this moment
    if workshop.rounds.unsettled().exists() and not _may_be_told(workshop):
        raise WouldTell(
            _(
                "Nothing was thrown away: what is left would tell whether a few people have rated"
                " yet."
            )
        )
    guests = workshop.ballots.filter(source=Ballot.Source.GUEST, secret_hash__isnull=False)
    guests.exclude(
        pk__in=Rating.objects.filter(ballot__workshop=workshop).values("ballot")
    ).delete()


def _may_be_told(workshop: Workshop) -> bool:
    """Say whether the number of guests who have rated tells no more than the cockpit does.

    That tells how many of all have, from the room's minimum on, and of some groups. So nowhere may
    the guests among them, or all others, be too few to be told apart.
    """
    held = workshop.ballots.filter(secret_hash__isnull=False).order_by()
    rows = list(held.values_list("group", "source"))
    lost = lost_labels(Counter(group for group, _source in rows), workshop.smallest_group)
    told: defaultdict[int | None, Counter[str]] = defaultdict(Counter)
    for group, source in rows:
        told[None if group in lost else group][source] += 1
    return len(rows) >= workshop.smallest_room and all(
        len(sources) == 1 or min(sources.values()) >= workshop.smallest_group
        for sources in told.values()
    )
