"""What the forms of all three apps share."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from workshops.plain_text import name_key, plain_name


class PartForm(forms.ModelForm):
    """A form for part of a row: it writes the changed ones of these columns only.

    ``Model.save()`` writes all of them, so the settings of an open tab would move a phase back that
    somebody changed meanwhile.
    """

    def save(self, commit: bool = True) -> Any:
        if not commit or self.instance._state.adding:
            return super().save(commit)
        if changed := [name for name in self._meta.fields or () if name in self.changed_data]:
            self.instance.save(update_fields=changed)
        return self.instance


class OneNameEach(forms.ModelForm):
    """Refuse a name that reads like a sibling's, in other capitals too.

    The database checks it as well, but SQLite knows capitals of ASCII letters only.
    """

    def clean_name(self) -> str:
        name = plain_name(self.cleaned_data["name"])
        siblings = type(self.instance).objects.filter(workshop=self.instance.workshop_id)
        taken = siblings.exclude(pk=self.instance.pk).values_list("name", flat=True)
        if name_key(name) in map(name_key, taken):
            raise forms.ValidationError(_("This name is taken already."))
        return name


class WholeRowForm(PartForm):
    """A form that shows part of a row but checks the constraints of the whole row.

    Django leaves out a constraint as soon as one of its fields is not in the form; then "a name
    once per workshop" would only be found by the database. ``owner`` names those of its columns.
    """

    owner: ClassVar[tuple[str, ...]] = ()

    def _get_validation_exclusions(self) -> set[str]:
        # Django's own hook, which the stubs lack
        return super()._get_validation_exclusions() - {*self.owner}  # type: ignore[misc]
