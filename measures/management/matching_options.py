"""The options by which the import's command tells what words of a file mean."""

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from measures.transfer.matching import NOWHERE, name_of_rest, name_of_word, possible
from measures.transfer.plans import Existing, Plan
from measures.transfer.summary import question
from measures.transfer.texts import plain_word
from workshops.plain_text import name_key

_ANY_WORD = "*"
_EXAMPLES = {
    "column": "measure=Titel",
    "field": '"Bildung=Bildung und Jugend"',
    "horizon": '"ab 2030=long"',
    "municipality": "Bingerbrück=Bingen",
}
_TARGETS = {
    "field": "take an action field of the file for one of the workshop's, e.g."
    " Bildung='Bildung und Jugend'; with nothing behind the = it is a new one; repeatable",
    "horizon": "what a word of the file means: short, medium, long or unknown, e.g."
    " 'ab 2030=long'; *=unknown for all others; repeatable",
    "municipality": "take a municipality of the file for one of the workshop's; with nothing"
    " behind the = the cell counts as empty; *= for all others; repeatable",
}


def add_to(parser: ArgumentParser) -> None:
    for target, words in _TARGETS.items():
        parser.add_argument(
            f"--{target}", action="append", default=[], metavar="WORD=MEANING", help=words
        )


def pairs(option: str, texts: list[str]) -> dict[str, str]:
    """Return what stands before and behind the first "=" of each text."""
    told = {}
    for text in texts:
        word, equals, meaning = text.partition("=")
        if not equals:
            raise CommandError(
                _("--%(option)s takes two names with = between, e.g. %(example)s, not “%(text)s”.")
                % {"option": option, "example": _EXAMPLES[option], "text": text}
            )
        told[word.strip()] = meaning.strip()
    return told


def meanings(options: Mapping[str, Any], there: Existing) -> dict[str, str]:
    """Return what the options say, as a form would. Raises CommandError for what means nothing."""
    return {
        _name(target, word): _meant(target, told, there)
        for target in _TARGETS
        for word, told in pairs(target, options[target]).items()
    }


def _meant(target: str, told: str, there: Existing) -> str:
    meant = _known(target, told, there)
    if meant is None:
        raise CommandError(
            _("“%(text)s” behind --%(option)s is not known here. Possible are: %(all)s.")
            % {"text": told, "option": target, "all": ", ".join(possible(target, there))}
        )
    return meant


def _known(target: str, told: str, there: Existing) -> str | None:
    """Return what is meant as a form would send it, None for nothing that is known."""
    if target == "horizon":
        return there.horizons.get(plain_word(told))
    if target == "municipality":
        return there.municipalities.get(name_key(told)) if told else NOWHERE
    return next((name for name in ("", *there.fields) if name_key(name) == name_key(told)), None)


def check(plan: Plan, options: Mapping[str, Any]) -> None:
    """Raise CommandError for an option about a word of which nothing needs to be told."""
    for target in _TARGETS:
        unknown = {word.name: word.text for word in plan.unknown if word.target == target}
        for word in pairs(target, options[target]):
            if _name(target, word) in (*unknown, name_of_rest(target)):
                continue
            raise CommandError(
                _("--%(option)s: the file has no unknown word “%(text)s”, but: %(all)s.")
                % {"option": target, "text": word, "all": ", ".join(unknown.values()) or "–"}
            )


def _name(target: str, word: str) -> str:
    is_rest = word == _ANY_WORD and target != "field"
    return name_of_rest(target) if is_rest else name_of_word(target, word)


def in_the_way(plan: Plan) -> Iterator[str]:
    """Yield what keeps the file out, a line each."""
    yield _("Nothing was imported.")
    if plan.problems:
        yield _("Cells that must be corrected: %(n)d") % {"n": len(plan.problems)}
        yield from map(str, plan.problems)
    if plan.undecided:
        yield _("Say what these words mean, e.g. with %(option)s:") % {
            "option": f"--{plan.undecided[0].target} {_EXAMPLES[plan.undecided[0].target]}"
        }
        yield from map(question, plan.undecided)
