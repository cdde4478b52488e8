"""A pasted list of people: planned line by line, then everybody is added or nobody."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
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
from workshops.models import Membership, Participant, User, Workshop
from workshops.people_reading import Person, read_people
from workshops.visits import Visit

MOST_PEOPLE = 200
MOST_CHARACTERS = 40_000
PARTICIPANT = RoleAndGroupForm.PARTICIPANT


class PeopleListForm(RoleAndGroupForm):
    """A list of people, and what all of them are added to where their line does not say so.

    ``people`` says what would happen with each; it is empty where the list could not be read.
    """

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
    people: Sequence[Person] = ()

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if {"text", "role", "group"} <= data.keys():
            groups = self.visit.workshop.groups.values_list("name", flat=True)
            people = read_people(data["text"], groups)
            complaint = _wrong_number(people)
            if not complaint:
                self.people = planned(people, self.visit, data["role"], str(data["group"] or ""))
                complaint = _to_correct(self.people)
            if complaint:
                self.add_error("text", complaint)
        return data


def _wrong_number(people: Sequence[Person]) -> str:
    """Say that nobody is on a list or too many are, "" where it can be planned."""
    count = sum(not person.problem for person in people)
    if count > MOST_PEOPLE:
        text = _("At most %(most)d people can be added at once; these are %(count)d.")
        return text % {"most": MOST_PEOPLE, "count": count}
    return "" if people else _("Nobody is on the list yet.")


def _to_correct(people: Sequence[Person]) -> str:
    """Say how many lines hold a problem, "" where none does."""
    count = sum(bool(person.problem) for person in people)
    text = ngettext(
        "%(count)d line must be corrected first, see below.",
        "%(count)d lines must be corrected first, see below.",
        count,
    )
    return text % {"count": count} if count else ""


# Planned -----------------------------------------------------------------------------------------


def planned(people: Sequence[Person], visit: Visit, role: str, group: str) -> list[Person]:
    """Say what would happen with each person. 2 queries, however many they are.

    ``group`` is for participants whose line names none.
    """
    accounts = accounts_of(person.email for person in people)
    there = _there(visit.workshop, role, accounts.values())
    firsts: dict[str, Person] = {}
    plan = []
    for person in people:
        if not person.problem:
            account = accounts.get(person.email.casefold())
            is_there = account is not None and account.pk in there
            named = (person.group or group) if role == PARTICIPANT else ""
            person = replace(person, group=named, is_there=is_there)
            first = firsts.setdefault(person.email.casefold(), person)
            twin = 0 if first is person else first.line
            problem = _oneself(person, visit, role, account) or _other_group(person, first)
            person = replace(person, twin=twin, problem=problem)
        plan.append(person)
    return plan


def _there(workshop: Workshop, role: str, accounts: Collection[User]) -> set[int | None]:
    """Return the ids of the accounts that are here already in the chosen way."""
    rows: QuerySet = workshop.participants.all()
    if role != PARTICIPANT:
        rows = workshop.memberships.filter(role=role)
    return {*rows.filter(user__in=accounts).values_list("user", flat=True)}


def _oneself(person: Person, visit: Visit, role: str, account: User | None) -> str:
    is_role = role != PARTICIPANT  # everybody may take part
    is_mine = is_role and roles.is_oneself(visit.person, person.email, account)
    return roles.not_oneself() if is_mine else ""


def _other_group(person: Person, first: Person) -> str:
    if first.group == person.group:
        return ""
    text = _("The same address stands in line %(line)d with another group.")
    return text % {"line": first.line}


def seen_of(people: Sequence[Person], role: str) -> str:
    """Return the text that stands for a plan in the form that confirms it."""
    content = [(each.email, each.name, each.group, each.is_new) for each in people]
    return sha256(repr((role, content)).encode()).hexdigest()[:32]


# Stored ------------------------------------------------------------------------------------------


def add(people: Sequence[Person], workshop: Workshop, role: str) -> list[User]:
    """Add everybody and return their accounts.

    7 queries, however many they are; SQLite takes long lists in parts.
    """
    try:
        return _store(people, workshop, role)
    except IntegrityError:  # another workshop opened one of the accounts at the same moment
        return _store(people, workshop, role)


@transaction.atomic
def _store(people: Sequence[Person], workshop: Workshop, role: str) -> list[User]:
    accounts = accounts_of(person.email for person in people)
    accounts |= _opened([each for each in people if each.email.casefold() not in accounts])
    pairs = [(person, accounts[person.email.casefold()]) for person in people]
    if role == PARTICIPANT:
        groups = dict(workshop.groups.values_list("name", "pk"))
        Participant.objects.bulk_create(
            Participant(
                workshop=workshop,
                user=user,
                name=person.name or user.name,
                group_id=groups.get(person.group),
            )
            for person, user in pairs
        )
    else:
        rows = [Membership(workshop=workshop, role=role, user=user) for _person, user in pairs]
        bulk_create_with_history(rows, Membership)
    return [user for _person, user in pairs]


def _opened(people: Iterable[Person]) -> dict[str, User]:
    """Open accounts without passwords. In one order: two lists wait for each other in turn."""
    users = [User.objects.unsaved_user(person.email, name=person.name) for person in people]
    users.sort(key=lambda user: user.email.casefold())
    return {user.email.casefold(): user for user in User.objects.bulk_create(users)}


def accounts_of(emails: Iterable[str]) -> dict[str, User]:
    """Return the accounts by their addresses in small letters. 1 query.

    The database says which capitals are the same, as its constraint does.
    """
    keys = [Lower(Value(email)) for email in emails]
    rows = User.objects.alias(key=Lower("email")).filter(key__in=keys)
    return {user.email.casefold(): user for user in rows}
