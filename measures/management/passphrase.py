"""The passphrase of a file: asked for, or from the environment; never an argument.

What stands in a command line is read by everybody who lists the processes, and stays in the shell's
history.
"""

import os
import sys
from getpass import getpass

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from workshops.locked import SHORTEST, is_long_enough

VARIABLE = "TRANSFER_PASSPHRASE"


def known() -> str:
    """Return the passphrase of a file that is there."""
    return os.environ.get(VARIABLE) or _asked(_("Passphrase of the file: "))


def chosen() -> str:
    """Return one for a new file: typed twice, and long enough."""
    passphrase = os.environ.get(VARIABLE)
    if passphrase is None:
        passphrase = _asked(_("A passphrase for the file: "))
        if _asked(_("Once more: ")) != passphrase:
            raise CommandError(_("Both passphrases are not the same; no file was written."))
    if not is_long_enough(passphrase):
        text = _("The passphrase needs at least %(n)d letters; no file was written.")
        raise CommandError(text % {"n": SHORTEST})
    return passphrase


def _asked(question: str) -> str:
    if not sys.stdin.isatty():
        text = _("The passphrase is asked for at a terminal, or stands in %(name)s.")
        raise CommandError(text % {"name": VARIABLE})
    return getpass(question)
