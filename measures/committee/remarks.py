"""Remarks and questions on a measure: what is shown of them, and their forms."""

from dataclasses import dataclass

from django import forms
from django.db import models
from django.utils import timezone

from measures.models import Measure, Remark, Session
from workshops.formkit import WholeRowForm
from workshops.models import User, Workshop
from workshops.once import ClientIdForm
from workshops.seen import SeenForm
from workshops.visits import Visit


class RemarkForm(ClientIdForm):
    """A new remark or question."""

    class Meta:
        model = Remark
        owner = ("measure",)
        fields = ("kind", "text")
        widgets = {"kind": forms.RadioSelect, "text": forms.Textarea(attrs={"rows": 3})}


class AnswerForm(SeenForm, WholeRowForm):
    """An answer; one that was given meanwhile is seen first."""

    class Meta:
        model = Remark
        owner = ()
        fields = ("answer",)
        widgets = {"answer": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = True

    @property
    def now(self) -> str:
        return self.instance.answer_seen

    def store(self, by: User, *, may_release: bool) -> None:
        """Store the answer of ``by``. What is public is the administration's choice alone."""
        remark = self.instance
        remark.answered_by, remark.answered_at = by, timezone.now()
        remark.is_released = remark.is_released and may_release
        remark.save(update_fields=["answer", "answered_by", "answered_at", "is_released"])


class PlaceForm(forms.Form):
    """From where a remark was sent."""

    session = forms.ModelChoiceField(Session.objects.none(), required=False)

    def __init__(self, *args, workshop: Workshop, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = Session.objects.in_workshop(workshop)


@dataclass(frozen=True, slots=True)
class RemarksBox:
    """What a page shows of a measure's remarks; ``form`` is None for who may not write.

    ``session`` is where the page belongs to, so that whoever writes gets back to it.
    """

    rows: models.QuerySet[Remark]
    form: RemarkForm | None
    session: Session | None


def remarks_box(
    visit: Visit, measure: Measure, *, session: Session | None = None
) -> RemarksBox | None:
    """Return the remarks that this person may see; None while results are closed. 1 query."""
    if not visit.shows_results:
        return None
    rows = Remark.objects.about(measure).visible_to(visit)
    rows = rows.select_related("measure", "by", "answered_by")
    return RemarksBox(rows, RemarkForm() if visit.may_decide else None, session)
