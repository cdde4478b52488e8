"""Reading what anybody may read from a streaming replica, never what was before.

Off unless REPLICA_URL is set. The primary alone says what may be shown: the caller has asked it for
the workshop and its revision, and the replica's rows are taken only where they are those of exactly
this revision. So a replica that lags behind, or stands still, is not seen by anybody.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest

from bingen_strategy.outages import Outage
from workshops.models import Workshop, WorkshopRevision

REPLICA = "replica"
APPS = frozenset({"workshops", "fields", "measures"})
T = TypeVar("T")

_is_open: ContextVar[bool] = ContextVar("is_open", default=False)
_outage = Outage("The replica", "the primary")


class Router:
    """Sends reads to the replica while ``_reading`` says so, and everything else to the primary."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        return REPLICA if _is_open.get() and model._meta.app_label in APPS else DEFAULT_DB_ALIAS

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool:
        return True  # both hold the same rows

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db == REPLICA else None


def read_public(request: HttpRequest, workshop: Workshop, read: Callable[[], T]) -> T:
    """Return ``read()``: from the replica if it may and can be asked, else from the primary.

    ``workshop`` comes from the primary, with its revision. ``read`` may run twice; it must not
    return anything that asks the database later. Whoever sends a cookie may have written just now
    and is not sent to the replica, though the revision would tell.
    """
    if REPLICA not in settings.DATABASES or request.COOKIES or not _outage.may_ask():
        return read()
    try:
        with _reading():
            found = [read()] if _stands_at(workshop) else []
    except Error as error:
        connections[REPLICA].close()
        _outage.failed(error)
        return read()
    _outage.answered()
    return found[0] if found else read()


@contextmanager
def _reading() -> Iterator[None]:
    """Read from the replica, all of it as of one moment."""
    token = _is_open.set(True)
    try:
        with transaction.atomic(using=REPLICA):
            yield
    finally:
        _is_open.reset(token)


def _stands_at(workshop: Workshop) -> bool:
    """Tell whether the replica stands exactly where the primary stood. 1 query.

    A migration may change what is shown and raises no revision, so it must have arrived, too.
    """
    applied = MigrationRecorder.Migration.objects.order_by("-pk").values("pk")
    row = WorkshopRevision.objects.filter(pk=workshop.pk).values_list(
        "number", models.Subquery(applied[:1])
    )
    return row.first() == (workshop.revision.number, _newest_migration())


@cache
def _newest_migration() -> int:
    """Return the number of the last one that the primary had when this process first asked.

    A process from before a migration asks no replica any more, until it is started anew.
    """
    newest = MigrationRecorder.Migration.objects.using(DEFAULT_DB_ALIAS).order_by("-pk")
    return newest.values_list("pk", flat=True)[0]
