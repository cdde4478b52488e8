"""A form's fields of choice, by name: what they offer is often known only once a form is made."""

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
