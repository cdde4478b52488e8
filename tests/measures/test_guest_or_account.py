"""Whether somebody came in as a guest or by an account: the cookie says it, never the ballot."""

import pytest
from django.core.signing import Signer
from django.test import Client
from django.urls import reverse

from measures.hall.joining import guests_of
from measures.models import Rating
from measures.rating.outset import expected_at
from tests.people import FRAGMENT, entering, open_door
from tests.rating import close, save_rating
from workshops.guests import hash_of, new_secret
from workshops.models import Ballot, Membership, Participant, Role, User, Workshop


@pytest.fixture
def rating(workshop, measure, measure_two, at) -> Workshop:
    open_door(workshop)
    return at("rating")


def url(name: str, workshop: Workshop, *args: int) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *args])


def take(client: Client, workshop: Workshop) -> None:
    client.post(url("ballot-take", workshop), {"promised": workshop.anonymity})


def rate(client: Client, workshop: Workshop, number: int, step: int) -> int:
    steps = {"relevance": step, "feasibility": step}
    return client.post(url("rate-measure", workshop, number), steps).status_code


def come_in(client: Client, workshop: Workshop) -> Client:
    client.post(reverse("measures:join", args=[workshop.room_code]), entering())
    return client


def given() -> list[tuple[int, int]]:
    return sorted(Rating.objects.values_list("measure__number", "relevance"))


def test_guests_are_counted_also_where_no_ballot_says_that_it_is_one(rating, guest, signed_in):
    phones = [guest("Rat") for _ in range(4)]
    for number in range(7):
        user = User.objects.create_user(f"p{number}@bingen.example")
        Participant.objects.create(workshop=rating, user=user, group=rating.groups.all()[0])
        phones.append(signed_in(user))
        take(phones[-1], rating)
    for phone in phones:
        rate(phone, rating, 1, 3)
    assert (guests_of(rating), expected_at(rating).guests) == (4, 4)
    close(rating)
    assert {*Ballot.objects.values_list("source", flat=True)} == {"untold"}
    assert (guests_of(rating), expected_at(rating).guests) == (4, 4)


def test_a_group_lost_on_ballots_is_lost_on_no_count(rating, guest, signed_in, participant):
    for _each in range(6):
        guest("Verwaltung")
    take(signed_in(participant), rating)
    for ballot in Ballot.objects.all():
        save_rating(ballot, rating.measures.all()[0], relevance=3, feasibility=3)
    close(rating)
    assert {*Ballot.objects.values_list("group", flat=True)} == {None}
    found = expected_at(rating)
    assert (guests_of(rating), found.guests, found.all) == (6, 6, 7)
    assert found.by_group[rating.groups.get(name="Rat").pk] == 1  # who is listed there


def test_sheets_of_paper_and_ballots_without_a_secret_are_no_guests(rating, ballots):
    ballots(3, source="paper")
    ballots(2, source="guest")
    Participant.objects.create(workshop=rating, name="Gabi", has_ballot=True)
    assert guests_of(rating) == 0


def test_an_account_that_is_on_the_list_no_more_is_no_guest_by_its_ballot(
    rating, participant, signed_in
):
    phone = signed_in(participant)
    take(phone, rating)
    assert rate(phone, rating, 1, 5) == 302
    Ballot.objects.update(source="untold")
    Participant.objects.all().delete()
    assert phone.get(url("rate-start", rating)).status_code == 404
    assert rate(phone, rating, 2, 5) == 404
    assert given() == [(1, 5)]


@pytest.mark.parametrize(("source", "status"), [("guest", 200), ("untold", 302), ("account", 302)])
def test_a_cookie_from_before_is_a_guests_where_the_ballot_says_so(workshop, guest, source, status):
    phone, secret = guest(), new_secret()
    for name in [each for each in phone.cookies if "ballot_" in each]:
        phone.cookies[name] = Signer(salt="ballot").sign(secret)
    Ballot.objects.update(source=source, secret_hash=hash_of(secret))
    assert phone.get(url("rate-start", workshop)).status_code == status


def test_who_came_in_as_a_guest_and_got_a_role_goes_on_with_the_ballot(rating, stranger, signed_in):
    phone = come_in(signed_in(stranger), rating)
    rate(phone, rating, 1, 2)
    Membership.objects.create(workshop=rating, user=stranger, role=Role.COMMITTEE)
    assert [rate(phone, rating, 1, 3), rate(phone, rating, 2, 4)] == [302, 302]
    assert given() == [(1, 3), (2, 4)]
    again = phone.get(reverse("measures:join", args=[rating.room_code]))
    assert again["Location"] == url("rate-start", rating)
    page = phone.get(url("rate-start", rating) + "?list=1")
    assert f'href="{url("guest-device", rating)}"' in page.text
    assert f'href="{rating.get_absolute_url()}"' in page.text
    assert phone.get(url("guest-device", rating)).status_code == 200
    assert phone.get(rating.get_absolute_url()).status_code == 200
    assert "Sie stehen auf keiner Liste" in phone.get(url("rate-privacy", rating)).text


def test_a_role_alone_lets_nobody_rate_when_the_ballot_is_gone(rating, stranger, signed_in):
    phone = come_in(signed_in(stranger), rating)
    Membership.objects.create(workshop=rating, user=stranger, role=Role.COMMITTEE)
    Ballot.objects.all().delete()
    assert phone.get(url("rate-start", rating)).status_code == 403


@pytest.mark.parametrize("way", ["vote", "take"])
def test_who_came_in_as_a_guest_and_is_listed_then_has_one_ballot(rating, stranger, signed_in, way):
    phone = come_in(signed_in(stranger), rating)
    row = Participant.objects.create(workshop=rating, user=stranger)
    if way == "vote":
        phone.post(
            url("rate-measure", rating, 1), {"relevance": 1, "feasibility": 1}, headers=FRAGMENT
        )
    else:
        take(phone, rating)
    row.refresh_from_db()
    assert (row.has_ballot, row.ballot) == (True, None)
    other = signed_in(stranger)
    take(other, rating)
    assert other.get(url("rate-start", rating)).context["handed_out"] is True
    assert (Ballot.objects.count(), guests_of(rating)) == (1, 0)
