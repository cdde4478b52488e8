"""The form that asks what words of a file mean, drawn within the form of the preview.

It is never bound: what was posted is read by ``matching.meanings_in`` and stands in the plan, so
the form shows what the plan goes by.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from measures.models import TimeHorizon
from measures.transfer.matching import NOWHERE, Meanings, name_of_rest, possible, similar
from measures.transfer.plans import Existing, Unknown

MAX_WORDS = 60  # of one column; more are no words to choose for but another column
FEW = 2  # so many are chosen for one by one
TITLES = {
    "horizon": gettext_lazy("Implementation times that are not known here"),
    "municipality": gettext_lazy("Municipalities that do not take part here"),
    "field": gettext_lazy("Action fields that are not there yet"),
}

Choices = list[tuple[str, object]]


@dataclass(frozen=True, slots=True)
class Section:
    """The questions about the words of one column; ``left_out`` are too many to be asked for."""

    title: str | Promise
    questions: Sequence[BoundField]
    count: int
    left_out: int
    note: str
    hint: str
    is_undecided: bool


class MatchingForm(forms.Form):
    hide_optional = True

    def __init__(self, unknown: Sequence[Unknown], existing: Existing, meanings: Meanings):
        super().__init__()
        self.words = {
            target: [word for word in unknown if word.target == target] for target in TITLES
        }
        self.similar: dict[str, list[str]] = {}
        for target, words in self.words.items():
            rest = meanings.get(name_of_rest(target), "")
            if target != "field" and len(words) > FEW:
                label = _("All of which nothing is chosen below")
                choices = _meanings(target, existing, _("choose for each of them"))
                self._ask(name_of_rest(target), label, choices, rest)
            for word in words[:MAX_WORDS]:
                # What is chosen for the others is not shown as chosen for each of them.
                chosen = meanings.get(word.name, "") if rest else word.meaning
                self._ask(word.name, _label(word), self._choices(word, existing), chosen)

    def sections(self) -> list[Section]:
        """Return the questions by column; those that must be answered come first."""
        return [
            Section(
                title=TITLES[target],
                questions=[self[name] for name in self.fields if f"-{target}-" in name],
                count=len(words),
                left_out=max(0, len(words) - MAX_WORDS),
                note=self._note(words),
                hint=_hint(target),
                is_undecided=any(word.is_undecided for word in words),
            )
            for target, words in self.words.items()
            if words
        ]

    def _ask(self, name: str, label: str, choices: Choices, chosen: str) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label, choices=choices, initial=chosen, required=False
        )

    def _choices(self, word: Unknown, existing: Existing) -> Choices:
        if word.target != "field":
            return _meanings(word.target, existing, _("please choose"))
        near = self.similar[word.name] = similar(word.text, existing.fields)
        others = [name for name in existing.fields if name not in near]
        groups = {_("similar name"): near, _("other action fields"): others}
        named: Choices = [
            (label, [(name, name) for name in names]) for label, names in groups.items() if names
        ]
        return [("", _("as a new action field")), *named]

    def _note(self, words: Sequence[Unknown]) -> str:
        """Return how many fields are taken for one that is here, and how many are similar to one.

        Nothing for other words.
        """
        fields = [word for word in words if word.target == "field"]
        taken = sum(word.meaning != "" for word in fields)
        like = sum(not word.meaning and bool(self.similar.get(word.name)) for word in fields)
        notes = {
            _("taken for one that is here: %(n)d"): taken,
            _("similar to one that is here: %(n)d"): like,
        }
        return ", ".join(text % {"n": n} for text, n in notes.items() if n)


def _hint(target: str) -> str:
    if target != "field":
        return ""
    return _("They come in as new action fields, unless you choose one that is here already.")


def _label(word: Unknown) -> str:
    words = ngettext("“%(text)s” (%(n)d row)", "“%(text)s” (%(n)d rows)", word.count)
    return words % {"text": Truncator(word.text).chars(80), "n": word.count}


def _meanings(target: str, existing: Existing, nothing: str) -> Choices:
    names = {NOWHERE: _("leave empty (concerns all)"), **dict(TimeHorizon.choices)}
    told: Choices = [(each, names.get(each, each)) for each in possible(target, existing)]
    return [("", nothing), *told]
