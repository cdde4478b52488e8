"""Rows that people put in order: the place is a number in the column ``order``."""

from collections.abc import Collection, Iterable
from typing import Protocol

from django.db import models, transaction
from django.db.models import Max

from workshops.models import line_up


class Ordered(Protocol):
    """A row that has a place among its neighbours."""

    order: int

    def save(self, *, update_fields: Collection[str]) -> None: ...


def next_order(rows: models.QuerySet) -> int:
    """Return the order that puts a new row behind all of ``rows``."""
    return (rows.aggregate(last=Max("order"))["last"] or 0) + 1


@transaction.atomic
def move(row, rows: models.QuerySet, *, by: int) -> None:
    """Move ``row`` one place up (-1) or down (+1) among ``rows``; at an end nothing happens."""
    line_up(row.get_workshop_id())
    standing = list(rows.select_for_update())
    if row not in standing:  # removed at the same moment
        return
    here = standing.index(row)
    there = here + by
    if not 0 <= there < len(standing):
        return
    standing.insert(there, standing.pop(here))
    number(standing)


def number(rows: Iterable[Ordered]) -> None:
    """Number ``rows`` from 1 as they stand; each that changes its place is saved by itself."""
    for order, row in enumerate(rows, start=1):
        if row.order != order:
            row.order = order
            row.save(update_fields=["order"])
