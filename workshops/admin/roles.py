"""The rules of ``workshops.roles`` for memberships, on whichever page of the admin they stand."""

from collections.abc import Iterable, Iterator, Mapping

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext

from workshops import roles
from workshops.access import sender
from workshops.admin.base import RowForm, RowsInline
from workshops.models import Membership, User, Workshop, line_up

Owner = tuple[int | None, int | None, str]
"""Workshop, account and role: what one membership says; a new row has no id yet."""


class Step:
    """What one form does: who had which role before, and who has it afterwards (None: nobody)."""

    def __init__(self, form: forms.ModelForm, *, removes: bool = False) -> None:
        self.before = Membership.objects.filter(pk=form.instance.pk).first()
        self.old: Owner | None = _said(self.before, {}) if self.before else None
        self.new: Owner | None = None if removes else _said(form.instance, form.cleaned_data)

    @property
    def workshops(self) -> set[int]:
        return {said[0] for said in (self.old, self.new) if said and said[0]}


def _said(row: Membership, typed: dict) -> Owner:
    """Return what a row says once ``typed`` is stored in it."""
    workshop, user = (
        getattr(typed.get(name), "pk", None) or getattr(row, f"{name}_id")
        for name in ("workshop", "user")
    )
    return workshop, user, typed.get("role") or row.role


def refused(steps: Iterable[Step], by: User) -> list[str]:
    """Return why ``by`` may not do this. Lines up with all who write in these workshops."""
    steps = [step for step in steps if step.old != step.new]
    wanted = sorted({pk for step in steps for pk in step.workshops})
    for pk in wanted:  # in one order, or two pages could wait for each other
        line_up(pk)
    workshops = Workshop.objects.in_bulk(wanted)
    named: set[int] = set()
    found = [why for step in steps for why in _reasons(step, workshops, by, named)]
    return list(dict.fromkeys(found))


def _reasons(
    step: Step, workshops: Mapping[int | None, Workshop], by: User, named: set
) -> Iterator[str]:
    """Yield what is wrong with one step; ``named`` are the workshops given an administration."""
    if step.old and not roles.site_takes(workshops[step.old[0]], step.old[2]):
        yield roles.not_here()
    if step.new is None or step.new[0] not in workshops:
        return
    workshop, role = workshops[step.new[0]], step.new[2]
    if step.new[1] == by.pk:
        yield roles.not_oneself()
    is_second = role in roles.BOUND and workshop.has_record and workshop.pk in named
    if is_second or not roles.site_gives(workshop, role):
        yield roles.not_here()
    elif role in roles.BOUND:
        named.add(workshop.pk)


class MembershipForm(RowForm):
    """The form of one membership by itself. ``by``, set by its admin, is who sends it."""

    by: User

    def clean(self):
        data = super().clean()
        if not self.errors and (reasons := refused([Step(self)], self.by)):
            raise ValidationError(reasons)
        return data


class MembershipFormSet(BaseInlineFormSet):
    """Memberships on another row's page; they are judged together, after each by itself."""

    by: User

    def clean(self):
        super().clean()
        if reasons := refused(self._steps(), self.by):
            raise ValidationError(reasons)

    def _steps(self) -> Iterator[Step]:
        """Yield what is stored once this is sent: Django removes rows whatever else is typed."""
        for form in self.forms:
            # Django's own, which the stubs leave out.
            removes = self._should_delete_form(form)  # type: ignore[attr-defined]
            if form.has_changed() and (removes or not form.errors):
                yield Step(form, removes=removes)


class MembershipsInline(RowsInline):
    model = Membership
    formset = MembershipFormSet

    def get_formset(self, request: HttpRequest, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        if issubclass(formset, MembershipFormSet):
            formset.by = sender(request)
        return formset


def why_not_deleted(memberships: Iterable[Membership]) -> list[str]:
    """Say in sentences which of these rows are not deleted here; empty if all may be."""
    told = gettext("“%(membership)s” stays in the workshop “%(workshop)s”: %(reason)s")
    return [
        told % {"membership": row, "workshop": row.workshop, "reason": roles.not_here()}
        for row in memberships
        if not roles.site_takes(row.workshop, row.role)
    ]
