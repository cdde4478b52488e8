"""What the facilitator enters for the room, sent as one form: the agreed pair, counts of paper."""

from functools import partial
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from measures.models import Consensus, Measure, PaperCount, Round
from measures.rating.forms import CANNOT_JUDGE
from workshops.models import Criterion, ParticipantGroup
from workshops.number_fields import WholeNumberField
from workshops.seen import SeenForm

MAX_SHEETS = 500


class NumbersForm(SeenForm):
    """Every field but ``seen`` holds a number or nothing; what was seen are the numbers."""

    @property
    def now(self) -> str:
        """The stored numbers as one line, 0 for nothing."""
        return " ".join(str(self.initial[name] or 0) for name in self.compared())

    @property
    def is_changed(self) -> bool:
        """Tell whether other numbers were typed than those that were seen or are stored."""
        if not self.is_valid():
            return False
        typed = " ".join(str(self.cleaned_data[name] or 0) for name in self.compared())
        return typed not in (self.cleaned_data["seen"], self.now)

    @property
    def conflict(self) -> bool:
        return self.is_changed and super().conflict

    def words(self, name: str, value: int | None) -> str:
        return super().words(name, value or None)


class ConsensusForm(NumbersForm):
    """The pair that the room agreed on; empty where it did not agree."""

    def __init__(self, *args, measure: Measure, round: Round, choices: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.measure, self.round = measure, round
        self.consensus = measure.group_values.filter(round=round).first()
        agreed = {c.value: [("", _("not agreed")), *choices[c]] for c in Criterion}
        for criterion in Criterion:
            self.fields[criterion.value] = forms.TypedChoiceField(
                label=criterion.label,
                choices=agreed[criterion.value],
                coerce=int,
                empty_value=None,
                required=False,
            )
            self.initial[criterion.value] = getattr(self.consensus, criterion, None) or ""

    def full_label(self, name: str) -> str:
        return f"{_('Agreed value')}: {self.fields[name].label}"

    def words(self, name: str, value: int | None) -> str:
        return super().words(name, value) or str(_("not agreed"))

    def save(self) -> None:
        pair = {criterion.value: self.cleaned_data[criterion.value] for criterion in Criterion}
        consensus = self.consensus or Consensus(measure=self.measure, round=self.round)
        if self.consensus and pair == {"relevance": None, "feasibility": None}:
            self.consensus.delete()
        else:
            consensus.relevance, consensus.feasibility = pair["relevance"], pair["feasibility"]
            consensus.save()


class PaperForm(NumbersForm):
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
        self.data = data
        self.agreed = ConsensusForm(
            data, measure=measure, round=round, choices=choices, prefix="agreed"
        )
        self.paper = PaperForm(data, measure=measure, round=round, group=group, choices=choices)
        self.again = partial(EntryForm, measure=measure, round=round, group=group, choices=choices)
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
        return [str(error) for part in self.parts for error in part.non_field_errors()]

    @property
    def conflict(self) -> bool:
        return any(part.conflict for part in self.parts)

    def differences(self) -> list[dict]:
        return [each for part in self.parts if part.conflict for each in part.differences()]

    def redrawn(self) -> "EntryForm":
        """Return the form with what was typed, to be sent once more.

        A part that nobody touched here shows what is stored now.
        """
        data = self.data.dict()
        for part in self.parts:
            data |= part.as_seen_now()
            names = [] if part.is_changed else part.compared()
            data |= {part.add_prefix(name): part.initial[name] or "" for name in names}
        return self.again(data)

    @transaction.atomic
    def save(self) -> None:
        """Write what was changed here; what somebody else changed meanwhile stays."""
        for part in self.parts:
            if part.is_changed:
                part.save()
