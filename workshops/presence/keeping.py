"""Who keeps a municipality's legal texts, coat of arms and colour: staff of the whole site."""

from django.contrib.auth.models import AnonymousUser

from workshops.models import User

_KEPT = ("look", "legaltext")
_WAYS = ("view", "add", "change")


def keeps_presence(user: User | AnonymousUser) -> bool:
    """Say whether somebody sees these in the admin. At most 2 queries, none for others."""
    return user.is_staff and any(
        user.has_perm(f"workshops.{way}_{kept}") for kept in _KEPT for way in _WAYS
    )
