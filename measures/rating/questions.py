"""The two questions of a measure as a phone shows them: large steps, with words for them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from measures.rating.forms import CANNOT_JUDGE, RatingForm
from workshops.models import Criterion, Workshop

LONG_WORDS = 22  # letters of a step's words from which on they take a second line


@dataclass(frozen=True, slots=True)
class Step:
    """One button; ``words`` are the scale's own for it."""

    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A criterion with its steps from low to high, and the answer that nobody has to give."""

    name: str
    label: str
    asked: str
    steps: tuple[Step, ...]
    none: Step
    errors: tuple[str, ...]

    @property
    def said(self) -> str:
        """What is chosen, in words; "" before anything is."""
        chosen = next((each for each in self.steps if each.is_chosen), None)
        if chosen:
            return f"{chosen.value} – {chosen.words}"
        return self.none.words if self.none.is_chosen else ""

    @property
    def low(self) -> Step:
        return self.steps[0]

    @property
    def high(self) -> Step:
        return self.steps[-1]

    @property
    def is_wordy(self) -> bool:
        return any(len(each.words) > LONG_WORDS for each in self.steps)


def questions_of(workshop: Workshop, form: RatingForm) -> list[Question]:
    """Return both questions as the form is filled in. 1 query."""
    asked = {
        Criterion.RELEVANCE: _("How important?"),
        Criterion.FEASIBILITY: _("How easily done?"),
    }
    words: dict[str, list[tuple[str, str]]] = {criterion: [] for criterion in Criterion}
    for step in workshop.scale_steps.all():
        words[step.criterion].append((str(step.step), step.label))
    return [
        _question(criterion, asked[criterion], words[criterion], form) for criterion in Criterion
    ]


def _question(
    criterion: Criterion, asked: str, words: list[tuple[str, str]], form: RatingForm
) -> Question:
    field = form[criterion.value]
    chosen = str(field.value())
    return Question(
        name=criterion.value,
        label=str(criterion.label),
        asked=asked,
        steps=tuple(Step(value, label, value == chosen) for value, label in words),
        none=Step(CANNOT_JUDGE, _("cannot judge"), chosen == CANNOT_JUDGE),
        errors=tuple(map(str, field.errors)),
    )
