"""The daily digest: to whom it goes, what it says, and that nobody gets it twice."""

import uuid
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from fields.models import ActionField
from measures.models import Measure, Reminder, Session, StatusEntry
from tests import deciding
from tests.deciding import release
from workshops.models import Membership, Role, User, Workshop
from workshops.phases import Phase
from workshops.setup import start_workshop

TODAY = date(2026, 6, 15)
DAY = timedelta(days=1)
MONA, OFFICE = "moderation@bingen.example", "amt@bingen.example"


@pytest.fixture(autouse=True)
def no_address(settings):
    settings.PUBLIC_URL = settings.CONTACT_EMAIL = ""


def decide(measure: Measure, *, due=None, email=OFFICE, pending=False, outcome="accepted", **more):
    day = more.pop("on", TODAY - 30 * DAY)
    session, _new = Session.objects.get_or_create(
        workshop=measure.workshop, date=day, defaults={"committee": "Rat"}
    )
    return deciding.decide(
        session,
        measure,
        outcome=outcome,
        reason="Weil.",
        due_date=due,
        responsible_email=email,
        is_published=not pending,
        at=timezone.now(),
        has_basis=False,
        **more,
    )


def report(measure: Measure, day: date, state="running", **more) -> None:
    StatusEntry.objects.create(
        measure=measure, date=day, state=state, sentence="Läuft.", client_id=uuid.uuid4(), **more
    )


@pytest.fixture
def room(workshop, measure, at) -> Workshop:
    """The workshop of M1, in deliberation. Mona facilitates it."""
    Session.objects.create(workshop=workshop, committee="Rat", date=TODAY - 30 * DAY)
    return at("deliberating")


def run(capsys=None, **options) -> str:
    call_command("send_reminders", **{"date": TODAY, **options})
    return capsys.readouterr().out if capsys else ""


def letters() -> dict[str, tuple[str, list[str]]]:
    """Return per recipient the subject and the lines that name a measure."""
    return {
        letter.to[0]: (
            letter.subject.partition(": ")[2],
            [line[2:] for line in letter.body.splitlines() if line.startswith("* ")],
        )
        for letter in mail.outbox
    }


def recipients() -> list[str]:
    return sorted(letter.to[0] for letter in mail.outbox)


# To whom ----------------------------------------------------------------------------------------


def test_the_responsible_person_and_the_facilitator_are_told(room, measure, committee_member):
    decide(measure, due=TODAY - DAY)
    run()
    assert recipients() == [OFFICE, MONA]


def test_nobody_is_told_when_there_is_nothing_to_say(room, measure, measure_two, capsys):
    decide(measure, due=TODAY + 15 * DAY)
    decide(measure_two, due=TODAY - DAY)
    report(measure_two, TODAY, "done")
    run(capsys)
    assert (mail.outbox, Reminder.objects.count()) == ([], 0)


def test_without_any_workshop_nothing_happens(db, capsys):
    run(capsys)
    assert mail.outbox == []


def test_a_decision_that_is_not_published_is_told_to_nobody(room, measure):
    decide(measure, due=TODAY - DAY, pending=True)
    run()
    assert mail.outbox == []


def test_a_pending_correction_does_not_silence_what_is_published(room, measure):
    first = decide(measure, due=TODAY - DAY)
    decide(measure, email="neu@bingen.example", pending=True, corrects=first)
    run()
    assert recipients() == [OFFICE, MONA]


def test_after_a_published_correction_the_new_person_is_told_and_the_old_one_is_not(room, measure):
    first = decide(measure, due=TODAY - DAY)
    decide(measure, due=TODAY - DAY, email="neu@bingen.example", corrects=first)
    run()
    assert recipients() == [MONA, "neu@bingen.example"]


@pytest.mark.parametrize("outcome", ["rejected", "deferred"])
def test_what_was_not_accepted_is_nobodys_task(room, measure, outcome):
    until = TODAY if outcome == "deferred" else None
    decide(measure, due=TODAY - DAY, outcome=outcome, deferred_until=until)
    run()
    assert mail.outbox == []


@pytest.mark.parametrize("outcome", ["rejected", "deferred"])
def test_what_was_called_off_later_reminds_nobody_though_it_was_reported_on(
    room, measure, outcome, capsys
):
    decide(measure, due=TODAY - 10 * DAY)
    report(measure, TODAY - 20 * DAY)
    until = TODAY + DAY if outcome == "deferred" else None
    later = decide(measure, outcome=outcome, on=TODAY - 5 * DAY, deferred_until=until, pending=True)
    assert run(capsys, dry_run=True).split()[0] == "2"
    release(later)
    run()
    assert mail.outbox == []


def test_a_responsible_person_hears_of_the_own_measures_only(room, measure, measure_two):
    decide(measure, due=TODAY - DAY)
    decide(measure_two, due=TODAY - DAY, email="")
    run()
    found = {recipient: len(lines) for recipient, (_subject, lines) in letters().items()}
    assert found == {OFFICE: 1, MONA: 2}


def test_whoever_is_both_gets_one_mail_with_each_measure_once(room, measure, measure_two):
    decide(measure, due=TODAY - DAY, email="Moderation@Bingen.example")
    decide(measure_two, due=TODAY - DAY, email=MONA)
    run()
    assert {recipient: len(lines) for recipient, (_s, lines) in letters().items()} == {MONA: 2}


def test_one_mail_covers_all_workshops_of_a_person(room, measure, facilitator):
    other = Workshop(title="Zweite", date=date(2024, 1, 1), phase=Phase.CLOSED)
    start_workshop(other, by=facilitator, municipalities=["Anderswo"], groups=["Rat"])
    Session.objects.create(workshop=other, committee="Rat", date=TODAY - 30 * DAY)
    field = ActionField.objects.create(workshop=other, name="Tourismus")
    decide(Measure.objects.create(workshop=other, field=field, title="Bad"), due=TODAY - 2 * DAY)
    decide(measure, due=TODAY - DAY)
    run()
    lines = ["M1 Bad (Zweite)", "M1 WLAN (Digital-Werkstatt Bingen)"]
    assert {r: found for r, (_s, found) in letters().items()} == {OFFICE: lines, MONA: lines}


def test_committee_and_closed_accounts_get_no_digest(room, measure, committee_member):
    gone = User.objects.create_user("weg@bingen.example", is_active=False)
    Membership.objects.create(workshop=room, user=gone, role=Role.FACILITATOR)
    decide(measure, due=TODAY - DAY, email="")
    run()
    assert recipients() == [MONA]


@pytest.mark.parametrize("phase", Phase)
def test_only_phases_that_follow_up_remind(room, measure, at, phase):
    decide(measure, due=TODAY - DAY)
    at(phase)
    run()
    assert bool(mail.outbox) == (phase in (Phase.DELIBERATING, Phase.CLOSED))


def test_a_removed_measure_reminds_nobody(room, measure):
    decide(measure, due=TODAY - DAY)
    Measure.objects.update(is_removed=True)
    run()
    assert mail.outbox == []


# What it says -----------------------------------------------------------------------------------


def test_overdue_due_soon_and_long_unheard_of_are_told_apart(room, workshop, measure, measure_two):
    third = Measure.objects.create(workshop=workshop, field=measure.field, title="Kino")
    decide(measure, due=TODAY - DAY)
    decide(measure_two, due=TODAY + 14 * DAY)
    report(third, TODAY - 90 * DAY)
    run()
    assert [len(letters()[MONA][1]), len(letters()[OFFICE][1])] == [3, 2]
    assert letters()[MONA][0] == (
        "1 Maßnahme überfällig, 1 Maßnahme bald fällig, 1 Maßnahme ohne Sachstand"
    )


def test_how_far_ahead_is_looked_can_be_chosen(room, measure):
    decide(measure, due=TODAY + 3 * DAY)
    run(days=2)
    assert mail.outbox == []
    run(days=3)
    assert recipients() == [OFFICE, MONA]


def test_the_mail_says_what_is_known_of_a_measure_and_links_to_it(room, measure, settings):
    settings.PUBLIC_URL = "https://werkstatt.example.org"
    decide(measure, due=date(2026, 6, 1), responsible="Hauptamt", email="")
    report(measure, date(2026, 5, 20), percent=40)
    run()
    [letter] = mail.outbox
    lines = letter.body.splitlines()
    start = lines.index("* M1 WLAN (Digital-Werkstatt Bingen)")
    assert "01.06.2026" in lines[start + 1]
    assert lines[start + 2] == "  läuft, 40 % (20.05.2026): Läuft."
    assert lines[start + 3].endswith(": Hauptamt")
    assert lines[start + 4] == f"  https://werkstatt.example.org/workshops/{room.pk}/measures/1/"
    message = letter.message()
    assert (message.get_content_type(), message["Auto-Submitted"]) == (
        "text/plain", "auto-generated",
    )  # fmt: skip


def test_without_the_sites_address_there_are_no_links(room, measure):
    decide(measure, due=TODAY - DAY)
    run()
    assert [letter.body.count("http") for letter in mail.outbox] == [0, 0]


def test_line_breaks_and_markup_in_titles_do_no_harm(room, measure):
    nasty = "WLAN\r\nBcc: alle@bingen.example\r\n\r\n<b>&"
    Measure.objects.update(title=nasty)
    Workshop.objects.update(title=f"Werkstatt\n{nasty}")
    decide(measure, due=TODAY - DAY, responsible=nasty)
    run()
    for letter in mail.outbox:
        assert "Bcc" not in letter.message()
        assert "* M1 WLAN Bcc: alle@bingen.example <b>& (Werkstatt WLAN Bcc:" in letter.body
        assert letter.body.count("\nBcc") == 0


# Once a day -------------------------------------------------------------------------------------


def test_a_second_run_of_the_day_sends_nothing_and_the_next_day_sends_again(room, measure, capsys):
    decide(measure, due=TODAY - DAY)
    assert run(capsys).split()[0] == "2"
    first, second = run(capsys).splitlines()
    assert (first.split()[0], second.split()[0], len(mail.outbox)) == ("0", "2", 2)
    run(date=TODAY + DAY)
    assert len(mail.outbox) == 4


def test_who_became_responsible_meanwhile_is_told_by_the_second_run(room, measure, measure_two):
    decide(measure, due=TODAY - DAY)
    run()
    decide(measure_two, due=TODAY - DAY, email="neu@bingen.example")
    run()
    assert recipients() == [OFFICE, MONA, "neu@bingen.example"]


def test_addresses_of_last_month_are_forgotten(room, measure):
    decide(measure, due=TODAY - DAY, email="")
    for days in (31, 32):
        Reminder.objects.create(day=TODAY - days * DAY, recipient=MONA, workshop=room)
    run()
    assert [(TODAY - row.day).days for row in Reminder.objects.all()] == [0, 31]


def test_a_trial_says_how_many_and_neither_sends_nor_notes_anything(room, measure, capsys):
    decide(measure, due=TODAY - DAY)
    assert run(capsys, dry_run=True).split()[0] == "2"
    assert (mail.outbox, Reminder.objects.count()) == ([], 0)
    run(capsys)
    assert run(capsys, dry_run=True).split()[0] == "0"


@pytest.mark.parametrize("error", [ConnectionRefusedError(111, "refused"), ValueError("bad")])
def test_one_address_that_fails_stops_nobody_else_and_is_tried_again(
    room, measure, capsys, monkeypatch, error
):
    decide(measure, due=TODAY - DAY)
    send = EmailMessage.send

    def fail(self, *args, **kwargs):
        if self.to == [OFFICE]:
            raise error
        return send(self, *args, **kwargs)

    monkeypatch.setattr(EmailMessage, "send", fail)
    with pytest.raises(CommandError) as caught:
        run()
    out, err = capsys.readouterr()
    assert (recipients(), [row.recipient for row in Reminder.objects.all()]) == ([MONA], [MONA])
    assert (OFFICE in err, "@" in out, "@" in str(caught.value)) == (True, False, False)
    assert caught.value.returncode == 1
    monkeypatch.undo()
    run()
    assert recipients() == [OFFICE, MONA]


@pytest.mark.django_db(transaction=True)
def test_the_mail_server_is_waited_for_without_a_transaction(room, measure, monkeypatch):
    decide(measure, due=TODAY - DAY)
    found = []

    def look(self, *args, **kwargs):
        noted = Reminder.objects.filter(recipient=self.to[0]).exists()
        found.append((self.to[0], noted, connection.in_atomic_block))

    monkeypatch.setattr(EmailMessage, "send", look)
    run()
    assert found == [(OFFICE, True, False), (MONA, True, False)]


def test_what_another_run_sends_at_this_moment_is_not_sent_again(
    room, measure, monkeypatch, capsys
):
    decide(measure, due=TODAY - DAY)
    send = EmailMessage.send

    def send_while_another_run_takes_the_next(self, *args, **kwargs):
        Reminder.objects.create(day=TODAY, recipient=MONA, workshop=room)
        return send(self, *args, **kwargs)

    monkeypatch.setattr(EmailMessage, "send", send_while_another_run_takes_the_next)
    first, second = run(capsys).splitlines()
    assert (recipients(), first.split()[0], second.split()[0]) == ([OFFICE], "1", "1")


def test_a_run_that_is_stopped_while_sending_sends_nobody_a_second_mail_and_says_whose_is_open(
    room, measure, monkeypatch, caplog
):
    decide(measure, due=TODAY - DAY)
    send = EmailMessage.send

    def sent_and_stopped(self, *args, **kwargs):
        send(self, *args, **kwargs)
        raise KeyboardInterrupt

    monkeypatch.setattr(EmailMessage, "send", sent_and_stopped)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert [record.args for record in caplog.records] == [(OFFICE,)]
    monkeypatch.undo()
    run()
    assert [letter.to for letter in mail.outbox] == [[OFFICE], [MONA]]


def test_an_address_with_a_line_break_fails_alone(room, measure, capsys):
    decide(measure, due=TODAY - DAY, email="a@b.example\nBcc: c@d.example")
    with pytest.raises(CommandError):
        run()
    assert recipients() == [MONA]


@pytest.mark.parametrize(
    "arguments", [["--date", "31.03.2026"], ["--days", "-1"], ["--days", "x"], ["--days", "400"]]
)
def test_a_malformed_option_is_refused(db, arguments):
    with pytest.raises(CommandError):
        call_command("send_reminders", *arguments)


def test_the_number_of_queries_before_sending_does_not_grow(
    room, measure, measure_two, django_assert_num_queries
):
    third = Measure.objects.create(workshop=room, field=measure.field, title="Kino")
    for count, each in enumerate((measure, measure_two, third), start=1):
        decide(each, due=TODAY - DAY)
        report(each, TODAY - 2 * DAY)
        if count in (1, 3):
            with django_assert_num_queries(7):
                run(dry_run=True)
