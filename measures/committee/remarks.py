"""Remarks and questions on a measure: what is shown of them, and their forms."""

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from measures.models import Measure, Remark, Session
from workshops.models import User, Workshop
from workshops.once import ClientIdForm
from workshops.seen import SeenRowForm
from workshops.visits import Visit


class RemarkForm(ClientIdForm):
    """A new remark or question."""

    owner = ("measure",)

    class Meta:
        model = Remark
        fields = ("kind", "text")
        widgets = {"kind": forms.RadioSelect, "text": forms.Textarea(attrs={"rows": 3})}


class AnswerForm(SeenRowForm):
    """An answer; one that was given meanwhile is seen first."""

    class Meta:
        model = Remark
        fields = ("answer",)
        widgets = {"answer": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = True

    @property
    def now(self) -> str:
        return self.instance.answer_seen

    def store(self, by: User | None, *, may_release: bool) -> None:
        """Store the answer of ``by``. What is public is the administration's choice alone."""
        remark = self.instance
        remark.answered_by, remark.answered_at = by, timezone.now()
        remark.is_released = remark.is_released and may_release
        remark.save(update_fields=["answer", "answered_by", "answered_at", "is_released"])


class PlaceForm(forms.Form):
    """From where a remark was sent."""

    def __init__(self, *args, workshop: Workshop, **kwargs):
        super().__init__(*args, **kwargs)
        sessions = Session.objects.in_workshop(workshop)
        self.fields["session"] = forms.ModelChoiceField(sessions, required=False)


def remarks_on(visit: Visit, measure: Measure) -> QuerySet[Remark] | None:
    """Return the remarks that this person may see; None while results are closed. 1 query."""
    if not visit.shows_results:
        return None
    rows = Remark.objects.about(measure).visible_to(visit)
    return rows.select_related("measure", "by", "answered_by")


def new_remark(visit: Visit) -> RemarkForm | None:
    """Return an empty form, None for who may not write."""
    return RemarkForm() if visit.may_decide else None
