"""One account for each role of the example, and one for Django's admin."""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission

from measures.demo import content
from workshops.models import User


def ensure_accounts(password: str | None) -> frozenset[str]:
    """Create the missing accounts, return their addresses; ``password`` is set for all of them."""
    wanted = {email for email, _name, _role in content.ACCOUNTS}
    existing = set(User.objects.filter(email__in=wanted).values_list("email", flat=True))
    missing = wanted - existing
    if password or missing:
        # One hash for all: they share the password openly, and hashing is the slow part.
        encoded = make_password(password or content.DEFAULT_PASSWORD)
    if password:
        User.objects.filter(email__in=existing).update(password=encoded)
    for email, name, _role in content.ACCOUNTS:
        if email in missing:
            _create(email, name, encoded)
    return frozenset(missing)


def _create(email: str, name: str, encoded: str) -> None:
    is_admin = email == content.ADMIN
    user = User.objects.create(
        email=email, name=name, password=encoded, is_staff=is_admin, is_superuser=is_admin
    )
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if email == content.FACILITATOR:
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label="workshops", codename="add_workshop")
        )
