"""What fails: the server, its database, somebody's way, somebody's browser."""

import asyncio
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Protocol

from tests import postgres

ROOT = Path(__file__).parents[2]
GUNICORN = ("-m", "gunicorn", "bingen_strategy.wsgi", "--workers", "2", "--threads", "8")


class Program:
    """The product, as gunicorn serves it on a port of its own."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self._environment, self._log = environment, log
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        bind = ["--bind", f"127.0.0.1:{self.port}", "--log-level", "error"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-Wignore", *GUNICORN, *bind],
                cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    async def answers(self) -> None:
        """Wait until somebody listens."""
        for _time in range(600):
            with suppress(OSError):
                _reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                return
            await asyncio.sleep(0.1)
        raise TimeoutError(f"The server does not come: {self._log.read_text('utf-8')[-2000:]}")

    def kill(self) -> None:
        """End it at once with all its workers; no request is finished."""
        if self._process:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


class Store(Protocol):
    url: str

    async def fail(self, seconds: float) -> None:
        """Be away for so long, and come back."""


class File:
    """SQLite; it cannot be restarted, but somebody else can hold it."""

    def __init__(self, path: Path) -> None:
        self.url, self._path = f"sqlite:///{path}", path

    async def fail(self, seconds: float) -> None:
        with closing(sqlite3.connect(self._path, isolation_level=None, timeout=0)) as other:
            with suppress(sqlite3.OperationalError):  # somebody is just writing
                other.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(seconds)


class Cluster:
    """PostgreSQL, whose plug is pulled."""

    def __init__(self, server: postgres.Server) -> None:
        self.url, self._server = server.url, server

    async def fail(self, seconds: float) -> None:
        await asyncio.to_thread(self._server.stop)
        await asyncio.sleep(seconds)
        await asyncio.to_thread(self._server.start)
