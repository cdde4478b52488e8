"""``manage.py export_workshop ID --transfer FILE``: a whole workshop for another installation."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from measures.hand_over.files import write_transfer
from measures.hand_over.readiness import Refused
from measures.management import passphrase
from workshops.models import Workshop


class Command(BaseCommand):
    help = (
        "Write a workshop whose day is over into a file for import_workshop in another"
        " installation, encrypted with a passphrase (asked for, or TRANSFER_PASSPHRASE). What is in"
        " it: docs/formats.md."
    )

    def add_arguments(self, parser):
        parser.add_argument("workshop", type=int, metavar="ID")
        parser.add_argument("--transfer", type=Path, required=True, metavar="FILE")

    def handle(self, *, workshop: int, transfer: Path, **options):
        row = Workshop.objects.filter(pk=workshop).first()
        if row is None:
            raise CommandError(_("There is no workshop with the id %(id)d.") % {"id": workshop})
        try:
            write_transfer(row, transfer, passphrase.chosen())
        except Refused as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                _("The file %(name)s cannot be written: %(reason)s")
                % {"name": transfer, "reason": error.strerror}
            ) from error
        text = _("“%(title)s” is in %(name)s. Go on working in one of both installations only.")
        self.stdout.write(text % {"title": row.title, "name": transfer})
