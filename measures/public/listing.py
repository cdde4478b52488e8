"""How much each of several public pages tells, for the list of those that are published."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count

from measures.models import TARGET, Decision, Measure, Outcome


class Counts(NamedTuple):
    """How many measures a page lists, and how many of them are decided on, not deferred."""

    measures: int
    decided: int


def public_counts(workshops: Iterable[int]) -> dict[int, Counts]:
    """Return them by the workshops' ids. 2 queries, whatever their number."""
    ids = list(workshops)
    standing = Measure.objects.filter(workshop__in=ids).standing()
    measures = standing.order_by().values("workshop").annotate(n=Count("pk"))
    listed = dict(measures.values_list("workshop", "n"))
    rows = Decision.objects.filter(session__workshop__in=ids, session__is_public=True)
    told = rows.known_to_all().annotate(target=TARGET).filter(target__in=standing)
    oldest_first = told.order_by("decided_on", "pk")
    holds = {
        target: (workshop, Outcome(outcome))
        for workshop, target, outcome in oldest_first.values_list(
            "session__workshop", "target", "outcome"
        )
    }
    decided = Counter(workshop for workshop, outcome in holds.values() if not outcome.is_open)
    return {pk: Counts(listed.get(pk, 0), decided[pk]) for pk in ids}
