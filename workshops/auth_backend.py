"""Who is signed in, without asking the database for an account that was just read."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from allauth.account.auth_backends import AuthenticationBackend

from workshops.models import User

_at_hand: ContextVar[User | None] = ContextVar("account_at_hand", default=None)


@contextmanager
def at_hand(person: User) -> Iterator[None]:
    """Let Django take this account, as the database has just said it, if it asks for that one."""
    token = _at_hand.set(person)
    try:
        yield
    finally:
        _at_hand.reset(token)


class Backend(AuthenticationBackend):
    """allauth's own; whether the account and the session are good is still Django's to say."""

    def get_user(self, user_id: int) -> User | None:
        person = _at_hand.get()
        if person is None or person.pk != user_id:
            return super().get_user(user_id)
        return person if self.user_can_authenticate(person) else None
