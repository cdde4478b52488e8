from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fields.models import ActionField, Goal
from measures.columns import FACTS, attributes
from measures.models import PROFILE_FIELDS, Measure
from measures.short_titles import suggested
from workshops.choices import row_choice
from workshops.models import Table
from workshops.once import ClientIdForm
from workshops.order import next_order
from workshops.seen import Repeatable, VersionedForm

MUNICIPALITY_GONE = _(
    "This municipality does not take part in the workshop any more. Please choose another."
)


TOO_LONG = _("This has %(show_value)d characters; at most %(limit_value)d fit.")


class MeasureAddForm(ClientIdForm):
    """The typist's line; it stands behind the others of its goal."""

    owner = ("workshop", "field")

    class Meta:
        model = Measure
        fields = (
            "title", "time_horizon", "description", "short_title", "goal", "municipality",
        )  # fmt: skip
        widgets = {"description": forms.TextInput(), "goal": forms.HiddenInput()}
        error_messages = {name: {"max_length": TOO_LONG} for name in ("title", "short_title")}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # Under a goal that is removed meanwhile the line is stored like the measures it left.
        row_choice(self, "goal").queryset = Goal.objects.filter(field=self.instance.field)
        municipality = row_choice(self, "municipality")
        municipality.queryset = self.instance.workshop.municipalities.all()
        municipality.error_messages["invalid_choice"] = MUNICIPALITY_GONE
        self.fields["time_horizon"].required = False

    def clean_time_horizon(self) -> str:
        return self.cleaned_data["time_horizon"] or Measure().time_horizon

    def save(self, commit=True) -> Measure:
        measure = self.instance
        measure.order = next_order(Measure.objects.filter(field=measure.field, goal=measure.goal))
        return super().save(commit)


class MeasureForm(Repeatable, VersionedForm):
    """All that the board shows of a measure. In another field it stands last, without a goal.

    Offered are the goals of its own field only.
    """

    owner = ("workshop",)

    class Meta:
        model = Measure
        fields = (
            "title", "short_title", "description", *attributes(FACTS), "field", "goal",
            "municipality",
        )  # fmt: skip
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}
        error_messages = {name: {"max_length": TOO_LONG} for name in ("title", "short_title")}
        help_texts = {
            "field": _(
                "In another field the measure stands without a goal until it gets one there."
            )
        }

    def __init__(self, *args: Any, table: Table | None = None, **kwargs: Any):
        """A ``table`` moves a measure among its own fields alone."""
        super().__init__(*args, **kwargs)
        self.table = table
        _suggest(self)
        goal, field = row_choice(self, "goal"), row_choice(self, "field")
        # A removed goal stays with its measures, so that its removal can be undone.
        own_goal = Goal.objects.filter(pk=self.instance.goal_id)
        goal.queryset = Goal.objects.filter(field=self.instance.field).standing() | own_goal
        goal.empty_label = _("no goal yet")
        own_field = ActionField.objects.filter(pk=self.instance.field_id)
        fields = self.instance.workshop.fields.worked_on()
        if table:  # by their ids: joined to the tables that share it, a field would come twice
            fields = fields.filter(pk__in=table.fields.values("pk"))
        fields |= own_field
        field.empty_label = None
        municipality = row_choice(self, "municipality")
        partners = self.instance.workshop.municipalities.order_by("seats__seat")
        municipality.empty_label = _("all municipalities")
        for choice, offered in ((field, fields), (municipality, partners)):
            choice.queryset = offered
            if len(offered) < 2:  # nothing to choose; hidden, it keeps what is stored
                choice.widget = forms.HiddenInput()

    def made_for(self) -> dict[str, Any]:
        return {**super().made_for(), "table": self.table}

    @property
    def is_leaving(self) -> bool:
        """Tell whether the measure goes to another field."""
        return "field" in self.changed_data

    def clean(self) -> dict[str, Any]:
        super().clean()
        return self.cleaned_data | ({"goal": None} if self.is_leaving else {})

    def save(self, commit: bool = True) -> Measure:
        if not self.is_leaving:
            return super().save(commit)
        measure = self.instance
        measure.order = next_order(Measure.objects.filter(field=measure.field, goal=None))
        changed = (name for name in self._meta.fields or () if name in self.changed_data)
        measure.save(update_fields={*changed, "goal", "order"})
        return measure


class ProfileForm(VersionedForm):
    class Meta:
        model = Measure
        fields = PROFILE_FIELDS
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in PROFILE_FIELDS}


class ShortTitleForm(VersionedForm):
    """How lists and pictures call a measure; what stands there when it is empty is shown."""

    class Meta:
        model = Measure
        fields = ("short_title",)
        error_messages = {"short_title": {"max_length": TOO_LONG}}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _suggest(self)


def _suggest(form: VersionedForm) -> None:
    """Show in the empty field of the short title what is taken as long as it is empty."""
    form.fields["short_title"].widget.attrs["placeholder"] = suggested(form.instance.title)


class TargetForm(forms.Form):
    """Another standing measure of the workshop, chosen by its button: the same one, or not."""

    target = forms.ModelChoiceField(
        queryset=Measure.objects.none(),
        error_messages={
            "invalid_choice": _("Choose a measure of this workshop that stands by itself.")
        },
    )

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any):
        super().__init__(*args, **kwargs)
        others = Measure.objects.filter(workshop=measure.workshop_id).standing()
        row_choice(self, "target").queryset = others.exclude(pk=measure.pk).order_by("number")

    @property
    def complaint(self) -> str:
        """Say why there is no such target; "" for one that is there."""
        return " ".join(str(error) for error in self.errors.get("target", ()))
