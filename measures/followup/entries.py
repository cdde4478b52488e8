"""A measure's status entries and tasks, as its own page shows them."""

from measures.models import Measure, StatusEntry, Task


def status_of(measure: Measure) -> list[StatusEntry]:
    """Return a measure's entries and those of its duplicates, the newest first. 1 query."""
    rows = StatusEntry.objects.about(measure).newest_first()
    return list(rows.select_related("measure", "by"))


def tasks_of(measure: Measure) -> list[Task]:
    """Return a measure's tasks and those of its duplicates, what is due next first. 1 query."""
    return list(Task.objects.about(measure).next_first().select_related("measure"))
