"""What I saw: nobody overwrites what they have not seen.

A form carries, as an opaque text named ``seen``, what was stored when it was drawn. Sent back while
something else is stored it is a conflict: the page shows both texts (409), and the typed one can be
sent once more.
"""

from decimal import Decimal
from typing import Any, Self

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from workshops.formkit import WholeRowForm


def has_seen(request: HttpRequest, now: str) -> bool:
    """Tell whether a form without fields of its own was drawn from what is stored ``now``."""
    return request.POST.get("seen", "") == now


class SeenForm(forms.Form):
    """A form that notices a conflict. ``initial`` is what is stored now."""

    data: QueryDict
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def now(self) -> str:
        """The text that stands for what is stored now; a subclass says how it is made."""
        raise NotImplementedError

    def get_initial_for_field(self, field: forms.Field, field_name: str):
        return (
            self.now if field_name == "seen" else super().get_initial_for_field(field, field_name)
        )

    @property
    def conflict(self) -> bool:
        return self.is_valid() and self.cleaned_data["seen"] != self.now

    def compared(self) -> list[str]:
        """Return the names of the fields in which a conflict shows."""
        return [name for name in self.fields if name != "seen"]

    def differences(self) -> list[dict[str, str]]:
        """Return per differing field its label, the stored text and the typed one."""
        return [
            {"label": self.full_label(name), "stored": stored, "typed": typed}
            for name in self.compared()
            for stored in [self.words(name, self.initial.get(name))]
            for typed in [self.words(name, self.cleaned_data[name])]
            if stored != typed
        ]

    def full_label(self, name: str) -> str:
        """Return what a field is about where it stands by itself."""
        return str(self.fields[name].label)

    def words(self, name: str, value) -> str:
        """Return a value as people read it: the choice's words, never its key."""
        if value in (None, ""):
            return ""
        if isinstance(value, Decimal):
            return number_format(value, getattr(self.fields[name], "decimal_places", None))
        choices = getattr(self.fields[name], "choices", None)
        key = getattr(value, "pk", value)
        if choices:
            return str({str(k): words for k, words in choices}.get(str(key), key))
        return str(_("yes") if value is True else _("no") if value is False else value)

    def as_seen_now(self) -> dict[str, str]:
        """Return what to send along by who has seen what is stored now."""
        return {self.add_prefix("seen"): self.now}


class SeenRowForm(SeenForm, WholeRowForm):
    """A form on a row that others may change meanwhile."""

    def redrawn(self) -> Self:
        """Return the form with the typed text and what is stored now, to be sent once more."""
        return type(self)(self.data.dict() | self.as_seen_now(), **self.made_for())

    def made_for(self) -> dict[str, Any]:
        """Return the arguments, but for the data, with which the form is made."""
        return {"instance": self.instance}


class VersionedForm(SeenRowForm):
    """A form on a ``Versioned`` row."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.version = self.instance.version

    @property
    def now(self) -> str:
        return str(self.version)

    def compared(self) -> list[str]:
        return list(self._meta.fields or ())

    def redrawn(self) -> Self:
        self.instance.refresh_from_db()  # validation has written the typed text into it
        return super().redrawn()


class Repeatable(SeenForm):
    """What a browser may send once more, not knowing whether it arrived.

    Who sends what is stored by now overwrites nothing: no conflict.
    """

    @property
    def conflict(self) -> bool:
        return super().conflict and not {*self.changed_data} <= {"seen"}
