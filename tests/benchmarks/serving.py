"""The product on a port of its own, with a database of its own, for benchmarks in a browser."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import sleep
from typing import Any

from django.test import Client

from dev_install import ROOT, end
from tests.suite import SAFE

Server = tuple[Sequence[str], Mapping[str, str]]  # arguments of Python, and its environment
# As people get it, without a proxy.
PRODUCTION: Server = (
    ("-m", "gunicorn", "bingen_strategy.wsgi", "--threads", "8", "--log-level", "error", "-b"),
    {"DEBUG": "false"},
)


def apart(module: str) -> Any:
    """Run a module in a process with an empty database; return the JSON that it prints."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/benchmark.sqlite3"
        secrets = {"HTTPS": "false", "ALLOWED_HOSTS": "127.0.0.1", "DATABASE_URL": database}
        environment = {**os.environ, **SAFE, **secrets}
        command = [sys.executable, "-m", module]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
        return json.loads(done.stdout)


def migrated() -> None:
    """Start Django with the settings of the product and make its tables."""
    import django
    from django.core.management import call_command

    os.environ["DJANGO_SETTINGS_MODULE"] = "bingen_strategy.settings"
    django.setup()
    call_command("migrate", verbosity=0)


def cookies_of(client: Client) -> dict[str, str]:
    return {name: morsel.value for name, morsel in client.cookies.items()}


@contextmanager
def collected() -> Iterator[None]:
    """Collect the static files; take them away again unless somebody had collected them before."""
    folder, command = ROOT / "staticfiles", "manage.py collectstatic --noinput --verbosity 0"
    was_there = folder.exists()
    environment = {**os.environ, **SAFE}
    subprocess.run([sys.executable, *command.split()], cwd=ROOT, env=environment, check=True)
    try:
        yield
    finally:
        if not was_there:
            shutil.rmtree(folder)


@contextmanager
def served(server: Server) -> Iterator[str]:
    """Start a server and stop it; yields its address."""
    arguments, environment = server
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        place = "{}:{}".format(*probe.getsockname())
    process = subprocess.Popen(
        [sys.executable, *arguments, place],
        cwd=ROOT, env={**os.environ, **environment},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _time in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", int(place.partition(":")[2]))) == 0:
                    break
            sleep(0.1)
        yield f"http://{place}"
    finally:
        end(process)
