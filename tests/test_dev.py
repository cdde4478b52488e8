"""dev.py on good and bad machines: what people read when something is missing."""

import ast
import errno
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import environ
import psycopg
import pytest

import dev
import dev_install
from tests import chromium, postgres, suite

ROOT = Path(__file__).parent.parent


@pytest.fixture
def venv(tmp_path, monkeypatch) -> Path:
    """A machine whose .venv is in a temporary folder and does not exist yet."""
    folder = tmp_path / ".venv"
    monkeypatch.setattr(dev_install, "VENV", folder)
    monkeypatch.setattr(dev_install, "PYTHON", folder / "bin/python")
    monkeypatch.setattr(dev_install, "UNFINISHED", folder / "unfinished")
    return folder


@pytest.fixture
def lock(tmp_path) -> Path:
    path = tmp_path / "requirements.txt"
    path.write_text("django==5.2\n")
    return path


def make_complete(venv: Path, lock: Path) -> None:
    (venv / "bin").mkdir(parents=True)
    (venv / "bin/python").touch()
    dev_install.stamp_of(lock).write_text(dev_install.fingerprint(lock))


# Python and ports -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["dev.py", "dev_install.py"])
def test_an_old_python_can_at_least_read_the_file(name):
    ast.parse((ROOT / name).read_text("utf-8"), feature_version=(3, 7))


def test_an_old_python_gets_one_sentence_in_each_language():
    assert dev_install.too_old((3, 10, 13)) == (
        "Diese Anwendung braucht Python 3.11 oder neuer, gefunden wurde 3.10.\n"
        "This application needs Python 3.11 or newer, found 3.10."
    )
    assert dev_install.too_old((3, 11, 0)) is None
    assert dev_install.too_old((4, 0)) is None


def test_a_taken_port_is_named_before_anything_is_installed():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        command = [sys.executable, "dev.py", "run", "--port", str(port)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Port {port} ist belegt; ein anderer geht so: python3 dev.py run --port 8000\n"
        f"Port {port} is in use; choose another: python3 dev.py run --port 8000\n"
    )


def test_a_forbidden_port_is_named(monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(dev.Stop, match="Port 80 ist nicht erlaubt"):
        dev.check_port(80)


def test_an_impossible_port_is_named():
    with pytest.raises(dev.Stop, match="Port 70000 gibt es nicht"):
        dev.check_port(70000)


# The secret -------------------------------------------------------------------------------------


def test_the_secret_is_made_once_and_only_for_us(tmp_path):
    path = tmp_path / ".env"
    dev.write_secrets(path)
    first = path.read_text()
    dev.write_secrets(path)
    assert path.read_text() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == [".env"]


def test_the_settings_read_the_secrets_as_they_were_written(tmp_path):
    class Fresh(environ.Env):
        ENVIRON = {}

    dev.write_secrets(tmp_path / ".env")
    Fresh.read_env(tmp_path / ".env")
    found = [f"{name}={Fresh()(name)}" for name in ("SECRET_KEY", "SEAL_KEYS")]
    assert found == (tmp_path / ".env").read_text().splitlines()
    assert len(Fresh()("SECRET_KEY")) >= 50
    name, _colon, key = Fresh()("SEAL_KEYS").partition(":")
    assert (len(name), len(key)) == (8, 64)


@pytest.mark.parametrize("name", ["SECRET_KEY", "SEAL_KEYS"])
@pytest.mark.parametrize("blank", ["NAME=\n", 'NAME=""\n', ""])
def test_other_lines_stay_and_a_blank_secret_is_filled(tmp_path, blank, name):
    path = tmp_path / ".env"
    [there] = {"SECRET_KEY", "SEAL_KEYS"} - {name}
    path.write_text(f"OPERATOR=Stadt Bingen\n{blank.replace('NAME', name)}{there}=mine")
    path.chmod(0o644)
    dev.write_secrets(path)
    lines = path.read_text().splitlines()
    assert lines[:2] == ["OPERATOR=Stadt Bingen", f"{there}=mine"]
    assert lines[2].startswith(f"{name}=")
    assert len(lines) == 3
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_secrets_of_the_operator_stay(tmp_path):
    path = tmp_path / ".env"
    path.write_text("SECRET_KEY=mine\nexport SEAL_KEYS=mine-too\n")
    dev.write_secrets(path)
    assert path.read_text() == "SECRET_KEY=mine\nexport SEAL_KEYS=mine-too\n"


# The environment --------------------------------------------------------------------------------


def test_an_unchanged_lock_is_installed_already(venv, lock):
    assert not dev_install.is_installed(lock)
    make_complete(venv, lock)
    assert dev_install.is_installed(lock)


def test_a_changed_lock_is_installed_again(venv, lock):
    make_complete(venv, lock)
    lock.write_text("django==5.3\n")
    assert not dev_install.is_installed(lock)


def test_a_broken_off_install_does_not_count(venv, lock):
    make_complete(venv, lock)
    (venv / "unfinished").touch()
    assert not dev_install.is_installed(lock)


def test_a_python_that_was_removed_does_not_count(venv, lock):
    make_complete(venv, lock)
    (venv / "bin/python").unlink()
    (venv / "bin/python").symlink_to("/nowhere/python3")
    assert not dev_install.is_installed(lock)


def test_a_half_made_environment_is_replaced(venv, lock):
    make_complete(venv, lock)
    (venv / "unfinished").touch()
    (venv / "rubbish").touch()
    dev_install.create_venv()
    assert not (venv / "rubbish").exists()
    assert (venv / "unfinished").exists()  # until the packages are in
    assert subprocess.call([venv / "bin/python", "-c", "import pip"]) == 0


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_names_the_debian_package(venv, monkeypatch, module):
    find = dev_install.importlib.util.find_spec
    monkeypatch.setattr(
        dev_install.importlib.util, "find_spec", lambda name: None if name == module else find(name)
    )
    with pytest.raises(dev.Stop, match="apt install python3-venv"):
        dev_install.create_venv()
    assert not venv.exists()


@pytest.mark.parametrize(
    ("output", "sentences"),
    [
        (
            "Collecting numpy\nERROR: Could not install packages due to an OSError: "
            "[Errno 28] No space left on device\n",
            dev_install.NO_SPACE,
        ),
        (
            "WARNING: Retrying (Retry(total=2)) after connection broken by 'NewConnectionError('"
            "<pip._vendor.urllib3.connection.HTTPSConnection>: Failed to establish a new "
            "connection: [Errno -3] Temporary failure in name resolution')': /simple/asgiref/\n"
            "ERROR: Could not find a version that satisfies the requirement asgiref==3.13.0\n"
            "ERROR: No matching distribution found for asgiref==3.13.0\n",
            dev_install.NO_NETWORK,
        ),
        (
            "pip._vendor.urllib3.exceptions.ReadTimeoutError: Read timed out.\n",
            dev_install.NO_NETWORK,
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: "
            "'/srv/x'\nCheck the permissions.\n",
            dev_install.NOT_WRITABLE,
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n",
            dev_install.WRONG_HASH,
        ),
        (
            "ERROR: Could not find a version that satisfies the requirement numpy==2.4.6\n"
            "ERROR: No matching distribution found for numpy==2.4.6\n",
            dev_install.NO_PACKAGE,
        ),
        (
            "The virtual environment was not created: ensurepip is not available.",
            dev_install.NO_VENV,
        ),
        (
            "some line\nERROR: strange things\nnotice: new pip\n",
            (
                "Die Einrichtung ist gescheitert: ERROR: strange things",
                "The installation failed: ERROR: strange things",
            ),
        ),
        ("", ("Die Einrichtung ist gescheitert: ?", "The installation failed: ?")),
    ],
)
def test_what_pip_says_becomes_one_sentence(output, sentences):
    assert dev_install.cause(output) == sentences


@pytest.mark.parametrize(
    ("number", "sentences"),
    [
        (errno.ENOSPC, dev_install.NO_SPACE),
        (errno.EACCES, dev_install.NOT_WRITABLE),
        (errno.EROFS, dev_install.NOT_WRITABLE),
    ],
)
def test_what_the_system_says_becomes_one_sentence(monkeypatch, capsys, number, sentences):
    def fail(arguments):
        raise OSError(number, os.strerror(number), "file")

    monkeypatch.setitem(dev.COMMANDS, "run", fail)
    assert dev.main(["run"]) == 1
    assert capsys.readouterr().err == "\n".join(sentences) + "\n"


# Commands ---------------------------------------------------------------------------------------


@pytest.fixture
def calls(monkeypatch) -> list:
    """What would have been run, with every installation left out."""
    made = []
    monkeypatch.setattr(dev, "install", lambda name: made.append(name))
    monkeypatch.setattr(dev, "call", lambda command, environment=None: made.append(command) or 0)
    return made


def test_bench_passes_its_arguments_on(calls):
    assert dev.main(["bench", "--size", "300", "-v"]) == 0
    python = str(dev.PYTHON)
    module = [python, "-m", "tests.benchmarks.run", "--size", "300", "-v"]
    assert calls == ["requirements-dev.txt", [python, "-m", "tests.postgres", *module]]


def test_test_with_arguments_runs_only_pytest(calls, monkeypatch):
    given = []
    monkeypatch.setattr(suite, "run_pytest_only", lambda _, arguments: given.append(arguments) or 0)
    assert dev.main(["test", "tests/measures", "-k", "rank"]) == 0
    assert given == [["tests/measures", "-k", "rank"]]


def test_what_takes_long_runs_at_night(calls, monkeypatch):
    monkeypatch.delenv("NIGHTLY", raising=False)
    given = []
    monkeypatch.setattr(suite, "run_pytest_only", lambda _, arguments: given.append(arguments) or 0)
    monkeypatch.setattr(suite, "run_suite", lambda _: given.append(os.environ["NIGHTLY"]) or 0)
    assert [dev.main(["test", *rest, "--nightly"]) for rest in ([], ["tests/fields"])] == [0, 0]
    assert given == ["1", ["tests/fields"]]


def test_an_unknown_command_shows_the_commands(capsys):
    assert dev.main(["rnu"]) == 2
    assert "python3 dev.py run" in capsys.readouterr().out


def test_ctrl_c_ends_run_in_peace(monkeypatch, capsys):
    def interrupt(arguments):
        raise KeyboardInterrupt

    monkeypatch.setitem(dev.COMMANDS, "run", interrupt)
    assert dev.main(["run"]) == 0
    assert capsys.readouterr() == ("", "")


# The suite --------------------------------------------------------------------------------------


def step(title: str, code: int = 0, text: str = "", **options) -> suite.Step:
    script = f"print({text!r}); raise SystemExit({code})"
    return suite.Step(title, [sys.executable, "-c", script], **options)


def run_steps(monkeypatch, capfd, *steps) -> tuple[int, list[str]]:
    monkeypatch.setattr(suite, "steps", lambda python: list(steps))
    code = suite.run_suite(Path(sys.executable))
    return code, capfd.readouterr().out.partition("=== Summary\n")[2].splitlines()


def test_all_steps_run_and_the_summary_quotes_pytest(monkeypatch, capfd):
    monkeypatch.delenv("CI", raising=False)
    closing = "======= 3 passed, 1 skipped in 0.12s ======="
    code, summary = run_steps(
        monkeypatch, capfd, step("first", code=3), step("second", text=f"..s.\n{closing}")
    )
    assert code == 1
    assert [line.split()[0] for line in summary] == ["FAILED", "ok", "=======", "FAILED:"]
    assert summary[2:] == [closing, "FAILED: first"]


def test_what_runs_side_by_side_is_shown_one_after_the_other(monkeypatch, capfd):
    quick = [step(name, text=f"{name} a\n{name} b", is_quick=True) for name in ("one", "two")]
    monkeypatch.setattr(suite, "steps", lambda python: quick)
    assert suite.run_suite(Path(sys.executable)) == 0
    told = capfd.readouterr().out
    assert ["=== one\none a\none b\n--- one" in told, "=== two\ntwo a\ntwo b\n--- two" in told] == [
        True, True,
    ]  # fmt: skip


def test_the_slowest_files_are_named(monkeypatch, capfd):
    script = "import os; open(os.environ['TEST_TIMES'], 'w').write('12.5 s  tests/test_x.py')"
    slow = suite.Step("tests", [sys.executable, "-c", script])
    monkeypatch.setattr(suite, "steps", lambda python: [slow])
    suite.run_suite(Path(sys.executable))
    told = capfd.readouterr().out.partition("=== Where the time went: tests, ")[2]
    assert told.splitlines()[1] == "12.5 s  tests/test_x.py"


@pytest.mark.parametrize(("ci", "expected"), [("", 0), ("true", 1)])
def test_what_cannot_run_is_named_and_fails_on_ci(monkeypatch, capfd, ci, expected):
    monkeypatch.setenv("CI", ci)
    journeys = step("journeys", needs=lambda: "there is no browser")
    code, summary = run_steps(monkeypatch, capfd, step("style"), journeys)
    assert code == expected
    assert "NOT RUN: journeys, because there is no browser" in summary


def test_nobody_but_root_is_told_which_packages_are_missing(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    assert chromium.missing() == (
        "Chromium is not installed (apt install chromium libatomic1, or set CHROMIUM)"
    )


# The throw-away server --------------------------------------------------------------------------


def test_the_server_leaves_nothing_behind():
    with postgres.server() as url:
        folder = Path(url.partition("host=")[2])
        with psycopg.connect(url) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    assert not folder.exists()


@pytest.mark.skipif(os.name == "nt", reason="needs Unix signals")
def test_a_killed_run_stops_its_server(tmp_path):
    told = tmp_path / "url"
    script = (
        "import os, pathlib, time; "
        f"pathlib.Path({str(told)!r}).write_text(os.environ['TEST_DATABASE_URL']); time.sleep(60)"
    )
    command = [sys.executable, "-m", "tests.postgres", sys.executable, "-c", script]
    environment = {k: v for k, v in os.environ.items() if k != "TEST_DATABASE_URL"}
    run = subprocess.Popen(command, cwd=ROOT, env=environment)
    deadline = time.monotonic() + 60
    while not (told.exists() and told.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    run.send_signal(signal.SIGTERM)
    assert run.wait(30) == 143
    assert not Path(told.read_text().partition("host=")[2]).exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(told.read_text())
