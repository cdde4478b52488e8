"""Closing with two minutes' notice: phones count down, and an answer in hand is still taken."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from measures.models import GRACE, Rating, Round
from measures.rating.closing import NOTICE, close_if_due
from tests.deciding import in_english
from workshops.audiences import Audience, state_of
from workshops.models import PhaseChange, Workshop
from workshops.phases import Phase

STEPS = {"relevance": "5", "feasibility": "1"}


def url(name: str, workshop: Workshop, *args: int) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *args])


@pytest.fixture
def rating(workshop, measure, at) -> Workshop:
    return at(Phase.RATING)


@pytest.fixture
def lead(facilitator, signed_in):
    return in_english(signed_in(facilitator))


@pytest.fixture
def phone(rating, guest):
    return in_english(guest("Rat"))


def ends_in(workshop: Workshop, seconds: float) -> None:
    """Let the open round close so many seconds from now."""
    workshop.rounds.update(closes_at=timezone.now() + timedelta(seconds=seconds))


def order(client, workshop: Workshop, how: str):
    return client.post(url("rating-end", workshop), {"how": how})


def left(page) -> int | None:
    closing = page.context["closing"]
    return closing and closing.left


# The order ----------------------------------------------------------------------------------------


def test_the_facilitator_closes_in_two_minutes_and_every_phone_hears_of_it(rating, lead, phone):
    before = state_of(rating.pk, Audience.PHONES)
    response = order(lead, rating, "soon")
    assert (response.status_code, response["Location"]) == (302, url("rating-close", rating))
    ends = rating.rounds.get().closes_at - timezone.now()
    assert NOTICE - timedelta(seconds=5) < ends <= NOTICE
    assert state_of(rating.pk, Audience.PHONES) != before
    pages = lead.get(url("rating-close", rating)), phone.get(url("rate-measure", rating, 1))
    assert all(115 <= left(page) <= 120 for page in pages)
    assert "The rating ends soon" in pages[1].text


def test_a_second_click_gives_no_more_time_and_the_order_can_be_taken_back(rating, lead, phone):
    order(lead, rating, "soon")
    ends_in(rating, 30)
    order(lead, rating, "soon")
    page = phone.get(url("rate-measure", rating, 1))
    assert 25 <= left(page) <= 30
    order(lead, rating, "open")
    assert rating.rounds.get().closes_at is None
    assert "The rating ends soon" not in phone.get(url("rate-measure", rating, 1)).text
    heard = state_of(rating.pk, Audience.PHONES)
    order(lead, rating, "open")
    assert state_of(rating.pk, Audience.PHONES) == heard


def test_it_closes_by_itself_only_while_people_rate(workshop, lead, measure, at):
    at(Phase.COLLECTING)
    assert order(lead, workshop, "soon").status_code == 403
    assert order(lead, workshop, "nonsense").status_code == 400


# When the time is up ------------------------------------------------------------------------------


def test_an_answer_in_hand_is_taken_in_the_grace_and_the_person_is_told(rating, phone, measure):
    ends_in(rating, -1)
    sent = phone.post(url("rate-measure", rating, 1), STEPS)
    assert sent["Location"] == f"{url('rate-start', rating)}?taken=1"
    page = phone.get(sent["Location"]).text
    assert "Your last answer, to M1, came in the last seconds and was still taken." in page
    assert "You rated 1 of 1; that is stored." in page
    assert Rating.objects.values_list("relevance", "feasibility").get() == (5, 1)


def test_what_nobody_gave_is_not_said_to_be_taken(rating, phone):
    ends_in(rating, -1)
    for number in ("1", "7", "x", "9" * 30):
        page = phone.get(f"{url('rate-start', rating)}?taken={number}")
        assert (page.status_code, "still taken" in page.text) == (200, False)


def test_nothing_new_is_shown_when_the_time_is_up(rating, phone, participant, signed_in):
    ends_in(rating, -1)
    start = url("rate-start", rating)
    for page in (url("rate-measure", rating, 1), url("rate-next", rating)):
        assert phone.get(page)["Location"] == start
    assert "The rating is closed at the moment" in phone.get(start).text
    late = signed_in(participant)
    taken = late.post(url("ballot-take", rating), {"promised": "anonymous"})
    assert (taken["Location"], rating.ballots.filter(source="account").count()) == (start, 0)


def test_after_the_grace_nothing_is_taken_though_nobody_has_closed_the_round(rating, phone):
    ends_in(rating, -GRACE.total_seconds())
    late = phone.post(url("rate-measure", rating, 1), STEPS)
    assert (late.status_code, Rating.objects.count()) == (403, 0)
    assert "What you sent just now came too late and is not stored." in late.text
    assert rating.rounds.get().is_open


# Who closes it ------------------------------------------------------------------------------------


def closed(workshop: Workshop) -> tuple[str, str, object]:
    """Return phase, the round's state and who moved the phase last."""
    workshop.refresh_from_db()
    by = PhaseChange.objects.values_list("by", flat=True).first()
    return workshop.phase, workshop.rounds.get().state, by


def test_what_is_due_takes_no_sheet_and_no_agreed_value_and_does_not_go_on(rating, lead, phone):
    sheet = {"client_id": str(uuid4()), "group": "none", "m1": "45"}
    sheet["opening"] = lead.get(url("sheet-add", rating)).context["form"]["opening"].value()
    ends_in(rating, -GRACE.total_seconds() + 5)
    assert lead.post(url("sheet-add", rating), sheet).status_code == 302
    ends_in(rating, -GRACE.total_seconds())
    late = [
        lead.post(url("sheet-add", rating), sheet | {"client_id": str(uuid4())}),
        lead.post(url("sheet-edit", rating, 1), sheet | {"m1": "11"}),
        lead.post(url("sheet-remove", rating, 1)),
        lead.post(url("measure-entry", rating, 1), {"relevance_1": "1"}),
    ]
    assert [answer.status_code for answer in late] == [403] * 4
    assert Rating.objects.values_list("relevance", "feasibility").get() == (4, 5)
    assert order(lead, rating, "open")["Location"] == url("rating-close", rating)
    assert lead.get(url("rating-close", rating)).status_code == 302
    assert closed(rating) == (Phase.DELIBERATING, "closed", None)
    assert phone.post(url("rate-measure", rating, 1), STEPS).status_code == 403
    assert Rating.objects.count() == 1


@pytest.mark.parametrize("name", ["workshop-day", "rating-close", "round-list"])
def test_the_next_page_of_those_who_lead_closes_the_round_that_is_due(rating, lead, phone, name):
    ends_in(rating, -GRACE.total_seconds() + 5)
    assert lead.get(url(name, rating)).status_code == 200
    assert closed(rating)[:2] == (Phase.RATING, "open")
    ends_in(rating, -GRACE.total_seconds())
    assert lead.get(url(name, rating)).status_code == 302
    assert closed(rating) == (Phase.DELIBERATING, "closed", None)
    assert Round.objects.get().closes_at is None


def test_nobody_else_closes_it_by_looking(rating, phone, participant, signed_in):
    ends_in(rating, -3600)
    phone.get(url("rate-start", rating))
    signed_in(participant).get(url("workshop-day", rating))
    assert closed(rating)[:2] == (Phase.RATING, "open")


@pytest.mark.django_db(transaction=True)
def test_what_was_forgotten_is_closed_at_night(rating, phone):
    ends_in(rating, -3600)
    call_command("erase_traces", wait=60, verbosity=0)
    assert closed(rating) == (Phase.DELIBERATING, "closed", None)


def test_somebody_faster_may_have_closed_it_or_taken_it_back(rating, lead):
    ends_in(rating, -3600)
    seen = rating.rounds.get()
    rating.rounds.update(closes_at=None)
    assert (close_if_due(seen), closed(rating)[:2]) == (False, (Phase.RATING, "open"))


def test_closing_at_once_and_opening_again_leave_no_end(rating, lead, facilitator):
    order(lead, rating, "soon")
    lead.post(url("phase-move", rating), {"from": "rating", "to": "deliberating"})
    assert closed(rating) == (Phase.DELIBERATING, "closed", facilitator.pk)
    lead.post(url("phase-move", rating), {"from": "deliberating", "to": "rating"})
    round = rating.rounds.get()
    assert (round.is_open, round.closes_at) == (True, None)
