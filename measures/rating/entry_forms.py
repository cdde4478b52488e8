"""What the facilitator enters for the room, sent as one form: the agreed pair, counts of paper."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from measures.models import Consensus, Measure, PaperCount, Round
from measures.rating.forms import CANNOT_JUDGE
from workshops.models import Criterion, ParticipantGroup
from workshops.number_fields import WholeNumberField

MAX_SHEETS = 500


class SeenMixin(forms.Form):
    """Carries what was stored when the form was drawn, to notice that somebody was faster.

    Every other field holds a number or nothing; ``initial`` is what is stored now.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def names(self) -> list[str]:
        return [name for name in self.fields if name != "seen"]

    def stored(self) -> str:
        """Return the stored numbers as one line, 0 for nothing."""
        return " ".join(str(self.initial[name] or 0) for name in self.names())

    def typed(self) -> str:
        return " ".join(str(self.cleaned_data[name] or 0) for name in self.names())

    @property
    def is_changed(self) -> bool:
        """Tell whether other numbers were typed than those that were seen or are stored."""
        return self.is_valid() and self.typed() not in (self.cleaned_data["seen"], self.stored())

    @property
    def conflict(self) -> bool:
        return self.is_changed and self.cleaned_data["seen"] != self.stored()

    def differences(self) -> list[dict]:
        """Return per differing field its label, the stored number and the typed one, in words."""
        pairs = ((n, self.initial[n] or None, self.cleaned_data[n] or None) for n in self.names())
        return [
            {
                "label": self.full_label(name),
                "stored": self.words(name, stored),
                "typed": self.words(name, typed),
            }
            for name, stored, typed in pairs
            if stored != typed
        ]

    def full_label(self, name: str) -> str:
        """Return what the number is about where it stands by itself."""
        return str(self.fields[name].label)

    def words(self, name: str, number: int | None) -> str:
        return str(number or "")


class ConsensusForm(SeenMixin):
    """The pair that the room agreed on; empty where it did not agree."""

    def __init__(self, *args, measure: Measure, round: Round, choices: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.measure, self.round = measure, round
        self.consensus = measure.group_values.filter(round=round).first()
        self.choices = {c.value: [("", _("not agreed")), *choices[c]] for c in Criterion}
        for criterion in Criterion:
            self.fields[criterion.value] = forms.TypedChoiceField(
                label=criterion.label,
                choices=self.choices[criterion.value],
                coerce=int,
                empty_value=None,
                required=False,
            )
            self.initial[criterion.value] = getattr(self.consensus, criterion, None) or ""
        self.initial["seen"] = self.stored()

    def full_label(self, name: str) -> str:
        return f"{_('Group value')}: {self.fields[name].label}"

    def words(self, name: str, number: int | None) -> str:
        return str(dict(self.choices[name]).get(number or "", number))

    def save(self) -> None:
        pair = {criterion.value: self.cleaned_data[criterion.value] for criterion in Criterion}
        consensus = self.consensus or Consensus(measure=self.measure, round=self.round)
        if self.consensus and pair == {"relevance": None, "feasibility": None}:
            self.consensus.delete()
        else:
            consensus.relevance, consensus.feasibility = pair["relevance"], pair["feasibility"]
            consensus.save()


class PaperForm(SeenMixin):
    """How many sheets of one group chose each step; the group comes with the address."""

    def __init__(
        self,
        *args,
        measure: Measure,
        round: Round,
        group: ParticipantGroup | None,
        choices: dict,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.measure, self.round, self.group = measure, round, group
        rows = measure.paper_counts.filter(round=round, group=group)
        self.counts = {(row.criterion, row.step): row for row in rows}
        self.cells = {
            f"{criterion.value}_{step or CANNOT_JUDGE}": (criterion, step, words)
            for criterion in Criterion
            for step, words in [*choices[criterion], (None, _("cannot judge"))]
        }
        for name, (criterion, step, words) in self.cells.items():
            row = self.counts.get((criterion, step))
            self.initial[name] = row.count if row else None
            self.fields[name] = WholeNumberField(
                label=f"{criterion.label} {words}",
                min_value=0,
                max_value=MAX_SHEETS,
                required=False,
            )
        self.initial["seen"] = self.stored()

    def rows(self) -> list[tuple[str, list[tuple[str, forms.BoundField]]]]:
        """Return per criterion its name and the words of each step with the number's field."""
        return [
            (
                str(criterion.label),
                [(cell[2], self[n]) for n, cell in self.cells.items() if cell[0] == criterion],
            )
            for criterion in Criterion
        ]

    def clean(self) -> dict[str, Any]:
        """Every sheet carries one answer per criterion, "cannot judge" included."""
        super().clean()
        data = self.cleaned_data
        sums = [
            sum(data.get(n) or 0 for n, cell in self.cells.items() if cell[0] == criterion)
            for criterion in Criterion
        ]
        if not self.errors and sums[0] != sums[1]:
            raise forms.ValidationError(
                _(
                    "There are %(relevance)d answers on relevance but %(feasibility)d on"
                    " feasibility. Each sheet has one of each; count a missing answer as"
                    " “cannot judge”."
                )
                % {"relevance": sums[0], "feasibility": sums[1]}
            )
        return data

    def full_label(self, name: str) -> str:
        whose = self.group or _("no group")
        return f"{_('Paper sheets')}, {whose}: {self.fields[name].label}"

    def save(self) -> None:
        """Write the counts that changed; a count of nothing is no row."""
        for name, (criterion, step, _words) in self.cells.items():
            count, row = self.cleaned_data[name] or 0, self.counts.get((criterion, step))
            if row and not count:
                row.delete()
            elif count and (row is None or row.count != count):
                row = row or PaperCount(
                    measure=self.measure,
                    group=self.group,
                    criterion=criterion,
                    step=step,
                    round=self.round,
                )
                row.count = count
                row.save()


class EntryForm:
    """What the facilitator enters for one measure: two forms that are drawn and sent as one."""

    def __init__(
        self,
        data=None,
        *,
        measure: Measure,
        round: Round,
        group: ParticipantGroup | None,
        choices: dict,
    ):
        about = {"measure": measure, "round": round, "choices": choices}
        self.data, self.about = data, about | {"group": group}
        self.agreed = ConsensusForm(data, **about, prefix="agreed")
        self.paper = PaperForm(data, **self.about)
        self.parts = (self.agreed, self.paper)

    def __iter__(self):
        return (field for part in self.parts for field in part)

    @property
    def is_bound(self) -> bool:
        return self.data is not None

    def is_valid(self) -> bool:
        return not self.errors and self.is_bound

    @property
    def errors(self) -> dict:
        return {part.add_prefix(n): e for part in self.parts for n, e in part.errors.items()}

    def non_field_errors(self) -> list[str]:
        return [error for part in self.parts for error in part.non_field_errors()]

    @property
    def conflict(self) -> bool:
        return any(part.conflict for part in self.parts)

    def differences(self) -> list[dict]:
        return [each for part in self.parts if part.conflict for each in part.differences()]

    def redrawn(self) -> "EntryForm":
        """Return the form with what was typed, to be sent once more.

        A part that nobody touched here shows what is stored now.
        """
        data = self.data.copy()
        for part in self.parts:
            stored = {} if part.is_changed else {n: part.initial[n] or "" for n in part.names()}
            for name, value in {**stored, "seen": part.stored()}.items():
                data[part.add_prefix(name)] = value
        return EntryForm(data, **self.about)

    @transaction.atomic
    def save(self) -> None:
        """Write what was changed here; what somebody else changed meanwhile stays."""
        for part in self.parts:
            if part.is_changed:
                part.save()
