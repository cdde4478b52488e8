from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from measures.transfer.headings import ColumnProblem, ignored, override_guess, recognised
from measures.transfer.importing import import_table, preview
from measures.transfer.letters import ENCODINGS
from measures.transfer.plans import Plan
from measures.transfer.reading import Source, check_size, open_file, sheets_in
from measures.transfer.sheets import table_of
from measures.transfer.spelling import UnclearLetters
from measures.transfer.summary import plan_summary, reading_facts
from measures.transfer.tables import UnreadableFile
from workshops.models import Workshop
from workshops.phases import Activity


class Command(BaseCommand):
    help = (
        "Import fields, goals and measures from a CSV or XLSX file (columns: docs/formats.md)."
        " All rows or none; the same file again changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--workshop", type=int, required=True, metavar="ID")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument(
            "--sheet",
            action="append",
            default=[],
            metavar="NAME",
            help="read this sheet of a workbook instead of those that fit best; repeatable",
        )
        parser.add_argument(
            "--heading-row",
            type=int,
            metavar="N",
            help="the row of the headings, if it is not found",
        )
        parser.add_argument(
            "--encoding", choices=ENCODINGS, help="how the letters of a text file are stored"
        )
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="TARGET=NAME",
            help="take a column of the file for field, goal, measure, description, horizon,"
            " relevance or feasibility, e.g. measure=Titel; repeatable",
        )

    def handle(self, *, file: Path, workshop: int, dry_run: bool, column: list[str], **options):
        room = _workshop(workshop)
        try:
            sheets = sheets_in(_opened(file), options["encoding"] or "")
            table = table_of(sheets, options["sheet"], options["heading_row"])
            for fact in reading_facts(sheets, table):
                self.stdout.write(fact)
            columns = override_guess(table.headers, _chosen(column), recognised(table))
            if dry_run:
                plan = preview(table, columns, room)
            else:
                plan = import_table(table, columns, room, None)
        except UnclearLetters as error:
            raise CommandError("\n".join([str(error), *_ways_out(error)])) from error
        except (UnreadableFile, ColumnProblem) as error:
            raise CommandError(str(error)) from error
        self._report(plan, ignored(table.headers, columns), dry_run)

    def _report(self, plan: Plan, left_out: list[str], dry_run: bool) -> None:
        """Print the summary; raise CommandError with one line per bad cell."""
        if plan.problems:
            first = _("Nothing was imported. These cells must be corrected:")
            raise CommandError("\n".join([first, *map(str, plan.problems)]))
        if left_out:
            self.stdout.write(_("Columns left out: %(names)s") % {"names": ", ".join(left_out)})
        intro = _("Would be imported:") if dry_run else _("Imported:")
        self.stdout.write("\n".join([intro, *plan_summary(plan)]))


def _workshop(pk: int) -> Workshop:
    workshop = Workshop.objects.filter(pk=pk).first()
    if workshop is None:
        raise CommandError(_("There is no workshop with the id %(id)d.") % {"id": pk})
    if not workshop.allows(Activity.CAPTURE):
        raise CommandError(
            _("In the phase “%(phase)s” nobody can %(activity)s.")
            % {"phase": workshop.get_phase_display(), "activity": Activity.CAPTURE.label}
        )
    return workshop


def _opened(file: Path) -> Source:
    try:
        check_size(file.stat().st_size)
        return open_file(file.read_bytes(), file.name)
    except OSError as error:
        raise CommandError(
            _("The file %(name)s cannot be opened: %(reason)s")
            % {"name": file, "reason": error.strerror}
        ) from error


def _ways_out(unclear: UnclearLetters) -> list[str]:
    """Return a line per spelling: the option that chooses it, and its words."""
    return [f"--encoding {each.encoding}: {', '.join(each.words)}" for each in unclear.spellings]


def _chosen(columns: list[str]) -> dict[str, str]:
    chosen = {}
    for text in columns:
        target, equals, name = text.partition("=")
        if not equals:
            raise CommandError(
                _("--column takes TARGET=NAME, e.g. measure=Titel, not “%(text)s”.")
                % {"text": text}
            )
        chosen[target.strip()] = name
    return chosen
