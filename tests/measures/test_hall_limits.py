"""A whole hall behind one address comes in, and whoever guesses codes beside it does not."""

from itertools import cycle

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from measures.hall import limits
from measures.hall.tables import add_table
from measures.models import Front
from tests.nightly import NIGHTLY
from tests.people import entering, open_door
from workshops.guests import code_hash, new_code, with_proof
from workshops.models import Ballot, JoinCode, Table, User

pytestmark = pytest.mark.django_db
# At night as many as the issue tells of; by day the same story with fewer.
PEOPLE, GUESSES = (300, 10_000) if NIGHTLY else (60, 600)
HALL, ELSEWHERE = "198.51.100.7", "203.0.113.9"
ALLOWED = 120  # wrong codes in ten minutes, see settings


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


def door(text: str) -> str:
    return reverse("measures:join", args=[text])


def guess(times: int, *, of: int = 6, at: str = HALL) -> list[int]:
    """Try codes at random; return how each was answered."""
    client = Client(REMOTE_ADDR=at)
    return [client.get(door(new_code(of))).status_code for _time in range(times)]


def enter(text: str, *, at: str = HALL) -> list[int]:
    """Come in as a newcomer; return how the page and the button were answered."""
    phone = Client(REMOTE_ADDR=at)
    return [phone.get(door(text)).status_code, phone.post(door(text), entering()).status_code]


def test_a_hall_comes_in_within_a_minute_while_somebody_guesses_beside_it(workshop):
    code = open_door(workshop)
    answers = guess(ALLOWED)  # before anybody has come in
    assert {*answers} == {403}
    guesser, between = Client(REMOTE_ADDR=HALL), -(-(GUESSES - ALLOWED) // PEOPLE)
    ways = cycle([with_proof(code), code, code])  # every third scans, the others type
    for way, _person in zip(ways, range(PEOPLE), strict=False):
        answers += [guesser.get(door(new_code(6))).status_code for _time in range(between)]
        assert enter(way) == [200, 302]
    assert Ballot.objects.count() == PEOPLE
    assert answers.count(403) in (ALLOWED, ALLOWED + 1)  # the last one was one too many
    assert answers.count(429) >= GUESSES - ALLOWED - 1
    assert guesser.get(door(code)).status_code == 200  # it says no more than the wall does


def test_a_first_who_types_waits_where_too_many_were_wrong_and_is_told_what_works(workshop):
    code = open_door(workshop)
    guess(ALLOWED + 1)
    page = Client(REMOTE_ADDR=HALL).get(door(code))
    assert (page.status_code, page["Retry-After"]) == (429, "60")
    assert "Scannen Sie bitte den QR-Code mit der Kamera" in page.text
    assert enter(code) == [429, 429]
    assert enter(code, at=ELSEWHERE) == [200, 302]
    assert enter(with_proof(code)) == [200, 302]
    assert enter(code) == [200, 302]  # somebody has come in with it from here


def test_the_next_minute_begins_with_one_answer_and_no_more(workshop):
    guess(ALLOWED + 1)
    cache.delete(limits._paused(_request(), "CDFHJK"))  # a minute later
    assert guess(3) == [403, 429, 429]


def _request():
    return Client(REMOTE_ADDR=HALL).get(door("CDFHJK")).wsgi_request


@pytest.fixture
def long_codes(workshop, field) -> dict[int, str]:
    """Return a code of a table, of a card, and one that moves a ballot, by their lengths."""
    card, moving = new_code(10), new_code(12)
    JoinCode.objects.create(workshop=workshop, code_hash=code_hash(card))
    Ballot.objects.create(workshop=workshop, source="guest", recovery_hash=code_hash(moving))
    table = add_table(Table(workshop=workshop, name="Tisch 1"), [field])
    return {8: table.code, 10: card, 12: moving}


def test_whoever_guesses_the_rooms_code_stops_no_longer_code(workshop, long_codes):
    workshop.phase = "collecting"
    workshop.save()
    front = Front.objects.create(workshop=workshop, code="CDFHJKLM")
    guess(ALLOWED + 1)
    assert guess(1) == [429]
    assert [enter(code) for code in long_codes.values()] == [[200, 302]] * 3
    projector = Client(REMOTE_ADDR=HALL).get(reverse("measures:projector", args=[front.code]))
    assert projector.status_code == 200


@pytest.mark.parametrize("length", [8, 10, 12])
def test_longer_codes_are_guessed_no_faster_and_those_of_other_lengths_go_on(
    workshop, long_codes, length, settings
):
    workshop.phase = "collecting"
    workshop.save()
    assert settings.ACCOUNT_RATE_LIMITS["join_wrong_long"] == "1200/10m,6000/d"
    few = {"join_wrong_long": "12/10m,60/d"}
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | few
    assert guess(14, of=length) == [403] * 13 + [429]
    answers = {of: enter(code) for of, code in long_codes.items()}
    assert answers == {8: [200, 302], 10: [200, 302], 12: [200, 302]} | {length: [429, 429]}
    assert enter(with_proof(long_codes[length])) == [200, 302]
    assert (guess(1), guess(1, of=7)) == ([403], [403])


def test_a_table_that_sat_down_here_goes_on_being_taken(workshop, long_codes, settings):
    workshop.phase = "collecting"
    workshop.save()
    few = {"join_wrong_long": "1/10m"}
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | few
    assert enter(long_codes[8]) == [200, 302]
    assert guess(3, of=8) == [403, 403, 429]
    assert enter(long_codes[8]) == [200, 302]
    assert enter(long_codes[8], at=ELSEWHERE) == [200, 302]


def test_a_made_up_proof_is_a_guess(workshop):
    code, client = open_door(workshop), Client(REMOTE_ADDR=HALL)
    guess(ALLOWED + 1)
    proven = with_proof(code)
    for text in (f"{code}.{new_code(8)}", f"{code}.", proven[:-1], f"{proven}X"):
        assert client.get(door(text)).status_code == 429
    assert client.get(door(proven.replace(code, new_code(6)))).status_code == 429


def test_what_exists_is_no_wrong_code_though_it_lets_nobody_in(workshop):
    code = open_door(workshop)
    workshop.is_door_open = False
    workshop.save(update_fields=["is_door_open"])
    client = Client(REMOTE_ADDR=HALL)
    assert {client.get(door(code)).status_code for _time in range(ALLOWED + 5)} == {403}
    assert guess(1) == [403]


@pytest.mark.parametrize(
    ("few", "elsewhere"), [({"join": "2/m"}, 302), ({"join_room": "2/m"}, 429)]
)
def test_a_script_with_the_room_code_stops_its_own_address_long_before_all_others(
    workshop, long_codes, settings, monkeypatch, few, elsewhere
):
    usual = settings.ACCOUNT_RATE_LIMITS
    assert (usual["join"], usual["join_room"]) == ("600/m", "3000/m")
    settings.ACCOUNT_RATE_LIMITS = usual | few
    code = with_proof(open_door(workshop))
    monkeypatch.setattr(limits, "time", lambda: 1_700_000_000)
    assert [enter(code)[1] for _time in range(4)] == [302, 302, 429, 429]
    page = Client(REMOTE_ADDR=HALL).post(door(code), entering())
    assert "Gerade kommen sehr viele Menschen herein." in page.text
    assert enter(code, at=ELSEWHERE)[1] == elsewhere
    assert enter(long_codes[10])[1] == 302  # a card is good once
    monkeypatch.setattr(limits, "time", lambda: 1_700_000_060)
    assert enter(code)[1] == 302


def test_of_who_came_in_the_cache_keeps_how_many_in_the_minute_that_runs(workshop, monkeypatch):
    code = open_door(workshop)
    for second in (0, 1.25, 7, 59.5, 61, 64):
        monkeypatch.setattr(limits, "time", lambda: 1_699_999_980 + second)  # noqa: B023
        enter(code)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        keys = [key.partition(":1:")[2] for (key,) in cursor.fetchall()]
    counts = [cache.get(key) for key in keys if key.startswith("join:count:")]
    assert counts == [(28_333_334, 2)] * 2  # of this address, and of all
    assert [key for key in keys if not key.startswith(("join:count:", "join:known:"))] == []


def test_the_cache_tells_neither_from_where_people_came_nor_with_which_card(workshop, monkeypatch):
    code, card = open_door(workshop), new_code(10)
    JoinCode.objects.create(workshop=workshop, code_hash=code_hash(card))
    stored = []

    def add(key: str, *_value, **_timeout) -> bool:
        stored.append(key)
        return True

    monkeypatch.setattr(limits.cache, "add", add)
    enter(with_proof(card))
    assert stored == []
    enter(with_proof(code))
    assert len([key for key in stored if key.startswith("join:known:")]) == 1
    assert not any(word in "".join(stored) for word in (HALL, code))


# Log-in and password mails ----------------------------------------------------------------------


@pytest.fixture
def people(db) -> list[str]:
    emails = [f"p{number:03}@bingen.example" for number in range(PEOPLE)]
    for email in emails:
        User.objects.create_user(email, "geheim-geheim")
    return emails


def send(route: str, **sent: str):
    return Client(REMOTE_ADDR=HALL).post(reverse(route), sent)


def test_everybody_signs_in_at_nine_though_every_second_mistypes(people):
    for number, email in enumerate(people):
        if number % 2:
            assert send("account_login", login=email, password="falsch-falsch").status_code == 200
        assert send("account_login", login=email, password="geheim-geheim").status_code == 302


def test_everybody_gets_a_password_mail_and_sets_a_password(people, mailoutbox):
    answers = {send("account_reset_password", email=email).status_code for email in people}
    assert (answers, len(mailoutbox)) == ({302}, PEOPLE)
    for mail in mailoutbox:
        [link] = [line for line in mail.body.split() if "/password/reset/key/" in line]
        phone = Client(REMOTE_ADDR=HALL)
        form = phone.get(link, follow=True).redirect_chain[-1][0]
        new = {"password1": "neu-und-lang-42", "password2": "neu-und-lang-42"}
        assert phone.post(form, new).status_code == 302


def test_one_account_is_guarded_strictly_wherever_they_come_from(people):
    [email] = people[:1]
    tries = [
        Client(REMOTE_ADDR=f"198.51.100.{number}").post(
            reverse("account_login"), {"login": email, "password": "falsch-falsch"}
        ).text for number in range(6)
    ]  # fmt: skip
    assert [("Zu viele" in text) for text in tries] == [False] * 5 + [True]
    mails = [send("account_reset_password", email=email).status_code for _time in range(6)]
    assert mails == [302] * 5 + [429]


def test_what_a_large_hall_makes_the_cache_count_pushes_out_nobodys_count(people):
    [email] = people[:1]
    wrong = {"login": email, "password": "falsch-falsch"}
    for _time in range(5):
        send("account_login", **wrong)
    cache.set_many({f"others:{number}": [1.0] for number in range(400)})
    assert "Zu viele" in send("account_login", **wrong).text
