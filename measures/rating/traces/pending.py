"""Which workshops wait for their old row versions to be erased, and doing it for all at once."""

import logging
from dataclasses import dataclass

from django.db import transaction

from measures.rating.traces import (
    AT_ONCE_BYTES,
    AT_ONCE_SECONDS,
    Erasure,
    erase_old_versions,
)
from workshops.models import Workshop, WorkshopRevision
from workshops.phases import Phase

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Run:
    """``done`` are the workshops that waited and no longer do, ``waiting`` those that still do."""

    erasure: Erasure
    done: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()


def pending() -> dict[int, int]:
    """Return the workshops that wait, by id, each with its revision at this moment."""
    closed = Workshop.objects.exclude(phase=Phase.RATING).filter(ballots__isnull=False)
    return dict(closed.values_list("pk", "revision__number").distinct())


def erase_at_once() -> None:
    """Erase right after a rating closed, if that is quick; for ``transaction.on_commit``.

    What is left goes to the log and stays pending for ``manage.py erase_traces``.
    """
    left = erase_pending(seconds=AT_ONCE_SECONDS, at_most=AT_ONCE_BYTES).erasure.left
    if left:
        tables = ", ".join(f"{each.table} ({each.reason.value})" for each in left)
        logger.warning("Old row versions wait for manage.py erase_traces: %s", tables)


def erase_pending(*, seconds: float, at_most: int | None = None) -> Run:
    """Erase if any workshop waits; see ``erase_old_versions`` for the arguments."""
    seen = pending()
    if not seen:
        return Run(Erasure())
    erasure = erase_old_versions(seconds=seconds, at_most=at_most)
    done = _note_erased(seen) if erasure.is_complete else ()
    return Run(erasure, done, tuple(pk for pk in seen if pk not in done))


def _note_erased(seen: dict[int, int]) -> tuple[int, ...]:
    """Return the workshops that nobody has changed since they were ``seen``.

    Rating may have been opened again and closed meanwhile, and votes of that time are not erased.
    """
    return tuple(pk for pk, number in seen.items() if _note_if_unchanged(pk, number))


@transaction.atomic
def _note_if_unchanged(workshop_id: int, number: int) -> bool:
    row = WorkshopRevision.objects.select_for_update().filter(workshop=workshop_id, number=number)
    return row.first() is not None
