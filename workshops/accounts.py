"""What allauth asks the project: may a stranger open an account, and where next."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        return settings.SIGNUP_OPEN

    def is_safe_url(self, url) -> bool:
        try:
            return super().is_safe_url(url)
        except ValueError:  # not an address at all, e.g. "//["
            return False


def signup_open(request) -> dict[str, bool]:
    """Context processor: the log-in invites only where an account can be opened."""
    return {"signup_open": settings.SIGNUP_OPEN}
