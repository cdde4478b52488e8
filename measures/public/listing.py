"""How much each of several public pages tells, for the list of those that are published."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count

from measures.models import TARGET, Decision, Measure, Outcome, PublicRecord


class Counts(NamedTuple):
    """How many measures a page lists, and how many of them are decided on, not deferred."""

    measures: int
    decided: int


def public_counts(workshops: Iterable[int]) -> dict[int, Counts]:
    """Return them by the workshops' ids. 3 queries, whatever their number."""
    ids = list(workshops)
    standing = Measure.objects.filter(workshop__in=ids).standing()
    measures = standing.order_by().values("workshop").annotate(n=Count("pk"))
    listed = dict(measures.values_list("workshop", "n"))
    rows = Decision.objects.filter(session__workshop__in=ids).told_in_public().deciding()
    told = rows.known_to_all().annotate(target=TARGET).filter(target__in=standing)
    rows_told = told.values_list("session__workshop", "target", "outcome", "decided_on", "pk")
    in_order = sorted(rows_told, key=lambda row: (Outcome(row[2]).rules, *row[3:]))
    holds = {target: (workshop, Outcome(word)) for workshop, target, word, *_when in in_order}
    decided = Counter(workshop for workshop, outcome in holds.values() if not outcome.is_open)
    records = PublicRecord.objects.filter(workshop__in=ids, language=settings.LANGUAGE_CODE)
    kept = {pk: Counts(*counts) for pk, *counts in records.values_list("workshop", *Counts._fields)}
    return {pk: kept.get(pk) or Counts(listed.get(pk, 0), decided[pk]) for pk in ids}
