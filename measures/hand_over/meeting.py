"""Whom and what an installation knows already: accounts and municipalities of a transfer file."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from measures.hand_over.readiness import Refused
from workshops.models import Municipality, User
from workshops.plain_text import name_key


def accounts(told: Iterable[Mapping[str, str]]) -> list[User]:
    """Return the account of each e-mail address; a missing one is made, without a password.

    Who has one keeps it as it is, name and password; no other right comes with the file.
    """
    return [_account(each["email"], each["name"]) for each in told]


def _account(email: str, name: str) -> User:
    found = User.objects.filter(email__iexact=email).first()
    return found or User.objects.create_user(email, name=name)


def municipalities(told: Iterable[Mapping[str, Any]]) -> list[Municipality]:
    """Return those meant, by their official keys or else their names; a missing one is made."""
    return [_known(each) or Municipality.objects.create(**each) for each in told]


def _known(told: Mapping[str, Any]) -> Municipality | None:
    key = told["official_key"]
    if key and (found := Municipality.objects.filter(official_key=key).first()):
        return found
    alike = Municipality.objects.filter(name_key=name_key(told["name"])).order_by("pk")
    if key:  # another key is another place of the same name
        alike = alike.filter(official_key=None)
    if len(alike) > 1:
        text = _(
            "There are several municipalities “%(name)s” here, and the file does not say which one"
            " is meant; please enter their official keys in both installations."
        )
        raise Refused(text % {"name": told["name"]})
    return alike.first()
