"""Which rounds wait for their old row versions to be erased, and doing it for all at once."""

import logging
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from measures.models import Round
from measures.rating.traces import (
    AT_ONCE_BYTES,
    AT_ONCE_SECONDS,
    Erasure,
    erase_old_versions,
)
from workshops.models import WorkshopRevision

logger = logging.getLogger(__name__)


def pending() -> dict[int, int]:
    """Return the rounds that wait, by id, each with its workshop's revision at this moment."""
    return dict(Round.objects.unerased().values_list("pk", "workshop__revision__number"))


def erase_at_once() -> None:
    """Erase right after a rating closed, if that is quick; for ``transaction.on_commit``.

    What is left goes to the log and stays pending for ``manage.py erase_traces``.
    """
    left = erase_pending(seconds=AT_ONCE_SECONDS, at_most=AT_ONCE_BYTES).left
    if left:
        tables = ", ".join(f"{each.table} ({each.reason.value})" for each in left)
        logger.warning("Old row versions wait for manage.py erase_traces: %s", tables)


def erase_pending(*, seconds: float, at_most: int | None = None) -> Erasure:
    """Erase if any round waits; see ``erase_old_versions`` for the arguments."""
    seen = pending()
    if not seen:
        return Erasure()
    erasure = erase_old_versions(seconds=seconds, at_most=at_most)
    done = _note_erased(seen) if erasure.is_complete else ()
    return replace(erasure, done=done, waiting=tuple(pk for pk in seen if pk not in done))


@transaction.atomic
def _note_erased(seen: dict[int, int]) -> tuple[int, ...]:
    """Return the rounds whose workshop nobody has changed since they were ``seen``.

    Rating may have been opened again and closed meanwhile, and votes of that time are not erased.
    """
    rows = WorkshopRevision.objects.select_for_update().order_by("pk")
    now = dict(rows.filter(workshop__rounds__in=seen).values_list("pk", "number"))
    rounds = Round.objects.filter(pk__in=seen).values_list("pk", "workshop")
    done = tuple(pk for pk, workshop in rounds if now.get(workshop) == seen[pk])
    # Past save(): the pages that tell of it are drawn anew each time, so the revision stays.
    Round.objects.filter(pk__in=done).update(erased_at=timezone.now())
    return done
