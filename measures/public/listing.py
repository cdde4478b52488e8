"""How much each of several public pages tells, for the list of those that are published."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count

from measures.models import TARGET, Decision, Measure


class Counts(NamedTuple):
    """How many measures a page lists, and on how many of them it tells a decision."""

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
    counted = told.order_by().values("session__workshop").annotate(n=Count("target", distinct=True))
    decided = dict(counted.values_list("session__workshop", "n"))
    return {pk: Counts(listed.get(pk, 0), decided.get(pk, 0)) for pk in ids}
