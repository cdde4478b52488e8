"""Sent twice, stored once: a double click, a reload, a browser that tries again."""

from typing import Any
from uuid import uuid4

from django import forms
from django.db import IntegrityError, models, transaction

from workshops.formkit import WholeRowForm


class StoredOnceForm(WholeRowForm):
    """A form that adds a row unless one with just this content is there.

    ``is_new`` tells, after ``save``, which of the two it was. Save in turn (``access.in_turn``): a
    double click waits there for the first one, where no constraint catches it.
    """

    is_new = True

    def save(self, commit: bool = True) -> Any:
        """Store the row, or return the stored one."""
        if known := self.find_stored():
            self.is_new = False
            return known
        return super().save(commit)

    def find_stored(self) -> models.Model | None:
        """Return the row that has this content."""
        return type(self.instance).objects.filter(**self._content(self.instance)).first()

    def _content(self, row: models.Model) -> dict:
        shown = {*self.owner, *(self._meta.fields or ())}
        columns = [each.attname for each in row._meta.concrete_fields if each.name in shown]
        return {column: getattr(row, column) for column in columns}


class ClientIdForm(StoredOnceForm):
    """A form that adds a row with a ``client_id``, which is made with the form and unique."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def save(self, commit: bool = True) -> Any:
        self.instance.client_id = self.cleaned_data["client_id"]
        try:
            with transaction.atomic():
                return super().save(commit)
        except IntegrityError:  # the same row, sent twice at the same moment
            self.is_new = False
            return self._with_this_id().get()

    def find_stored(self) -> models.Model | None:
        """Return the row with this id if it was stored with this content; another needs a new id.

        Since then somebody may have changed it: what is sent again is the same nevertheless. The
        browser's back button, though, brings a used id with another text.
        """
        known = self._with_this_id().first()
        if known is None:
            return None
        states = getattr(known, "history", None)
        first = states and states.order_by("history_date", "history_id").first()
        if self._content(first or known) == self._content(self.instance):
            return known
        self.instance.client_id = uuid4()
        return None

    def _with_this_id(self) -> models.QuerySet:
        return type(self.instance).objects.filter(client_id=self.instance.client_id)
