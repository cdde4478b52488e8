"""Several lines at once, on their way from what was pasted to measures of a goal, or to goals."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _

from fields.forms import GoalAddForm
from fields.models import ActionField, Goal
from measures.board.forms import MeasureAddForm
from measures.board.pasting import Pasted
from measures.models import Measure
from workshops.models import Municipality
from workshops.order import next_order
from workshops.plain_text import name_key

TITLE_LENGTH = Measure._meta.get_field("title").max_length or 0
GOAL_LENGTH = Goal._meta.get_field("text").max_length or 0


@dataclass
class Line:
    """A line as people see it before it is stored: to be corrected, taken or left out.

    ``note`` says what should be known of it, ``errors`` why it cannot be stored.
    """

    title: str
    description: str = ""
    client_id: str = field(default_factory=lambda: str(uuid4()))
    is_taken: bool = True
    note: str = ""
    errors: list[str] = field(default_factory=list)


class Place(Protocol):
    """Where the lines go: under a goal as measures, or into a field as goals."""

    @property
    def limit(self) -> int:
        """The characters that a line may have."""
        ...

    def known(self) -> dict[str, str]:
        """Return the texts that are there by their keys, each as people call it. 1 query."""

    def form(self, line: Line) -> forms.ModelForm: ...

    def save(self, form: forms.ModelForm) -> None: ...


@dataclass(frozen=True)
class MeasuresOf:
    """Measures of a field, under a goal or without one."""

    field: ActionField
    goal: Goal | None
    municipality: Municipality | None
    limit: int = TITLE_LENGTH

    def known(self) -> dict[str, str]:
        rows = Measure.objects.in_workshop(self.field.workshop).standing().order_by("-number")
        return {name_key(each.title): str(each) for each in rows}

    def form(self, line: Line) -> MeasureAddForm:
        sent = {
            "title": line.title,
            "description": line.description,
            "client_id": line.client_id,
            "goal": self.goal and self.goal.pk,
            "municipality": self.municipality and self.municipality.pk,
        }
        measure = Measure(workshop=self.field.workshop, field=self.field)
        return MeasureAddForm(sent, instance=measure)

    def save(self, form: forms.ModelForm) -> None:
        form.save()


@dataclass(frozen=True)
class GoalsOf:
    """Goals of a field, behind the others; one that stands there is not added again."""

    field: ActionField
    limit: int = GOAL_LENGTH

    def known(self) -> dict[str, str]:
        return {name_key(each.text): each.text for each in self.field.goals.standing()}

    def form(self, line: Line) -> GoalAddForm:
        return GoalAddForm({"text": line.title}, instance=Goal(field=self.field))

    def save(self, form: forms.ModelForm) -> None:
        goals = self.field.goals
        if not goals.standing().filter(text=form.instance.text).exists():
            form.instance.order = next_order(goals.all())
            form.save()


def proposed(pasted: Sequence[Pasted], place: Place) -> list[Line]:
    """Return the lines as they are shown first: what is there already is left out. 1 query."""
    known = place.known()
    lines = []
    for title, description in pasted:
        line = Line(title, description)
        if there := known.get(name_key(title)):
            line.note, line.is_taken = _("Is there already: %(what)s") % {"what": there}, False
        known.setdefault(name_key(title), title)
        line.errors = complaints(line, place)
        lines.append(line)
    return lines


def complaints(line: Line, place: Place) -> list[str]:
    """Return why a line cannot be stored, as far as its title tells."""
    if not line.title:
        return [_("Please enter a title.")]
    if (length := len(line.title)) > place.limit:
        text = _("The text is too long: %(length)d characters, at most %(limit)d fit.")
        return [text % {"length": length, "limit": place.limit}]
    return []


def store(lines: Sequence[Line], place: Place) -> bool:
    """Store the lines that are taken in their order, or say in them why none is stored.

    Call it in a transaction, when the turn has come (``access.in_turn``).
    """
    taken = [(line, place.form(line)) for line in lines if line.is_taken]
    for line, form in taken:
        line.errors = complaints(line, place) or [
            str(error) for errors in form.errors.values() for error in errors
        ]
    if any(line.errors for line, _form in taken):
        return False
    for _line, form in taken:
        place.save(form)
    return True
