"""What the forms of all three apps share."""

from decimal import Decimal
from uuid import uuid4

from django import forms
from django.db import IntegrityError, transaction
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _


class PartForm(forms.ModelForm):
    """A form for part of a row: it writes the changed ones of these columns only.

    ``Model.save()`` writes all of them, so the settings of an open tab would move a phase back that
    somebody changed meanwhile.
    """

    def save(self, commit=True):
        if not commit or self.instance._state.adding:
            return super().save(commit)
        if changed := [name for name in self.Meta.fields if name in self.changed_data]:
            self.instance.save(update_fields=changed)
        return self.instance


class OneNameEach(forms.ModelForm):
    """Refuse a name that a sibling has in other capitals.

    The database checks it as well, but SQLite knows capitals of ASCII letters only.
    """

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        siblings = type(self.instance).objects.filter(workshop=self.instance.workshop_id)
        taken = siblings.exclude(pk=self.instance.pk).values_list("name", flat=True)
        if name.casefold() in {each.casefold() for each in taken}:
            raise forms.ValidationError(_("This name is taken already."))
        return name


class WholeRowForm(PartForm):
    """A form that shows part of a row but checks the constraints of the whole row.

    Django leaves out a constraint as soon as one of its fields is not in the form; then "a name
    once per workshop" would only be found by the database.
    """

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - set(self.Meta.owner)


class StoredOnceForm(WholeRowForm):
    """A form that adds a row with a ``client_id``: sent twice, the row is stored once.

    ``client_id`` is made with the form.
    """

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def save(self, commit=True):
        """Store the row, or return the stored one if just this was sent before."""
        row = self.instance
        row.client_id = self.cleaned_data["client_id"]
        stored = type(row).objects.filter(client_id=row.client_id)
        if (known := stored.first()) and self._says_the_same(known):
            return known
        if known:  # the back button brings a used id with another text: a row of its own
            row.client_id = uuid4()
        try:
            with transaction.atomic():
                return super().save(commit)
        except IntegrityError:  # the same row, sent twice at the same moment
            return stored.get()

    def _says_the_same(self, known) -> bool:
        names = (*self.Meta.owner, *self.Meta.fields)
        compared = [self.instance._meta.get_field(name).attname for name in names]
        return all(getattr(known, name) == getattr(self.instance, name) for name in compared)


class VersionedForm(WholeRowForm):
    """A form that carries the version of the row it was drawn from.

    ``conflict`` tells that the row was changed since; the view then shows both texts (409).
    """

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stored_version = self.instance.version
        self.initial["version"] = self.stored_version
        self.stored = {name: self.initial.get(name) for name in self.Meta.fields}

    @property
    def conflict(self) -> bool:
        return self.is_valid() and self.cleaned_data["version"] != self.stored_version

    def differences(self) -> list[dict]:
        """Return per differing field its label, the stored text and the typed one."""
        return [
            {
                "label": self.fields[name].label,
                "stored": self._words(name, self.stored[name]),
                "typed": self._words(name, self.cleaned_data[name]),
            }
            for name in self.Meta.fields
            if self._words(name, self.stored[name]) != self._words(name, self.cleaned_data[name])
        ]

    def _words(self, name: str, value) -> str:
        """Return a value as people read it: the choice's words, never its key."""
        if value in (None, ""):
            return ""
        if isinstance(value, Decimal):
            return number_format(value, self.fields[name].decimal_places)
        choices = getattr(self.fields[name], "choices", None)
        key = getattr(value, "pk", value)
        if choices:
            return str({str(k): words for k, words in choices}.get(str(key), key))
        return str(_("yes") if value is True else _("no") if value is False else value)

    def redrawn(self):
        """Return the form with the typed text and the present version, to be sent once more."""
        data = self.data.copy()
        data[self.add_prefix("version")] = self.stored_version
        self.instance.refresh_from_db()  # validation has written the typed text into it
        return type(self)(data, instance=self.instance)
