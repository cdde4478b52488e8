from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from measures.models import Idea
from workshops.choices import row_choice
from workshops.formkit import WholeRowForm
from workshops.models import Workshop, random_id

LARGEST = 2**63 - 1


class IdeaForm(WholeRowForm):
    """One line to a field. ``number`` is made with the form: sent twice, stored once."""

    number = forms.IntegerField(
        min_value=1, max_value=LARGEST, initial=random_id, widget=forms.HiddenInput
    )

    class Meta:
        model = Idea
        fields = ("field", "text")
        error_messages = {
            "text": {
                "required": _("Please enter a text first."),
                "max_length": _("This has %(show_value)d characters; at most %(limit_value)d fit."),
            },
            "field": {"required": _("Please choose a field.")},
        }

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offered = row_choice(self, "field")
        offered.queryset = workshop.fields.worked_on()
        offered.error_messages["invalid_choice"] = _(
            "This field is not worked on any more. Please choose another."
        )

    def idea(self) -> Idea:
        """Return what is to be stored, of a form that is valid."""
        self.instance.pk = self.cleaned_data["number"]
        return self.instance
