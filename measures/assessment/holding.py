"""Which assessment holds: the newest by its day, also one of a measure that was merged into it."""

from datetime import datetime

from measures.models import Assessment, Measure
from workshops.models import Workshop


def assessments_of(measure: Measure) -> list[Assessment]:
    """Return a measure's assessments and those of its duplicates, the newest first. 1 query."""
    return list(Assessment.objects.about(measure).newest_first())


def assessments_in(workshop: Workshop) -> dict[int, list[Assessment]]:
    """Return by the measure's id all assessments that count for it, the newest first. 1 query."""
    found: dict[int, list[Assessment]] = {}
    for each in Assessment.objects.in_workshop(workshop).with_target().newest_first():
        found.setdefault(vars(each)["target"], []).append(each)
    return found


def assessed(workshop: Workshop) -> dict[int, Assessment]:
    """Return by the measure's id the assessment that holds. 1 query."""
    return {pk: entries[0] for pk, entries in assessments_in(workshop).items()}


def known_at(entries: list[Assessment], moment: datetime) -> Assessment | None:
    """Return which of the entries, the newest first, held at a moment, None before the first."""
    return next((each for each in entries if each.at <= moment), None)
