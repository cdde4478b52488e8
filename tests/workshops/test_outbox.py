"""Whose entries wait in a browser, and which pages it may show without a connection."""

import json
import re
import uuid

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from bingen_strategy.worker import FILES
from measures.hall.tables import renew_code
from measures.models import Measure, Rating
from tests.people import FRAGMENT, open_door
from workshops.guests import code_hash, with_proof
from workshops.models import Table, Workshop
from workshops.outbox import HEADER

pytestmark = pytest.mark.django_db
OWNER = re.compile(r'data-outbox-owner="(\w+)"')


def owners(client: Client, *addresses: str) -> set[str]:
    return {mark for address in addresses for mark in OWNER.findall(client.get(address).text)}


@pytest.fixture
def line(field) -> tuple[str, dict]:
    """Address and content of a line that waited in a browser."""
    address = reverse("measures:measure-add", args=[field.workshop_id, field.pk])
    return address, {"title": "Im Funkloch", "client_id": str(uuid.uuid4())}


def send(client: Client, line: tuple[str, dict], mark: str, **headers):
    address, content = line
    return client.post(address, content, headers={"HX-Request": "true", HEADER: mark, **headers})


def titles() -> list[str]:
    return [measure.title for measure in Measure.objects.all()]


# Whose -------------------------------------------------------------------------------------------


def test_an_account_has_one_mark_on_all_its_pages_and_each_account_another(
    at, facilitator, administrator, signed_in, field, client
):
    at("collecting")
    pages = ["/", field.get_absolute_url(), field.workshop.get_absolute_url()]
    mona, vera = (owners(signed_in(each), *pages) for each in (facilitator, administrator))
    assert (len(mona), len(vera), len(mona | vera)) == (1, 1, 2)
    assert owners(client, "/", reverse("account_login")) == set()
    assert str(facilitator.pk) not in mona


def test_each_guest_has_a_mark_which_tells_nothing_of_the_secret(guest, workshop, measure, at):
    one, two = guest(), guest()
    at("rating")
    page = reverse("measures:rate-start", args=[workshop.pk]) + "?list=1"
    marks = owners(one, page) | owners(two, page)
    assert len(marks) == 2
    hashes = {*workshop.ballots.values_list("secret_hash", flat=True)}
    assert not any(mark in each for mark in marks for each in hashes)


def test_a_tab_of_somebody_else_sends_nothing_in_ones_own_name(
    at, facilitator, administrator, signed_in, field, line
):
    at("collecting")
    [mona] = owners(signed_in(facilitator), field.get_absolute_url())
    vera = signed_in(administrator)
    refused = send(vera, line, mona)
    assert (refused.status_code, refused["HX-Redirect"]) == (401, "/accounts/login/?next=%2F")
    assert titles() == []
    assert send(signed_in(facilitator), line, mona).status_code == 201
    assert send(signed_in(facilitator), line, mona).status_code == 201  # sent twice, stored once
    assert titles() == ["Im Funkloch"]


def test_a_table_keeps_its_mark_when_it_gets_another_code(at, table, field, line):
    at("collecting")
    tablet = table()
    [mark] = owners(tablet, field.get_absolute_url())
    seat = Table.objects.get()
    renew_code(seat)
    refused = send(tablet, line, mark)
    assert (refused.status_code, titles()) == (401, [])
    tablet.post(reverse("measures:join", args=[seat.code]))
    assert owners(tablet, field.get_absolute_url()) == {mark}
    assert send(tablet, line, mark).status_code == 201
    assert titles() == ["Im Funkloch"]


def test_who_rates_in_a_tables_browser_has_the_mark_of_the_ballot_there(
    at, guest, table, workshop, field, measure
):
    page = reverse("measures:rate-measure", args=[workshop.pk, measure.number])
    phone = guest()
    at("rating")
    [mark] = owners(phone, page)
    phone.cookies.update(table().cookies)
    assert owners(phone, page) == {mark}
    at("collecting")
    assert owners(phone, field.get_absolute_url()) - {mark} != set()


def test_to_a_stranger_who_sits_at_the_same_browser_nothing_is_refused_for_good(
    at, facilitator, stranger, signed_in, field, line
):
    at("collecting")
    [mona] = owners(signed_in(facilitator), field.get_absolute_url())
    assert send(signed_in(stranger), line, mona).status_code == 401


def test_a_token_from_before_a_log_in_is_answered_with_a_good_one(at, facilitator, field, line):
    at("collecting")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(facilitator)
    [mona] = owners(browser, field.get_absolute_url())
    refused = send(browser, line, mona)
    assert (refused.status_code, titles()) == (403, [])
    token = refused["X-CSRFToken"]
    assert send(browser, line, mona, **{"X-CSRFToken": token}).status_code == 201
    assert "X-CSRFToken" not in browser.post(line[0], line[1])  # a page shows the words instead


def test_a_change_sent_twice_is_no_conflict_with_itself_and_another_one_is(
    at, facilitator, signed_in, measure
):
    at("collecting")
    mona = signed_in(facilitator)
    address = reverse("measures:measure-edit", args=[measure.workshop_id, measure.number])
    form = mona.get(address).context["form"]
    content = {name: form[name].value() or "" for name in form.fields} | {"title": "Bürgerbus"}
    statuses = [mona.post(address, content, headers=FRAGMENT).status_code for _each in range(2)]
    assert (statuses, titles()) == ([200, 200], ["Bürgerbus"])
    late = mona.post(address, content | {"title": "Bus auf Zuruf"}, headers=FRAGMENT)
    assert (late.status_code, titles()) == (409, ["Bürgerbus"])


# The round ---------------------------------------------------------------------------------------


def test_a_choice_that_waited_until_the_next_round_is_not_taken_for_that(
    guest, workshop, measure, at
):
    phone = guest()
    at("rating")
    address = reverse("measures:rate-measure", args=[workshop.pk, measure.number])
    assert phone.get(address).context["form"]["round"].value() == 1
    workshop.rounds.update(number=2)
    choice = {"relevance": "4", "feasibility": "2"}
    assert phone.post(address, {**choice, "round": "1"}, headers=FRAGMENT).status_code == 403
    assert not Rating.objects.exists()
    assert phone.post(address, {**choice, "round": "2"}, headers=FRAGMENT).status_code == 200
    assert phone.post(address, {**choice, "round": "99"}, headers=FRAGMENT).status_code == 422


# Without a connection -----------------------------------------------------------------------------


def test_the_worker_answers_for_the_whole_site_and_is_always_asked_for_anew(client):
    response = client.get("/sw.js")
    assert response["Content-Type"] == "text/javascript"
    assert response["Cache-Control"] == "no-cache"
    first, second = response.text.strip().split("\n")
    kept = json.loads(first.removeprefix("self.KEPT = ").removesuffix(";"))
    assert kept["files"]["names"] == [f"/static/{name}" for name in FILES]
    assert second == 'importScripts("/static/js/worker.js");'
    assert [name for name in FILES if finders.find(name) is None] == []


def test_a_browser_may_keep_where_people_type_rate_and_come_in_and_nothing_else(
    at, facilitator, guest, signed_in, field, measure, client
):
    workshop, code = field.workshop, open_door(field.workshop)
    phone, mona = guest(), signed_in(facilitator)
    at("rating")
    rating = [
        reverse("measures:rate-start", args=[workshop.pk]) + "?list=1",
        reverse("measures:rate-measure", args=[workshop.pk, measure.number]),
    ]
    for page in rating:
        response = phone.get(page)
        assert {response[HEADER]} == {*OWNER.findall(response.text)}
    board = mona.get(field.get_absolute_url())
    assert {board[HEADER]} == {*OWNER.findall(board.text)}
    ways_in = [reverse("measures:join-code"), reverse("measures:join", args=[code])]
    ways_in.append(reverse("measures:join", args=[with_proof(code)]))  # scanned
    assert [client.get(page)[HEADER] for page in ways_in] == ["anyone"] * 3
    others = ["/", workshop.get_absolute_url(), reverse("measures:entry-list", args=[workshop.pk])]
    assert [page for page in others if HEADER in mona.get(page)] == []
    assert HEADER not in phone.get(reverse("measures:rate-measure", args=[workshop.pk, 999]))
    Workshop.objects.update(phase="closed")
    assert HEADER not in mona.get(rating[1])


def test_a_code_that_is_one_persons_is_kept_in_no_browser(client, workshop, guest):
    guest()
    code = "CDFHJKLMNPQR"
    workshop.ballots.update(recovery_hash=code_hash(code))
    page = client.get(reverse("measures:join", args=[code]))
    assert page.status_code == 200
    assert HEADER not in page
