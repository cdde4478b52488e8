"""``manage.py demo``: an invented workshop to look at and one to try, with an account per role."""

from collections.abc import Collection, Iterable

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from measures.demo import content
from measures.demo.build import build_demo
from measures.demo.logins import ensure_accounts
from workshops.models import Workshop


class Command(BaseCommand):
    help = "Builds the invented example workshops and one account per role; never in production."

    def add_arguments(self, parser):
        parser.add_argument("--password", help="for all demo accounts, also existing ones")
        parser.add_argument("--empty", action="store_true", help="without any ratings")
        parser.add_argument(
            "--address", default="http://localhost:8000", help="base of the printed addresses"
        )

    def handle(self, *, password: str | None, empty: bool, address: str, **options):
        if not settings.DEBUG:
            raise CommandError(
                _("The demo has publicly known log-ins. It refuses to run unless DEBUG is true.")
            )
        if password is not None and not password.strip():
            raise CommandError(_("The password must not be empty."))
        before = Workshop.objects.count()
        with transaction.atomic():
            new_accounts = ensure_accounts(password)
            workshops = build_demo(with_ratings=not empty)
        is_new = bool(new_accounts) or Workshop.objects.count() > before
        done = (
            _("The example has been built. Everything in it is invented.")
            if is_new
            else _("The example is there already; its data was not changed.")
        )
        lines = [done, "", *_addresses(workshops, address.rstrip("/"))]
        self.stdout.write("\n".join([*lines, "", *_log_ins(new_accounts, password)]))


def _addresses(workshops: Iterable[Workshop], address: str) -> list[str]:
    return [
        _("Addresses"),
        *(f"  {address}/workshops/{workshop.pk}/  {workshop.title}" for workshop in workshops),
        f"  {address}/admin/",
    ]


def _log_ins(new_accounts: Collection[str], password: str | None) -> list[str]:
    width = max(len(email) for email, _name, _role in content.ACCOUNTS)
    return [
        _("Log-ins"),
        *(
            f"  {email:<{width}}  {_password_of(email, new_accounts, password)}"
            for email, _name, _role in content.ACCOUNTS
        ),
    ]


def _password_of(email: str, new_accounts: Collection[str], password: str | None) -> str:
    if password:
        return password
    if email in new_accounts:
        return content.DEFAULT_PASSWORD
    return _("unchanged (at first %(password)s, new with --password)") % {
        "password": content.DEFAULT_PASSWORD
    }
