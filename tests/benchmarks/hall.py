"""A hall on one workshop, on real gunicorn (2 workers × 8 threads) and a disk that is waited for.

    python3 dev.py bench --hall [--minutes 5] [--phones 200] [--only sqlite|postgresql]

is a day at people's pace, see hall_day.py.

    python3 dev.py bench --hall --full-speed [--against REVISION] [--seconds 8] [--turns 2]

tells saves a second, their cost, and what they wait for: each phone sends its next request when the
last one is answered. Two revisions are measured in turns (A B A B) on databases of their own,
because figures of two runs say nothing about each other. What is told of the server is its
processor time, gunicorn's and PostgreSQL's: the load comes from this process, whose own time is
left out.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import psycopg

from tests import postgres

ROOT = Path(__file__).parents[2]
SITE = Path(__file__).with_name("hall_site")
MEASURES, SMALLEST_ROOM = 90, 3
TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 30  # seconds until a request counts as failed
FORM = "application/x-www-form-urlencoded"
ACTIVE = """
    SELECT coalesce(wait_event_type || ': ' || wait_event, 'none, computing')
    FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()
"""
ENVIRONMENT = {
    "SECRET_KEY": "only-for-measuring",
    "SEAL_KEYS": "only-tests:rV3nQ8xYbK2mTfWc7LhZs0dGpJ4uEaN9iXoR6vBqHyDkMtCw",
    "DEBUG": "false",
    "HTTPS": "false",
    "ALLOWED_HOSTS": "127.0.0.1",
    "EMAIL_URL": "consolemail://",
    "DEFAULT_FROM_EMAIL": "digital-werkstatt@example.org",
    "CONTACT_EMAIL": "kontakt@example.org",
    "OPERATOR": "Stadt Musterbach",
    "DJANGO_SETTINGS_MODULE": "hall_settings",
}


# The servers --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Server:
    """A running gunicorn with its database, and what the hall's phones send to it."""

    name: str
    port: int
    gunicorn: int
    postmaster: int | None
    database: str
    hall: dict

    def seconds(self) -> tuple[float, float]:
        """Return the processor time so far of gunicorn and of PostgreSQL."""
        web = sum(map(_seconds, [self.gunicorn, *_children(self.gunicorn)]))
        if self.postmaster is None:
            return web, 0.0
        return web, sum(map(_seconds, [self.postmaster, *_children(self.postmaster)]))


def _children(parent: int) -> list[int]:
    return [int(n) for n in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _seconds(pid: int) -> float:
    """Return the time that a process and those of its children that ended have used."""
    try:
        columns = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return sum(map(int, columns[11:15])) / TICKS


@contextmanager
def checkout(revision: str | None) -> Iterator[Path]:
    """Return the folder of a revision: this one, or a work tree that goes when it is left."""
    if revision is None:
        yield ROOT
        return
    with tempfile.TemporaryDirectory() as folder:
        git = ["git", "-C", str(ROOT), "worktree"]
        path = f"{folder}/{revision}"
        subprocess.run([*git, "add", "--detach", "-q", path, revision], check=True)
        try:
            yield Path(path)
        finally:
            subprocess.run([*git, "remove", "--force", path], check=True)


@contextmanager
def serving(
    name: str,
    folder: Path,
    url: str,
    phones: int,
    *,
    missing: int = 0,
    postmaster: int | None = None,
) -> Iterator[Server]:
    """Serve a hall of so many phones; ``missing``: each has rated all but 1 to so many measures."""
    paths = f"{folder}{os.pathsep}{SITE}"
    environment = {**os.environ, **ENVIRONMENT, "DATABASE_URL": url, "PYTHONPATH": paths}
    python = [sys.executable, "-P", "-Wignore"]

    def run(*arguments: str) -> str:
        command = [*python, *arguments]
        done = subprocess.run(
            command, cwd=folder, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    run("-m", "django", "migrate", "-v0")
    hall = json.loads(run("-m", "hall_fill", str(phones), str(MEASURES), str(missing)))
    port = _free_port()
    bind = ["--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    size = ["--workers", "2", "--threads", "8", "--keep-alive", "75"]
    gunicorn = [*python, "-m", "gunicorn", "bingen_strategy.wsgi", *size, *bind]
    process = subprocess.Popen(gunicorn, cwd=folder, env=environment)
    try:
        asyncio.run(_until_it_answers(port))
        yield Server(name, port, process.pid, postmaster, url, hall)
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


async def _until_it_answers(port: int) -> None:
    for _try in range(200):
        try:
            async with connection(port) as send:
                await send(get("/hello/"))
                return
        except OSError:
            await asyncio.sleep(0.1)
    raise RuntimeError("gunicorn did not start.")


# What phones send ---------------------------------------------------------------------------------

Send = Callable[[bytes], "asyncio.Future[tuple[int, dict[str, str], bytes]]"]


def get(path: str, cookie: str = "", **headers: str) -> bytes:
    return _request("GET", path, cookie, headers, b"")


def post(path: str, cookie: str, token: str, fields: str, **headers: str) -> bytes:
    more = {"X-CSRFToken": token, "Content-Type": FORM, **headers}
    return _request("POST", path, cookie, more, fields.encode())


def _request(method: str, path: str, cookie: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"Cookie: {cookie}"] if cookie else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@asynccontextmanager
async def connection(port: int) -> AsyncIterator[Send]:
    """Open a connection that stays; what it sends is answered with status, headers and body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def send(request: bytes) -> tuple[int, dict[str, str], bytes]:
        async with asyncio.timeout(PATIENCE):
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            pairs = (line.partition(":") for line in head[1:])
            headers = {name.lower(): value.strip() for name, _colon, value in pairs}
            size = int(headers.get("content-length", 0))
            body = await reader.readexactly(size) if size else b""
        return int(head[0].split()[1]), headers, body

    try:
        yield send
    finally:
        writer.close()


class Answer(NamedTuple):
    is_fine: bool
    headers: dict[str, str]
    body: bytes


class Device:
    """Whatever sends requests; each that fails is counted under its status."""

    def __init__(self, send: Send, errors: Counter):
        self.send, self.errors = send, errors

    async def ask(self, request: bytes, *fine: int) -> Answer:
        status, headers, body = await self.send(request)
        is_fine = status in (fine or (200, 204))
        if not is_fine:
            self.errors[status] += 1
        return Answer(is_fine, headers, body)


class Phone(Device):
    """One person of the hall."""

    def __init__(self, server: Server, number: int, send: Send, errors: Counter):
        super().__init__(send, errors)
        self.hall = server.hall
        self.random = random.Random(number)
        person = server.hall["phones"][number % len(server.hall["phones"])]
        self.cookie, self.ballot = person["cookie"], person["ballot"]
        self.base = f"/workshops/{server.hall['workshop']}"
        self.page = f"{self.base}/rate/{self._any()[1]}/"
        self.etag = ""

    def _any(self) -> tuple[int, int]:
        return self.random.choice(self.hall["measures"])

    def choice(self) -> tuple[int, int]:
        return self.random.randint(1, 5), self.random.randint(1, 5)

    async def save(self) -> bool:
        """Save a choice, as the page does by itself."""
        return await self.store(self._any()[1], self.choice())

    async def store(self, number: int, choice: tuple[int, int]) -> bool:
        page, fields = f"{self.base}/rate/{number}/", _fields(choice)
        sent = post(page, self.cookie, self.hall["token"], fields, HX_Request="true")
        return (await self.ask(sent)).is_fine

    async def go_on(self) -> None:
        """Save a choice and go on to the next measure, as a person does who presses the button."""
        fields, token = _fields(self.choice()), self.hall["token"]
        if self.page.endswith("/rate/"):  # all are rated: from the list to any
            self.page = f"{self.base}/rate/{self._any()[1]}/"
        fragment = post(self.page, self.cookie, token, fields, HX_Request="true")
        onward = (await self.ask(fragment)).body
        if not onward:  # before there was an answer that leads on, the form was sent once more
            sent = post(self.page, self.cookie, token, fields)
            led = await self.ask(sent, 302)
            led = await self.ask(get(led.headers["location"], self.cookie), 302)
            onward = led.headers["location"].encode()
        self.page = onward.decode()
        await self.ask(get(self.page, self.cookie))

    async def bare(self) -> None:
        place = f"{self.hall['workshop']}/{self.hall['round']}"
        path = f"/bare/{place}/{self.ballot}/{self._any()[0]}/"
        await self.ask(post(path, self.cookie, self.hall["token"], _fields(self.choice())))

    async def hello(self) -> None:
        await self.ask(get("/hello/", self.cookie))

    async def poll(self) -> None:
        headers = {"If_None_Match": self.etag} if self.etag else {}
        answer = await self.ask(get(self.hall["moment"], self.cookie, **headers), 200, 304)
        self.etag = answer.headers.get("etag", "")


def _fields(choice: tuple[int, int]) -> str:
    return "relevance={}&feasibility={}".format(*choice)


# Measuring ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """How often something was done in how many seconds, and what it cost."""

    count: int
    seconds: float
    web: float
    database: float
    errors: Counter
    waits: Counter
    facilitator: tuple[float, ...]  # milliseconds until open fields were stored meanwhile

    @property
    def each(self) -> float:
        """Milliseconds of processor for one."""
        return (self.web + self.database) / max(self.count, 1) * 1000

    @property
    def rate(self) -> float:
        return self.count / self.seconds


def measure(
    server: Server,
    what: str,
    *,
    phones: int,
    seconds: float,
    pause: float = 0,
    is_led: bool = False,
) -> Run:
    """Let phones do one thing again and again, ``pause`` seconds apart.

    ``is_led``: the facilitator opens fields meanwhile.
    """
    errors: Counter[int] = Counter()
    with sampling(server) as waits:
        before = server.seconds()
        begin = time.perf_counter()
        counts, led = asyncio.run(_load(server, what, phones, seconds, pause, is_led, errors))
        spent = time.perf_counter() - begin
        web, database = (b - a for a, b in zip(before, server.seconds(), strict=True))
    return Run(sum(counts), spent, web, database, errors, waits, tuple(led))


async def _load(
    server: Server,
    what: str,
    phones: int,
    seconds: float,
    pause: float,
    is_led: bool,
    errors: Counter,
) -> tuple[list[int], list[float]]:
    until = time.perf_counter() + seconds

    async def one(number: int) -> int:
        done = 0
        async with connection(server.port) as send:
            phone = Phone(server, number, send, errors)
            await asyncio.sleep(phone.random.random() * pause)
            while time.perf_counter() < until:
                await getattr(phone, what)()
                done += 1
                if pause:
                    await asyncio.sleep(pause)
        return done

    async def lead() -> list[float]:
        took = []
        for _time in range(3 if is_led else 0):
            await asyncio.sleep(seconds / 5)
            took.append(await _open_fields(server, errors))
        return took

    *counts, led = await asyncio.gather(*map(one, range(phones)), lead())
    return counts, led


async def _open_fields(server: Server, errors: Counter) -> float:
    hall = server.hall
    page = f"/workshops/{hall['workshop']}/rounds/1/fields/"
    fields = "&".join(f"field={pk}" for pk in hall["fields"])
    async with connection(server.port) as send:
        begin = time.perf_counter()
        status, *_rest = await send(post(page, hall["leader"], hall["token"], fields))
        errors[status] += status != 302
        return (time.perf_counter() - begin) * 1000


@contextmanager
def sampling(server: Server) -> Iterator[Counter]:
    """Count what PostgreSQL's sessions wait for, 20 times a second."""
    found: Counter[str] = Counter()
    if server.postmaster is None:
        yield found
        return
    ended = threading.Event()

    def look() -> None:
        with psycopg.connect(server.database, autocommit=True) as session:
            while not ended.wait(0.05):
                found.update(event for (event,) in session.execute(ACTIVE))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield found
    finally:
        ended.set()
        thread.join()


# The whole ----------------------------------------------------------------------------------------


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench --hall", description=__doc__.split("\n")[0])
    parser.add_argument("--phones", type=int, default=200)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--minutes", type=float, default=5, help="of the day at people's pace")
    parser.add_argument("--full-speed", action="store_true", help="what saves and questions cost")
    parser.add_argument("--against", metavar="REVISION", help="beside this one, at full speed")
    parser.add_argument("--seconds", type=float, default=8, help="of a turn at full speed")
    parser.add_argument("--turns", type=int, default=2, help="at full speed")
    options = parser.parse_args(arguments)
    if options.phones < SMALLEST_ROOM:
        parser.error(f"with fewer than {SMALLEST_ROOM} phones nothing is counted in front")
    from tests.benchmarks.hall_day import missing_for, show_day  # which builds on this module

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # servers and work trees go with it
    is_day = not (options.full_speed or options.against)
    seconds = 60 * options.minutes
    for engine in ("sqlite", "postgresql"):
        if options.only in (None, engine):
            with ExitStack() as stack:
                missing = missing_for(seconds) if is_day else 0
                servers = list(_servers(engine, options, missing, stack))
                if is_day:
                    show_day(engine, servers[-1], phones=options.phones, seconds=seconds)
                else:
                    measure_engine(engine, servers, options)
    return 0


def _servers(
    engine: str, options: argparse.Namespace, missing: int, stack: ExitStack
) -> Iterator[Server]:
    """Start this revision's server and, before it, that of the one it is compared with."""
    sides = {"before": options.against} if options.against else {}
    url, postmaster = "", None
    if engine == "postgresql":
        url = stack.enter_context(postgres.server(durable=True))
        folder = url.partition("host=")[2]
        postmaster = int(Path(f"{folder}/data/postmaster.pid").read_text().split()[0])
    data = stack.enter_context(tempfile.TemporaryDirectory())
    for name, revision in {**sides, "now": None}.items():
        folder = stack.enter_context(checkout(revision))
        own = f"sqlite:///{data}/{name}.sqlite3"
        if engine == "postgresql":
            with psycopg.connect(url, autocommit=True) as session:
                session.execute(f"CREATE DATABASE {name}")
            own = url.replace("/postgres?", f"/{name}?")
        served = serving(name, folder, own, options.phones, missing=missing, postmaster=postmaster)
        yield stack.enter_context(served)


def measure_engine(engine: str, servers: list[Server], options: argparse.Namespace) -> None:
    print(
        f"\n## {engine}, {options.phones} phones on one workshop, {MEASURES} measures\n", flush=True
    )
    now, size = servers[-1], {"phones": options.phones, "seconds": options.seconds}
    for _turn in range(options.turns):
        for server in servers:
            show(f"save, {server.name}", measure(server, "save", is_led=True, **size))
        show("bare upsert", measure(now, "bare", **size))
    for _turn in range(options.turns):
        for server in servers:
            show(f"go_on, {server.name}", measure(server, "go_on", **size))
    few = {"phones": 8, "seconds": options.seconds / 2}
    for _turn in range(options.turns):
        for what in ("hello", "poll"):
            show(f"{what}, 8 phones", measure(now, what, **few))
    listening = measure(now, "poll", phones=options.phones, seconds=options.seconds, pause=2)
    show("poll every 2 s", listening)
    share = (listening.web + listening.database) / listening.seconds
    print(f"\n{options.phones} phones that poll every 2 s take {share:.0%} of one core.")


def show(name: str, run: Run) -> None:
    print(
        f"{name:20} {run.rate:7.0f}/s   {run.each:6.2f} ms of processor each"
        f" (gunicorn {run.web / max(run.count, 1) * 1000:.2f},"
        f" database {run.database / max(run.count, 1) * 1000:.2f})"
        f"   errors {dict(+run.errors) or 0}",
        flush=True,
    )
    if run.facilitator:
        print(" " * 21 + f"open fields took {', '.join(f'{ms:.0f}' for ms in run.facilitator)} ms")
    if all_ := run.waits.total():
        top = ", ".join(f"{event} {n / all_:.0%}" for event, n in run.waits.most_common(6))
        print(" " * 21 + f"sessions at work waited for: {top}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
