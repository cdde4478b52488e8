"""The form of one sheet of paper, in the order of the sheet."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from measures.models import Measure
from measures.rating.digits import digits_of, read_pair
from measures.rating.sheet_saving import Sheet
from workshops.models import ParticipantGroup

NO_GROUP = "none"


class AnswersField(forms.CharField):
    """Both answers to one measure, empty where the sheet has none."""

    default_error_messages = {
        "answers": _("Two answers, relevance first: each %(answers)s. Empty if nothing is ticked."),
    }

    def __init__(self, *, steps: int, **kwargs: Any):
        self.steps = steps
        super().__init__(required=False, max_length=20, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        if pair := read_pair(text, self.steps):
            return pair
        raise forms.ValidationError(
            self.error_messages["answers"], "answers", {"answers": answers_told(self.steps)}
        )


def answers_told(steps: int) -> str:
    """Say what can be typed as an answer."""
    words = _("1 to 10, or k") if steps == 10 else _("1 to %(steps)d, or 0") % {"steps": steps}
    return str(words)


class SheetForm(forms.Form):
    """The group and both answers to each measure; ``opening`` as in ``sheet_saving``."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    opening = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        measures: Iterable[Measure],
        groups: Iterable[ParticipantGroup],
        steps: int,
        sheet: Sheet | None = None,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.measures = {f"m{each.number}": each for each in measures}
        choices = [(str(group.pk), group.name) for group in groups]
        if choices:
            self.fields["group"] = forms.ChoiceField(
                label=_("Group"),
                choices=[("", _("please choose")), *choices, (NO_GROUP, _("no group"))],
                error_messages={"required": _("Please choose the group that is ticked.")},
            )
        for name, measure in self.measures.items():
            self.fields[name] = AnswersField(label=str(measure), steps=steps)
        if sheet:
            self.initial["group"] = sheet.group_id or NO_GROUP
            for name, measure in self.measures.items():
                if pair := sheet.pairs.get(measure.pk):
                    self.initial[name] = digits_of(pair)

    def rows(self) -> Iterator[tuple[Measure, forms.BoundField]]:
        return ((measure, self[name]) for name, measure in self.measures.items())

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors and not self._pairs():
            raise forms.ValidationError(_("Nothing is typed in yet."))
        return self.cleaned_data

    def sheet(self) -> Sheet:
        group = self.cleaned_data.get("group", NO_GROUP)
        return Sheet(None if group == NO_GROUP else int(group), self._pairs())

    def _pairs(self) -> dict[int, tuple[int | None, int | None]]:
        return {
            measure.pk: pair
            for name, measure in self.measures.items()
            if (pair := self.cleaned_data.get(name)) is not None
        }
