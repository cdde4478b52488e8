"""Which column of a file means what: headings in German, in English, or chosen by hand."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from measures.columns import COLUMNS
from measures.transfer.tables import Table

Columns = dict[str, int]  # target -> place of the column, counted from 0


class ColumnProblem(Exception):
    """The columns do not say enough; the message is a sentence for people."""


def heading(target: str) -> str:
    """Return the heading of one column in the current language."""
    return str(COLUMNS[target].heading)


def guess(headers: Iterable[str]) -> Columns:
    """Return which columns are recognised; of two for one target the surer, then the first."""
    spelled = [plain(header) for header in headers]
    columns: Columns = {}
    for target in COLUMNS:
        for name in _names(target):
            if name in spelled and spelled.index(name) not in columns.values():
                columns[target] = spelled.index(name)
                break
    return columns


def recognised(table: Table) -> Columns:
    """Return which columns of a table are recognised; the names of its sheets can be the fields."""
    names = {"field": table.sheet_column} if table.sheet_is_field else {}
    return guess(table.headers) | {name: at for name, at in names.items() if at is not None}


def override_guess(
    headers: tuple[str, ...], chosen: Mapping[str, str], known: Columns | None = None
) -> Columns:
    """Return what is ``known`` (by itself the guess) with ``chosen`` instead: target -> heading,
    "" for no column.

    Raises ColumnProblem for a target or heading that is not there, or a column chosen twice.
    """
    own: dict[str, int | None] = {}
    for target, header in chosen.items():
        if target not in COLUMNS:
            raise ColumnProblem(
                _("There is no column “%(name)s” to import. Possible are: %(all)s.")
                % {"name": target, "all": ", ".join(COLUMNS)}
            )
        own[target] = _place(headers, header) if header else None
    return combine(guess(headers) if known is None else known, own)


def combine(guessed: Columns, own: Mapping[str, int | None]) -> Columns:
    """Return ``guessed`` with ``own`` choices; a column serves one target, chosen ones first.

    Raises ColumnProblem when one column was chosen twice.
    """
    taken = [place for place in own.values() if place is not None]
    if len(set(taken)) < len(taken):
        raise ColumnProblem(_("The same column of the file is chosen twice."))
    left = {t: place for t, place in guessed.items() if t not in own and place not in taken}
    return left | {target: place for target, place in own.items() if place is not None}


def check(columns: Columns) -> None:
    """Raise ColumnProblem without a field, or without both goal and measure."""
    if "field" not in columns:
        raise ColumnProblem(_("Which column holds the action field? None of the headings says so."))
    if not {"goal", "measure"} & columns.keys():
        raise ColumnProblem(
            _("Which column holds the measure or the goal? None of the headings says so.")
        )


def ignored(headers: Iterable[str], columns: Columns, sheet_column: int | None = None) -> list[str]:
    """Return the headings of the columns that are not imported.

    The names of the sheets, in ``sheet_column``, are no column of the file.
    """
    used = {*columns.values(), sheet_column}
    return [
        header or _("column %(number)d, without a heading") % {"number": place + 1}
        for place, header in enumerate(headers)
        if place not in used
    ]


def in_every_language(text: str | Promise) -> Iterator[str]:
    """Yield a lazy text in each language of the site."""
    for code, _name in settings.LANGUAGES:
        with override(code):
            yield str(text)


@cache
def _names(target: str) -> tuple[str, ...]:
    column = COLUMNS[target]
    own = in_every_language(column.heading)
    return tuple(plain(name) for name in (*own, target, *column.synonyms.split()))


def _place(headers: tuple[str, ...], wanted: str) -> int:
    if wanted.strip() in headers:
        return headers.index(wanted.strip())
    spelled = [plain(header) for header in headers]
    if plain(wanted) in spelled:
        return spelled.index(plain(wanted))
    raise ColumnProblem(
        _("The file has no column “%(name)s”. Its columns are: %(all)s.")
        % {"name": wanted, "all": ", ".join(header for header in headers if header)}
    )


def plain(header: str) -> str:
    """Return a heading without case, accents, spaces and punctuation: "Maßnahme:" = "massnahme"."""
    letters = unicodedata.normalize("NFKD", header.casefold())
    return "".join(letter for letter in letters if letter.isalnum())
