from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from measures.management import matching_options
from measures.transfer.headings import ColumnProblem, ignored, override_guess, recognised
from measures.transfer.importing import existing, import_table
from measures.transfer.letters import ENCODINGS
from measures.transfer.planning import make_plan
from measures.transfer.plans import Plan
from measures.transfer.reading import Choices, Source, check_size, open_file, sheets_in, table_in
from measures.transfer.row_list import rows_in
from measures.transfer.spelling import UnclearLetters
from measures.transfer.summary import (
    field_facts,
    plan_summary,
    reading_facts,
    repeat_lines,
    taken_for,
)
from measures.transfer.tables import UnreadableFile
from workshops.models import Workshop, line_up
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
            "--skip-rows",
            default="",
            metavar="ROWS",
            help="rows below the headings that are left out, e.g. 3,7-9; in each sheet read",
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
        matching_options.add_to(parser)

    def handle(self, *, file: Path, workshop: int, dry_run: bool, column: list[str], **options):
        room = _workshop(workshop)
        there = existing(room)
        meanings = matching_options.meanings(options, there)
        choices = _choices(options)
        try:
            sheets = sheets_in(_opened(file), choices.encoding)
            table = table_in(sheets, choices)
            for fact in reading_facts(sheets, table):
                self.stdout.write(fact)
            own = matching_options.pairs("column", column)
            columns = override_guess(table.headers, own, recognised(table))
            for fact in field_facts(table, columns):
                self.stdout.write(fact)
            plan = make_plan(table, columns, there, meanings)
            matching_options.check(plan, options)
            if not dry_run:
                turn = partial(_take_turn, workshop)
                plan = import_table(table, columns, room, None, meanings=meanings, take_turn=turn)
        except UnclearLetters as error:
            raise CommandError("\n".join([str(error), *_ways_out(error)])) from error
        except (UnreadableFile, ColumnProblem) as error:
            raise CommandError(str(error)) from error
        self._report(plan, ignored(table.headers, columns, table.sheet_column), dry_run)

    def _report(self, plan: Plan, left_out: list[str], dry_run: bool) -> None:
        """Print the summary; raise CommandError with one line per bad cell and unknown word."""
        if not plan.is_ready:
            raise CommandError("\n".join(matching_options.in_the_way(plan)))
        for sentence in taken_for(plan):
            self.stdout.write(sentence)
        if left_out:
            self.stdout.write(_("Columns left out: %(names)s") % {"names": ", ".join(left_out)})
        intro = _("Would be imported:") if dry_run else _("Imported:")
        self.stdout.write("\n".join([intro, *plan_summary(plan), *repeat_lines(plan)]))


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


def _take_turn(workshop: int) -> None:
    line_up(workshop)
    _workshop(workshop)  # the phase may have moved since


def _choices(options: Mapping[str, Any]) -> Choices:
    try:
        left_out = rows_in(options["skip_rows"])
    except ValueError as error:
        raise CommandError(f"--skip-rows: {error}") from error
    return Choices(
        options["encoding"] or "", tuple(options["sheet"]), options["heading_row"], left_out
    )


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
