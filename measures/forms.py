from django import forms
from django.utils.translation import gettext_lazy as _

from fields.models import ActionField, Goal
from measures.models import PROFILE_FIELDS, Measure
from workshops.formkit import VersionedForm, WholeRowForm


class GoalChoiceMixin:
    """Offer the goals of the measure's own field only."""

    def offer_goals(self, field: ActionField) -> None:
        standing = Goal.objects.filter(field=field).standing()
        # A removed goal stays with its measures, so that its removal can be undone.
        own = Goal.objects.filter(pk=self.instance.goal_id)
        self.fields["goal"].queryset = standing | own
        self.fields["goal"].empty_label = _("no goal yet")


class MeasureAddForm(GoalChoiceMixin, WholeRowForm):
    """The typist's line. ``client_id`` is made with the line, so sent twice is stored once."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = Measure
        owner = ("workshop", "field")
        fields = ("title", "time_horizon", "description", "goal")
        widgets = {"description": forms.TextInput(), "goal": forms.HiddenInput()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_goals(self.instance.field)
        self.fields["time_horizon"].required = False

    def clean_time_horizon(self) -> str:
        return self.cleaned_data["time_horizon"] or Measure().time_horizon


class MeasureForm(GoalChoiceMixin, VersionedForm):
    class Meta:
        model = Measure
        owner = ("workshop", "field")
        fields = ("title", "description", "time_horizon", "goal", "municipality")
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_goals(self.instance.field)
        partners = self.instance.workshop.municipalities.order_by("seats__seat")
        self.fields["municipality"].queryset = partners
        self.fields["municipality"].empty_label = _("all municipalities")
        if len(partners) < 2:  # nothing to choose; hidden, it keeps what is stored
            self.fields["municipality"].widget = forms.HiddenInput()


class ProfileForm(VersionedForm):
    class Meta:
        model = Measure
        owner = ()
        fields = PROFILE_FIELDS
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in PROFILE_FIELDS}


class MergeForm(forms.Form):
    target = forms.ModelChoiceField(
        label=_("Is the same as"),
        queryset=Measure.objects.none(),
        help_text=_("Its ratings stay and count for the other measure."),
    )

    def __init__(self, *args, measure: Measure, **kwargs):
        super().__init__(*args, **kwargs)
        others = Measure.objects.filter(workshop=measure.workshop_id).standing()
        self.fields["target"].queryset = others.exclude(pk=measure.pk).order_by("number")
