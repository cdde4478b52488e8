"""The one button that leads on: forwards, back, twice, and never further."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from django.db import connection
from django.urls import reverse

from workshops.models import PhaseChange, Workshop
from workshops.phases import ALLOWED, Activity, Phase, neighbours


@pytest.fixture
def url(workshop) -> str:
    return reverse("measures:phase-move", args=[workshop.pk])


def log(workshop) -> list[tuple]:
    changes = PhaseChange.objects.filter(workshop=workshop).order_by("pk")
    return [(change.before, change.after, change.by) for change in changes]


def phase_of(workshop) -> str:
    return Workshop.objects.get(pk=workshop.pk).phase


def test_the_whole_day_forwards_and_one_step_back_is_logged(
    workshop, measure, facilitator, signed_in, url
):
    client, order = signed_in(facilitator), [*Phase, Phase.DELIBERATING]
    for before, after in pairwise(order):
        response = client.post(url, {"from": before, "to": after})
        assert (response.status_code, response["Location"]) == (302, workshop.get_absolute_url())
        assert phase_of(workshop) == after
    assert log(workshop) == [(b, a, facilitator) for b, a in pairwise(order)]


WRONG = [
    ("preparing", "rating"), ("preparing", "preparing"), ("preparing", "closed"), ("", ""),
    ("collecting", "rating"), ("preparing", "nonsense"), ("preparing", ""), ("preparing", "a\0b"),
]  # fmt: skip


def test_any_other_click_changes_nothing(workshop, facilitator, signed_in, url):
    client = signed_in(facilitator)
    for shown, wanted in WRONG:
        response = client.post(url, {"from": shown, "to": wanted})
        assert (response.status_code, phase_of(workshop), log(workshop)) == (302, "preparing", [])


def test_a_second_click_on_the_same_button_does_not_skip_a_phase(
    workshop, facilitator, signed_in, url
):
    client, click = signed_in(facilitator), {"from": "preparing", "to": "collecting"}
    client.post(url, click)
    client.post(url, click)
    assert phase_of(workshop) == "collecting"
    assert log(workshop) == [("preparing", "collecting", facilitator)]


def test_with_nothing_to_rate_the_check_comes_and_rating_does_not_start(
    workshop, measure, facilitator, signed_in, url, at
):
    at("collecting")
    workshop.fields.update(is_worked_on=False)
    response = signed_in(facilitator).post(url, {"from": "collecting", "to": "rating"})
    assert response["Location"] == reverse("measures:rating-check", args=[workshop.pk])
    assert (phase_of(workshop), log(workshop)) == ("collecting", [])


def test_a_round_that_lost_its_measures_is_led_back_to_all_the_same(
    workshop, measure, facilitator, signed_in, url, at
):
    at("rating")
    at("collecting")
    workshop.measures.update(is_removed=True)
    Workshop.objects.update(phase="deliberating")
    signed_in(facilitator).post(url, {"from": "deliberating", "to": "rating"})
    assert phase_of(workshop) == "rating"


def test_the_administration_moves_the_phase_as_well_and_the_committee_does_not(
    workshop, administrator, committee_member, signed_in, url
):
    click = {"from": "preparing", "to": "collecting"}
    assert signed_in(committee_member).post(url, click).status_code == 403
    response = signed_in(administrator).post(url, click)
    assert (response.status_code, phase_of(workshop)) == (302, "collecting")


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_move_one_phase(workshop, facilitator, signed_in, url):
    clients = [signed_in(facilitator) for _ in range(6)]

    def click(client) -> int:
        try:
            return client.post(url, {"from": "preparing", "to": "collecting"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(click, clients)) == [302] * 6
    assert phase_of(workshop) == "collecting"
    assert log(workshop) == [("preparing", "collecting", facilitator)]


# The rules themselves ---------------------------------------------------------------------------


def test_every_phase_says_what_it_allows():
    assert {*ALLOWED} == {*Phase}
    rating = [phase for phase in Phase if Activity.RATE in ALLOWED[phase]]
    results = [phase for phase in Phase if Activity.SEE_RESULTS in ALLOWED[phase]]
    assert (rating, results) == ([Phase.RATING], [Phase.DELIBERATING, Phase.CLOSED])
    assert Activity.CAPTURE not in ALLOWED[Phase.RATING]


def test_the_neighbours_of_the_first_and_the_last_phase_are_one_sided():
    assert neighbours("preparing") == (None, Phase.COLLECTING)
    assert neighbours("rating") == (Phase.COLLECTING, Phase.DELIBERATING)
    assert neighbours("closed") == (Phase.DELIBERATING, None)
