"""Forms for steps of the scale: a person's rating, the room's agreed pair, counts of paper."""

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from measures.models import Consensus, Measure, PaperCount
from workshops.models import Criterion, ParticipantGroup, Workshop

CANNOT_JUDGE = "none"
MAX_SHEETS = 500


def step_choices(workshop: Workshop) -> dict[str, list[tuple[int, str]]]:
    """Return per criterion the steps with their words. 1 query."""
    choices: dict[str, list[tuple[int, str]]] = {criterion: [] for criterion in Criterion}
    for step in workshop.scale_steps.all():
        choices[step.criterion].append((step.step, str(step)))
    return choices


def bare_choices(workshop: Workshop) -> dict[str, list[tuple[int, str]]]:
    """Return the steps without their words, enough to check an answer. No query."""
    steps = [(step, str(step)) for step in range(1, workshop.steps + 1)]
    return dict.fromkeys(Criterion, steps)


def _step(value: str) -> int | None:
    return None if value == CANNOT_JUDGE else int(value)


class RatingForm(forms.Form):
    """Both criteria as radio groups. "Cannot judge" is an answer of its own, never a step."""

    def __init__(self, *args, choices: dict, pair: tuple | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        for index, criterion in enumerate(Criterion):
            self.fields[criterion.value] = forms.TypedChoiceField(
                label=criterion.label,
                choices=[*choices[criterion], (CANNOT_JUDGE, _("cannot judge"))],
                coerce=_step,
                empty_value=None,
                widget=forms.RadioSelect,
                error_messages={"required": _("Please choose a step or “cannot judge”.")},
            )
            if pair is not None:
                stored = pair[index]
                self.initial[criterion.value] = CANNOT_JUDGE if stored is None else stored

    def pair(self) -> dict[str, int | None]:
        return {criterion.value: self.cleaned_data[criterion.value] for criterion in Criterion}


class SeenMixin(forms.Form):
    """Carries what was stored when the form was drawn, to notice that somebody was faster."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def stored(self) -> str:
        """Return the stored values as one line."""
        raise NotImplementedError

    @property
    def conflict(self) -> bool:
        return self.is_valid() and self.cleaned_data["seen"] != self.stored()


class ConsensusForm(SeenMixin):
    """The pair that the room agreed on; empty where it did not agree."""

    def __init__(self, *args, measure: Measure, choices: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.measure = measure
        self.consensus = Consensus.objects.filter(measure=measure).first()
        self.initial["seen"] = self.stored()
        for criterion in Criterion:
            self.fields[criterion.value] = forms.TypedChoiceField(
                label=criterion.label,
                choices=[("", _("not agreed")), *choices[criterion]],
                coerce=int,
                empty_value=None,
                required=False,
            )
            self.initial[criterion.value] = getattr(self.consensus, criterion, None) or ""

    def stored(self) -> str:
        return str(self.consensus or "")

    stored_words = stored

    def save(self) -> None:
        pair = {criterion.value: self.cleaned_data[criterion.value] for criterion in Criterion}
        consensus = self.consensus or Consensus(measure=self.measure)
        if self.consensus and pair == {"relevance": None, "feasibility": None}:
            self.consensus.delete()
        elif any(getattr(consensus, name) != step for name, step in pair.items()):
            consensus.relevance, consensus.feasibility = pair["relevance"], pair["feasibility"]
            consensus.save()


class PaperForm(SeenMixin):
    """How many sheets of one group chose each step; the group comes with the address."""

    def __init__(
        self,
        *args,
        measure: Measure,
        group: ParticipantGroup | None,
        choices: dict,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.measure, self.group = measure, group
        rows = measure.paper_counts.of_present_round().filter(group=group)
        self.counts = {(row.criterion, row.step): row for row in rows}
        self.cells = {
            f"{criterion.value}_{step or CANNOT_JUDGE}": (criterion.value, step, words)
            for criterion in Criterion
            for step, words in [*choices[criterion], (None, _("cannot judge"))]
        }
        self.initial["seen"] = self.stored()
        for name, (criterion, step, words) in self.cells.items():
            row = self.counts.get((criterion, step))
            self.initial[name] = row.count if row else None
            self.fields[name] = forms.IntegerField(
                label=words, min_value=0, max_value=MAX_SHEETS, required=False
            )

    def rows(self) -> list[tuple[str, list]]:
        """Return per criterion its name and its number fields, for a table."""
        return [
            (criterion.label, [self[n] for n, cell in self.cells.items() if cell[0] == criterion])
            for criterion in Criterion
        ]

    def clean(self):
        """Every sheet carries one answer per criterion, "cannot judge" included."""
        data = super().clean()
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

    def stored_words(self) -> str:
        """Return the stored counts as people read them."""
        counts = ((cell, self.counts.get(cell[:2])) for cell in self.cells.values())
        return ", ".join(
            f"{Criterion(criterion).label} {words}: {row.count}"
            for (criterion, _step_, words), row in counts
            if row
        )

    def stored(self) -> str:
        return " ".join(
            str(row.count if (row := self.counts.get(cell[:2])) else 0)
            for cell in self.cells.values()
        )

    @transaction.atomic
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
                    round=self.measure.workshop.round,
                )
                row.count = count
                row.save()
