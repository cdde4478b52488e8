"""A whole workshop leaves one installation and arrives in another, once and unchanged."""

import hashlib
import json
import os
import stat
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation
from simple_history.models import registered_models

from fields.models import Goal
from measures.committee.verifying import verify
from measures.demo.build import build_demo
from measures.hand_over import schema
from measures.hand_over.packing import pack
from measures.hand_over.queries import renumbered
from measures.hand_over.schema import BALLOTS, MATCHED, STAYS, TABLES
from measures.models import (
    Cost,
    CostShare,
    Decision,
    DistinctPair,
    Indicator,
    IndicatorEntry,
    Measure,
    Remark,
    Round,
    SavedView,
    Seal,
)
from measures.overview import overview_of
from measures.results.stability import stability_of
from tests import postgres
from tests.databases import ROOT, empty, filled_by
from tests.nightly import NIGHTLY
from workshops import locked
from workshops.locked import Kind, lock, unlock
from workshops.models import Ballot, Membership, Municipality, Participant, Role, User, Workshop

pytestmark = pytest.mark.django_db
SCHEMA = ROOT / "tests/data/transfer_schema.json"
COST = locked.SCRYPT["n"]
PASSPHRASE = "Neun Tische, vierzig Telefone"
OURS, THEIRS = "only-tests", "town-hall-1"
SETTINGS = "bingen_strategy.settings"
FIRST = "from workshops.models import Workshop; print(Workshop.objects.get().pk)"
THEIR_KEYS = {THEIRS: "Zs0dGpJ4uEaN9iXoR6vBqHyDkMtCwrV3nQ8xYbK2mTfWc7Lh"}


@pytest.fixture(autouse=True)
def secrets_at_hand(monkeypatch):
    monkeypatch.setenv("TRANSFER_PASSPHRASE", PASSPHRASE)
    monkeypatch.setitem(locked.SCRYPT, "n", 2**4)  # what makes guessing slow makes tests slow


def _built() -> int:
    """A day with all that can be in it."""
    workshop, _try_out = build_demo(with_ratings=True, today=date(2026, 11, 30))
    first, second, third, fourth = Measure.objects.in_workshop(workshop).standing()[:4]
    group, field = workshop.groups.all()[2], workshop.fields.all()[4]
    first.title = "Neuer Name"
    first.save()
    third.is_removed = True
    third.save()
    DistinctPair.objects.note(second, fourth)
    author = User.objects.create_user("gegangen@bingen.example", name="Gerda")
    Remark.objects.create(measure=second, text="Wer zahlt?", by=author, client_id=uuid.uuid4())
    SavedView.objects.create(
        workshop=workshop,
        name="Wichtiges",
        place=1,
        query=f"field={field.pk}&lens=group-{group.pk}",
    )
    cost = Cost.objects.create(
        measure=second, purpose="Router", amount="1234.56", funder="Land", funded_percent="66.67",
        client_id=uuid.uuid4(),
    )  # fmt: skip
    CostShare.objects.create(
        cost=cost, municipality=workshop.municipalities.first(), amount="400.10"
    )
    row = Indicator.objects.create(
        measure=second, name="Hotspots", target="20.5", target_on="2028-12-31",
        client_id=uuid.uuid4(),
    )  # fmt: skip
    IndicatorEntry.objects.create(
        indicator=row, day="2026-11-30", value="7.25", by=author, client_id=uuid.uuid4()
    )
    Workshop.objects.filter(pk=workshop.pk).update(budget_once="50000.50", shows_costs=True)
    Round.objects.update(erased_at="2026-11-30T18:00:00Z")
    return workshop.pk


@pytest.fixture
def day(db) -> Workshop:
    return Workshop.objects.get(pk=filled_by(_built))


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "tag.transfer"


def export(workshop: Workshop, path: Path) -> str:
    return _run("export_workshop", workshop.pk, transfer=path)


def take_in(path: Path) -> list[str]:
    return _run("import_workshop", path).splitlines()


def refusal(command: str, *arguments, **options) -> str:
    with pytest.raises(CommandError) as refused:
        _run(command, *arguments, **options)
    return str(refused.value)


def _run(command: str, *arguments, **options) -> str:
    printed = StringIO()
    with translation.override("en"):
        call_command(command, *arguments, stdout=printed, **options)
    return printed.getvalue()


def content_of(path: Path) -> dict:
    return json.loads(unlock(path.read_bytes(), PASSPHRASE, Kind.TRANSFER))


def locked_anew(path: Path, data: object) -> Path:
    path.write_bytes(lock(json.dumps(data).encode(), PASSPHRASE, Kind.TRANSFER))
    return path


def without_arrival(data: dict) -> dict:
    """Leave out the link with which the other installation has sealed that the chain arrived."""
    tables = data["tables"]
    assert tables["measures.seal"][-1]["kind"] == "arrived"
    return data | {"tables": tables | {"measures.seal": tables["measures.seal"][:-1]}}


# There and back ---------------------------------------------------------------------------------


def test_what_arrives_is_what_left_up_to_the_ids(day, file, settings):
    before = pack(day)
    figures = [(row.measure.number, row.result) for row in overview_of(day).rows]
    export(day, file)
    old_ids = {*Ballot.objects.values_list("pk", flat=True)}
    empty()
    settings.SEAL_KEYS = THEIR_KEYS
    take_in(file)
    [arrived] = Workshop.objects.all()
    assert arrived.pk != day.pk
    assert without_arrival(pack(arrived)) == before
    told = [(row.measure.number, row.result) for row in overview_of(arrived).rows]
    assert [(number, _figures(each)) for number, each in told] == [
        (number, _figures(each)) for number, each in figures
    ]
    new_ids = {*Ballot.objects.values_list("pk", flat=True)}
    assert (len(new_ids), old_ids & new_ids) == (len(before["ballots"]), set())


def _figures(result) -> tuple:
    return result.n, result.relevance, result.feasibility, result.score, result.rank


def test_ranks_have_the_same_ranges_in_both_places(day, file):
    def ranges(workshop: Workshop) -> list[tuple]:
        overview = overview_of(workshop)
        found = stability_of(overview).measures
        return [
            (row.measure.number, found[row.measure.pk].low, found[row.measure.pk].high)
            for row in overview.rows
            if row.measure.pk in found
        ]

    before = ranges(day)
    export(day, file)
    empty()
    take_in(file)
    assert len(before) > 20
    assert ranges(Workshop.objects.get()) == before


def test_a_day_without_decisions_is_the_same_to_the_last_row(workshop, measure, file, at):
    at("deliberating")
    Round.objects.update(erased_at="2026-11-30T18:00:00Z")
    before = pack(workshop)
    export(workshop, file)
    empty()
    take_in(file)
    assert pack(Workshop.objects.get()) == before


def test_two_servers_of_two_kinds_of_database(day, file, tmp_path, monkeypatch):
    """This one, and another process with settings, keys and a database of its own."""
    monkeypatch.setitem(locked.SCRYPT, "n", COST)
    before = pack(day)
    export(day, file)
    back = tmp_path / "zurueck.transfer"
    with other_database(tmp_path) as url:
        server = partial(_elsewhere, url)
        server("migrate", "--verbosity", "0")
        server("import_workshop", str(file))
        pk = server("shell", "--verbosity", "0", "--command", FIRST)
        server("export_workshop", pk, "--transfer", str(back))
        server("import_workshop", str(file), status=1)
        server("verify_decisions", status=1)  # sealed elsewhere, which is no fault
    assert without_arrival(content_of(back)) == before


@contextmanager
def other_database(folder: Path) -> Iterator[str]:
    """Yield the URL of an empty database: SQLite, and at night of PostgreSQL beside SQLite."""
    if connection.vendor == "postgresql" or not NIGHTLY:
        yield f"sqlite:///{folder}/other.sqlite3"
        return
    try:
        with postgres.server() as url:
            yield url
    except postgres.Unavailable:
        yield f"sqlite:///{folder}/other.sqlite3"


def _elsewhere(url: str, *command: str, status: int = 0) -> str:
    """Run a command of the product over there, and return what it printed."""
    keys = ",".join(f"{name}:{key}" for name, key in THEIR_KEYS.items())
    own = {"DATABASE_URL": url, "SEAL_KEYS": keys, "DJANGO_SETTINGS_MODULE": SETTINGS}
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT, env={**os.environ, **own}, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    assert (done.returncode, done.stderr if done.returncode != status else "") == (status, "")
    return done.stdout.strip()


def test_the_file_names_nobody_who_only_wrote_something_once(day, file):
    export(day, file)
    data = content_of(file)
    people = {each["email"] for each in data["matched"]["workshops.user"]}
    assert "gegangen@bingen.example" not in people
    [remark] = [r for r in data["tables"]["measures.remark"] if r["text"] == "Wer zahlt?"]
    assert remark["by"] is None
    told = [*Membership.objects.filter(workshop=day), *Participant.objects.filter(workshop=day)]
    assert people == {row.user.email for row in told if row.user}


def test_no_secret_and_no_password_leaves(day, file):
    Ballot.objects.filter(workshop=day).update(secret_hash=None)
    one = Ballot.objects.create(workshop=day, source="account", secret_hash="f" * 64)
    export(day, file)
    text = json.dumps(content_of(file))
    passwords = User.objects.values_list("password", flat=True)
    assert [word for word in ("secret", "f" * 64, str(one.pk), *passwords) if word in text] == []


def test_who_took_part_can_take_a_ballot_again_for_a_further_round(day, file):
    Participant.objects.filter(workshop=day).update(has_ballot=True)
    export(day, file)
    empty()
    take_in(file)
    assert {*Participant.objects.values_list("has_ballot", "ballot")} == {(False, None)}


# Meeting what is there --------------------------------------------------------------------------


def test_accounts_are_matched_by_their_addresses_and_keep_name_and_password(day, file):
    member = day.memberships.first().user
    export(day, file)
    empty()
    there = User.objects.create_user(member.email.upper(), "geheim-geheim", name="Wer da ist")
    take_in(file)
    there.refresh_from_db()
    assert (there.name, there.check_password("geheim-geheim")) == ("Wer da ist", True)
    roles = {*Membership.objects.filter(user=there).values_list("role", flat=True)}
    assert roles & {*Role.values} != set()
    others = User.objects.exclude(pk=there.pk)
    assert {each.has_usable_password() for each in others} == {False}
    assert {*others.values_list("is_staff", "is_superuser")} == {(False, False)}


@pytest.mark.parametrize(
    ("there", "is_taken"),
    [
        ({"name": "Anders", "official_key": "07339005"}, True),
        ({"name": "BINGEN  am Rhein", "official_key": None}, True),
        ({"name": "Bingen am Rhein", "official_key": "07339999"}, False),
    ],
)
def test_a_municipality_is_matched_by_its_key_else_by_its_name(day, file, there, is_taken):
    export(day, file)
    empty()
    known = Municipality.objects.create(**there)
    take_in(file)
    [seat] = Workshop.objects.get().seats.all()
    assert (seat.municipality == known) == is_taken


def test_of_two_municipalities_of_one_name_none_is_guessed(day, file):
    Municipality.objects.update(official_key=None)
    export(day, file)
    empty()
    for kind in ("city", "county"):
        Municipality.objects.create(name="Bingen am Rhein", kind=kind)
    assert refusal("import_workshop", file) == (
        "There are several municipalities “Bingen am Rhein” here, and the file does not say which"
        " one is meant; please enter their official keys in both installations."
        " Nothing was imported."
    )
    assert Workshop.objects.count() == 0


def test_a_saved_view_names_the_groups_and_fields_of_here(day, file):
    export(day, file)
    empty()
    take_in(file)
    workshop = Workshop.objects.get()
    group, field = workshop.groups.all()[2], workshop.fields.all()[4]
    [view] = workshop.saved_views.all()
    assert view.query == f"field={field.pk}&lens=group-{group.pk}"


def test_what_a_saved_view_names_and_is_gone_is_left_out():
    numbers = {model: {7: 1} for model in (apps.get_model("fields.ActionField"), Municipality)}
    numbers[apps.get_model("workshops.ParticipantGroup")] = {7: 1}
    query = "field=8&municipality=7&lens=group-8&against=group-7&q=Netz+%26+mehr&weight=60"
    assert renumbered(query, numbers) == "municipality=1&against=group-1&q=Netz+%26+mehr&weight=60"


# Seals ------------------------------------------------------------------------------------------


def test_seals_of_another_installation_are_marked_and_bound(day, file, settings):
    links = day.seals.count()
    last = day.seals.order_by("position").last()
    export(day, file)
    empty()
    settings.SEAL_KEYS = THEIR_KEYS
    told = take_in(file)
    assert told[1:] == [
        f"Sealed elsewhere, with the key “{OURS}”, and cannot be checked here: links 1 to {links}."
        " Who can write to the database may have made them."
    ]
    chain = [(each.key_id, each.is_foreign) for each in Seal.objects.order_by("position")]
    assert chain == [*[(OURS, True)] * links, (THEIRS, False)]
    arrival = Seal.objects.order_by("position").last().data
    assert (arrival["links"], arrival["last"]) == (links, last.value)
    assert verify(Workshop.objects.get()).wrong == []


def test_with_the_key_at_hand_every_seal_verifies(day, file):
    export(day, file)
    empty()
    take_in(file)
    findings = verify(Workshop.objects.get())
    assert (findings.wrong, findings.elsewhere, findings.decisions) == ([], [], 10)


def test_a_row_that_is_changed_after_it_arrived_is_found_without_the_key(day, file, settings):
    export(day, file)
    empty()
    settings.SEAL_KEYS = THEIR_KEYS
    take_in(file)
    Decision.objects.filter(pk=Decision.objects.first().pk).update(reason="Anders.")
    assert len(verify(Workshop.objects.get()).wrong) == 1


# Once, and all or nothing -----------------------------------------------------------------------


def test_the_same_day_arrives_once(day, file, tmp_path):
    export(day, file)
    again = tmp_path / "noch-einmal.transfer"
    export(day, again)
    empty()
    take_in(file)
    arrived = Workshop.objects.get()
    counts = _counts()
    for path in (file, again):
        assert refusal("import_workshop", path) == (
            f"This workshop is here already, as “{arrived.title}” with the id {arrived.pk}."
            " Nothing was imported."
        )
    assert _counts() == counts


def _counts() -> dict[str, int]:
    ours = (
        app for app in apps.get_app_configs() if app.name in ("workshops", "fields", "measures")
    )
    models = (model for app in ours for model in app.get_models(include_auto_created=True))
    return {model._meta.label: model._base_manager.count() for model in models}


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda data: data["tables"]["measures.offer"][3].update(measure=999), "999"),
        (lambda data: data["tables"]["measures.measure"][3].pop("title"), "'title'"),
        (lambda data: data["tables"].pop("measures.decision"), "'measures.decision'"),
        (lambda data: data["ballots"][0]["ratings"][0].pop(), "zip() "),
        (lambda data: data["tables"]["measures.session"][0].update(date="morgen"), "["),
        (lambda data: data["tables"]["measures.measure"][3].update(number=1), ""),
        (lambda data: data["history"]["measures.measure"][3].update(row=0), "0"),
    ],
)
def test_a_file_that_contradicts_itself_leaves_nothing(day, file, harm, told):
    export(day, file)
    data = content_of(file)
    harm(data)
    empty()
    Municipality.objects.create(name="Anderswo")
    before = _counts()
    sentence = refusal("import_workshop", locked_anew(file, data))
    assert sentence.startswith(f"The transfer file contradicts itself ({told}")
    assert sentence.endswith("). Nothing was imported.")
    assert _counts() == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04", "This is no transfer file of the Digital-Werkstatt."),
        (b"", "This is no transfer file of the Digital-Werkstatt."),
        (
            b"digital-werkstatt backup 1\n" + bytes(99),
            "This is no transfer file of the Digital-Werkstatt.",
        ),
        (
            b"digital-werkstatt transfer 2\n" + bytes(99),
            "The file was made by a newer version; please update this installation first.",
        ),
        (
            b"digital-werkstatt transfer 1\n",
            "The file is damaged or incomplete; please copy it once more.",
        ),
    ],
)
def test_what_is_no_whole_transfer_file_is_told_in_one_sentence(db, file, content, sentence):
    file.write_bytes(content)
    assert refusal("import_workshop", file) == f"{sentence} Nothing was imported."


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "This is no transfer file of the Digital-Werkstatt."),
        ([1], "This is no transfer file of the Digital-Werkstatt."),
        (
            {"format": schema.FORMAT, "version": schema.VERSION + 1},
            "The file was made by a newer version; please update this installation first.",
        ),
    ],
)
def test_what_is_inside_must_be_a_workshop_of_a_known_version(db, file, data, sentence):
    assert (
        refusal("import_workshop", locked_anew(file, data)) == f"{sentence} Nothing was imported."
    )


def test_a_damaged_file_is_told_from_a_wrong_passphrase(day, file, monkeypatch):
    export(day, file)
    whole = file.read_bytes()
    file.write_bytes(whole[:500] + bytes([whole[500] ^ 1]) + whole[501:])
    damaged = "The file is damaged or incomplete; please copy it once more. Nothing was imported."
    assert refusal("import_workshop", file) == damaged
    file.write_bytes(whole[:-1])
    assert refusal("import_workshop", file) == damaged
    forged = whole[:500] + bytes([whole[500] ^ 1]) + whole[501:-32]
    file.write_bytes(forged + hashlib.sha256(forged).digest())
    wrong = "The passphrase does not fit this file. Nothing was imported."
    assert refusal("import_workshop", file) == wrong
    file.write_bytes(whole)
    monkeypatch.setenv("TRANSFER_PASSPHRASE", "Neun Tische, vierzig Telephone")
    assert refusal("import_workshop", file) == wrong


def test_an_umlaut_may_be_typed_as_any_keyboard_does():
    file = lock(b"x", "Müller geht früh", Kind.TRANSFER)
    assert unlock(file, " Mu\u0308ller geht fru\u0308h\n", Kind.TRANSFER) == b"x"


def test_an_older_file_lacks_what_was_not_there_yet(day, file, monkeypatch):
    export(day, file)
    data = content_of(file)
    for row in data["tables"]["measures.measure"]:
        del row["short_title"]
    for row in data["tables"]["measures.round"]:
        del row["open_fields"]
    del data["tables"]["measures.distinctpair"], data["history"]["fields.goal"]
    empty()
    locked_anew(file, data)
    assert refusal("import_workshop", file).startswith("The transfer file contradicts itself")
    for module in ("unpacking", "packing"):
        monkeypatch.setattr(f"measures.hand_over.{module}.VERSION", schema.VERSION + 1)
    take_in(file)
    assert {*Measure.objects.values_list("short_title", flat=True)} == {""}
    assert (DistinctPair.objects.count(), Goal.history.count()) == (0, 0)


# Who may, and when ------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", ["preparing", "collecting", "rating"])
def test_a_day_that_is_not_over_stays(workshop, measure, file, at, phase):
    at(phase)
    with translation.override("en"):
        name = workshop._meta.model(phase=phase).get_phase_display()
    assert refusal("export_workshop", workshop.pk, transfer=file) == (
        f"The workshop is in the phase “{name}”; it can leave from the deliberation on."
    )
    assert not file.exists()


def test_a_round_that_nobody_has_seen_keeps_the_day_here(workshop, measure, file, at):
    at("rating")
    at("deliberating")
    Round.objects.update(state="closed", smallest_room=None, erased_at="2026-11-30T18:00:00Z")
    assert refusal("export_workshop", workshop.pk, transfer=file) == (
        "Round 1 is neither shown nor set aside; please do one of both first."
    )
    Round.objects.update(state="set_aside", reason="Falsch erklärt.")
    assert export(workshop, file).endswith("Go on working in one of both installations only.\n")


def test_traces_are_erased_before_anything_leaves(day, file):
    Round.objects.update(erased_at=None)
    assert refusal("export_workshop", day.pk, transfer=file) == (
        "Old row versions of Round 1 are not erased yet: run erase_traces first."
    )


def test_a_file_is_for_its_owner_and_never_written_over(day, file):
    export(day, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    assert refusal("export_workshop", day.pk, transfer=file) == (
        f"The file {file} cannot be written: File exists"
    )
    assert file.read_bytes() == before


def test_a_passphrase_is_long_and_never_an_argument(day, file, monkeypatch):
    monkeypatch.setenv("TRANSFER_PASSPHRASE", "zu kurz")
    assert refusal("export_workshop", day.pk, transfer=file) == (
        "The passphrase needs at least 12 letters; no file was written."
    )
    monkeypatch.delenv("TRANSFER_PASSPHRASE")
    monkeypatch.setattr(sys, "stdin", StringIO())
    assert refusal("export_workshop", day.pk, transfer=file) == (
        "The passphrase is asked for at a terminal, or stands in TRANSFER_PASSPHRASE."
    )
    assert not file.exists()


def test_a_missing_workshop_and_a_missing_file_are_named(db, file):
    assert (
        refusal("export_workshop", 4711, transfer=file) == "There is no workshop with the id 4711."
    )
    told = f"The file {file} cannot be opened: No such file or directory"
    assert refusal("import_workshop", file) == told


# So that nobody forgets -------------------------------------------------------------------------


def test_every_model_travels_or_stays_for_a_reason():
    ours = (
        app for app in apps.get_app_configs() if app.name in ("workshops", "fields", "measures")
    )
    histories = {each.history.model for each in registered_models.values()}
    models = {model for app in ours for model in app.get_models()} - histories
    travel = {table.model for table in TABLES} | {*BALLOTS, *MATCHED}
    named = {model._meta.label_lower for model in travel} | {*STAYS}
    assert {model._meta.label_lower for model in models} == named
    assert {model._meta.label_lower for model in travel} & {*STAYS} == set()


def test_every_history_travels_or_stays_for_a_reason():
    told = {model._meta.label_lower for model in registered_models.values()}
    travel = {table.name for table in TABLES if table.has_history}
    assert travel | {*schema.HISTORY_STAYS} == told
    assert travel & {*schema.HISTORY_STAYS} == set()


def test_every_row_that_is_named_is_in_the_file():
    there = {table.model for table in TABLES} | {*MATCHED}
    named = {column.related_model for table in TABLES for column in table.columns()} - {None}
    assert named <= there
    assert {column for table in TABLES for column in table.stays} <= {
        column.name for table in TABLES for column in table.model._meta.concrete_fields
    }


def test_who_changes_what_travels_raises_the_version():
    """A new column travels by itself: say in ``stays`` if it must not, then write down what does.

    What is compared here is what belongs into the file.
    """
    assert {"version": schema.VERSION, "tables": schema.described()} == json.loads(
        SCHEMA.read_text("utf-8")
    )
