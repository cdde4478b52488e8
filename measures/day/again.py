"""What can be done with a workshop as a whole: the next year, the calendar, the archive."""

from typing import NamedTuple

from measures.again.comparing import earlier_visit
from measures.again.deleting import why_not_deleted
from workshops.access import may_create_workshops
from workshops.archive import may_archive
from workshops.models import Workshop
from workshops.visits import Visit


class Again(NamedTuple):
    """What this visitor can do; ``earlier`` is the workshop that this one was copied from."""

    earlier: Workshop | None
    may_copy: bool
    may_address: bool
    may_archive: bool
    may_delete: bool
    may_ask: bool

    def __bool__(self) -> bool:
        return any(self)


def again_of(visit: Visit) -> Again:
    """Return it. 1 query, up to 9 more for who may delete it."""
    earlier = earlier_visit(visit)
    return Again(
        earlier.workshop if earlier else None,
        visit.is_editor and may_create_workshops(visit.person),
        visit.is_editor,
        visit.is_editor and may_archive(visit),
        visit.is_facilitator and not why_not_deleted(visit),
        visit.is_administration and visit.workshop.is_archived,
    )
