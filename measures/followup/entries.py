"""A measure's status entries, as its own page shows them."""

from measures.models import Measure, StatusEntry


def status_of(measure: Measure) -> list[StatusEntry]:
    """Return a measure's entries and those of its duplicates, the newest first. 1 query."""
    rows = StatusEntry.objects.about(measure).newest_first()
    return list(rows.select_related("measure", "by"))
