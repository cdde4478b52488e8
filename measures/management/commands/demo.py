"""``manage.py demo``: an invented workshop to look at and one to try, with an account per role."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from measures.demo import content
from measures.demo.build import Demo, build_demo


class Command(BaseCommand):
    help = "Builds the invented example workshops and one account per role; never in production."

    def add_arguments(self, parser):
        parser.add_argument("--password", help="for all demo accounts, also existing ones")
        parser.add_argument("--empty", action="store_true", help="without any ratings")
        parser.add_argument(
            "--address", default="http://localhost:8000", help="base of the printed addresses"
        )

    def handle(self, *, password, empty, address, **options):
        if not settings.DEBUG:
            raise CommandError(
                _("The demo has publicly known log-ins. It refuses to run unless DEBUG is true.")
            )
        if password is not None and not password.strip():
            raise CommandError(_("The password must not be empty."))
        with transaction.atomic():
            demo = build_demo(password=password, with_ratings=not empty)
        self.stdout.write("\n".join(report(demo, password, address.rstrip("/"))))


def report(demo: Demo, password: str | None, address: str) -> list[str]:
    """Return the lines to print: what was done, the addresses, the log-ins."""
    changed = demo.created_workshops or demo.created_accounts
    width = max(len(email) for email, _name, _role in content.ACCOUNTS)
    return [
        _("The example has been built. Everything in it is invented.")
        if changed
        else _("The example is there already; its data was not changed."),
        "",
        _("Addresses"),
        *(f"  {address}/workshops/{workshop.pk}/  {workshop.title}" for workshop in demo.workshops),
        f"  {address}/admin/",
        "",
        _("Log-ins"),
        *(
            f"  {email:<{width}}  {_password_of(email, demo, password)}"
            for email, _name, _role in content.ACCOUNTS
        ),
    ]


def _password_of(email: str, demo: Demo, password: str | None) -> str:
    if password:
        return password
    if email in demo.created_accounts:
        return content.DEFAULT_PASSWORD
    return _("unchanged (at first %(password)s, new with --password)") % {
        "password": content.DEFAULT_PASSWORD
    }
