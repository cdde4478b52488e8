"""An office reports on one measure by a link, without an account."""

import logging
import uuid
from datetime import timedelta

import pytest
from django.conf import settings as ours
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bingen_strategy.logs import LinksUntold
from measures.calendar.address import renew
from measures.followup.links import LASTS, links_for, make_link, path_of, token_of
from measures.models import Decision, Measure, ReportLink, StatusEntry
from tests.deciding import decide, hold, release
from tests.markup import compact
from tests.today import TODAY
from workshops.phases import Phase

pytestmark = pytest.mark.usefixtures("one_day")

DAY = timedelta(days=1)
OFFICE = "amt@bingen.example"
SENTENCE = "Die Router sind bestellt."


@pytest.fixture
def decision(workshop, measure, at) -> Decision:
    """M1 was amended ten days ago; the building office is to do it."""
    at("deliberating")
    session = hold(workshop, measure, date=TODAY - 10 * DAY)
    return decide(
        session, measure, has_basis=False, outcome="amended", wording="WLAN am Rhein",
        responsible="Bauamt", responsible_email=OFFICE, due_date=TODAY + 20 * DAY,
    )  # fmt: skip


@pytest.fixture
def link(decision) -> ReportLink:
    return make_link(decision, by=None, now=timezone.now())


@pytest.fixture
def bearer(link):
    """Return a function that opens the link as nobody: ``bearer(sentence="…")`` sends the form."""

    def ask(path: str = path_of(link), **sent):
        client = Client(enforce_csrf_checks=True)
        response = client.post(path, sent) if sent else client.get(path)
        assert not client.cookies
        return response

    return ask


def entry(**changes) -> dict[str, str]:
    sent = {"state": "running", "sentence": SENTENCE, "client_id": str(uuid.uuid4())}
    return sent | changes


# Reporting ----------------------------------------------------------------------------------------


def test_whoever_holds_the_link_reads_what_is_published_and_reports(
    bearer, link, measure, decision
):
    page = compact(bearer())
    for told in ("WLAN", "WLAN am Rhein", "Frist", "noch kein Sachstand eingetragen"):
        assert told in page
    assert OFFICE not in page
    response = bearer(**entry(percent="40", next_due=str(TODAY + DAY)))
    assert (response.status_code, response["Location"]) == (302, f"{path_of(link)}?sent=1")
    row = StatusEntry.objects.get()
    found = (row.measure, row.date, row.state, row.sentence, row.percent, row.next_due)
    assert found == (measure, TODAY, "running", SENTENCE, 40, TODAY + DAY)
    assert (row.by, row.is_by_link, row.office) == (None, True, "Bauamt")
    assert SENTENCE in compact(bearer(response["Location"]))


def test_inside_the_entry_is_shown_as_one_by_link(bearer, measure, participant, signed_in):
    bearer(**entry())
    page = compact(signed_in(participant).get(measure.get_absolute_url()))
    assert "Bauamt, über einen Link" in page


def test_the_link_is_good_again_and_the_same_form_sent_twice_is_stored_once(bearer):
    sent = entry()
    assert [bearer(**sent).status_code for _ in range(2)] == [302, 302]
    assert StatusEntry.objects.count() == 1
    bearer(**entry(state="done"))
    assert StatusEntry.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"state": ""}, "state"),
        ({"sentence": " "}, "sentence"),
        ({"percent": "101"}, "percent"),
        ({"state": "done", "percent": "90"}, "percent"),
        ({"next_due": str(TODAY - DAY)}, "next_due"),
        ({"next_due": "9999-12-31"}, "next_due"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_lost(bearer, changes, wrong):
    response = bearer(**entry(**changes))
    assert (response.status_code, [*response.context["form"].errors]) == (422, [wrong])
    assert StatusEntry.objects.count() == 0
    assert changes.get("sentence", SENTENCE) in response.content.decode()


def test_nobody_chooses_day_account_or_office(bearer, facilitator):
    bearer(**entry(date=str(TODAY - DAY), by=str(facilitator.pk), office="Hauptamt"))
    row = StatusEntry.objects.get()
    assert (row.date, row.by, row.office) == (TODAY, None, "Bauamt")


def test_after_a_session_behind_closed_doors_the_page_tells_the_title_alone(
    bearer, decision, measure
):
    Measure.objects.update(description="Mit Masten.")
    page = compact(bearer())
    assert ("WLAN am Rhein" in page, "Digitalausschuss" in page) == (True, True)
    decision.session.is_public = False
    type(decision.session).objects.update(is_public=False)
    page = compact(bearer())
    hidden = ("WLAN am Rhein", "Mit Masten.", "Digitalausschuss", "Frist")
    assert [words in page for words in hidden] == [False] * 4


def test_names_evidence_and_shares_of_earlier_entries_are_not_told(bearer, measure, facilitator):
    StatusEntry.objects.create(
        measure=measure, date=TODAY, state="delayed", sentence="Es dauert.", percent=37,
        evidence="https://bingen.example/x", by=facilitator, client_id=uuid.uuid4(),
    )  # fmt: skip
    page = compact(bearer())
    told = ("Es dauert.", "verzögert", "37 %", facilitator.name, "bingen.example/x")
    assert [words in page for words in told] == [True, True, False, False, False]


def test_the_page_is_not_kept_listed_or_told_to_others(bearer, link):
    for response in (bearer(), bearer(**entry(state="")), bearer(path_of(link) + "?x=1")):
        found = {
            name: response[name] for name in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")
        }
        assert found == {
            "Cache-Control": "private, no-store",
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex, nofollow",
        }
        assert "<script" not in response.content.decode()
    assert token_of(link) not in bearer().content.decode()


# No longer good -----------------------------------------------------------------------------------


def refused(response) -> tuple[int, str]:
    assert response["Referrer-Policy"] == "no-referrer"
    return response.status_code, response.context["why"]


@pytest.mark.parametrize("token", ["x", "x.y", "{nonce}", "{nonce}.", "{token}x", "{token}."])
def test_what_nobody_made_is_unknown(bearer, link, token):
    path = reverse("measures:report", args=[token.format(nonce=link.nonce, token=token_of(link))])
    assert refused(bearer(path)) == (404, "unknown")


def test_a_deleted_link_is_unknown(bearer, link):
    ReportLink.objects.all().delete()
    assert refused(bearer()) == (404, "unknown")


def test_after_thirty_days_the_link_has_ended(bearer, link):
    assert link.expires_at - link.made_at == timedelta(days=30)
    ReportLink.objects.update(made_at=timezone.now() - LASTS, expires_at=timezone.now())
    assert refused(bearer()) == (410, "expired")


def test_a_revoked_link_gives_back_what_was_typed(bearer, link, administrator, signed_in, at):
    page = reverse("measures:report-link-revoke", args=[link.decision.session.workshop_id, link.pk])
    response = signed_in(administrator).post(page)
    assert response.status_code == 302
    answer = bearer(**entry())
    assert refused(answer) == (410, "revoked")
    assert (SENTENCE in answer.content.decode(), StatusEntry.objects.count()) == (True, 0)


def test_a_revocation_in_any_phase_is_the_first_one(link, workshop, administrator, signed_in, at):
    at("rating")
    page = reverse("measures:report-link-revoke", args=[workshop.pk, link.pk])
    client = signed_in(administrator)
    client.post(page)
    first = ReportLink.objects.get().revoked_at
    client.post(page)
    assert first is not None
    assert ReportLink.objects.get().revoked_at == first


@pytest.mark.parametrize("outcome", ["rejected", "accepted"])
def test_a_new_decision_ends_the_links_of_the_one_before(
    bearer, workshop, measure, outcome, decision
):
    later = hold(workshop, measure, date=TODAY - DAY, committee="Rat")
    pending = decide(later, measure, has_basis=False, outcome=outcome, is_published=False)
    assert bearer().status_code == 200
    release(pending)
    assert refused(bearer()) == (410, "replaced")


def test_a_correction_that_names_another_office_ends_the_link(bearer, decision, measure):
    decide(
        decision.session, measure, has_basis=False, corrects=decision, wording="",
        responsible_email="neu@bingen.example",
    )  # fmt: skip
    assert refused(bearer()) == (410, "replaced")


def test_the_link_of_a_duplicate_reports_on_what_it_was_merged_into(bearer, measure, measure_two):
    measure.merge_into(measure_two)
    bearer(**entry())
    assert StatusEntry.objects.get().measure == measure_two


def test_a_removed_measure_ends_its_links(bearer):
    Measure.objects.update(is_removed=True)
    assert refused(bearer()) == (410, "replaced")


@pytest.mark.parametrize("phase", Phase)
def test_the_link_waits_while_nobody_reports(bearer, at, phase):
    at(phase)
    is_open = phase in (Phase.DELIBERATING, Phase.CLOSED)
    assert bearer().status_code == (200 if is_open else 403)


def test_a_link_revoked_at_this_moment_stores_nothing(bearer, link, monkeypatch):
    from measures.followup.views import report

    line_up = report.line_up

    def wait(workshop_id: int) -> None:
        ReportLink.objects.update(revoked_at=timezone.now())
        line_up(workshop_id)

    monkeypatch.setattr(report, "line_up", wait)
    assert refused(bearer(**entry())) == (410, "revoked")
    assert StatusEntry.objects.count() == 0


def test_whoever_sends_too_often_is_asked_to_wait_and_keeps_the_words(bearer, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"report_link": "1/h/key"}
    assert bearer(**entry()).status_code == 302
    answer = bearer(**entry(sentence="Noch einer."))
    assert refused(answer) == (429, "too_often")
    assert "Noch einer." in answer.content.decode()
    assert bearer().status_code == 200


def test_whoever_tries_links_is_stopped(bearer, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"report": "2/m/ip"}
    path = reverse("measures:report", args=["x"])
    assert [bearer(path).status_code for _ in range(3)] == [404, 404, 429]


# What is stored and logged ------------------------------------------------------------------------


def test_the_table_does_not_hold_what_opens_the_page(link):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM measures_reportlink")
        stored = [str(value) for value in cursor.fetchone()]
    assert [token_of(link) in value for value in stored] == [False] * len(stored)
    assert token_of(link).partition(".")[0] in stored


def test_the_log_tells_no_link(bearer, link, caplog):
    caplog.handler.addFilter(LinksUntold())
    with caplog.at_level(logging.DEBUG):
        bearer(**entry(state=""))
        bearer(reverse("measures:report", args=["x.y"]))
    told = [record.getMessage() for record in caplog.records if "/report/" in record.getMessage()]
    assert told == ["Unprocessable Entity: /report/…/", "Not Found: /report/…/"]


def test_nor_the_address_of_a_calendar_which_programs_ask_by_other_methods(
    workshop, facilitator, client, caplog
):
    caplog.handler.addFilter(LinksUntold())
    address = reverse("measures:calendar-file", args=[renew(workshop, facilitator)])
    with caplog.at_level(logging.DEBUG):
        assert client.generic("PROPFIND", address).status_code == 405
    assert "Method Not Allowed (PROPFIND): /calendar/…" in caplog.messages


def test_all_that_is_logged_passes_the_filter():
    handlers = ours.LOGGING["handlers"].values()
    assert [handler["filters"] for handler in handlers] == [["links"]]


# Making one ---------------------------------------------------------------------------------------


@pytest.fixture
def desk(workshop, administrator, signed_in):
    """Return Vera's client and the page of M1's links."""
    return signed_in(administrator), reverse("measures:report-link", args=[workshop.pk, 1])


def test_the_administration_makes_a_link_once_and_reads_its_address(desk, decision, administrator):
    client, page = desk
    for _click in range(2):
        assert client.post(page).status_code == 302
    [link] = ReportLink.objects.all()
    assert (link.decision, link.by) == (decision, administrator)
    [listed] = client.get(page).context["links"]
    assert listed.address == f"http://testserver{path_of(link)}"
    assert "Wer den Link hat" in client.get(page).content.decode()


def test_an_ended_link_stays_listed_without_its_address_and_another_can_be_made(desk, link):
    client, page = desk
    client.post(
        reverse("measures:report-link-revoke", args=[link.decision.session.workshop_id, link.pk])
    )
    client.post(page)
    found = [bool(each.address) for each in client.get(page).context["links"]]
    assert found == [True, False]


@pytest.mark.parametrize("outcome", ["rejected", "deferred", "pending", None])
def test_what_nobody_accepted_gets_no_link(desk, workshop, measure, at, outcome):
    at("deliberating")
    if outcome:
        until = TODAY if outcome == "deferred" else None
        decide(
            hold(workshop, measure, date=TODAY - DAY), measure, has_basis=False,
            outcome="accepted" if outcome == "pending" else outcome, deferred_until=until,
            is_published=outcome != "pending",
        )  # fmt: skip
    client, page = desk
    assert (client.post(page).status_code, ReportLink.objects.count()) == (302, 0)


def test_a_mail_brings_a_link_that_is_good_for_a_week_at_least(decision):
    now = timezone.now()
    [first] = links_for([decision.pk], now=now).values()
    [same] = links_for([decision.pk], now=now + 22 * DAY).values()
    [other] = links_for([decision.pk], now=now + 24 * DAY).values()
    assert (same == first, other == first) == (True, False)


def test_the_numbers_of_queries_do_not_grow(bearer, desk, link, django_assert_num_queries):
    client, page = desk
    for count in (1, 3):
        while ReportLink.objects.count() < count:
            ReportLink.objects.create(
                decision=link.decision, nonce=str(uuid.uuid4())[:32], expires_at=link.expires_at
            )
            StatusEntry.objects.create(
                measure=link.decision.measure, date=TODAY, state="running", sentence="x",
                client_id=uuid.uuid4(),
            )  # fmt: skip
        with django_assert_num_queries(5):
            assert client.get(page).status_code == 200
