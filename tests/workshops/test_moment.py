"""What phones ask every few seconds: it tells that something has happened, and nothing else."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.models import Measure
from measures.rating import rounds
from measures.rating.saving import Holder, Vote, store
from tests.rating import close, save_rating, show
from workshops.audiences import Audience, listening, state_of
from workshops.models import Ballot, Workshop
from workshops.phases import Phase


def fresh(workshop) -> Workshop:
    return Workshop.objects.select_related("revision").get(pk=workshop.pk)


def address(workshop) -> str:
    return listening(fresh(workshop), Audience.PHONES).address


def state(workshop) -> str | None:
    return state_of(workshop.pk, Audience.PHONES)


# The answer ---------------------------------------------------------------------------------------


def test_nobody_needs_to_sign_in_and_the_state_is_told_once(workshop, client):
    url = address(workshop)
    told = client.get(url)
    assert (told.status_code, told.content.decode()) == (200, state(workshop))
    assert (told["ETag"], told["Cache-Control"]) == (f'"{state(workshop)}"', "private, no-cache")
    again = client.get(url, headers={"If-None-Match": told["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", told["ETag"])
    assert again["Cache-Control"] == "private, no-cache"


def test_a_token_opens_one_workshop_and_no_made_up_one_opens_any(workshop, other_workshop, client):
    token = address(workshop).split("/")[-2]
    for number, made in ((other_workshop.pk, token), (workshop.pk, "0" * 32), (987654, token)):
        assert client.get(reverse("workshops:moment", args=[number, made])).status_code == 404


def test_the_state_of_a_workshop_that_is_gone_is_not_found(workshop, client):
    url = address(workshop)
    workshop.revision.delete()
    assert client.get(url).status_code == 404


def test_it_takes_one_statement_and_stores_nothing(workshop, participant, signed_in):
    client, url = signed_in(participant), address(workshop)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    asked = [query["sql"] for query in captured]
    assert [sql.split(" WHERE ")[0] for sql in asked] == [
        "SELECT phones FROM workshops_workshoprevision"
    ]
    assert (response.cookies, response.templates) == ({}, [])


def test_who_is_not_signed_in_costs_one_statement(workshop, django_assert_num_queries):
    url = address(workshop)
    with django_assert_num_queries(1):
        Client().get(url)


# What changes it ----------------------------------------------------------------------------------


def test_it_changes_with_the_phase_with_open_fields_and_when_results_are_shown(
    workshop, measure, facilitator, editor
):
    seen = [state(workshop)]

    def look() -> None:
        seen.append(state(workshop))

    rounds.move_phase(fresh(workshop), Phase.COLLECTING, by=facilitator)
    look()
    rounds.move_phase(fresh(workshop), Phase.RATING, by=facilitator)
    look()
    fields = reverse("measures:round-fields", args=[workshop.pk, 1])
    editor.post(fields, {"field": []})
    look()
    rounds.move_phase(fresh(workshop), Phase.DELIBERATING, by=facilitator)
    look()
    show(fresh(workshop))
    look()
    rounds.open_round(fresh(workshop), by=facilitator, measures=[measure])
    look()
    Ballot.objects.create(workshop=workshop, source="account", secret_hash="x")
    store(workshop.pk, Holder("x", None), Vote(1, 5, 4, 2))
    rounds.move_phase(fresh(workshop), Phase.DELIBERATING, by=facilitator)
    look()
    rounds.set_aside(workshop.rounds.get(number=2), by=facilitator, reason="Probe")
    look()
    assert len(set(seen)) == len(seen) == 9


def test_it_stays_with_votes_and_with_what_other_people_write(
    workshop, field, measure, participant, signed_in, editor, at
):
    at("rating")
    before, phone = state(workshop), signed_in(participant)
    phone.post(reverse("measures:ballot-take", args=[workshop.pk]), {"promised": "anonymous"})
    sent = {"relevance": "4", "feasibility": "none"}
    page = reverse("measures:rate-measure", args=[workshop.pk, 1])
    assert phone.post(page, sent)["Location"] == reverse("measures:rate-start", args=[workshop.pk])
    editor.post(reverse("workshops:group-add", args=[workshop.pk]), {"name": "Jugend"})
    assert workshop.groups.filter(name="Jugend").exists()
    Measure.objects.create(workshop=workshop, field=field, title="Rad")
    assert state(workshop) == before


def test_of_two_workshops_each_has_its_own_state(workshop, other_workshop, facilitator):
    before = state(other_workshop)
    assert before != state(workshop)
    rounds.move_phase(fresh(workshop), Phase.COLLECTING, by=facilitator)
    assert state(other_workshop) == before


# The pages that ask -------------------------------------------------------------------------------


def test_the_pages_of_a_phone_carry_the_address_and_the_state_they_were_drawn_in(
    workshop, measure, participant, signed_in, at
):
    phone, found = signed_in(participant), {}
    at("rating")

    def open_page(name: str, route: str, *arguments: int, query: str = "") -> None:
        page = phone.get(reverse(f"measures:{route}", args=[workshop.pk, *arguments]) + query)
        told = page.context["listening"]
        found[name] = (told.address, told.state == state(workshop))
        assert page.content.count(f'data-moment="{told.address}"'.encode()) == 1

    open_page("ballot to take", "rate-start")
    phone.post(reverse("measures:ballot-take", args=[workshop.pk]), {"promised": "anonymous"})
    open_page("list", "rate-start", query="?list=1")
    open_page("measure", "rate-measure", 1)
    open_page("day", "workshop-day")
    close(workshop)
    at("collecting")
    open_page("closed", "rate-start")
    assert {*found.values()} == {(address(workshop), True)}
    assert len(found) == 5


def test_a_page_with_a_choice_that_was_refused_does_not_load_anew(
    workshop, measure, participant, signed_in, at
):
    phone = signed_in(participant)
    at("rating")
    phone.post(reverse("measures:ballot-take", args=[workshop.pk]), {"promised": "anonymous"})
    page = phone.post(reverse("measures:rate-measure", args=[workshop.pk, 1]), {"relevance": "4"})
    assert (page.status_code, b"data-moment" in page.content) == (422, False)


def test_who_leads_the_day_is_not_taken_away_from_it(workshop, editor):
    page = editor.get(reverse("measures:workshop-day", args=[workshop.pk]))
    assert b"data-moment" not in page.content


# Boards -------------------------------------------------------------------------------------------


def test_a_board_hears_of_every_change_and_of_no_vote(workshop, measure, ballots, at):
    def told() -> str | None:
        return state_of(workshop.pk, Audience.TABLES)

    before = told()
    Measure.objects.create(workshop=workshop, field=measure.field, title="Bus")
    after = told()
    at("rating")
    [ballot] = ballots(1)
    rating = told()
    save_rating(ballot, measure, relevance=3, feasibility=3)
    assert len({before, after, rating}) == 3
    assert told() == rating


def test_what_a_board_asks_counts_nothing(workshop, other_workshop):
    states = [state_of(each.pk, Audience.TABLES) for each in (workshop, other_workshop)]
    assert len({*states}) == 2
    assert {len(state or "") for state in states} == {16}
