"""Coming in without an account: ten seconds, no name, and nobody who should not be there."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from measures.hall import joining
from measures.models import Rating
from tests.people import FRAGMENT, entering, open_door
from workshops.guests import LETTERS, code_hash, hash_of, new_code, with_proof
from workshops.models import Ballot, JoinCode, Workshop

CODE = reverse("measures:join-code")


@pytest.fixture
def phone() -> Client:
    return Client()


def door(code: str) -> str:
    return reverse("measures:join", args=[code])


def start(workshop: Workshop) -> str:
    return reverse("measures:rate-start", args=[workshop.pk])


def card(workshop: Workshop, group: str | None = None, state: str = "unused") -> str:
    code = new_code(10)
    row = workshop.groups.get(name=group) if group else None
    JoinCode.objects.create(workshop=workshop, group=row, code_hash=code_hash(code), state=state)
    return code


def sources() -> list[tuple[str, str | None]]:
    return sorted(Ballot.objects.values_list("source", "group__name"))


def test_from_the_wall_to_the_first_measure_in_two_taps(workshop, measure, at, phone):
    code = open_door(workshop)
    at("rating")
    page = phone.get(CODE, {"code": f" {code[:3].lower()} {code[3:]} "}, follow=True)
    assert page.redirect_chain == [(door(code), 302)]
    assert "Zu welcher Gruppe gehören Sie?" in page.text
    council = workshop.groups.get(name="Rat")
    response = phone.post(door(code), entering(group=council.pk))
    assert response["Location"] == start(workshop)
    assert sources() == [("guest", "Rat")]
    rate = reverse("measures:rate-measure", args=[workshop.pk, measure.number])
    assert phone.get(start(workshop))["Location"] == rate
    phone.post(rate, {"relevance": 5, "feasibility": 2})
    assert Rating.objects.values_list("relevance", "feasibility").get() == (5, 2)


def test_the_browser_keeps_a_signed_secret_and_the_server_its_hash(workshop, guest):
    phone = guest("Rat")
    door_cookie, cookie = sorted(
        (each for name, each in phone.cookies.items() if "ballot_" in name), key=lambda c: c["path"]
    )
    # A browser sends it to the pages of this workshop, and to where it scans once more.
    assert (door_cookie["path"], cookie["path"]) == ("/j/", f"/workshops/{workshop.pk}/")
    assert door_cookie.value == cookie.value
    for each in (door_cookie, cookie):
        assert (each["httponly"], each["samesite"]) == (True, "Lax")
    secret = cookie.value.partition(":")[0]
    assert Ballot.objects.get().secret_hash == hash_of(secret)
    assert {*phone.cookies} - {"csrftoken"} == {cookie.key, door_cookie.key}
    cookie.set(cookie.key, secret, secret)  # unsigned: somebody made it up
    assert phone.get(start(workshop)).status_code == 302


def test_whoever_is_in_already_goes_on_with_the_same_ballot(workshop, guest):
    phone = guest("Rat")
    response = phone.get(door(workshop.room_code))
    assert response["Location"] == start(workshop)
    phone.post(door(workshop.room_code), entering(group=""))
    assert sources() == [("guest", "Rat")]


def test_a_group_of_another_workshop_is_none(workshop, other_workshop, phone):
    code = open_door(workshop)
    foreign = other_workshop.groups.get()
    phone.post(door(code), entering(group=foreign.pk))
    assert sources() == [("guest", None)]


@pytest.mark.parametrize("text", ["", "ABC", "!!!", "ÄÖÜ", "CDFHJKLMNPQRTVWXY3479"])
def test_what_is_no_code_leads_nowhere_and_says_so(text, db, phone):
    page = phone.get(CODE, {"code": text}, follow=True)
    assert ("Diesen Code gibt es nicht." in page.text) == bool(text)
    assert page.context.get("code", "") == text  # nobody types it again
    assert page.status_code == (403 if text else 200)


def test_a_closed_door_and_a_closed_workshop_let_nobody_in(workshop, phone, at):
    code = open_door(workshop)
    Workshop.objects.filter(pk=workshop.pk).update(is_door_open=False)
    assert "Die Tür dieses Workshops ist zu." in phone.get(door(code)).text
    open_door(workshop)
    assert phone.get(door(code)).status_code == 200
    at("deliberating")
    assert phone.get(door(code)).status_code == 403
    assert phone.post(door(code), entering(group="")).status_code == 403
    assert sources() == []


def test_a_card_is_good_for_one_ballot_of_its_group(workshop, phone):
    code = card(workshop, "Verwaltung")
    page = phone.get(door(code))
    assert "Zu welcher Gruppe" not in page.text
    phone.post(door(code), entering())
    assert sources() == [("guest", "Verwaltung")]
    assert JoinCode.objects.get().state == "used"
    second = Client().post(door(code), entering())
    assert second.status_code == 403
    assert "Diese Karte wurde schon benutzt." in second.text
    assert sources() == [("guest", "Verwaltung")]


def test_a_withdrawn_card_and_the_open_door_have_nothing_to_do_with_each_other(workshop, phone):
    open_door(workshop)
    page = phone.post(door(card(workshop, state="revoked")), entering())
    assert (page.status_code, sources()) == (403, [])
    assert "Diese Karte gilt nicht mehr." in page.text
    Workshop.objects.filter(pk=workshop.pk).update(is_door_open=False)
    assert phone.post(door(card(workshop)), entering()).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_one_card_twice_at_once_is_one_ballot(workshop):
    code = card(workshop)

    def use(_number: int) -> int:
        try:
            return Client().post(door(code), entering()).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(use, range(4))) == [302, 403, 403, 403]
    assert sources() == [("guest", None)]


def test_a_ballot_that_moves_leaves_the_first_device(workshop, guest, at, measure):
    at("rating")
    first, code = guest("Rat"), new_code(12)
    Ballot.objects.update(recovery_hash=code_hash(code))
    second = Client()
    assert "Hier weitermachen?" in second.get(door(code)).text
    assert second.post(door(code), entering())["Location"] == start(workshop)
    rate = reverse("measures:rate-measure", args=[workshop.pk, measure.number])
    assert second.get(start(workshop))["Location"] == rate
    assert first.get(start(workshop))["Location"] == f"{CODE}?lost=1"
    assert Client().post(door(code), entering()).status_code == 403  # shown once, good once
    assert sources() == [("guest", "Rat")]


def moving() -> str:
    """Return a code that moves the ballot of the group Rat."""
    code = new_code(12)
    Ballot.objects.filter(group__name="Rat").update(recovery_hash=code_hash(code))
    return code


def test_a_ballot_without_a_rating_goes_where_another_one_moves_in_and_it_is_said_before(
    workshop, guest
):
    guest("Rat")
    phone, code = guest("Verwaltung"), moving()
    page = phone.get(door(code))
    said = "Auf diesem Gerät liegt ein anderer Stimmzettel, ohne Bewertung. Er wird verworfen."
    assert (said in page.text, sources()) == (True, [("guest", "Rat"), ("guest", "Verwaltung")])
    for _tap in range(2):
        sent = phone.post(door(code), {"ticket": page.context["ticket"]})
        assert (sent["Location"], sources()) == (start(workshop), [("guest", "Rat")])
    assert said not in Client().get(door(moving())).text


def test_a_ballot_with_a_rating_stays_where_another_one_moves_in_and_it_is_said_before(
    workshop, guest, at, measure
):
    at("rating")
    guest("Rat")
    phone = guest("Verwaltung")
    rate = reverse("measures:rate-measure", args=[workshop.pk, measure.number])
    phone.post(rate, {"relevance": 5, "feasibility": 2})
    page = phone.get(door(moving()))
    assert "Was darauf bewertet wurde, zählt weiter" in page.text
    assert "Er wird verworfen" not in page.text
    phone.post(page.wsgi_request.path, {"ticket": page.context["ticket"]})
    assert sources() == [("guest", "Rat"), ("guest", "Verwaltung")]
    phone.post(rate, {"relevance": 1, "feasibility": 1})
    rated = Rating.objects.order_by("relevance").values_list("ballot__group__name", "relevance")
    assert list(rated) == [("Rat", 1), ("Verwaltung", 5)]


def test_where_the_ballot_lies_already_its_code_is_not_used_up(workshop, guest):
    phone = guest("Rat")
    code = moving()
    assert phone.post(door(code), entering())["Location"] == start(workshop)
    assert phone.get(door(code))["Location"] == start(workshop)
    assert sources() == [("guest", "Rat")]
    assert Client().post(door(code), entering())["Location"] == start(workshop)
    assert phone.get(start(workshop))["Location"] == f"{CODE}?lost=1"


def test_a_guest_who_guesses_other_pages_finds_no_more_than_a_participant_rates(workshop, guest):
    phone = guest()
    refused = ("workshop-day", "measure-list", "progress", "session-list", "dashboard")
    pages = {name: reverse(f"measures:{name}", args=[workshop.pk]) for name in refused}
    assert {phone.get(url).status_code for url in pages.values()} == {403}


def test_codes_have_no_letters_that_look_alike():
    assert not {*LETTERS} & {*"0O1IL2Z5S6G8BUVAE"} - {"L", "V"}
    assert len({*LETTERS}) == len(LETTERS) == 21


# Whoever is in ----------------------------------------------------------------------------------


def tapped(phone: Client, code: str, **chosen) -> dict:
    """Return what the button of the page sends."""
    return {"ticket": phone.get(door(code)).context["ticket"], **chosen}


def test_two_taps_are_one_ballot_also_with_a_card_and_when_it_moves(workshop, phone):
    code = open_door(workshop)
    sent = tapped(phone, code, group=workshop.groups.get(name="Rat").pk)
    assert sent["ticket"].partition(":")[0] not in str(phone.cookies)
    # The browser has thrown the first answer away, and its cookie.
    cookies = [_held(Client().post(door(code), sent), workshop) for _tap in range(2)]
    assert (cookies[0] == cookies[1], sources()) == (True, [("guest", "Rat")])
    one = card(workshop, "Rat")
    sent = tapped(phone, one)
    assert [Client().post(door(one), sent).status_code for _tap in range(2)] == [302, 302]
    moving = new_code(12)
    Ballot.objects.filter(pk=Ballot.objects.first().pk).update(recovery_hash=code_hash(moving))
    sent = tapped(phone, moving)
    assert [Client().post(door(moving), sent).status_code for _tap in range(2)] == [302, 302]
    assert sources() == [("guest", "Rat")] * 2


def _held(response, workshop: Workshop) -> str:
    assert response["Location"] == start(workshop)
    [value] = {each.value for name, each in response.cookies.items() if "ballot_" in name}
    return value


def test_without_a_ticket_of_ours_nothing_is_made_and_the_page_brings_one(workshop, phone):
    code = open_door(workshop)
    for made_up in ({}, {"ticket": ""}, {"ticket": "x"}, {"ticket": "x:y"}):
        page = phone.post(door(code), made_up)
        assert (page.status_code, page.templates[0].name) == (200, "measures/hall/join.html")
        assert sources() == []
    phone.post(door(code), {"ticket": page.context["ticket"]})
    assert sources() == [("guest", None)]


def test_a_full_room_has_a_place_for_whoever_has_a_card(workshop, guest, monkeypatch):
    monkeypatch.setattr(joining, "MAX_GUESTS", 2)
    guest("Rat"), guest("Rat")
    page = Client().post(door(workshop.room_code), entering())
    assert (page.status_code, "Dieser Workshop ist voll." in page.text) == (403, True)
    assert Client().post(door(card(workshop, "Verwaltung")), entering()).status_code == 302
    assert sources() == [("guest", "Rat"), ("guest", "Rat"), ("guest", "Verwaltung")]


def test_whoever_is_in_goes_on_though_the_door_is_closed_or_the_card_is_used(workshop, phone):
    code = card(workshop, "Rat")
    phone.post(door(code), entering())
    assert phone.get(door(code))["Location"] == start(workshop)
    room = open_door(workshop)
    Workshop.objects.update(is_door_open=False)
    assert phone.get(door(room))["Location"] == start(workshop)
    assert Client().get(door(room)).status_code == 403


def test_people_with_an_account_are_led_to_their_own_place_and_get_no_second_ballot(
    workshop, participant, committee_member, facilitator, signed_in
):
    code = open_door(workshop)
    assert signed_in(participant).post(door(code), entering())["Location"] == start(workshop)
    assert (
        signed_in(committee_member).post(door(code), entering())["Location"]
        == workshop.get_absolute_url()
    )
    page = signed_in(facilitator).post(door(code), entering())
    assert (page.status_code, page.templates[0].name) == (200, "measures/hall/join_lead.html")
    assert f'href="{workshop.get_absolute_url()}"' in page.text
    assert "Der Code funktioniert." in page.text
    Workshop.objects.update(is_door_open=False)
    page = signed_in(facilitator).get(door(code))
    assert "Der Code lässt gerade niemanden herein." in page.text
    assert sources() == []


def test_a_secret_that_is_good_for_nothing_leads_to_the_code_and_not_to_the_log_in(workshop, guest):
    phone = guest()
    Ballot.objects.all().delete()
    page = phone.get(start(workshop), follow=True)
    assert page.redirect_chain == [(f"{CODE}?lost=1", 302)]
    assert "Auf diesem Gerät liegt kein Stimmzettel dieses Workshops mehr" in page.text
    part = phone.get(start(workshop), headers=FRAGMENT)
    assert (part.status_code, part["HX-Redirect"]) == (401, f"{CODE}?lost=1")
    assert "/accounts/login/" in Client().get(start(workshop))["Location"]


def test_without_cookies_a_sentence_says_so_and_an_old_page_is_loaded_again(workshop):
    code = open_door(workshop)
    phone = Client(enforce_csrf_checks=True)
    page = phone.post(door(with_proof(code)), {"group": ""})
    assert (page.status_code, page.templates[0].name) == (403, "measures/hall/join_code.html")
    assert "Ihr Browser behält keine Cookies" in page.text
    assert page.context["code"] == f"{code[:3]} {code[3:]}"
    phone.get(door(code))
    page = phone.post(door(code), entering(group=""))
    assert (page.status_code, "Diese Seite war veraltet." in page.text) == (403, True)
    assert sources() == []


def test_a_guest_whose_source_too_few_share_still_has_the_ballot(workshop, guest, at):
    phone = guest()
    at("rating")
    Ballot.objects.update(source="untold")  # as when the rating is closed
    assert phone.get(start(workshop)).status_code == 200
