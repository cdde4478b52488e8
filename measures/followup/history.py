"""A measure's status entries, as its own page shows them."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.safestring import SafeString

from measures.followup.drawing import light
from measures.models import Measure, StatusEntry


@dataclass(frozen=True, slots=True)
class StatusLine:
    """An entry with its light. ``host`` is where its link leads, whatever the address pretends."""

    entry: StatusEntry
    light: SafeString
    host: str


def status_of(measure: Measure) -> list[StatusLine]:
    """Return a measure's entries and those of its duplicates, the newest first. 1 query."""
    rows = StatusEntry.objects.about(measure).newest_first().select_related("measure", "by")
    return [
        StatusLine(
            entry=entry,
            light=light(entry.state, entry.get_state_display()),
            host=urlsplit(entry.evidence).hostname or "",
        )
        for entry in rows
    ]
