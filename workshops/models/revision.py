"""One number per workshop that grows with every change of its data, but for votes.

Pages are answered 304 and rendered pictures are kept by it. Models whose rows a page shows derive
from ``TracksRevision``; whoever writes past ``save()`` and ``delete()`` calls ``mark_changed``. A
vote does not: what is kept shows rounds that take none. So votes do not queue for one row, and no
number tells how many there are.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import connection, models, transaction
from django.db.models import F


def new_state() -> int:
    """Return a number that tells nothing but that it is another one."""
    return secrets.randbits(63)


class WorkshopRevision(models.Model):
    """A table of its own, so that a change locks neither the workshop's row nor its history."""

    workshop = models.OneToOneField(
        "workshops.Workshop", models.CASCADE, primary_key=True, related_name="revision"
    )
    number = models.PositiveBigIntegerField(default=0)
    # See ``workshops.audiences``.
    phones = models.PositiveBigIntegerField(default=new_state)
    front = models.PositiveBigIntegerField(default=new_state)

    def __str__(self) -> str:
        return str(self.number)


def mark_changed(workshop_id: int) -> None:
    """Raise the revision; the row stays locked until the transaction ends.

    Called first in a transaction it also lines up writers, e.g. those who want the next number.
    """
    WorkshopRevision.objects.filter(workshop_id=workshop_id).update(number=F("number") + 1)


def line_up(workshop_id: int) -> None:
    """Wait for other writers of the workshop and make them wait; the revision stays as it is.

    Whoever locks a row of the workshop lines up first. Otherwise one would hold the row and want
    the revision, which every save raises, while another holds the revision and wants the row.
    """
    WorkshopRevision.objects.select_for_update().get(workshop_id=workshop_id)


def hold_votes(workshop_id: int) -> None:
    """Wait for the votes of the workshop that are on their way, and let no other one begin.

    Until the transaction ends. Called after ``line_up`` by whoever changes what a vote rests on (is
    the round open, for which fields, on which scale) or acts on whether somebody has voted. Votes
    share the lock, see ``measures.rating.saving``. No row's lock would do: who shares one gets
    it while others share it, so in a hall that votes the facilitator would wait for ever. SQLite
    has one writer at a time, and a vote is one statement.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [votes_key(workshop_id)])


def votes_key(workshop_id: int) -> int:
    """Return the number under which PostgreSQL knows this lock; others have positive ones."""
    return -workshop_id


class TracksRevision(models.Model):
    """A row of a workshop whose change is a change of the workshop's data.

    A row that does not name its workshop itself says by ``get_workshop_id`` which one it is.
    """

    workshop_id: int

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        with transaction.atomic():
            mark_changed(self.get_workshop_id())  # first, like everybody: see ``line_up``
            super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            mark_changed(self.get_workshop_id())
            return super().delete(*args, **kwargs)

    def get_workshop_id(self) -> int:
        return self.workshop_id


class Versioned(TracksRevision):
    """A text that several people may edit: its version tells whether somebody was faster.

    A change of ``not_text`` columns alone, e.g. the place among the neighbours, is no new version.
    """

    not_text = frozenset({"order"})
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        written = kwargs.get("update_fields")
        if self._state.adding or (written is not None and set(written) <= self.not_text):
            super().save(*args, **kwargs)
            return
        if written is not None:
            kwargs["update_fields"] = {*written, "version"}
        with transaction.atomic():
            mark_changed(self.get_workshop_id())  # nobody else counts up meanwhile
            stored = type(self)._base_manager.filter(pk=self.pk).values_list("version", flat=True)
            self.version = stored.get() + 1
            super(TracksRevision, self).save(*args, **kwargs)  # the revision is raised already

    def check_place(self) -> None:
        """Refuse with a ValidationError what may not stand where it stands; see subclasses."""

    def put_back(self, values: Mapping[str, Any]) -> None:
        """Store what stood in columns before. Raises ValidationError where it fits no more."""
        for name, value in values.items():
            setattr(self, name, value)
        self.full_clean(exclude={"client_id"})
        self.save(update_fields=set(values))
