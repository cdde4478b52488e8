"""What a guest can do with the own ballot, and what waits before and after the rating."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from measures.models import Rating
from tests.deciding import in_english
from tests.people import entering, open_door
from tests.rating import close, save_rating, show
from workshops.guests import code_hash, new_code
from workshops.models import Ballot, JoinCode, Workshop
from workshops.phases import Phase

STEPS = {"relevance": "5", "feasibility": "1"}


def url(name: str, workshop: Workshop, *args: int) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *args])


@pytest.fixture
def phone(workshop, guest, measure, at):
    at(Phase.COLLECTING)
    return in_english(guest("Rat"))


def group() -> str | None:
    return Ballot.objects.values_list("group__name", flat=True).get()


# Waiting ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phase", "said"),
    [
        (Phase.PREPARING, "The workshop has not begun yet."),
        (Phase.COLLECTING, "Goals and measures are still being collected."),
    ],
)
def test_who_comes_early_waits_on_a_page_that_listens_and_names_the_group(
    phone, workshop, at, phase, said
):
    at(phase)
    page = phone.get(url("rate-start", workshop))
    assert page.status_code == 200
    assert said in page.text
    assert "Your group: Rat" in page.text
    assert f'data-moment="{page.context["listening"].address}"' in page.text


# The group ----------------------------------------------------------------------------------------


def test_the_group_can_be_changed_until_something_was_rated(phone, workshop, measure, at):
    page = url("guest-group", workshop)
    office = workshop.groups.get(name="Verwaltung")
    assert phone.get(page).status_code == 200
    assert phone.post(page, {"group": office.pk})["Location"] == url("rate-start", workshop)
    assert group() == "Verwaltung"
    phone.post(page, {"group": ""})
    assert group() is None
    phone.post(page, {"group": office.pk})
    at(Phase.RATING)
    phone.post(url("rate-measure", workshop, 1), STEPS)
    assert phone.get(page)["Location"] == url("rate-start", workshop)
    phone.post(page, {"group": ""})
    assert group() == "Verwaltung"


def test_a_group_of_another_workshop_is_none(phone, workshop, other_workshop):
    phone.post(url("guest-group", workshop), {"group": other_workshop.groups.get().pk})
    assert group() is None


def test_where_cards_say_the_group_nobody_changes_it(phone, workshop):
    rat = workshop.groups.get(name="Rat")
    JoinCode.objects.create(workshop=workshop, group=rat, code_hash=code_hash(new_code(10)))
    page = url("guest-group", workshop)
    assert phone.get(page).status_code == 302
    phone.post(page, {"group": ""})
    assert group() == "Rat"


# Another device -----------------------------------------------------------------------------------


def test_a_code_shown_once_moves_the_ballot_with_what_was_rated(phone, workshop, measure, at):
    at(Phase.RATING)
    phone.post(url("rate-measure", workshop, 1), STEPS)
    page = url("guest-device", workshop)
    assert (phone.get(page).context["sign"], Ballot.objects.get().recovery_hash) == (None, None)
    shown = phone.post(page)
    code = shown.context["sign"].code
    assert re.fullmatch(r"[A-Z0-9]{4} [A-Z0-9]{4} [A-Z0-9]{4}", code)
    assert "no-store" in shown["Cache-Control"]
    assert "or open testserver/j/ there and type it in" in shown.text
    assert code not in phone.get(page).text
    stored = Ballot.objects.get().recovery_hash
    assert stored == code_hash(code.replace(" ", ""))
    scanned = shown.context["sign"].address.removeprefix("http://testserver")
    assert "Go on here?" in in_english(Client()).get(scanned).text
    other = in_english(Client())
    entered = other.get(reverse("measures:join-code"), {"code": code})["Location"]
    assert other.post(entered, entering())["Location"] == url("rate-start", workshop)
    assert "1 of 1 rated" in other.get(url("rate-start", workshop)).text
    assert phone.get(url("rate-start", workshop)).status_code == 302
    assert (Ballot.objects.count(), Rating.objects.count()) == (1, 1)


def test_a_newer_code_voids_the_one_before(phone, workshop):
    page = url("guest-device", workshop)
    first, second = (phone.post(page).context["sign"].code.replace(" ", "") for _ in range(2))
    assert first != second
    assert Client().post(reverse("measures:join", args=[first]), entering()).status_code == 403
    assert Client().post(reverse("measures:join", args=[second]), entering()).status_code == 302


def test_a_code_that_nobody_used_is_good_until_the_round_is_settled(phone, workshop, measure, at):
    at(Phase.RATING)
    phone.post(url("rate-measure", workshop, 1), STEPS)
    code = phone.post(url("guest-device", workshop)).context["sign"].code.replace(" ", "")
    door = reverse("measures:join", args=[code])
    close(workshop)
    assert Client().get(door).status_code == 200
    show(workshop)
    assert Client().get(door).status_code == 403
    assert {*Ballot.objects.values_list("recovery_hash", flat=True)} == {None}
    assert phone.get(url("guest-device", workshop)).status_code == 200  # for the next one


# The results --------------------------------------------------------------------------------------


@pytest.fixture
def shown(workshop, measure, measure_two, ballots, at) -> Workshop:
    at(Phase.RATING)
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=4, feasibility=2)
        save_rating(ballot, measure_two, relevance=5, feasibility=5)
    return at(Phase.DELIBERATING)


def test_everybody_of_the_room_sees_the_first_ten_and_members_the_way_to_all(
    shown, guest, participant, signed_in
):
    open_door(shown)
    Workshop.objects.update(phase=Phase.RATING)
    phone = in_english(guest())
    Workshop.objects.update(phase=Phase.DELIBERATING)
    page, dashboard = url("phone-results", shown), url("dashboard", shown)
    ways = []
    for client in (phone, in_english(signed_in(participant))):
        text = client.get(page).text
        found = re.findall(r"Rank </span>(\d+)</b>\s*<span>(\w+) <em>(M\d) · ", text)
        assert found == [("1", "Bus", "M2"), ("2", "WLAN", "M1")]
        assert re.findall(r'class="disc__number"[^>]*>(\d+)<', text) == ["2", "1"]
        ways.append(f'href="{dashboard}"' in text)
    assert ways == [False, True]


def test_the_results_page_takes_the_same_queries_for_two_measures_and_for_four(
    shown, participant, signed_in, ballots, field, django_assert_num_queries
):
    page, client = url("phone-results", shown), signed_in(participant)
    with django_assert_num_queries(11):
        client.get(page)
    for title in ("Rad", "Bahn"):
        extra = shown.measures.create(field=field, title=title)
        for ballot in ballots(3):
            save_rating(ballot, extra, relevance=3, feasibility=3)
    with django_assert_num_queries(11):
        assert len(client.get(page).context["found"].rows) == 4


def test_before_anything_is_shown_nobody_sees_a_rank(workshop, measure, editor, at, phone):
    at(Phase.RATING)
    page = url("phone-results", workshop)
    assert phone.get(page)["Location"] == url("rate-start", workshop)
    assert editor.get(page)["Location"] == workshop.get_absolute_url()
