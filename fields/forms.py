from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fields.catalogue import NINE_FIELDS
from fields.models import ActionField, Goal, seed_fields
from workshops.formkit import WholeRowForm
from workshops.forms import DateInput, MunicipalitiesMixin
from workshops.models import User, Workshop
from workshops.plain_text import name_key, plain_name
from workshops.seen import Repeatable, VersionedForm
from workshops.setup import start_workshop

GROUPS = ("Rat", "Verwaltung", "Vereine und Verbände", "Bürgerinnen und Bürger")
MAX_GROUPS = 20


class WorkshopCreateForm(MunicipalitiesMixin, forms.ModelForm):
    """A complete workshop from a template, on one page."""

    template = forms.ChoiceField(
        label=_("Template for the action fields"),
        choices=[
            ("nine", _("Digital-Werkstatt: the nine action fields")),
            ("empty", _("No action fields yet, I add my own")),
        ],
        initial="nine",
        widget=forms.RadioSelect,
    )
    groups = forms.CharField(
        label=_("Groups of participants"),
        help_text=_("One per line. Leave empty if you do not want to compare groups."),
        initial="\n".join(GROUPS),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    class Meta:
        model = Workshop
        fields = ("title", "date", "place", "hosts", "introduction")
        widgets = {"date": DateInput(), "introduction": forms.Textarea(attrs={"rows": 3})}

    def clean_groups(self) -> list[str]:
        """Return the names, empty lines and repetitions left out."""
        names = {name_key(line): plain_name(line).strip() for line in self._group_lines()}
        if any(len(name) > 80 for name in names.values()):
            raise forms.ValidationError(_("The name of a group has at most 80 characters."))
        if len(names) > MAX_GROUPS:
            raise forms.ValidationError(_("A workshop has at most 20 groups."))
        return list(names.values())

    def _group_lines(self) -> list[str]:
        return [line for line in self.cleaned_data["groups"].splitlines() if name_key(line)]

    @transaction.atomic
    def create(self, by: User) -> Workshop:
        """Store the workshop with everything that its template says."""
        workshop = self.save(commit=False)
        start_workshop(
            workshop,
            by=by,
            municipalities=self.municipality_names(),
            groups=self.cleaned_data["groups"],
        )
        seed_fields(workshop, NINE_FIELDS if self.cleaned_data["template"] == "nine" else ())
        return workshop


class FieldForm(VersionedForm):
    owner = ("workshop",)

    class Meta:
        model = ActionField
        fields = ("name", "is_worked_on")


class FieldAddForm(WholeRowForm):
    owner = ("workshop",)

    class Meta:
        model = ActionField
        fields = ("name",)


class GoalAddForm(WholeRowForm):
    class Meta:
        model = Goal
        error_messages = {
            "text": {
                "max_length": _("This has %(show_value)d characters; at most %(limit_value)d fit.")
            }
        }
        fields = ("text", "indicator")
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}


class GoalForm(Repeatable, VersionedForm):
    class Meta(GoalAddForm.Meta):
        pass
