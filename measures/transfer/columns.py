"""Which column of a file means what: headings in German, in English, or chosen by hand."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from measures.models import PROFILE_FIELDS, Measure

# The headings of our own export, in the current language; in every language they come back in.
HEADINGS = {
    "field": gettext_lazy("Action field"),
    "goal": gettext_lazy("Goal"),
    "indicator": gettext_lazy("Indicator"),
    "measure": gettext_lazy("Measure"),
    "description": gettext_lazy("Description"),
    "horizon": gettext_lazy("Implementation time"),
    "municipality": gettext_lazy("Municipality"),
    "relevance": gettext_lazy("Relevance (group value)"),
    "feasibility": gettext_lazy("Feasibility (group value)"),
    "number": gettext_lazy("Number"),
}
MAIN = tuple(HEADINGS)
TARGETS = (*MAIN, *PROFILE_FIELDS)

# Other people's headings, as `_plain` spells them, the surest first.
SYNONYMS = {
    "field": "field actionfield fieldofaction handlungsfeld aktionsfeld feld themenfeld"
    " handlungsfelder handlungsfeldname feldname bereich themenbereich",
    "goal": "goal goals ziel ziele zielsetzung handlungsziel teilziel objective",
    "indicator": "indicator indicators indikator indikatoren kennzahl kennzahlen messgroesse"
    " messgrosse zielindikator",
    "measure": "measure measures massnahme massnahmen massnahmentitel massnahmetitel"
    " titeldermassnahme titel title massnahmenname bezeichnung projekt projekttitel",
    "description": "description beschreibung massnahmenbeschreibung kurzbeschreibung erlauterung"
    " erlaeuterung inhalt",
    "horizon": "horizon timehorizon time_horizon umsetzungszeit umsetzungszeitraum zeithorizont"
    " umsetzungshorizont horizont zeitraum fristigkeit implementationtime timeframe",
    "municipality": "municipality municipalities kommune kommunen gemeinde gemeinden",
    "relevance": "relevance relevanz relevancegroupvalue relevanzgruppenwert gruppenwertrelevanz"
    " relevancebygroup wichtigkeit importance",
    "feasibility": "feasibility realisierbarkeit feasibilitygroupvalue"
    " realisierbarkeitgruppenwert gruppenwertrealisierbarkeit umsetzbarkeit machbarkeit",
    # No "Nr": other people's running numbers would make two measures of one that is listed twice.
    "number": "number nummer massnahmennummer measurenumber",
}

Columns = dict[str, int]  # target -> place of the column, counted from 0


class ColumnProblem(Exception):
    """The columns do not say enough; the message is a sentence for people."""


def heading(target: str) -> str:
    """Return the heading of one column in the current language."""
    if target in HEADINGS:
        return str(HEADINGS[target])
    return str(capfirst(Measure._meta.get_field(target).verbose_name))


def guess(headers: Iterable[str]) -> Columns:
    """Return which columns are recognised; of two for one target the surer, then the first."""
    plain = [_plain(header) for header in headers]
    columns: Columns = {}
    for target in TARGETS:
        for name in _names(target):
            if name in plain and plain.index(name) not in columns.values():
                columns[target] = plain.index(name)
                break
    return columns


def override_guess(headers: tuple[str, ...], chosen: Mapping[str, str]) -> Columns:
    """Return the guess with ``chosen`` (target -> heading, "" for no column) instead.

    Raises ColumnProblem for a target or heading that is not there, or a column chosen twice.
    """
    own: dict[str, int | None] = {}
    for target, header in chosen.items():
        if target not in TARGETS:
            raise ColumnProblem(
                _("There is no column “%(name)s” to import. Possible are: %(all)s.")
                % {"name": target, "all": ", ".join(TARGETS)}
            )
        own[target] = _place(headers, header) if header else None
    return combine(guess(headers), own)


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


def ignored(headers: Iterable[str], columns: Columns) -> list[str]:
    """Return the headings of the columns that are not imported."""
    used = set(columns.values())
    return [
        header or _("column %(number)d, without a heading") % {"number": place + 1}
        for place, header in enumerate(headers)
        if place not in used
    ]


def in_every_language(text) -> Iterator[str]:
    """Yield a lazy text in each language of the site."""
    for code, _name in settings.LANGUAGES:
        with override(code):
            yield str(text)


def _names(target: str) -> list[str]:
    own = HEADINGS.get(target)
    if own is None:
        own = Measure._meta.get_field(target).verbose_name
    known = SYNONYMS.get(target, target).split()
    return [_plain(name) for name in (*in_every_language(own), target, *known)]


def _place(headers: tuple[str, ...], wanted: str) -> int:
    if wanted.strip() in headers:
        return headers.index(wanted.strip())
    plain = [_plain(header) for header in headers]
    if _plain(wanted) in plain:
        return plain.index(_plain(wanted))
    raise ColumnProblem(
        _("The file has no column “%(name)s”. Its columns are: %(all)s.")
        % {"name": wanted, "all": ", ".join(header for header in headers if header)}
    )


def _plain(header: str) -> str:
    """Return a heading without case, accents, spaces and punctuation: "Maßnahme:" = "massnahme"."""
    letters = unicodedata.normalize("NFKD", header.casefold())
    return "".join(letter for letter in letters if letter.isalnum())
