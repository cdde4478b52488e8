"""A measure's status entries and tasks, as its own page shows them."""

from django.shortcuts import get_object_or_404

from measures.models import Measure, StatusEntry, Task
from workshops.models import Workshop


def reported_on(workshop: Workshop, number: int) -> Measure:
    """Return the measure, or the one that it was merged into: a form drawn before is not lost.

    Raises Http404 for what was removed. 1 query.
    """
    rows = Measure.objects.in_workshop(workshop).unremoved()
    rows = rows.select_related("field", "merged_into__field")
    return get_object_or_404(rows, number=number).target


def status_of(measure: Measure) -> list[StatusEntry]:
    """Return a measure's entries and those of its duplicates, the newest first. 1 query."""
    rows = StatusEntry.objects.about(measure).newest_first()
    return list(rows.select_related("measure", "by"))


def tasks_of(measure: Measure) -> list[Task]:
    """Return a measure's tasks and those of its duplicates, what is due next first. 1 query."""
    return list(Task.objects.about(measure).next_first().select_related("measure"))
