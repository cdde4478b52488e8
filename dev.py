#!/usr/bin/env python3
"""Set up, run and test the Digital-Werkstatt with nothing but Python's standard library.

python3 dev.py run        from an empty machine to a running demo (--port, --empty; --hall: a room
                          served from this laptop without internet, see docs/hall.md)
python3 dev.py test       every check; with arguments only pytest: tests/measures -k rank
                          (--nightly: also what takes long)
python3 dev.py bench      measure speed (arguments go to tests/benchmarks/run.py; --hall: what
                          people wait for in a hall at work, see docs/operator.md; --large: pages
                          among ten thousand town halls, on PostgreSQL; --only-first-paint:
                          when a phone shows the first result, in Chromium)
python3 dev.py measure    count modules, functions, records, long lines (--against REVISION)
python3 dev.py assets     make static/made from static/vendor: parts of fonts, KERN's rules in use
python3 dev.py lock       resolve requirements*.in into requirements*.txt (--upgrade)
python3 dev.py translate  collect the German texts from the source and compile them

It parses on every Python 3, so that a too old one gets a sentence instead of a traceback.
"""

import argparse
import errno
import io
import os
import re
import secrets
import shutil
import signal
import socket
import sys
from pathlib import Path

from dev_install import (
    NO_SPACE,
    NOT_WRITABLE,
    PYTHON,
    ROOT,
    UNFINISHED,
    VENV,
    Stop,
    call,
    cause_of_os_error,
    create_venv,
    install,
    pip,
    say,
)

LOGINS = VENV / "demo-logins.txt"
# Letters, digits, - and _ only: nothing that django-environ would read as a reference.
SECRETS = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "SEAL_KEYS": lambda: f"{secrets.token_hex(4)}:{secrets.token_urlsafe(48)}",
}


def write_secrets(path: Path, made=SECRETS) -> None:
    """Put random secrets into a file, for our eyes only; keep those that are there."""
    old = path.read_text("utf-8") if path.exists() else ""
    missing = [n for n in made if not re.search(rf"^(?:export )?{n}=[\"']?[^\s\"']", old, re.M)]
    if not missing:
        return
    blank = rf"(export )?({'|'.join(missing)})="
    kept = [line for line in old.splitlines() if not re.match(blank, line)]
    text = "\n".join([*kept, *(f"{name}={made[name]()}" for name in missing), ""])
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(draft, path)


def run(arguments: list) -> int:
    """Install, migrate, load the demo into an empty database, serve."""
    if "--hall" in arguments:
        return hall([each for each in arguments if each != "--hall"])
    options = parse_run(arguments)
    check_port(options.port)
    install("requirements.txt")
    write_secrets(ROOT / ".env")
    environment = {
        **os.environ,
        "DEBUG": "true",
        "SIGNUP_OPEN": "true",
        "HTTPS": "false",
        "DJANGO_RUNSERVER_HIDE_WARNING": "true",
    }
    command = [str(PYTHON), str(ROOT / "dev.py"), "serve-inside", *arguments]
    return call(command, environment) if os.name == "nt" else become(command, environment)


def become(command: list, environment) -> int:
    """Go on as another program: one process, so that Ctrl+C reaches it."""
    os.chdir(str(ROOT))
    sys.stdout.flush()
    return os.execve(command[0], command, environment)


def hall(arguments: list) -> int:
    """Find out where to listen, install, and go on inside .venv."""
    from kit.choosing import address_of, parse_hall

    if os.name == "nt":
        raise Stop(
            "Der Koffer braucht Linux oder macOS, unter Windows das WSL.",
            "The offline kit needs Linux or macOS, on Windows the WSL.",
        )
    options = parse_hall(arguments)
    listen = [] if options.manage else ["--address", address_of(options)]
    if listen:
        check_port(options.port, listen[1])
    install("requirements.txt")
    command = [str(PYTHON), str(ROOT / "dev.py"), "hall-inside", *listen, *arguments]
    return become(command, {**os.environ})


def hall_inside(arguments: list) -> int:
    """Within .venv: restore or run a command if asked to, else serve the room."""
    from kit import place, serving
    from kit.choosing import parse_hall, without_restore
    from workshops.locked import made_passphrase

    options = parse_hall(arguments)
    if options.manage:
        environment = {
            **os.environ,
            **place.settings_of(options, place.known_secrets(options.data)),
        }
        return become([sys.executable, str(ROOT / "manage.py"), *options.manage], environment)
    if options.restore:
        serving.restore(options, {name: make() for name, make in SECRETS.items()})
        rest = without_restore(arguments)
        return become([sys.executable, str(ROOT / "dev.py"), "hall-inside", *rest], {**os.environ})
    place.make_folder(options.data)
    is_new = place.PASSPHRASE not in place.read_secrets(options.data)
    made = {**SECRETS, place.PASSPHRASE: made_passphrase}
    write_secrets(options.data / place.SECRETS, made)
    passphrase = place.read_secrets(options.data)[place.PASSPHRASE]
    return serving.serve(options, passphrase, is_new=is_new)


def parse_run(arguments: list) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py run")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--empty", action="store_true", help="keine Demodaten / no demo data")
    return parser.parse_args(arguments)


def check_port(port: int, address: str = "127.0.0.1") -> None:
    """Stop with a sentence if we may not listen there; better now than after the install."""
    other = f"python3 dev.py run --port {8001 if port == 8000 else 8000}"
    try:
        with socket.socket() as probe:
            if os.name != "nt":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
            probe.listen()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Stop(
                f"Port {port} ist belegt; ein anderer geht so: {other}",
                f"Port {port} is in use; choose another: {other}",
            ) from None
        if error.errno == errno.EADDRNOTAVAIL:
            raise Stop(
                f"Dieser Laptop hat die Adresse {address} nicht.",
                f"This laptop does not have the address {address}.",
            ) from None
        raise Stop(
            f"Port {port} ist nicht erlaubt; ein anderer geht so: {other}",
            f"Port {port} is not allowed; choose another: {other}",
        ) from None
    except OverflowError:
        raise Stop(
            f"Port {port} gibt es nicht; möglich sind 1 bis 65535.",
            f"There is no port {port}; possible are 1 to 65535.",
        ) from None


def serve_inside(arguments: list) -> int:
    """Within .venv: one start of Django for migrating, the demo and the server."""
    options = parse_run(arguments)
    os.environ["DJANGO_SETTINGS_MODULE"] = "bingen_strategy.settings"
    try:
        import django
        from django.core.management import call_command

        django.setup()
        logins = prepare_database(options.empty, call_command)
    except OSError:
        raise
    except Exception as error:
        raise Stop(*cause_of_bad_start(error)) from None
    address = f"http://127.0.0.1:{options.port}"
    if logins:
        say(logins.replace("ADDRESS", address))
    say(f"{address}/  (Ende mit Strg+C / stop with Ctrl+C)")
    call_command("runserver", f"127.0.0.1:{options.port}", "--noreload", stdout=io.StringIO())
    return 0


def prepare_database(empty: bool, call_command) -> str:
    """Migrate; load the demo where nobody has an account yet; return what the demo printed."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Datenbank wird auf den neuen Stand gebracht / migrating the database")
        call_command("migrate", verbosity=0)
    if not get_user_model().objects.exists():
        printed = io.StringIO()
        if not empty:
            say("Demodaten werden geladen / loading the demo")
            call_command("demo", address="ADDRESS", stdout=printed)
        # Without "has been built", which would be wrong from the second start on.
        text = printed.getvalue()
        LOGINS.write_text(text.partition("\n\n")[2] or text, "utf-8")
    return LOGINS.read_text("utf-8") if LOGINS.exists() else ""


def cause_of_bad_start(error: Exception) -> tuple:
    text = (str(error).strip() or type(error).__name__).splitlines()[0]
    if "disk is full" in text:
        return NO_SPACE
    if "readonly database" in text or "unable to open database file" in text:
        return NOT_WRITABLE
    return (
        f"Der Start ist gescheitert ({type(error).__name__}): {text}",
        f"The start failed ({type(error).__name__}); details: {PYTHON} manage.py check --database "
        "default",
    )


def test(arguments: list) -> int:
    """Run every check, or only pytest on SQLite when there are arguments for it."""
    if "--nightly" in arguments:
        arguments = [each for each in arguments if each != "--nightly"]
        os.environ["NIGHTLY"] = "1"
    install("requirements-dev.txt")
    sys.path.insert(0, str(ROOT))
    from tests.suite import run_pytest_only, run_suite

    return run_pytest_only(PYTHON, arguments) if arguments else run_suite(PYTHON)


def bench(arguments: list) -> int:
    install("requirements-dev.txt")
    if "--hall" in arguments:  # starts a server of its own, which waits for its disk
        rest = [each for each in arguments if each != "--hall"]
        return call([str(PYTHON), "-m", "tests.benchmarks.hall", *rest])
    script = [str(PYTHON), "-m", "tests.benchmarks.run", *arguments]
    return call([str(PYTHON), "-m", "tests.postgres", *script])


def measure(arguments: list) -> int:
    install("requirements-dev.txt")
    return call([str(PYTHON), "-m", "tests.house", *arguments])


def assets(arguments: list) -> int:
    install("requirements-dev.txt")
    return call([str(PYTHON), "-m", "assets", *arguments])


def lock(arguments: list) -> int:
    """Resolve both lists for every platform; known pins stay unless --upgrade is given."""
    create_venv()
    uv = PYTHON.with_name("uv.exe" if os.name == "nt" else "uv")
    if not uv.exists():
        pip("install", "uv")
    UNFINISHED.unlink(missing_ok=True)
    resolve = "pip compile --quiet --universal --generate-hashes --python-version 3.11"
    header = ["--custom-compile-command", "python3 dev.py lock"]
    for name in ("requirements", "requirements-dev"):
        files = [f"{name}.in", "-o", f"{name}.txt"]
        if call([str(uv), *resolve.split(), *header, *files, *arguments]):
            raise Stop(f"{name}.in lässt sich nicht auflösen.", f"{name}.in cannot be resolved.")
    return 0


COMPILE = """
import pathlib, polib
for path in pathlib.Path().glob("locale*/**/*.po"):
    polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
"""


def translate(arguments: list) -> int:
    install("requirements-dev.txt")
    if not (shutil.which("xgettext") and shutil.which("msgmerge")):
        raise Stop(
            "Zum Sammeln der Texte fehlt GNU gettext; unter Debian hilft: apt install gettext",
            "GNU gettext is needed to collect the texts; on Debian: apt install gettext",
        )
    collect = "manage.py makemessages -l de --no-location --no-wrap --no-obsolete"
    ignored = [f"--ignore={name}" for name in (".venv", "tests", "docs", "dev.py")]
    made = {name: make() for name, make in SECRETS.items()}  # nothing is stored with them
    environment = {**os.environ, **made, "DEBUG": "false"}
    status = call([str(PYTHON), *collect.split(), *ignored, *arguments], environment)
    return status or call([str(PYTHON), "-c", COMPILE])


COMMANDS = {
    "run": run,
    "test": test,
    "bench": bench,
    "measure": measure,
    "assets": assets,
    "lock": lock,
    "translate": translate,
    "serve-inside": serve_inside,
    "hall-inside": hall_inside,
}


def main(arguments: list) -> int:
    if not arguments or arguments[0] not in COMMANDS:
        say(__doc__.strip())
        return 0 if arguments[:1] in ([], ["-h"], ["--help"]) else 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's "&" had it ignored
    try:
        return COMMANDS[arguments[0]](arguments[1:])
    except Stop as stop:
        print(stop, file=sys.stderr)
    except OSError as error:
        print(Stop(*cause_of_os_error(error)), file=sys.stderr)
    except KeyboardInterrupt:
        return 0 if arguments[0] in ("run", "serve-inside", "hall-inside") else 130
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
