"""``manage.py erase_traces``: old row versions of closed ratings; run it every night."""

from argparse import ArgumentTypeError
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.rating.closing import close_all_due
from measures.rating.traces import Holder, Left
from measures.rating.traces.pending import erase_pending
from workshops.numerals import digits_only


def some_seconds(text: str) -> int:
    number = digits_only(text, below=86_400 + 1)
    if number is None:
        raise ArgumentTypeError(f"{text} is not a number from 0 to 86400")
    return number


class Command(BaseCommand):
    help = (
        "Rewrites the tables of participants, ballots and ratings if a rating has closed since the"
        " last time, so that no old version of a row leads from a person to a ballot. Names what is"
        " left and who is in the way; the exit status is 1 if anything is left, else 0."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--wait",
            type=some_seconds,
            default=60,
            metavar="SECONDS",
            help="how long to wait for older transactions and other users of the tables (60)",
        )

    def handle(self, *, wait: int, **options):
        close_all_due()  # what was to close and nobody has looked at since
        erasure = erase_pending(seconds=wait)
        for left in erasure.left:
            self.stderr.write(_told(left))
        for holder in erasure.holders:
            self.stderr.write(_named(holder))
        if not erasure.is_complete:
            raise CommandError(_("Old row versions are still there. The next run tries again."))
        if erasure.waiting:
            text = ngettext(
                "In %d round of rating something was changed meanwhile. The next run tries again.",
                "In %d rounds of rating something was changed meanwhile. The next run tries again.",
                len(erasure.waiting),
            )
            raise CommandError(text % len(erasure.waiting))
        text = ngettext(
            "The old row versions of %d round of rating were erased.",
            "The old row versions of %d rounds of rating were erased.",
            len(erasure.done),
        )
        done = len(erasure.done)
        self.stdout.write(text % done if done else _("There was nothing to erase."))


def _told(left: Left) -> str:
    """Return one line: the table, why it is left, and how much or what the database said."""
    line = f"{left.table}: {left.reason.label}"
    if left.rows is not None:
        text = ngettext("%d old row version", "%d old row versions", left.rows)
        line += f" ({text % left.rows})"
    return f"{line}: {left.detail}" if left.detail else line


def _named(holder: Holder) -> str:
    """Return one line that lets an operator find who is in the way."""
    words = {"name": holder.name, "pid": holder.pid or "–"}
    if holder.since is None:
        return _("In the way: %(name)s, process %(pid)s, since an unknown time") % words
    hours, minutes = divmod((timezone.now() - holder.since) // timedelta(minutes=1), 60)
    words["age"] = f"{hours}:{minutes:02}"
    return _("In the way: %(name)s, process %(pid)s, for %(age)s hours") % words
