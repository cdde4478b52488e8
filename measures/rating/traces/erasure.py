"""What became of the old row versions, as plain values."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Reason(TextChoices):
    """Why old versions may still be there."""

    SNAPSHOT = "snapshot", _("an older transaction or reader may still see them")
    LOCKED = "locked", _("others were using the table")
    LARGE = "large", _("too much to rewrite at once while others work")
    ELSEWHERE = "elsewhere", _("another process is erasing at this moment")
    REFUSED = "refused", _("the database did not rewrite it; its user must own the table")
    FAILED = "failed", _("the database reported an error")


@dataclass(frozen=True)
class Left:
    """A table that may still hold old versions; ``rows`` is how many, None if nobody counted."""

    table: str
    reason: Reason
    rows: int | None = None
    detail: str = ""


@dataclass(frozen=True)
class Holder:
    """Who keeps old versions or the table: a session, a prepared transaction, a replication slot.

    ``name`` is application and role, or what the slot or the transaction is called; ``since`` is
    the begin of its transaction, None where the database does not tell our user.
    """

    name: str
    pid: int | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class Erasure:
    """``clean`` tables hold no old versions, ``left`` ones may; ``holders`` are in the way.

    Of the rounds that waited for it, ``done`` no longer do, and ``waiting`` still do.
    """

    clean: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()
    holders: tuple[Holder, ...] = ()
    done: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()

    @property
    def is_complete(self) -> bool:
        return not self.left
