"""``manage.py send_reminders``: the digest by e-mail; run it once a day."""

from argparse import ArgumentTypeError
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import ngettext

from measures.followup.reminders import deliver, digests, undelivered
from workshops.numerals import digits_only


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is not a day such as 2026-03-31") from error


def some_days(text: str) -> int:
    number = digits_only(text, below=366 + 1)
    if number is None:
        raise ArgumentTypeError(f"{text} is not a number from 0 to 366")
    return number


class Command(BaseCommand):
    help = (
        "Mails responsible people and facilitators what is overdue, due soon or long unheard of:"
        " one mail per person and day, however often it runs."
    )

    def add_arguments(self, parser):
        parser.add_argument("--date", type=day, metavar="YYYY-MM-DD", help="instead of today")
        parser.add_argument(
            "--days", type=some_days, default=14, help="how far ahead due dates are told (14)"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say how many would go out")

    def handle(self, *, date: date | None, days: int, dry_run: bool, **options):
        today = date or timezone.localdate()
        found = digests(today=today, days=days)
        if dry_run:
            count = len(undelivered(found, today=today))
            text = ngettext("%d mail would be sent.", "%d mails would be sent.", count)
            self.stdout.write(text % count)
            return
        done = deliver(found, today=today, days=days)
        failed = {recipient: error for recipient, error in done.items() if error}
        sent = len(done) - len(failed)
        text = ngettext("%d mail was sent.", "%d mails were sent.", sent)
        self.stdout.write(text % sent)
        if known := len(found) - len(done):
            text = ngettext(
                "%d had been sent on this day already.",
                "%d had been sent on this day already.",
                known,
            )
            self.stdout.write(text % known)
        if failed:
            self._complain(failed)

    def _complain(self, failed: dict[str, OSError | ValueError]) -> None:
        """Name the failing addresses where errors go, and nowhere else."""
        for recipient, error in failed.items():
            self.stderr.write(f"{recipient}: {error}")
        text = ngettext(
            "%d mail could not be sent. The next run tries again.",
            "%d mails could not be sent. The next run tries again.",
            len(failed),
        )
        raise CommandError(text % len(failed))
