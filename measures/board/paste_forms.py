from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fields.models import ActionField, Goal
from measures.board.forms import MUNICIPALITY_GONE
from measures.board.several import GoalsOf, MeasuresOf, Place
from workshops.choices import choice, row_choice
from workshops.models import Municipality

AS_GOALS = "goals"
NO_GOAL = "none"


class PasteForm(forms.Form):
    """Several lines at once: where they go, and what they are."""

    goal = forms.ChoiceField(
        label=_("Add as"),
        error_messages={
            "invalid_choice": _(
                "Somebody has removed this goal in the meantime. Please choose where the lines go."
            )
        },
    )
    municipality = forms.ModelChoiceField(
        label=_("Municipality"),
        queryset=Municipality.objects.none(),
        required=False,
        empty_label=_("all municipalities"),
        error_messages={"invalid_choice": MUNICIPALITY_GONE},
    )
    text = forms.CharField(
        label=_("Lines"),
        help_text=_("One per line, as copied from a document, a mail or a table."),
        strip=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    def __init__(self, *args: Any, field: ActionField, partners: list[Municipality], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.field = field
        self.goals = {str(goal.pk): goal for goal in field.goals.standing()}
        choice(self, "goal").choices = [
            *((key, self._name(goal)) for key, goal in self.goals.items()),
            (NO_GOAL, _("measures without a goal")),
            (AS_GOALS, _("new goals of this field")),
        ]
        if partners:
            row_choice(self, "municipality").queryset = field.workshop.municipalities.all()
        else:
            del self.fields["municipality"]

    @staticmethod
    def _name(goal: Goal) -> str:
        return str(_("measures of the goal “%(goal)s”")) % {"goal": goal}

    @property
    def place(self) -> Place:
        """Where the lines go; the form must be valid."""
        goal = self.cleaned_data["goal"]
        if goal == AS_GOALS:
            return GoalsOf(self.field)
        municipality = self.cleaned_data.get("municipality")
        return MeasuresOf(self.field, self.goals.get(goal), municipality)

    @property
    def at(self) -> str:
        """The id of the empty line with which the person goes on."""
        goal = self.cleaned_data["goal"]
        return "new-goal" if goal == AS_GOALS else f"title-{goal}"
