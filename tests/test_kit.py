"""The offline kit: one laptop, one room, no internet."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.request
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.urls import reverse

import dev
from dev_install import ROOT, Stop
from kit import backups, choosing, serving
from kit.backups import Stage
from kit.choosing import address_of, parse_hall, private
from kit.place import read_secrets, settings_of
from tests.nightly import NIGHTLY
from workshops import locked
from workshops.locked import Kind, NotOpened, made_passphrase, unlock
from workshops.models import User

SENTENCE = "Ein Satz fürs Sichern"
NOON = datetime(2026, 11, 30, 12, 0)


@pytest.fixture(autouse=True)
def quick_locks(monkeypatch):
    monkeypatch.setitem(locked.SCRYPT, "n", 2**4)


# Where it listens -------------------------------------------------------------------------------


def test_only_addresses_that_the_room_can_reach_are_offered():
    found = ["127.0.0.1", "192.168.178.20", "169.254.3.4", "10.0.0.7", "8.8.8.8", "10.0.0.7"]
    assert private(found) == ["192.168.178.20", "10.0.0.7"]


def test_this_machine_knows_its_own_address():
    assert "127.0.0.1" in choosing.own_addresses()


def at_addresses(monkeypatch, *found: str, typed: tuple[str, ...] = ()) -> str:
    answers = iter(typed)
    monkeypatch.setattr(choosing, "own_addresses", lambda: list(found))
    monkeypatch.setattr("sys.stdin.isatty", lambda: bool(typed), raising=False)
    monkeypatch.setattr("builtins.input", lambda _question: next(answers))
    return address_of(parse_hall([]))


def test_the_only_address_is_taken_and_of_several_one_is_asked_for(monkeypatch, capsys):
    assert at_addresses(monkeypatch, "127.0.0.1", "10.0.0.7") == "10.0.0.7"
    two = ("10.0.0.7", "192.168.178.20")
    assert at_addresses(monkeypatch, *two, typed=("3", "x", "2")) == "192.168.178.20"
    assert capsys.readouterr().out.splitlines()[1:] == ["  1  10.0.0.7", "  2  192.168.178.20"]
    with pytest.raises(Stop, match="several addresses: 10.0.0.7, 192.168.178.20. Please choose"):
        at_addresses(monkeypatch, *two)
    with pytest.raises(Stop, match="This laptop is in no private network"):
        at_addresses(monkeypatch, "127.0.0.1")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--address", "8.8.8.8"], "8.8.8.8 is no address of a private network"),
        (["--address", "0.0.0.0"], "0.0.0.0 is no address of a private network"),
        (["--address", "werkstatt"], "werkstatt is no address such as 192.168.178.20."),
        (["--certificate", "here.pem"], "--certificate and --key belong together."),
        (["--restore", "/nowhere/x"], "There is no file /nowhere/x."),
    ],
)
def test_what_cannot_be_served_is_told_in_one_sentence(arguments, sentence):
    with pytest.raises(Stop, match=sentence):
        address_of(parse_hall(arguments))


def test_an_address_of_another_machine_is_named():
    with pytest.raises(Stop, match="This laptop does not have the address 192.0.2.250."):
        dev.check_port(8000, "192.0.2.250")


def test_nothing_of_the_checkouts_own_settings_gets_in():
    options = Namespace(
        address="10.0.0.7", port=8000, name=None, certificate=None, data=Path("/srv/hall")
    )
    settings = settings_of(options, {"SECRET_KEY": "a", "SEAL_KEYS": "b"})
    from bingen_strategy.settings import env

    optional = {"DEFAULT_FROM_EMAIL", "CONTACT_EMAIL", "OPERATOR"}  # words, which may stay
    assert {*settings} == {*env.scheme} - optional
    told = ("DEBUG", "HTTPS", "ALLOWED_HOSTS", "PUBLIC_URL", "DATABASE_URL")
    assert [settings[name] for name in told] == [
        "false", "false", "10.0.0.7", "http://10.0.0.7:8000", "sqlite:////srv/hall/data.sqlite3",
    ]  # fmt: skip
    options.name, options.certificate = "werkstatt.bingen.de", Path("x.pem")
    settings = settings_of(options, {"SECRET_KEY": "a", "SEAL_KEYS": "b"})
    assert [settings[name] for name in told[:4]] == [
        "false", "true", "werkstatt.bingen.de,10.0.0.7", "https://werkstatt.bingen.de:8000",
    ]  # fmt: skip


# Backups ----------------------------------------------------------------------------------------


@pytest.fixture
def data(tmp_path) -> Path:
    """A folder with secrets and a database of one round that is open."""
    folder = tmp_path / "hall"
    folder.mkdir()
    (folder / "secrets.env").write_text("SECRET_KEY=x\nBACKUP_PASSPHRASE=y\n")
    with closing(sqlite3.connect(folder / "data.sqlite3")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE measures_round (state, erased_at)")
        database.execute("INSERT INTO measures_round VALUES ('open', NULL)")
        database.commit()
    return folder


def at_stage(data: Path, state: str, erased_at: str | None) -> None:
    with closing(sqlite3.connect(data / "data.sqlite3")) as database:
        database.execute("UPDATE measures_round SET state = ?, erased_at = ?", [state, erased_at])
        database.commit()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_backup_comes_back_with_data_and_secrets(data, tmp_path):
    file = backups.back_up(data, tmp_path / "stick", SENTENCE, now=NOON)
    assert file.name == "2026-11-30-120000-voting.backup"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    backups.restore(file, tmp_path / "other", SENTENCE)
    other = tmp_path / "other"
    assert names(other) == ["data.sqlite3", "secrets.env"]
    assert (other / "secrets.env").read_text() == "SECRET_KEY=x\nBACKUP_PASSPHRASE=y\n"
    assert {stat.S_IMODE(path.stat().st_mode) for path in other.iterdir()} == {0o600}
    with closing(sqlite3.connect(other / "data.sqlite3")) as database:
        assert database.execute("SELECT state FROM measures_round").fetchall() == [("open",)]


def test_a_backup_tells_nothing_without_its_passphrase(data, tmp_path):
    file = backups.back_up(data, tmp_path / "stick", SENTENCE, now=NOON)
    content = file.read_bytes()
    readable = (b"SQLite", b"SECRET_KEY", b"measures_round", b"data.sqlite3")
    assert [word for word in readable if word in content] == []
    with pytest.raises(NotOpened):
        unlock(content, "Ein anderer Satz", Kind.BACKUP)
    with pytest.raises(NotOpened):
        unlock(content, SENTENCE, Kind.TRANSFER)


def test_data_that_are_there_are_not_written_over(data, tmp_path):
    file = backups.back_up(data, tmp_path / "stick", SENTENCE, now=NOON)
    before = (data / "data.sqlite3").read_bytes()
    with pytest.raises(FileExistsError):
        backups.restore(file, data, SENTENCE)
    assert (data / "data.sqlite3").read_bytes() == before


@pytest.mark.parametrize(
    ("state", "erased_at", "stage"),
    [
        ("waiting", None, Stage.FREE),
        ("open", None, Stage.VOTING),
        ("closed", None, Stage.VOTING),  # its traces are not erased yet
        ("closed", "2026-11-30", Stage.UNSEEN),
        ("shown", None, Stage.VOTING),
        ("shown", "2026-11-30", Stage.FREE),
        ("set_aside", "2026-11-30", Stage.FREE),
    ],
)
def test_what_two_backups_would_tell_depends_on_the_round(data, state, erased_at, stage):
    at_stage(data, state, erased_at)
    assert backups.stage_of(data / "data.sqlite3") is stage


def test_backups_of_a_rating_go_once_it_is_over(data, tmp_path):
    stick = tmp_path / "stick"

    def make(hour: int) -> None:
        backups.back_up(data, stick, SENTENCE, now=NOON.replace(hour=hour))

    at_stage(data, "waiting", None)
    make(9)
    at_stage(data, "open", None)
    make(10)
    make(11)
    assert backups.clear(stick, Stage.VOTING) == 0
    at_stage(data, "closed", "2026-11-30")
    make(12)
    assert backups.clear(stick, Stage.UNSEEN) == 2
    assert names(stick) == ["2026-11-30-090000-free.backup", "2026-11-30-120000-unseen.backup"]
    at_stage(data, "shown", "2026-11-30")
    make(13)
    assert backups.clear(stick, Stage.FREE) == 1
    assert names(stick) == ["2026-11-30-090000-free.backup", "2026-11-30-130000-free.backup"]


def test_the_last_ones_are_kept(data, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    for number in range(backups.KEPT + 2):
        (stick / f"2026-11-30-{number:06}-free.backup").touch()
    (stick / "Urlaub.backup").touch()
    assert backups.clear(stick, Stage.FREE) == 0
    assert names(stick)[:2] == ["2026-11-30-000002-free.backup", "2026-11-30-000003-free.backup"]
    assert len(names(stick)) == backups.KEPT + 1


def test_a_stick_that_is_gone_does_not_end_the_room(data, tmp_path, capsys):
    blocked = tmp_path / "stick"
    blocked.touch()
    serving._back_up(Namespace(data=data, backups=blocked), SENTENCE)
    told = capsys.readouterr().out
    assert told.startswith("Die Sicherung ist misslungen / the backup failed: [Errno 17]")


def test_a_passphrase_is_typed_without_doubt():
    made = {made_passphrase() for _time in range(50)}
    assert len(made) == 50
    assert all(re.fullmatch(r"([a-hjkmnp-z2-9]{4}-){4}[a-hjkmnp-z2-9]{4}", each) for each in made)


# People -----------------------------------------------------------------------------------------


def test_the_facilitator_gets_an_account_and_a_new_password_on_request(db):
    told = serving._account(Namespace(facilitator="Mona@bingen.example"))
    [password] = re.findall(r"password: (\S+)", told)
    user = User.objects.get()
    assert authenticate(None, email=user.email, password=password) == user
    assert (user.has_perm("workshops.add_workshop"), user.is_staff) == (True, False)
    assert serving._account(Namespace(facilitator=None)) == ""
    again = serving._account(Namespace(facilitator="mona@bingen.example"))
    assert (User.objects.count(), password in again) == (1, False)
    assert authenticate(None, email=user.email, password=password) is None


def test_the_first_start_asks_for_an_address(db, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with pytest.raises(Stop, match="The first start needs --facilitator E-MAIL"):
        serving._account(Namespace(facilitator=None))


@pytest.mark.parametrize("is_kit", [True, False])
def test_pages_say_what_the_backups_mean(
    workshop, participant, facilitator, signed_in, at, settings, is_kit
):
    settings.OFFLINE_KIT = is_kit
    at("rating")
    pages = [
        (participant, "measures:rate-privacy", "alle fünf Minuten"),
        (facilitator, "measures:rating-close", "Sicherungen dieses Laptops"),
    ]
    for person, route, words in pages:
        page = signed_in(person).get(reverse(route, args=[workshop.pk])).content.decode()
        assert (words in page) == is_kit


# One day ----------------------------------------------------------------------------------------


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def hall(folder: Path, port: int, *arguments: str, **environment: str) -> Iterator[list[str]]:
    """Serve the room as ``dev.py run --hall`` does once all is installed; ends it with Ctrl+C."""
    command = [sys.executable, "dev.py", "hall-inside", "--address", "127.0.0.1"]
    command += ["--port", str(port), "--data", str(folder), *arguments]
    log = folder.with_suffix(".log")
    told: list[str] = []
    with log.open("w") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=out, stderr=out, env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            while process.poll() is None and not _answers(port):
                time.sleep(0.1)
            yield told
        finally:
            process.send_signal(signal.SIGINT)
            status = process.wait(60)
            told += log.read_text("utf-8").splitlines()
    assert (status, told[-1].startswith("Die Daten bleiben in")) == (0, True), told
    assert not _answers(port)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _get(port: int, path: str) -> tuple[int, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        return answer.status, answer.read().decode()


@pytest.fixture
def no_static_files() -> Iterator[None]:
    """Take the collected files away again, unless somebody had collected them before."""
    there = (ROOT / "staticfiles").exists()
    yield
    if not there:
        shutil.rmtree(ROOT / "staticfiles", ignore_errors=True)


@pytest.mark.skipif(not NIGHTLY, reason="three starts of the server take a minute")
def test_a_room_goes_on_after_the_laptop_was_shut(tmp_path, port, no_static_files):
    folder = tmp_path / "hall"
    with hall(folder, port, "--facilitator", "mona@bingen.example") as first:
        status, page = _get(port, "/j/")
        [sheet] = re.findall(r'href="(/static/css/phone\.[0-9a-f]+\.css)"', page)
        assert (status, _get(port, sheet)[0]) == (200, 200)
    secrets = read_secrets(folder)
    shown = "\n".join(first)
    assert f"    {secrets['BACKUP_PASSPHRASE']}" in first
    assert f"http://127.0.0.1:{port}/j/" in shown
    assert "Moderation / facilitator: mona@bingen.example" in first
    assert stat.S_IMODE((folder / "secrets.env").stat().st_mode) == 0o600
    with hall(folder, port) as second:
        assert _get(port, "/j/")[0] == 200
    assert read_secrets(folder) == secrets
    assert [secrets["BACKUP_PASSPHRASE"] in "\n".join(second), "Kennwort / password" in second] == [
        False, False,
    ]  # fmt: skip
    made = sorted((folder / "backups").iterdir())
    with hall(
        tmp_path / "new", port, "--restore", str(made[-1]),
        BACKUP_PASSPHRASE=secrets["BACKUP_PASSPHRASE"],
    ):  # fmt: skip
        assert _get(port, "/j/")[0] == 200
    assert read_secrets(tmp_path / "new") == secrets
    with closing(sqlite3.connect(tmp_path / "new/data.sqlite3")) as database:
        people = database.execute("SELECT email FROM workshops_user").fetchall()
    assert people == [("mona@bingen.example",)]


def test_commands_run_on_the_rooms_own_data(data, monkeypatch):
    became = []
    monkeypatch.setattr(dev, "become", lambda *program: became.append(program) or 0)
    (data / "secrets.env").write_text("SECRET_KEY=mine\nSEAL_KEYS=mine too\n")
    wanted = ["export_workshop", "7", "--transfer", "tag.transfer"]
    assert dev.hall_inside(["--data", str(data), "--manage", *wanted]) == 0
    [(command, environment)] = became
    assert command == [sys.executable, str(ROOT / "manage.py"), *wanted]
    assert [environment[name] for name in ("SECRET_KEY", "DATABASE_URL")] == [
        "mine", f"sqlite:///{data}/data.sqlite3",
    ]  # fmt: skip


def test_no_command_makes_a_room():
    with pytest.raises(Stop, match="There are no data in /nowhere."):
        dev.hall_inside(["--data", "/nowhere", "--manage", "migrate"])


def test_a_start_after_restoring_restores_nothing_again():
    given = ["--address", "10.0.0.7", "--restore=a.backup", "--port", "80", "--restore", "b"]
    assert choosing.without_restore(given) == ["--address", "10.0.0.7", "--port", "80"]
