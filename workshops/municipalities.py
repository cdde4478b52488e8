"""Names of municipalities for who is about to name one: all of a few, or those that fit."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser

from workshops.access import may_create_workshops
from workshops.collation import sort_key
from workshops.models import Municipality, Role, User
from workshops.plain_text import name_key

FEW = 100  # names that a page may carry; Germany has some eleven thousand
SUGGESTED = 20
NAMING = (Role.FACILITATOR, Role.ADMINISTRATION)


def all_municipalities() -> list[str] | None:
    """Return the names in their order, None where there are more than a few. 1 query."""
    found = list(Municipality.objects.order_by()[: FEW + 1])
    return None if len(found) > FEW else _in_order(found)


def municipalities_like(typed: str) -> list[str]:
    """Return the first names that begin so, capitals and white space aside. 1 query."""
    key = name_key(typed)
    fitting = Municipality.objects.filter(name_key__startswith=key).order_by("name_key", "pk")
    return _in_order(fitting[:SUGGESTED]) if key else []


def may_name(user: User | AnonymousUser) -> bool:
    """Say whether somebody creates workshops or edits one. At most 3 queries."""
    return user.is_authenticated and (
        may_create_workshops(user) or user.memberships.filter(role__in=NAMING).exists()
    )


def _in_order(found: Iterable[Municipality]) -> list[str]:
    return sorted(map(str, found), key=sort_key)
