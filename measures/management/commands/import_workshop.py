"""``manage.py import_workshop FILE``: a whole workshop from another installation."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from measures.committee.verifying import verify
from measures.hand_over.files import read_transfer
from measures.hand_over.readiness import Refused
from measures.management import passphrase


class Command(BaseCommand):
    help = (
        "Take in a workshop from a file that export_workshop --transfer has written. All of it or"
        " nothing; the same workshop is taken in once. The passphrase is asked for, or stands in"
        " TRANSFER_PASSPHRASE."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *, file: Path, **options):
        try:
            workshop = read_transfer(file, passphrase.known())
        except Refused as error:
            raise CommandError(f"{error} {_('Nothing was imported.')}") from error
        except OSError as error:
            raise CommandError(
                _("The file %(name)s cannot be opened: %(reason)s")
                % {"name": file, "reason": error.strerror}
            ) from error
        text = _("“%(title)s” is here, with the id %(id)d.")
        self.stdout.write(text % {"title": workshop.title, "id": workshop.pk})
        findings = verify(workshop)
        for sentence in (*findings.wrong, *findings.elsewhere):
            self.stdout.write(sentence)
