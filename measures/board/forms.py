from django import forms
from django.utils.translation import gettext_lazy as _

from fields.models import ActionField, Goal
from measures.columns import FACTS, attributes
from measures.models import PROFILE_FIELDS, Measure
from workshops.once import ClientIdForm
from workshops.order import next_order
from workshops.seen import VersionedForm


class GoalChoiceMixin:
    """Offer the goals of the measure's own field only."""

    def offer_goals(self, field: ActionField) -> None:
        standing = Goal.objects.filter(field=field).standing()
        # A removed goal stays with its measures, so that its removal can be undone.
        own = Goal.objects.filter(pk=self.instance.goal_id)
        self.fields["goal"].queryset = standing | own
        self.fields["goal"].empty_label = _("no goal yet")


class MeasureAddForm(ClientIdForm):
    """The typist's line; it stands behind the others of its goal."""

    class Meta:
        model = Measure
        owner = ("workshop", "field")
        fields = ("title", "time_horizon", "description", "goal")
        widgets = {"description": forms.TextInput(), "goal": forms.HiddenInput()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Under a goal that is removed meanwhile the line is stored like the measures it left.
        self.fields["goal"].queryset = Goal.objects.filter(field=self.instance.field)
        self.fields["time_horizon"].required = False

    def clean_time_horizon(self) -> str:
        return self.cleaned_data["time_horizon"] or Measure().time_horizon

    def save(self, commit=True) -> Measure:
        measure = self.instance
        measure.order = next_order(Measure.objects.filter(field=measure.field, goal=measure.goal))
        return super().save(commit)


class MeasureForm(GoalChoiceMixin, VersionedForm):
    """All that the board shows of a measure. In another field it stands last, without a goal."""

    class Meta:
        model = Measure
        owner = ("workshop",)
        fields = ("title", "description", *attributes(FACTS), "field", "goal", "municipality")
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "field": _(
                "In another field the measure stands without a goal until it gets one there."
            )
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_goals(self.instance.field)
        own = ActionField.objects.filter(pk=self.instance.field_id)
        self.fields["field"].queryset = self.instance.workshop.fields.worked_on() | own
        self.fields["field"].empty_label = None
        if len(self.fields["field"].queryset) < 2:
            self.fields["field"].widget = forms.HiddenInput()
        partners = self.instance.workshop.municipalities.order_by("seats__seat")
        self.fields["municipality"].queryset = partners
        self.fields["municipality"].empty_label = _("all municipalities")
        if len(partners) < 2:  # nothing to choose; hidden, it keeps what is stored
            self.fields["municipality"].widget = forms.HiddenInput()

    @property
    def is_leaving(self) -> bool:
        """Tell whether the measure goes to another field."""
        return "field" in self.changed_data

    def clean(self):
        data = super().clean()
        return {**data, "goal": None} if self.is_leaving else data

    def save(self, commit=True):
        if not self.is_leaving:
            return super().save(commit)
        measure = self.instance
        measure.order = next_order(Measure.objects.filter(field=measure.field, goal=None))
        changed = (name for name in self.Meta.fields if name in self.changed_data)
        measure.save(update_fields={*changed, "goal", "order"})
        return measure


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
