"""A form's fields of choice, by name: what they offer is often known only once a form is made."""

from typing import NamedTuple

from django import forms


def choice(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    """Return a field that offers words. Raises TypeError for any other."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} offers no words.")
    return field


def row_choice(form: forms.BaseForm, name: str) -> forms.ModelChoiceField:
    """Return a field that offers rows of the database. Raises TypeError for any other."""
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} offers no rows.")
    return field


Choices = tuple[tuple[str, str], ...]


class Select(NamedTuple):
    """A field that offers words, as plain values: what ``value`` says is what was sent."""

    name: str
    label: str
    choices: Choices
    value: str


def select_of(field: forms.BoundField) -> Select:
    """Return what a field that offers words shows. Raises TypeError for any other."""
    widget = choice(field.form, field.name).widget
    choices = tuple((str(value), str(label)) for value, label in widget.choices)
    value = field.value()
    return Select(field.html_name, str(field.label), choices, "" if value is None else str(value))
