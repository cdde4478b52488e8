"""``manage.py send_reminders``: the digest by e-mail; run it once a day."""

from argparse import ArgumentTypeError
from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import ngettext

from measures.followup.mail import DAYS, Occasion
from measures.followup.reminders import deliver, letters, undelivered
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
        "Mails responsible offices, administration and facilitators what is overdue, due soon or"
        " long unheard of: once a day of each workshop, however often it runs."
    )

    def add_arguments(self, parser):
        parser.add_argument("--date", type=day, metavar="YYYY-MM-DD", help="instead of today")
        parser.add_argument(
            "--days", type=some_days, default=DAYS, help=f"how far ahead dates are told ({DAYS})"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say how many would go out")

    def handle(self, *, date: date | None, days: int, dry_run: bool, **options):
        today = date or timezone.localdate()
        occasion = Occasion(today, settings.PUBLIC_URL, days)
        found = letters(occasion)
        if dry_run:
            count = len(undelivered(found, today=today))
            text = ngettext("%d mail would be sent.", "%d mails would be sent.", count)
            self.stdout.write(text % count)
            return
        done = deliver(found, occasion)
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
