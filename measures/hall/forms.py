"""What the facilitator enters at the door: how many are expected, how many cards to make."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measures.hall.cards import MOST_AT_ONCE, groups_of
from workshops.formkit import PartForm
from workshops.models import Workshop
from workshops.number_fields import WholeNumberField


class ExpectForm(PartForm):
    hide_optional = True

    class Meta:
        model = Workshop
        fields = ("expected_guests",)
        field_classes = {"expected_guests": WholeNumberField}


class CardsForm(forms.Form):
    """How many cards each group gets; ``wanted`` says it by the group's id."""

    hide_optional = True
    ticket = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, workshop: Workshop, **kwargs):
        super().__init__(*args, **kwargs)
        self.workshop = workshop
        self.groups = groups_of(workshop)
        for pk, name in self.groups:
            self.fields[f"cards_{pk or 'none'}"] = WholeNumberField(
                label=name, required=False, min_value=0, max_value=MOST_AT_ONCE
            )

    @property
    def wanted(self) -> dict[int | None, int]:
        data = self.cleaned_data
        return {pk: data.get(f"cards_{pk or 'none'}") or 0 for pk, _name in self.groups}

    def clean(self):
        data = super().clean()
        count = sum(self.wanted.values())
        if not self.errors and not count:
            raise ValidationError(_("Please say how many cards at least one group gets."))
        if count > MOST_AT_ONCE:
            text = _("At most %(most)d cards can be made at once; these are %(count)d.")
            raise ValidationError(text % {"most": MOST_AT_ONCE, "count": count})
        return data


class CardBackForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code of one card"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
