"""Every check of `python3 dev.py test`, and the summary. Standard library.

What is quick runs side by side, then one step after the other takes all cores. All steps run even
when one failed. A step that cannot run here says so loudly; where CI=true that counts as a failure.
"""

import os
import random
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dev_install import ROOT, VENV, end, say
from tests import chromium
from tests.nightly import NIGHTLY

# The product's settings as in production, without anybody's .env or database.
SAFE = {
    "SECRET_KEY": "6oUyIJkm2VdLm1d3GfTnQ0pX7rBzWcEaH5sLtNvYxKqPjRgDwM",
    "SEAL_KEYS": "only-tests:rV3nQ8xYbK2mTfWc7LhZs0dGpJ4uEaN9iXoR6vBqHyDkMtCw",
    "DEBUG": "false",
    "HTTPS": "true",
    "ALLOWED_HOSTS": "workshop.example.org",
    "DATABASE_URL": "sqlite://:memory:",
}
CLOSING_LINE = re.compile(r"^(=+ )?\d+ \w+.* in [\d.]+s\b")


class Step:
    """One headline, its commands and what became of them."""

    def __init__(
        self,
        title: str,
        *commands: list,
        env: dict | None = None,
        needs=None,
        is_quick: bool = False,
    ) -> None:
        self.title = title
        self.commands = commands
        self.env = env or {}
        self.needs = needs or (lambda: None)  # returns why the step cannot run, or None
        self.is_quick = is_quick  # takes one core for seconds, so others run beside it
        self.status = "NOT RUN"
        self.reason = None
        self.seconds = 0.0
        self.closing_lines: list[str] = []
        self.slowest_files: list[str] = []

    def run(self) -> None:
        """Run it and show its output, at once or, where others run beside it, at its end."""
        shown: list[bytes] = []
        if not self.is_quick:
            say(f"\n=== {self.title}")
        started = time.monotonic()
        self.reason = self.needs()
        if not self.reason:
            codes = [self._call(command, shown.append) for command in self.commands]
            self.status = "FAILED" if any(codes) else "ok"
        self.seconds = time.monotonic() - started
        end_line = f"--- {self.title}: {self.status}, {self.seconds:.1f} s"
        if self.reason:
            say(f"NOT RUN: {self.title}, because {self.reason}")
        if self.is_quick:
            output = b"".join(shown).decode("utf-8", "replace")
            end_line = f"\n=== {self.title}\n{output}{end_line}"
        say(end_line)

    def _call(self, command: list, keep) -> int:
        """Run one command, pass its output on, remember what pytest says of itself."""
        with tempfile.TemporaryDirectory(prefix="times-") as folder:
            times = Path(folder) / "times"
            process = subprocess.Popen(
                [str(part) for part in command],
                cwd=ROOT,
                env={**_environment(), **self.env, "TEST_TIMES": str(times)},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            assert process.stdout  # it is a pipe
            output = b""
            try:
                while chunk := os.read(process.stdout.fileno(), 65536):
                    output += chunk
                    (keep if self.is_quick else _show)(chunk)
                process.wait()
            finally:
                end(process)
            if times.exists():
                self.slowest_files += times.read_text("utf-8").splitlines()
        lines = re.sub(r"\x1b\[[\d;]*m", "", output.decode("utf-8", "replace")).splitlines()
        self.closing_lines += [line for line in lines if CLOSING_LINE.match(line)][-1:]
        return process.returncode


def _show(chunk: bytes) -> None:
    sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()


def _environment() -> dict:
    """Return ours without another's database; what Python compiles is kept in any case.

    Where it may not be kept beside the source it is in .venv: compiling everything anew takes each
    of some dozen processes longer than what most of them do.
    """
    environment = {k: v for k, v in os.environ.items() if k != "TEST_DATABASE_URL"}
    if environment.pop("PYTHONDONTWRITEBYTECODE", ""):
        environment.setdefault("PYTHONPYCACHEPREFIX", str(VENV / "compiled"))
    return environment


def steps(python: Path) -> list[Step]:
    tool, manage = python.parent, [python, "manage.py"]
    pytest = pytest_command(python)
    cores = os.cpu_count() or 1
    whole = [*pytest, "-n", cores, "--dist", "worksteal", "-q", "--ignore=tests/journeys"]
    # What no data is about gives the same on every database; tests/once.py says what that is.
    chosen = "database" if NIGHTLY else "database and not once"
    on_postgres = [python, "-m", "tests.postgres", *whole, "-m", chosen]
    # A browser often waits for the next picture, so one journey more than cores.
    journeys = [*pytest, "-n", cores + 1, "--dist", "worksteal", "-q", "tests/journeys"]
    chaos = [python, "-m", "tests.chaos", "--seconds", 300 if NIGHTLY else 45]
    postgres = {k: v for k, v in os.environ.items() if k == "TEST_DATABASE_URL"}
    return [
        Step(
            "Style (ruff)",
            [tool / "ruff", "check"],
            [tool / "ruff", "format", "--check"],
            is_quick=True,
        ),
        Step(
            "Templates (djangofmt, djlint)",
            [tool / "djangofmt", "--check", "templates"],
            [tool / "djangofmt", "check", "templates"],
            [tool / "djlint", "templates", "--lint", "--quiet"],
            is_quick=True,
        ),
        Step("Types (mypy)", [tool / "mypy"], env=SAFE, is_quick=True),
        Step(
            "Migrations and settings",
            [*manage, "makemigrations", "--check", "--dry-run"],
            [*manage, "check", "--deploy", "--fail-level", "WARNING"],
            env=SAFE,
            is_quick=True,
        ),
        Step("Whole suite on SQLite", whole),
        Step(
            "Whole suite on PostgreSQL" if NIGHTLY else "PostgreSQL: what a database decides",
            on_postgres,
            env=postgres,
        ),
        Step("Browser journeys and axe in Chromium", journeys, needs=chromium.install),
        Step("Nothing is lost while everything fails", chaos, needs=chromium.install),
    ]


def pytest_command(python: Path) -> list:
    return [python, "-m", "pytest", *(["--color=yes"] if sys.stdout.isatty() else [])]


def run_suite(python: Path) -> int:
    """Run everything; return 0 only if nothing failed."""
    seed = os.environ.setdefault("TEST_SEED", str(random.randrange(10_000)))
    say(f"The tests run in a random order; TEST_SEED={seed} repeats it.")
    done = steps(python)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(Step.run, [step for step in done if step.is_quick]))
    for step in done:
        if not step.is_quick:
            step.run()
    _tell_where_the_time_went(done)
    say("\n=== Summary")
    for step in done:
        say(f"{step.status:8}{step.seconds:7.1f} s  {step.title}")
        for line in step.closing_lines:
            say(line)
    skipped = [step for step in done if step.status == "NOT RUN"]
    for step in skipped:
        say(f"NOT RUN: {step.title}, because {step.reason}")
    failed = [step.title for step in done if step.status == "FAILED"]
    if os.environ.get("CI", "").lower() in ("true", "1"):
        failed += [step.title for step in skipped]
    if failed:
        say(f"FAILED: {', '.join(failed)}")
        return 1
    say("Everything that ran passed, but not everything ran." if skipped else "All checks passed.")
    return 0


def _tell_where_the_time_went(done: list[Step]) -> None:
    """Name the slowest files; with several processes their seconds are more than the step's."""
    for step in done:
        if step.slowest_files:
            say(f"\n=== Where the time went: {step.title}, {step.seconds:.1f} s")
            say("\n".join(step.slowest_files))


def run_pytest_only(python: Path, arguments: list[str]) -> int:
    """Run a part of the suite on SQLite."""
    say("Only pytest on SQLite; style, templates, migrations, PostgreSQL and the rest are skipped.")
    step = Step(f"pytest {' '.join(arguments)}", [*pytest_command(python), *arguments])
    step.run()
    return 0 if step.status == "ok" else 1
