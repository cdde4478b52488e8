from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fields.models import ActionField, Goal
from measures.board.forms import MUNICIPALITY_GONE
from measures.board.several import Line, Row, add_rows, check, leave_out_known, name_similar
from measures.models import Measure
from workshops.choices import choice, row_choice
from workshops.models import Municipality, Table
from workshops.plain_text import name_key

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
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(
        self,
        *args: Any,
        field: ActionField,
        goals: QuerySet[Goal],
        partners: list[Municipality],
        table: Table | None = None,
        **kwargs: Any,
    ):
        """``goals`` are those of the field under which lines may go; ``table`` writes them."""
        super().__init__(*args, **kwargs)
        self.field, self.table = field, table
        self.goals = {str(goal.pk): goal for goal in goals}
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
    def as_goals(self) -> bool:
        return self["goal"].value() == AS_GOALS

    @property
    def at(self) -> str:
        """The id of the empty line with which the person goes on."""
        return "new-goal" if self.as_goals else f"title-{self.cleaned_data['goal']}"

    def propose(self, pasted: Iterable[tuple[str, str]]) -> list[Line]:
        """Return the lines as they are shown first: what is there is left out. 1 query."""
        lines = [Line(text, more) for text, more in pasted]
        if self.as_goals:
            goals = self.field.goals.standing().values_list("text", flat=True)
            leave_out_known(lines, {name_key(text): text for text in goals})
        else:
            measures = Measure.objects.in_workshop(self.field.workshop).standing()
            there = {each.pk: each for each in measures.order_by("-number")}
            leave_out_known(lines, {name_key(each.title): str(each) for each in there.values()})
            name_similar(lines, there)
        check(lines, self._rows(lines))
        return lines

    def store(self, lines: Sequence[Line]) -> bool:
        """Store all lines that are taken, or say in them why none is stored.

        The form must be valid. Call it in the workshop's turn.
        """
        taken = [line for line in lines if line.is_taken]
        rows = self._rows(taken)
        if not check(taken, rows):
            return False
        add_rows(rows)
        return True

    def _rows(self, lines: Iterable[Line]) -> list[Row]:
        """Return what the lines are to become."""
        if self.as_goals:
            return [Goal(field=self.field, text=each.text, indicator=each.more) for each in lines]
        return [
            Measure(
                workshop=self.field.workshop,
                field=self.field,
                goal=self.goals.get(self.cleaned_data["goal"]),
                municipality=self.cleaned_data.get("municipality"),
                title=each.text,
                description=each.more,
                client_id=each.client_id,
                by_table=self.table,
            )
            for each in lines
        ]
