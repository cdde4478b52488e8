from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from measures.transfer.headings import ColumnProblem, ignored, override_guess, recognised
from measures.transfer.importing import existing, import_table
from measures.transfer.letters import ENCODINGS
from measures.transfer.matching import NOWHERE, name_of_rest, name_of_word, possible
from measures.transfer.planning import make_plan
from measures.transfer.plans import Existing, Plan
from measures.transfer.reading import Source, check_size, open_file, sheets_in
from measures.transfer.sheets import table_of
from measures.transfer.spelling import UnclearLetters
from measures.transfer.summary import plan_summary, question, reading_facts, taken_for
from measures.transfer.tables import UnreadableFile
from measures.transfer.texts import key, plain_word
from workshops.models import Workshop
from workshops.phases import Activity

ANY_WORD = "*"
EXAMPLES = {
    "column": "measure=Titel",
    "field": '"Bildung=Bildung und Jugend"',
    "horizon": '"ab 2030=long"',
    "municipality": "Bingerbrück=Bingen",
}
MATCHED = {
    "field": "take an action field of the file for one of the workshop's, e.g."
    " Bildung='Bildung und Jugend'; with nothing behind the = it is a new one; repeatable",
    "horizon": "what a word of the file means: short, medium, long or unknown, e.g."
    " 'ab 2030=long'; *=unknown for all others; repeatable",
    "municipality": "take a municipality of the file for one of the workshop's; with nothing"
    " behind the = the cell counts as empty; *= for all others; repeatable",
}


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

        for target, help_text in MATCHED.items():
            parser.add_argument(
                f"--{target}", action="append", default=[], metavar="WORD=MEANING", help=help_text
            )

    def handle(self, *, file: Path, workshop: int, dry_run: bool, column: list[str], **options):
        room = _workshop(workshop)
        there = existing(room)
        meanings: dict[str, str] = {}
        for target in MATCHED:
            meanings |= _meanings(target, options[target], there)
        try:
            sheets = sheets_in(_opened(file), options["encoding"] or "")
            table = table_of(sheets, options["sheet"], options["heading_row"])
            for fact in reading_facts(sheets, table):
                self.stdout.write(fact)
            columns = override_guess(table.headers, _pairs("column", column), recognised(table))
            plan = make_plan(table, columns, there, meanings)
            _check_words(plan, {target: options[target] for target in MATCHED})
            if not dry_run:
                plan = import_table(table, columns, room, None, meanings=meanings)
        except UnclearLetters as error:
            raise CommandError("\n".join([str(error), *_ways_out(error)])) from error
        except (UnreadableFile, ColumnProblem) as error:
            raise CommandError(str(error)) from error
        self._report(plan, ignored(table.headers, columns), dry_run)

    def _report(self, plan: Plan, left_out: list[str], dry_run: bool) -> None:
        """Print the summary; raise CommandError with one line per bad cell and unknown word."""
        if not plan.is_ready:
            raise CommandError("\n".join(_in_the_way(plan)))
        for sentence in taken_for(plan):
            self.stdout.write(sentence)
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


def _pairs(option: str, texts: list[str]) -> dict[str, str]:
    """Return what stands before and behind the first "=" of each text."""
    told = {}
    for text in texts:
        word, equals, meaning = text.partition("=")
        if not equals:
            raise CommandError(
                _("--%(option)s takes two names with = between, e.g. %(example)s, not “%(text)s”.")
                % {"option": option, "example": EXAMPLES[option], "text": text}
            )
        told[word.strip()] = meaning.strip()
    return told


def _meanings(target: str, texts: list[str], there: Existing) -> dict[str, str]:
    """Return what the options of one kind say. Raises CommandError for what nothing can mean."""
    meanings = {}
    for word, told in _pairs(target, texts).items():
        meant = _known(target, told, there)
        if meant is None:
            raise CommandError(
                _("“%(text)s” behind --%(option)s is not known here. Possible are: %(all)s.")
                % {"text": told, "option": target, "all": ", ".join(possible(target, there))}
            )
        meanings[_name(target, word)] = meant
    return meanings


def _known(target: str, told: str, there: Existing) -> str | None:
    """Return what is meant as a form would send it, None for nothing that is known."""
    if target == "horizon":
        return there.horizons.get(plain_word(told))
    if target == "municipality":
        return there.municipalities.get(key(told)) if told else NOWHERE
    return next((name for name in ("", *there.fields) if key(name) == key(told)), None)


def _check_words(plan: Plan, options: dict[str, list[str]]) -> None:
    """Raise CommandError for an option about a word of which nothing needs to be told."""
    for target in MATCHED:
        unknown = {word.name: word.text for word in plan.unknown if word.target == target}
        for word in _pairs(target, options[target]):
            if _name(target, word) in (*unknown, name_of_rest(target)):
                continue
            raise CommandError(
                _("--%(option)s: the file has no unknown word “%(text)s”, but: %(all)s.")
                % {"option": target, "text": word, "all": ", ".join(unknown.values()) or "–"}
            )


def _name(target: str, word: str) -> str:
    is_rest = word == ANY_WORD and target != "field"
    return name_of_rest(target) if is_rest else name_of_word(target, word)


def _in_the_way(plan: Plan) -> Iterator[str]:
    """Yield what keeps the file out, a line each."""
    yield _("Nothing was imported.")
    if plan.problems:
        yield _("Cells that must be corrected: %(n)d") % {"n": len(plan.problems)}
        yield from map(str, plan.problems)
    if plan.undecided:
        yield _("Say what these words mean, e.g. with %(option)s:") % {
            "option": f"--{plan.undecided[0].target} {EXAMPLES[plan.undecided[0].target]}"
        }
        yield from map(question, plan.undecided)
