"""A list of people as clerks have it, read line by line. No database.

One address per line, "Name <address>", columns copied from a table (tab, semicolon or comma, with
headings or without), or all recipients of a mail in one line. A cell may name one of the groups.
Nothing is guessed that would put a person into the wrong place: what could be several things is
given back with the reason.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from workshops.plain_text import name_key, plain_name

MOST_IN_NAME = 120  # characters
MOST_IN_LINE = 20_000  # of 200 people in one line each has 100

HEADINGS = {
    "email": ("e-mail", "email", "mail", "e-mail-adresse", "emailadresse", "mailadresse",
              "e-mail address", "email address"),
    "name": ("name", "vor- und nachname", "anzeigename", "full name", "display name"),
    "first": ("vorname", "first name", "given name"),
    "last": ("nachname", "familienname", "last name", "surname", "family name"),
    "group": ("gruppe", "group"),
}  # fmt: skip
_KINDS = {word: kind for kind, words in HEADINGS.items() for word in words}
# A search begins at a "<" and ends before the next one, and nothing in it can be read in two ways:
# so no sign of a long line is looked at more than a few times.
_ANGLED = re.compile("<[^<>@]*@[^<>]*>")
_BETWEEN_RECIPIENTS = re.compile(r"(?<=>)\s*,|[;\t]")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_ADDRESS = forms.EmailField(max_length=254)

Told = tuple[str, str, str]  # address, name, group


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the list, or with a ``problem`` a line of ``text`` in which none was understood.

    ``group`` is written as the workshop writes it, "" where none is. ``is_there`` and ``twin``, the
    earlier line with the same address, are told by who knows the workshop.
    """

    line: int
    email: str = ""
    name: str = ""
    group: str = ""
    text: str = ""
    problem: str = ""
    is_there: bool = False
    twin: int = 0

    @property
    def is_new(self) -> bool:
        return not (self.problem or self.is_there or self.twin)


class _NotUnderstoodError(Exception):
    """Carries the reason."""


def read_people(text: str, groups: Iterable[str]) -> list[Person]:
    """Return the people of a list, and what was not understood in their place."""
    known = {name_key(name): name for name in groups}
    people: list[Person] = []
    columns: list[str] = []
    for number, line in enumerate(plain_name(text).split("\n"), start=1):
        if not re.search(r"\w", line):
            continue
        if "@" not in line and (found := _columns(line)):
            columns = found
            continue
        try:
            _check_length(line)
            told = _by_columns(line, columns, known) if columns else _people(line, known)
        except _NotUnderstoodError as error:
            people.append(Person(number, text=line.strip(), problem=str(error)))
        else:
            people.extend(Person(number, *each) for each in told)
    return people


# Columns with headings ---------------------------------------------------------------------------


def _columns(line: str) -> list[str]:
    """Return what each column of a table is by its headings, nothing where these are none."""
    kinds = [_KINDS.get(name_key(cell), "") for cell in _cells(line)]
    return kinds if kinds.count("email") == 1 else []


def _by_columns(line: str, columns: Sequence[str], groups: Mapping[str, str]) -> list[Told]:
    cells = dict(zip(columns, _cells(line), strict=False))
    if "last" not in cells and "first" in cells:
        cells["last"] = cells.get("name", "")
    whole = f"{cells.get('first', '')} {cells.get('last', '')}".strip()
    name = whole or _natural(cells.get("name", ""))
    group = cells.get("group", "")
    if group and name_key(group) not in groups:
        raise _NotUnderstoodError(_no_group(group))
    return [_checked(cells.get("email", ""), name, groups.get(name_key(group), ""))]


# Without headings --------------------------------------------------------------------------------


def _people(line: str, groups: Mapping[str, str]) -> list[Told]:
    cells = _parts(line)
    addresses = [place for place, cell in enumerate(cells) if "@" in cell]
    if not addresses:
        raise _NotUnderstoodError(_("There is no e-mail address in this line."))
    if len(addresses) == 1:
        return [_person(cells, addresses[0], groups)]
    if "<" not in line and len(addresses) < len(cells):
        raise _NotUnderstoodError(
            _("There are several addresses and other words. Please give each person a line.")
        )
    return _recipients(cells)


def _parts(line: str) -> list[str]:
    """Take a line apart into cells, an address always in one of its own."""
    if _ANGLED.search(line):
        return [cell for part in _BETWEEN_RECIPIENTS.split(line) for cell in _halves(part) if cell]
    return [word for cell in _cells(line) if cell for word in _words(cell)]


def _halves(part: str) -> list[str]:
    """Return name and address of "name <address>"; anything else as it is."""
    part = part.strip()
    name, sign, rest = part.partition("<")
    if ">" in name or not _ANGLED.fullmatch(sign + rest):
        return [part]
    name = name.strip(" ,\"'")  # some programs repeat the address there
    return ["" if "@" in name else name, rest.removesuffix(">").strip()]


def _words(cell: str) -> list[str]:
    """Return an address that stands among other words of a cell apart from them."""
    if "@" not in cell or " " not in cell:
        return [cell]
    words = cell.split()
    if all("@" in word for word in words):
        return words
    others = " ".join(word for word in words if "@" not in word)
    return [others, *(word for word in words if "@" in word)]


def _cells(line: str) -> list[str]:
    """Return the cells of a line of a table, whatever lies between them."""
    delimiter = next((sign for sign in "\t;," if sign in line), ";")
    [cells] = csv.reader([line], delimiter=delimiter, skipinitialspace=True)
    return [" ".join(cell.split()) for cell in cells]


def _recipients(cells: Sequence[str]) -> list[Told]:
    """Read addresses, each with the name before it or without one."""
    people, name = [], ""
    for cell in cells:
        if "@" in cell:
            people.append(_checked(cell, _natural(name), ""))
            name = ""
        elif name:
            break
        else:
            name = cell
    if name:
        raise _NotUnderstoodError(
            _("“%(words)s” belongs to no address. Please give each person a line.")
            % {"words": name}
        )
    return people


def _person(cells: Sequence[str], place: int, groups: Mapping[str, str]) -> Told:
    """Read the one person of a line: the cells around the address are name and group."""
    email, before, after = cells[place], [*cells[:place]], [*cells[place + 1 :]]
    group = ""
    for side in (after, before):
        named = [cell for cell in side if name_key(cell) in groups]
        if named and not group:
            group = groups[name_key(named[-1])]
            side.remove(named[-1])
    names, others = (before, after) if before else (after, [])
    if len(names) == 2:
        name = _joined(names[0], names[1], email)
        names, others = ([name], others) if name else (names[:1], [names[1], *others])
    if len(names) > 1 or len(others) > 1:
        raise _NotUnderstoodError(
            _("There are too many columns. Please keep address, name and group.")
        )
    if others:
        raise _NotUnderstoodError(_no_group(others[0]))
    return _checked(email, _natural(names[0] if names else ""), group)


def _joined(one: str, two: str, email: str) -> str:
    """Join first name and surname; "" where the second cell may be something else.

    Which of the two is the surname the address often tells: it ends with it.
    """
    *_before, last = re.split("[._]", email.partition("@")[0].casefold())
    if last == one.casefold().translate(_UMLAUTS):
        return f"{two} {one}"
    if " " not in one or last == two.casefold().translate(_UMLAUTS):
        return f"{one} {two}"
    return ""


def _natural(name: str) -> str:
    """Return "Anna Müller" for "Müller, Anna", and "Anna Müller (Amt)" for "Müller, Anna (Amt)"."""
    whole, bracket, more = name.partition("(")
    last, comma, first = whole.partition(",")
    if not (last and comma) or "," in first or (bracket and not more.endswith(")")):
        return name
    return f"{first} {last} {bracket}{more}"


def _checked(email: str, name: str, group: str) -> Told:
    address = email.strip(" <>()[]'\".,;:").removeprefix("mailto:")
    try:
        address = _ADDRESS.clean(address)
    except ValidationError:
        if not email:
            raise _NotUnderstoodError(_("There is no e-mail address in this line.")) from None
        text = _("“%(words)s” is no e-mail address.") % {"words": email}
        raise _NotUnderstoodError(text) from None
    name = " ".join(name.split()).strip(" ,;:-–")
    if len(name) > MOST_IN_NAME:
        raise _NotUnderstoodError(
            _("The name is too long: %(count)d characters, at most %(most)d are possible.")
            % {"count": len(name), "most": MOST_IN_NAME}
        )
    return address, name, group


def _check_length(line: str) -> None:
    if len(line) > MOST_IN_LINE:
        raise _NotUnderstoodError(
            _("The line is too long: %(count)d characters, at most %(most)d are possible.")
            % {"count": len(line), "most": MOST_IN_LINE}
        )


def _no_group(words: str) -> str:
    return _("“%(words)s” is no group of this workshop.") % {"words": words}
