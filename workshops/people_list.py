"""A pasted list of people: planned line by line, then everybody is added or nobody."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from hashlib import sha256

from django import forms
from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from simple_history.utils import bulk_create_with_history

from workshops import roles
from workshops.forms import RoleAndGroupForm
from workshops.models import Membership, Participant, ParticipantGroup, User
from workshops.pasted import Entry, Misread, read

MOST_PEOPLE = 200
MOST_CHARACTERS = 40_000


@dataclass(frozen=True, slots=True)
class Planned:
    """What would happen with one person of the list.

    ``twin`` is the earlier line with the same address, 0 where there is none.
    """

    line: int
    email: str
    name: str
    group: ParticipantGroup | None
    is_there: bool
    twin: int = 0

    @property
    def is_new(self) -> bool:
        return not self.is_there and not self.twin


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list would do; it is carried out only where no line is ``misread``."""

    role: str
    people: list[Planned]
    misread: list[Misread]

    @property
    def new(self) -> list[Planned]:
        return [person for person in self.people if person.is_new]

    @property
    def unchanged(self) -> int:
        return len(self.people) - len(self.new)

    @property
    def seen(self) -> str:
        """The text that stands for the plan in the form that confirms it."""
        content = [
            (each.email, each.name, each.group and each.group.pk, each.is_new)
            for each in self.people
        ]
        return sha256(repr((self.role, content)).encode()).hexdigest()[:32]


class PeopleListForm(RoleAndGroupForm):
    """A list of people, and what all of them are added to where their line does not say so."""

    field_order = ("text", "role", "group")
    text = forms.CharField(
        label=gettext_lazy("List"),
        help_text=gettext_lazy(
            "One person per line: an address, “Anna Müller &lt;anna@…&gt;”, or columns copied from"
            " a table (name, address, group). All recipients of a mail can stand in one line."
        ),
        max_length=MOST_CHARACTERS,
        strip=False,  # lines are counted as they stand
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    plan: Plan | None = None

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if {"text", "role", "group"} <= data.keys():
            self.groups = {group.name: group for group in self.workshop.groups.all()}
            entries, misread = read(data["text"], self.groups)
            if len(entries) > MOST_PEOPLE:
                text = _("At most %(most)d people can be added at once; these are %(count)d.")
                told = {"most": MOST_PEOPLE, "count": len(entries)}
                self.add_error("text", text % told)
            elif not entries and not misread:
                self.add_error("text", _("Nobody is on the list yet."))
            else:
                self.plan = self._planned(entries, misread)
                self._refuse(self.plan.misread)
        return data

    def _planned(self, entries: list[Entry], misread: list[Misread]) -> Plan:
        """Say what would happen with each person. 2 queries, however many they are."""
        accounts = accounts_of(entry.email for entry in entries)
        there, firsts = self._there(accounts.values()), dict[str, Planned]()
        plan = Plan(self.cleaned_data["role"], [], [*misread])
        for entry in entries:
            account = accounts.get(entry.email.casefold())
            person = self._person(entry, is_there=account is not None and account.pk in there)
            first = firsts.setdefault(entry.email.casefold(), person)
            if reason := self._refused(person, first, account):
                plan.misread.append(Misread(entry.line, entry.email, reason))
            elif first is person:
                plan.people.append(person)
            else:
                plan.people.append(replace(person, twin=first.line))
        plan.misread.sort(key=lambda each: each.line)
        return plan

    def _there(self, accounts: Collection[User]) -> set[int | None]:
        """Return the ids of the accounts that are here already in the chosen way."""
        rows: QuerySet = self.workshop.participants.all()
        if self.chosen_role != self.PARTICIPANT:
            rows = self.workshop.memberships.filter(role=self.chosen_role)
        return {*rows.filter(user__in=accounts).values_list("user", flat=True)}

    def _person(self, entry: Entry, *, is_there: bool) -> Planned:
        group = None
        if self.chosen_role == self.PARTICIPANT:
            group = self.groups[entry.group] if entry.group else self.cleaned_data["group"]
        return Planned(entry.line, entry.email, entry.name, group, is_there=is_there)

    def _refused(self, person: Planned, first: Planned, account: User | None) -> str:
        """Say why somebody cannot be added, "" where nothing is in the way."""
        if self.gives_to_oneself(person.email, account):
            return roles.not_oneself()
        if first.group != person.group:
            text = _("The same address stands in line %(line)d with another group.")
            return text % {"line": first.line}
        return ""

    def _refuse(self, misread: list[Misread]) -> None:
        if misread:
            text = ngettext(
                "%(count)d line must be corrected first, see below.",
                "%(count)d lines must be corrected first, see below.",
                len(misread),
            )
            self.add_error("text", text % {"count": len(misread)})

    def add(self, people: list[Planned]) -> None:
        """Add everybody. 6 queries, however many they are; SQLite takes long lists in parts."""
        try:
            self._store(people)
        except IntegrityError:  # another workshop opened one of the accounts at the same moment
            self._store(people)

    @transaction.atomic
    def _store(self, people: list[Planned]) -> None:
        accounts = accounts_of(person.email for person in people)
        accounts |= _opened([each for each in people if each.email.casefold() not in accounts])
        pairs = [(person, accounts[person.email.casefold()]) for person in people]
        if self.chosen_role == self.PARTICIPANT:
            Participant.objects.bulk_create(
                Participant(
                    workshop=self.workshop,
                    user=user,
                    name=person.name or user.name,
                    group=person.group,
                )
                for person, user in pairs
            )
        else:
            given = {"workshop": self.workshop, "role": self.chosen_role}
            rows = [Membership(user=user, **given) for _person, user in pairs]
            bulk_create_with_history(rows, Membership)

    @property
    def chosen_role(self) -> str:
        return self.cleaned_data["role"]


def accounts_of(emails: Iterable[str]) -> dict[str, User]:
    """Return the accounts by their addresses in small letters. 1 query.

    The database says which capitals are the same, as its constraint does.
    """
    keys = [Lower(Value(email)) for email in emails]
    rows = User.objects.alias(key=Lower("email")).filter(key__in=keys)
    return {user.email.casefold(): user for user in rows}


def _opened(people: Iterable[Planned]) -> dict[str, User]:
    """Open accounts without passwords. In one order: two lists wait for each other in turn."""
    users = [User.objects.unsaved_user(person.email, name=person.name) for person in people]
    users.sort(key=lambda user: user.email.casefold())
    return {user.email.casefold(): user for user in User.objects.bulk_create(users)}
