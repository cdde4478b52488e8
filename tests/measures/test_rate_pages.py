"""What the pages of rating say: kindly when it is closed, which round it is, what is promised."""

import pytest
from django.urls import reverse

from measures.models import Rating
from measures.rating import rounds
from tests.deciding import in_english
from tests.rating import close
from workshops.models import Participant, Workshop

STEPS = {"relevance": "5", "feasibility": "1"}
PRIVACY = "What is stored, and who can see it?"
KEPT = "What you gave is stored."
LATE = "What you sent just now came too late and is not stored."


def url(workshop, name: str, *arguments) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *arguments])


def fresh(workshop) -> Workshop:
    return Workshop.objects.get(pk=workshop.pk)


@pytest.fixture
def phone(participant, signed_in, workshop, measure, at):
    at("rating")
    return in_english(signed_in(participant))


@pytest.fixture
def voter(phone, workshop, measure):
    """Return the participant's browser with a ballot and one rating."""
    phone.post(url(workshop, "ballot-take"), {"promised": "anonymous"})
    assert phone.post(url(workshop, "rate-measure", measure.number), STEPS).status_code == 302
    return phone


@pytest.fixture
def second(voter, workshop, measure, facilitator):
    """A further round of one measure, after the first one was shown."""
    rounds.move_phase(fresh(workshop), "deliberating", by=facilitator)
    rounds.show(workshop.rounds.get(), by=facilitator)
    rounds.open_round(fresh(workshop), by=facilitator, measures=[measure])
    return fresh(workshop)


# Closed -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", ["collecting", "deliberating"])
@pytest.mark.parametrize("name", ["rate-start", "rate-next", "rate-measure"])
def test_who_has_rated_reads_that_it_is_closed_and_everything_stored(
    voter, workshop, measure, facilitator, phase, name
):
    rounds.move_phase(fresh(workshop), phase, by=facilitator)
    response = voter.get(url(workshop, name, *([measure.number] * (name == "rate-measure"))))
    assert response.status_code == 403
    assert "The rating is closed at the moment" in response.text
    assert (KEPT in response.text, LATE in response.text, "nobody can" in response.text) == (
        True, False, False,
    )  # fmt: skip


def test_what_came_too_late_is_not_said_to_be_stored(voter, workshop, measure, facilitator):
    rounds.move_phase(fresh(workshop), "collecting", by=facilitator)
    late = voter.post(url(workshop, "rate-measure", measure.number), STEPS | {"relevance": "2"})
    assert (late.status_code, LATE in late.text, KEPT in late.text) == (403, True, False)
    assert "Everything that you gave before is stored." in late.text
    assert Rating.objects.get().relevance == 5


def test_who_has_no_ballot_is_told_of_nothing_stored(phone, workshop, facilitator):
    rounds.move_phase(fresh(workshop), "collecting", by=facilitator)
    for response in (
        phone.get(url(workshop, "rate-start")),
        phone.post(url(workshop, "ballot-take"), {"promised": "anonymous"}),
    ):
        assert response.status_code == 403
        assert "The rating is closed at the moment" in response.text
        assert (KEPT in response.text, LATE in response.text) == (False, False)


def test_a_field_that_is_not_open_is_no_closed_rating(voter, workshop, measure):
    workshop.rounds.get().open_fields.clear()
    response = voter.get(url(workshop, "rate-measure", measure.number))
    assert response.status_code == 403
    assert "This action field is not open for rating at the moment." in response.text


def test_a_round_closed_at_this_moment_is_told_as_kindly(voter, workshop, measure, monkeypatch):
    from measures.rating.views import rate

    def late(*args) -> None:
        close(fresh(workshop))

    monkeypatch.setattr(rate, "store", late)
    response = voter.post(url(workshop, "rate-measure", measure.number), STEPS)
    assert (response.status_code, LATE in response.text) == (403, True)


# Which round ------------------------------------------------------------------------------------

AGAIN = "Round 2: after the discussion 1 measure is rated once more."
STAYS = "What you rated before stays stored; nothing joins it with these ratings."


def test_a_first_round_needs_no_words(voter, workshop):
    text = voter.get(url(workshop, "rate-start")).text
    assert ("Round 1" in text, "stays stored" in text) == (False, False)


def test_in_a_second_round_the_pages_say_so(voter, second, measure):
    text = voter.get(url(second, "rate-start")).text
    assert (AGAIN in text, STAYS in text) == (True, True)
    measure_page = voter.get(url(second, "rate-measure", measure.number)).text
    assert "Round 2 · Alltagsleben" in measure_page
    assert AGAIN in voter.get(second.get_absolute_url()).text


def test_who_enters_paper_reads_which_round_it_is_for(second, facilitator, signed_in, measure):
    lead = in_english(signed_in(facilitator))
    assert AGAIN in lead.get(url(second, "entry-list")).text
    assert "Round 2 · Alltagsleben" in lead.get(url(second, "measure-entry", measure.number)).text


# What is promised -------------------------------------------------------------------------------


def test_the_limit_of_the_promise_stands_beside_it(phone, workshop):
    text = phone.get(url(workshop, "rate-start")).text
    assert "Nobody can see which ballot is yours" not in text
    assert (
        "In the application nobody can see which ballot is yours; whoever runs the database could"
        " find it out while rating is open."
    ) in text


def test_the_ballot_names_the_group_that_it_carries(phone, workshop):
    page = url(workshop, "rate-start")
    assert "Your ballot carries your group, “Rat”." in phone.get(page).text
    Participant.objects.update(group=None)
    assert "Your ballot carries no group." in phone.get(page).text


def test_every_page_of_rating_leads_to_what_is_stored(phone, workshop, measure, facilitator, at):
    pages = [url(workshop, "rate-start"), url(workshop, "rate-measure", measure.number)]
    texts = [phone.get(pages[0]).text]
    phone.post(url(workshop, "ballot-take"), {"promised": "anonymous"})
    texts += [phone.get(page).text for page in pages]
    rounds.move_phase(fresh(workshop), "collecting", by=facilitator)
    texts.append(phone.get(pages[0]).text)
    assert [PRIVACY in text for text in texts] == [True] * 4
