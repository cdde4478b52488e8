"""What the forms of all three apps share."""

from typing import Any, ClassVar

from django import forms


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


class WholeRowForm(PartForm):
    """A form that shows part of a row but checks the constraints of the whole row.

    Django leaves out a constraint as soon as one of its fields is not in the form; then "a name
    once per workshop" would only be found by the database. ``owner`` names those of its columns.
    """

    owner: ClassVar[tuple[str, ...]] = ()

    def _get_validation_exclusions(self) -> set[str]:
        # Django's own hook, which the stubs lack
        return super()._get_validation_exclusions() - {*self.owner}  # type: ignore[misc]
