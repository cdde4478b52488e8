"""The nightly command: what it says, and whether its status tells that something is left."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from measures.models import Round
from measures.rating.traces import TABLES, Erasure, Holder, Left, Reason, pending
from tests.measures.test_ballots import rate_all
from tests.rating import close
from workshops.models import mark_changed


@pytest.fixture
def answer(monkeypatch):
    """Return a function that says what the database will answer."""

    def set_answer(erasure: Erasure, meanwhile=lambda: None) -> None:
        def erase_old_versions(**limits):
            meanwhile()
            return erasure

        monkeypatch.setattr(pending, "erase_old_versions", erase_old_versions)

    return set_answer


def run(capsys, **options) -> list[str]:
    call_command("erase_traces", **options)
    return capsys.readouterr().out.splitlines()


def complaint(capsys, **options) -> tuple[str, int, list[str]]:
    """Return the last words, the exit status and the lines before."""
    with pytest.raises(CommandError) as caught:
        run(capsys, **options)
    return str(caught.value), caught.value.returncode, capsys.readouterr().err.splitlines()


@pytest.mark.django_db(transaction=True)
def test_every_night_it_erases_what_waits(workshop, measure, at, capsys):
    assert run(capsys) == ["Es gab nichts zu löschen."]
    rate_all(at("rating"), measure, 3)
    close(workshop)
    assert run(capsys) == ["Die alten Zeilenversionen von 1 Bewertungsrunde sind gelöscht."]


def test_it_names_what_is_left_and_who_is_in_the_way(workshop, answer, capsys):
    Round.objects.create(workshop=workshop, number=1, state="closed")
    since = timezone.now() - timedelta(hours=27, minutes=5)
    left = (
        Left(TABLES[0], Reason.SNAPSHOT, 10),
        Left(TABLES[1], Reason.LOCKED),
        Left(TABLES[2], Reason.FAILED, detail="disk full"),
    )
    holders = (Holder("pg_dump, backup", 4711, since), Holder("replication slot north"))
    answer(Erasure((), left, holders))
    assert complaint(capsys) == (
        "Es sind noch alte Zeilenversionen da. Der nächste Lauf versucht es erneut.",
        1,
        [
            "workshops_participant: eine ältere Transaktion oder jemand, der gerade liest, kann sie"
            " noch sehen (10 alte Zeilenversionen)",
            "workshops_ballot: die Tabelle wurde gerade benutzt",
            "measures_rating: die Datenbank meldet einen Fehler: disk full",
            "Blockiert durch pg_dump, backup, Prozess 4711, seit 27:05 Stunden",
            "Blockiert durch replication slot north, Prozess –, seit unbekannter Zeit",
        ],
    )


def test_a_workshop_that_changed_meanwhile_is_left_for_the_next_run(workshop, answer, capsys):
    Round.objects.create(workshop=workshop, number=1, state="closed")
    answer(Erasure(clean=TABLES), meanwhile=lambda: mark_changed(workshop.pk))
    assert complaint(capsys) == (
        "Bei 1 Bewertungsrunde wurde währenddessen etwas geändert. Der nächste Lauf versucht es"
        " erneut.",
        1,
        [],
    )  # fmt: skip


@pytest.mark.parametrize("wait", ["-1", "soon", "1.5", "86401", "٣"])
def test_a_time_to_wait_that_is_none_is_refused(db, wait):
    with pytest.raises(CommandError, match="0 to 86400"):
        call_command("erase_traces", f"--wait={wait}")
