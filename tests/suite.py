"""Every check of `python3 dev.py test`, one after the other, and the summary. Standard library.

All steps run even when one failed. A step that cannot run here says so loudly; where CI=true that
counts as a failure.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from dev_install import ROOT, end, say
from tests import chromium

# The product's settings as in production, without anybody's .env or database.
SAFE = {
    "SECRET_KEY": "6oUyIJkm2VdLm1d3GfTnQ0pX7rBzWcEaH5sLtNvYxKqPjRgDwM",
    "SEAL_KEYS": "only-tests:rV3nQ8xYbK2mTfWc7LhZs0dGpJ4uEaN9iXoR6vBqHyDkMtCw",
    "DEBUG": "false",
    "HTTPS": "true",
    "ALLOWED_HOSTS": "workshop.example.org",
    "DATABASE_URL": "sqlite://:memory:",
}
CLOSING_LINE = re.compile(r"^=+ .*\bin [\d.]+s.*=+$")


class Step:
    """One headline, its commands and what became of them."""

    def __init__(self, title: str, *commands: list, env: dict | None = None, needs=None) -> None:
        self.title = title
        self.commands = commands
        self.env = env or {}
        self.needs = needs or (lambda: None)  # returns why the step cannot run, or None
        self.status = "NOT RUN"
        self.reason = None
        self.seconds = 0.0
        self.closing_lines = []

    def run(self) -> None:
        say(f"\n=== {self.title}")
        started = time.monotonic()
        self.reason = self.needs()
        if self.reason:
            say(f"NOT RUN: {self.title}, because {self.reason}")
        else:
            codes = [self._call(command) for command in self.commands]
            self.status = "FAILED" if any(codes) else "ok"
        self.seconds = time.monotonic() - started
        say(f"--- {self.title}: {self.status}, {self.seconds:.1f} s")

    def _call(self, command: list) -> int:
        """Run one command, show its output as it comes, remember pytest's closing line."""
        environment = {k: v for k, v in os.environ.items() if k != "TEST_DATABASE_URL"}
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env={**environment, **self.env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        output = b""
        try:
            while chunk := os.read(process.stdout.fileno(), 65536):
                output += chunk
                sys.stdout.buffer.write(chunk)
                sys.stdout.buffer.flush()
            process.wait()
        finally:
            end(process)
        lines = re.sub(r"\x1b\[[\d;]*m", "", output.decode("utf-8", "replace")).splitlines()
        self.closing_lines += [line for line in lines if CLOSING_LINE.match(line)][-1:]
        return process.returncode


def steps(python: Path) -> list[Step]:
    tool, manage = python.parent, [python, "manage.py"]
    pytest = pytest_command(python)
    on_all_cores = ["-n", "logical", "-q"]
    whole = [*pytest, *on_all_cores, "--ignore=tests/journeys"]
    postgres = {k: v for k, v in os.environ.items() if k == "TEST_DATABASE_URL"}
    return [
        Step("Style (ruff)", [tool / "ruff", "check"], [tool / "ruff", "format", "--check"]),
        Step("Templates (djlint)", [tool / "djlint", "templates", "--lint", "--quiet"]),
        Step(
            "Migrations and settings",
            [*manage, "makemigrations", "--check", "--dry-run"],
            [*manage, "check", "--deploy", "--fail-level", "WARNING"],
            env=SAFE,
        ),
        Step("Translations", [*pytest, "tests/test_translations.py"]),
        Step("Whole suite on SQLite", whole),
        Step("Whole suite on PostgreSQL", [python, "-m", "tests.postgres", *whole], env=postgres),
        Step(
            "Browser journeys and axe in Chromium",
            [*pytest, *on_all_cores, "tests/journeys"],
            needs=chromium.install,
        ),
    ]


def pytest_command(python: Path) -> list:
    return [python, "-m", "pytest", *(["--color=yes"] if sys.stdout.isatty() else [])]


def run_suite(python: Path) -> int:
    """Run everything; return 0 only if nothing failed."""
    done = steps(python)
    for step in done:
        step.run()
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


def run_pytest_only(python: Path, arguments: list[str]) -> int:
    """Run a part of the suite on SQLite."""
    say("Only pytest on SQLite; style, templates, migrations, PostgreSQL and the rest are skipped.")
    step = Step(f"pytest {' '.join(arguments)}", [*pytest_command(python), *arguments])
    step.run()
    return 0 if step.status == "ok" else 1
