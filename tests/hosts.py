"""Two hosts behind nginx, as docs/several-hosts.md describes them: real programs, one database.

    with Hosts(folder, database, REPLICA_URL=…) as hosts:
        browser = Browser(hosts)
        browser.get("/", on="A")           # through nginx, to host A; without "on" to either

Each host is a copy of the program of its own, with gunicorn run as docs/operator.md says.
"""

import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import urlencode

from dev_install import end
from measures.results.unchanged import PROGRAM
from tests.suite import SAFE

ROOT = Path(__file__).parent.parent
NAME = "werkstatt.example.org"  # as in the guide
PATIENCE = 60  # seconds
EXAMPLE = re.search(
    r"```nginx\n(.*?)```", (ROOT / "docs/several-hosts.md").read_text("utf-8"), re.DOTALL
)[1]
GUNICORN = re.search(
    r"gunicorn (bingen_strategy.wsgi .*) --bind", (ROOT / "docs/operator.md").read_text("utf-8")
)[1].split()


class Unavailable(RuntimeError):
    """This cannot be tried here; the message says why."""


def program(*names: str) -> str:
    """Return where the first of these programs is that is installed. Raises Unavailable."""
    found = [path for name in names if (path := shutil.which(name, path=f"{os.defpath}:/usr/sbin"))]
    if not found:
        raise Unavailable(f"{' or '.join(names)} is not installed")
    return found[0]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def prepare(database: str) -> None:
    """Migrate the database and load the demo; its log-ins are those of docs and ``dev.py run``."""
    environment = _environment(database, DEBUG="true", HTTPS="false", CACHE_URL="", REPLICA_URL="")
    _manage(ROOT, environment, "migrate", "--verbosity", "0")
    _manage(ROOT, environment, "demo")


def _environment(database: str, **settings: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, **SAFE, "DATABASE_URL": database, **settings}


def _manage(folder: Path, environment: Mapping[str, str], *command: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=folder, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"manage.py {command[0]}: {done.stderr[-2000:]}")


# The shared cache -------------------------------------------------------------------------------


class Cache:
    """Valkey or Redis with a Unix socket."""

    def __init__(self, folder: Path) -> None:
        socket_path = folder / "cache.sock"
        self.url = f"unix://{socket_path}?db=0"
        options = f"--port 0 --unixsocket {socket_path} --save --appendonly no --dir {folder}"
        self._command = [program("valkey-server", "redis-server"), *options.split()]
        self._command.insert(self._command.index("--save") + 1, "")
        self._socket = socket_path
        self.start()

    def start(self) -> None:
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(self._command, stdout=quiet, stderr=quiet)
        _wait_for(self._socket.exists, "the cache")

    def stop(self) -> None:
        end(self._process)
        self._socket.unlink(missing_ok=True)

    def freeze(self) -> None:
        """Let it take what is sent and answer nothing."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def empty(self) -> None:
        self._client().flushall()

    def keys(self) -> int:
        return self._client().dbsize()

    def _client(self):
        from redis import Redis

        return Redis.from_url(self.url)


# The hosts --------------------------------------------------------------------------------------


class Host:
    """One copy of the program, and gunicorn that serves it."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder, self.port = folder, _free_port()
        self._environment = environment
        self._log = folder / "gunicorn.log"
        for name in PROGRAM:
            shutil.copytree(
                ROOT / name, folder / name, copy_function=shutil.copyfile,
                ignore=shutil.ignore_patterns("__pycache__"),
            )  # fmt: skip
        for name in ("manage.py", "requirements.txt"):
            shutil.copyfile(ROOT / name, folder / name)

    def manage(self, *command: str, **settings: str) -> None:
        _manage(self.folder, {**self._environment, **settings}, *command)

    def start(self) -> None:
        bind = ["--bind", f"127.0.0.1:{self.port}", "--no-control-socket"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", *GUNICORN, *bind],
                cwd=self.folder, env=self._environment, stdout=log, stderr=log,
            )  # fmt: skip

    def stop(self) -> None:
        self._process.send_signal(signal.SIGQUIT)  # it would wait for connections that nginx keeps
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        end(self._process)

    def log(self) -> str:
        return self._log.read_text("utf-8", "replace")


class Hosts:
    """Host A and host B behind nginx; ``ports`` lead through it to A, to B, or (None) to either."""

    def __init__(self, folder: Path, database: str, **settings: str) -> None:
        """``settings`` are those of both hosts besides the ones that the guide asks for."""
        self._folder = folder
        self._nginx, openssl = program("nginx"), program("openssl")
        environment = _environment(database, PYTHONPYCACHEPREFIX=str(folder / "compiled"))
        environment |= {"ALLOWED_HOSTS": NAME, "BEHIND_PROXY": "true", **settings}
        self.hosts = {name: Host(folder / name, environment) for name in "AB"}
        self.ports = {name: _free_port() for name in (None, "A", "B")}
        certificate = ["-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={NAME}"]
        files = ["-keyout", folder / "key.pem", "-out", folder / "fullchain.pem"]
        command = [openssl, "req", *certificate, *files]
        subprocess.run(command, check=True, capture_output=True)
        self._configuration = folder / "nginx.conf"
        self._configuration.write_text(self._nginx_settings(), "utf-8")

    def _nginx_settings(self) -> str:
        """Return the guide's example, and beside it a way to each host alone."""
        example = EXAMPLE.replace("/etc/ssl/werkstatt", str(self._folder))
        for address, host in zip(("10.0.0.11", "10.0.0.12"), self.hosts.values(), strict=True):
            example = example.replace(f"{address}:8000", f"127.0.0.1:{host.port}")
        hosts, _place, server = example.partition("server {\n    listen 443")
        parts = [hosts]
        for name, port in self.ports.items():
            one = f"server {{\n    listen 127.0.0.1:{port}{server}"
            if name:
                one = one.replace("//werkstatt;", f"//127.0.0.1:{self.hosts[name].port};")
            parts.append(one)
        temporary = "".join(
            f"{kind}_temp_path {self._folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;\n" if os.geteuid() == 0 else ""
        return (
            f"{user}daemon off;\npid {self._folder}/nginx.pid;\nerror_log {self._folder}/nginx.log;"
            f"\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{''.join(parts)}}}\n"
        )

    def __enter__(self) -> Self:
        with ExitStack() as started:
            for host in self.hosts.values():
                host.manage("collectstatic", "--noinput", "--verbosity", "0")
                host.start()
                started.callback(host.stop)
            quiet = subprocess.DEVNULL
            command = [self._nginx, "-c", self._configuration, "-p", self._folder]
            started.callback(end, subprocess.Popen(command, stdout=quiet, stderr=quiet))
            for name in self.hosts:
                _wait_for(lambda name=name: self._answers(name), f"host {name}")
            self._started = started.pop_all()
        return self

    def _answers(self, name: str) -> bool:
        try:
            return Browser(self).get("/imprint/", on=name).status == 200
        except OSError:
            return False

    def __exit__(self, *error: object) -> None:
        self._started.close()


def _wait_for(holds, what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} does not come")
        time.sleep(0.1)


# Browsers ---------------------------------------------------------------------------------------


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    text: str


class Browser:
    """Somebody's browser: it keeps cookies and sends the token of forms. It follows nothing."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts
        self.cookies: dict[str, str] = {}

    def get(self, path: str, *, on: str | None = None, **headers: str) -> Answer:
        return self._ask("GET", path, on, None, headers)

    def post(self, path: str, data: Mapping, *, on: str | None = None) -> Answer:
        data = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **data}
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, on, urlencode(data, doseq=True).encode(), form)

    def upload(self, path: str, content: str, *, on: str | None = None) -> Answer:
        """Send a file."""
        line = "----------------------------a-line"
        token = self.cookies["csrftoken"]
        body = (
            f'--{line}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}'
            f'\r\n--{line}\r\nContent-Disposition: form-data; name="file"; filename="liste.csv"\r\n'
            f"Content-Type: text/csv\r\n\r\n{content}\r\n--{line}--\r\n"
        ).encode()
        form = {"Content-Type": f"multipart/form-data; boundary={line}"}
        return self._ask("POST", path, on, body, form)

    def log_in(self, email: str, password: str, *, on: str | None = None, **more: str) -> Answer:
        self.get("/accounts/login/", on=on)
        return self.post("/accounts/login/", {"login": email, "password": password, **more}, on=on)

    def _ask(
        self, method: str, path: str, on: str | None, body: bytes | None, headers: Mapping
    ) -> Answer:
        own = {"Host": NAME, "Referer": f"https://{NAME}/", **headers}
        own = {name.replace("_", "-"): value for name, value in own.items()}
        if self.cookies:
            own["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        with _line(self._hosts.ports[on]) as line:
            line.request(method, path, body, own)
            answer = line.getresponse()
            text = answer.read().decode("utf-8", "replace")
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(answer.status, answer.headers, text)


@contextmanager
def _line(port: int) -> Iterator[http.client.HTTPSConnection]:
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    line = http.client.HTTPSConnection("127.0.0.1", port, timeout=PATIENCE, context=trusting)
    try:
        yield line
    finally:
        line.close()
