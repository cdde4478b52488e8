"""The steps of the scale as choices, and the form of one person's rating."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from measures.models.round import MAX_ROUNDS
from workshops.models import Criterion, Workshop

CANNOT_JUDGE = "none"
MAX_TURN = 32_767  # of the column

StepChoices = dict[str, list[tuple[int, str]]]  # by criterion the steps with their words


def step_choices(workshop: Workshop) -> StepChoices:
    """Return per criterion the steps with their words. 1 query."""
    choices: StepChoices = {criterion: [] for criterion in Criterion}
    for step in workshop.scale_steps.all():
        choices[step.criterion].append((step.step, str(step)))
    return choices


def bare_choices(workshop: Workshop) -> StepChoices:
    """Return the steps without their words, enough to check an answer. No query."""
    steps = [(step, str(step)) for step in range(1, workshop.steps + 1)]
    return dict.fromkeys(Criterion, steps)


def _step(value: str) -> int | None:
    return None if value == CANNOT_JUDGE else int(value)


class RatingForm(forms.Form):
    """Both criteria as radio groups. "Cannot judge" is an answer of its own, never a step.

    ``round`` is the number of the round for which the choice was made: one that waited in a browser
    until the next round is not taken for that. ``turn`` counts what a browser has sent for the
    measure; a page without a script sends none.
    """

    round = forms.IntegerField(
        required=False, min_value=1, max_value=MAX_ROUNDS, widget=forms.HiddenInput
    )

    turn = forms.IntegerField(
        required=False, min_value=1, max_value=MAX_TURN, widget=forms.HiddenInput
    )

    def __init__(
        self,
        *args: Any,
        choices: StepChoices,
        pair: tuple[int | None, int | None] | None = None,
        round: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.fields["round"].initial = round
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
