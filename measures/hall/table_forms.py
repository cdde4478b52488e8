from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fields.models import ActionField
from workshops.choices import row_choice
from workshops.formkit import WholeRowForm
from workshops.models import Table


class TableForm(WholeRowForm):
    """A table's name, and the fields that it types into."""

    owner = ("workshop", "is_removed")
    boards = forms.ModelMultipleChoiceField(
        label=_("Action fields"),
        queryset=ActionField.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose at least one field.")},
    )

    class Meta:
        model = Table
        fields = ("name",)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offered = self.instance.workshop.fields.worked_on()
        row_choice(self, "boards").queryset = offered
        if self.instance.pk:
            self.initial["boards"] = offered.filter(tables=self.instance)
