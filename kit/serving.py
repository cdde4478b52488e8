"""One day's server: prepare the data, serve the room, make backups, end cleanly."""

import argparse
import getpass
import hashlib
import io
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from time import monotonic

from dev_install import ROOT, Stop, end, say
from kit import backups
from kit.place import DATA, PASSPHRASE, read_secrets, settings_of, url_of

UNTIDY = "Alte Sicherungen ließen sich nicht löschen / old backups could not be removed"
LOOK = 10  # seconds between two looks at whether a rating was closed


def serve(options: argparse.Namespace, passphrase: str, *, is_new: bool) -> int:
    """Serve the room until Ctrl+C; return the exit status."""
    _start_django(options, read_secrets(options.data))
    from django.core.management import call_command

    say("Datenbank und Dateien werden vorbereitet / preparing database and files")
    call_command("migrate", verbosity=0)
    os.chmod(options.data / DATA, 0o600)
    _collect()
    if account := _account(options):
        say(account)
    say(_told(options, passphrase if is_new else None))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))  # the terminal's window was closed
    server = subprocess.Popen(_server(options), cwd=ROOT, start_new_session=True)
    try:
        return _watch(server, options, passphrase)
    except KeyboardInterrupt:
        return 0
    finally:
        with suppress(OSError):  # the window may be gone, the server must not stay
            say("Der Raum wird geschlossen / closing the room")
        end(server)
        _back_up(options, passphrase)
        say(f"Die Daten bleiben in {options.data} / the data stay there")


def restore(options: argparse.Namespace, secrets: Mapping[str, str]) -> None:
    """Begin with a backup; ``secrets`` are used for nothing that is stored. Raises Stop."""
    _start_django(options, secrets)
    from workshops.locked import NotOpened

    passphrase = os.environ.get(PASSPHRASE) or getpass.getpass("Kennwortsatz / passphrase: ")
    try:
        backups.restore(options.restore, options.data, passphrase)
    except NotOpened as error:
        raise Stop(str(error), "The backup could not be opened.") from None
    except FileExistsError as error:
        raise Stop(
            f"Dort sind schon Daten: {error}. Bitte zuerst woandershin legen.",
            f"There are data already: {error}. Please move them away first.",
        ) from None


def _start_django(options: argparse.Namespace, secrets: Mapping[str, str]) -> None:
    import django

    settings = {"DJANGO_SETTINGS_MODULE": "bingen_strategy.settings"}
    os.environ.update(settings_of(options, secrets) | settings)
    django.setup()


def _collect() -> None:
    """Collect and compress style sheets, scripts and pictures, unless they are as they were.

    Whoever starts again in the middle of a day has a room waiting.
    """
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.STATIC_ROOT) / "collected.txt"
    paths = (ROOT / "requirements.txt", *sorted((ROOT / "static").rglob("*")))
    state = hashlib.sha256()
    for path in (each for each in paths if each.is_file()):
        about = path.stat()
        state.update(f"{path.relative_to(ROOT)} {about.st_size} {about.st_mtime_ns}\n".encode())
    if stamp.exists() and stamp.read_text("utf-8") == state.hexdigest():
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(state.hexdigest(), "utf-8")


def _server(options: argparse.Namespace) -> list[str]:
    """Return the command of the production server; its children end within what ``end`` waits."""
    place = f"{options.address}:{options.port}"
    command = [sys.executable, "-m", "gunicorn", "bingen_strategy.wsgi", "--bind", place]
    command += ["--workers", "2", "--threads", "8", "--keep-alive", "75", "--graceful-timeout", "4"]
    command += ["--log-level", "warning"]
    if options.certificate:
        command += ["--certfile", str(options.certificate), "--keyfile", str(options.key)]
    return command


# While it serves --------------------------------------------------------------------------------


def _watch(server: subprocess.Popen, options: argparse.Namespace, passphrase: str) -> int:
    """Make backups and remove those that may not stay. Raises Stop where the server ends."""
    due = monotonic()
    while True:
        if monotonic() >= due:
            _back_up(options, passphrase)
            due = monotonic() + backups.EVERY
        _told_if_it_fails(UNTIDY, lambda: _tidy(options))
        try:
            status = server.wait(LOOK)
        except subprocess.TimeoutExpired:
            continue
        raise Stop(
            f"Der Server hat sich beendet (Status {status}).", f"The server ended ({status})."
        )


def _back_up(options: argparse.Namespace, passphrase: str) -> None:
    def make() -> None:
        now = datetime.now().astimezone()
        backups.back_up(options.data, options.backups, passphrase, now=now)

    _told_if_it_fails("Die Sicherung ist misslungen / the backup failed", make)


def _tidy(options: argparse.Namespace) -> None:
    """Erase the traces of what was closed, if that was put off, and what backups tell of it."""
    from measures.rating.traces import AT_ONCE_BYTES, AT_ONCE_SECONDS
    from measures.rating.traces.pending import erase_pending

    erase_pending(seconds=AT_ONCE_SECONDS, at_most=AT_ONCE_BYTES)
    stage = backups.stage_of(options.data / DATA)
    if gone := backups.clear(options.backups, stage):
        say(f"Sicherungen aus der Bewertung gelöscht / backups of the rating removed: {gone}")


def _told_if_it_fails(told: str, act: Callable[[], None]) -> None:
    """A full disk or a stick that is gone must not end the room."""
    from django.db import DatabaseError

    try:
        act()
    except (OSError, DatabaseError, sqlite3.Error) as error:
        say(f"{told}: {error}")


# What people read -------------------------------------------------------------------------------


def _account(options: argparse.Namespace) -> str:
    """Make the facilitator's account, or give it a new password; return what is to be read once."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth.models import Permission

    from workshops.locked import made_passphrase
    from workshops.models import User

    email = options.facilitator or ("" if User.objects.exists() else _asked_email())
    if not email:
        return ""
    email = email.lower()  # as allauth looks for it
    password = made_passphrase()
    user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(email)
    user.set_password(password)
    user.save(update_fields=["password"])
    user.user_permissions.add(Permission.objects.get(codename="add_workshop"))
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    return (
        f"\nModeration / facilitator: {user.email}\n"
        f"Kennwort / password: {password}\n"
        "Es steht nur dieses Mal hier. / It is shown this once.\n"
    )


def _asked_email() -> str:
    if not sys.stdin.isatty():
        raise Stop(
            "Für den ersten Start fehlt --facilitator E-MAIL: das Konto der Moderation.",
            "The first start needs --facilitator E-MAIL: the facilitator's account.",
        )
    typed = ""
    while "@" not in typed:
        typed = input("E-Mail-Adresse der Moderation / the facilitator's e-mail: ").strip()
    return typed


def _told(options: argparse.Namespace, new_passphrase: str | None) -> str:
    """Return what whoever starts it should know: address, QR, and what this way cannot do."""
    url = url_of(options)
    parts = [
        qr(f"{url}/j/"),
        f"Telefone / phones:       {url}/j/",
        f"Moderation / facilitator: {url}/",
        "",
        ENCRYPTED if options.certificate else PLAIN,
        BACKED_UP.format(folder=options.backups),
        MAIL,
    ]
    if new_passphrase:
        parts += [SHOWN_ONCE.format(passphrase=new_passphrase)]
    return "\n".join([*parts, "Ende mit Strg+C / stop with Ctrl+C"])


def qr(text: str) -> str:
    """Return a QR code of half blocks, for a terminal; with the quiet margin that readers need."""
    import segno

    drawn = io.StringIO()
    segno.make(text, micro=False).terminal(drawn, compact=True)
    return drawn.getvalue()


PLAIN = """\
Ohne Zertifikat (http): nur in einem Netz, dem Sie trauen; wer dort mitliest, liest Eingaben und
Kennwörter. Fällt das Netz aus, warten Eingaben im Browser; neu laden lässt sich dann nichts.
Without a certificate (http): in a network that you trust only; whoever listens there reads entries
and passwords. When the network fails, entries wait in the browser, but no page can be loaded.
Mehr / more: docs/hall.md
"""
ENCRYPTED = """\
Mit Zertifikat (https). Geräte, die es nicht kennen, warnen oder kommen nicht hinein.
With a certificate (https). Devices that do not know it warn, or stay outside.
Mehr / more: docs/hall.md
"""
BACKED_UP = """\
Alle fünf Minuten eine verschlüsselte Sicherung nach {folder}
Zwei davon unterscheiden sich um einzelne Stimmen: Was während einer Bewertung gesichert wurde, wird
gelöscht, sobald sie geschlossen ist.
Every five minutes an encrypted backup goes there. Two of them differ by single votes: what was
backed up while people rated is removed once the rating is closed.
"""
MAIL = """\
E-Mails gehen nicht hinaus; sie stehen in diesem Fenster. / No mail is sent; it stands here.
"""
SHOWN_ONCE = """\
Kennwortsatz der Sicherungen, nur dieses Mal zu lesen / passphrase of the backups, shown this once:

    {passphrase}
"""
