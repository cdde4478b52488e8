"""What the pages of rating say: kindly when it is closed, which round it is, what is promised."""

import re

import pytest
from django.urls import reverse

from measures.models import Measure, Rating
from measures.rating import rounds
from tests.deciding import in_english
from tests.rating import close
from workshops.models import Ballot, Participant, Workshop

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


WAITING = "The rating starts soon."
THANKS = "You rated 1 of 1; that is stored."


def told(text: str) -> list[str]:
    """Return what a page says of these things."""
    things = (WAITING, THANKS, KEPT, LATE, "Everything that you gave before is stored.")
    return [each for each in things if each in text]


@pytest.mark.parametrize(
    ("phase", "said"), [("collecting", [WAITING, KEPT]), ("deliberating", [THANKS])]
)
@pytest.mark.parametrize("name", ["rate-start", "rate-next", "rate-measure"])
def test_who_has_rated_reads_that_it_is_closed_and_everything_stored(
    voter, workshop, measure, facilitator, phase, said, name
):
    rounds.move_phase(fresh(workshop), phase, by=facilitator)
    arguments = [measure.number] * (name == "rate-measure")
    response = voter.get(url(workshop, name, *arguments), follow=True)
    assert (response.status_code, told(response.text)) == (200, said)


def test_what_came_too_late_is_not_said_to_be_stored(voter, workshop, measure, facilitator):
    rounds.move_phase(fresh(workshop), "collecting", by=facilitator)
    late = voter.post(url(workshop, "rate-measure", measure.number), STEPS | {"relevance": "2"})
    assert late.status_code == 403
    assert told(late.text) == [LATE, "Everything that you gave before is stored."]
    assert Rating.objects.get().relevance == 5


def test_who_has_no_ballot_is_told_of_nothing_stored(phone, workshop, facilitator):
    rounds.move_phase(fresh(workshop), "deliberating", by=facilitator)
    page = phone.get(url(workshop, "rate-start"))
    assert "The rating is closed at the moment" in page.text
    taken = phone.post(url(workshop, "ballot-take"), {"promised": "anonymous"})
    assert taken["Location"] == url(workshop, "rate-start")
    assert (page.status_code, told(page.text), Ballot.objects.count()) == (200, [], 0)


def test_a_field_that_is_not_open_is_no_closed_rating(voter, workshop, measure):
    workshop.rounds.get().open_fields.clear()
    page = url(workshop, "rate-measure", measure.number)
    assert voter.get(page)["Location"] == url(workshop, "rate-start")
    late = voter.post(page, STEPS | {"relevance": "2"})
    assert (late.status_code, Rating.objects.get().relevance) == (403, 5)
    assert "This action field is not open for rating at the moment." in late.text
    assert "Go on rating" in late.text


def test_a_round_closed_at_this_moment_is_told_as_kindly(voter, workshop, measure, monkeypatch):
    from measures.rating.views import rate

    def late(*args) -> None:
        close(fresh(workshop))

    monkeypatch.setattr(rate, "store", late)
    response = voter.post(url(workshop, "rate-measure", measure.number), STEPS)
    assert (response.status_code, LATE in response.text) == (403, True)


def test_results_appear_where_people_wait_and_a_further_round_leads_on(
    voter, workshop, measure, facilitator
):
    start, results = url(workshop, "rate-start"), url(workshop, "phone-results")
    rounds.move_phase(fresh(workshop), "deliberating", by=facilitator)
    assert voter.get(results)["Location"] == start
    rounds.show(workshop.rounds.get(), by=facilitator)
    assert voter.get(start)["Location"] == results
    rounds.open_round(fresh(workshop), by=facilitator, measures=[measure])
    assert voter.get(start)["Location"] == url(workshop, "rate-measure", measure.number)
    rounds.move_phase(fresh(workshop), "deliberating", by=facilitator)  # nothing rated: dropped
    assert voter.get(start)["Location"] == results


# Without a script -------------------------------------------------------------------------------


def test_who_chooses_nothing_skips_and_who_chooses_half_is_told(
    voter, workshop, measure, measure_two
):
    workshop.rounds.get().offers.create(measure=measure_two)
    page = url(workshop, "rate-measure", measure_two.number)
    assert voter.post(page)["Location"] == f"{url(workshop, 'rate-start')}?list=1"
    half = voter.post(page, {"relevance": "5"})
    assert half.status_code == 422
    assert "Please choose a step or “cannot judge”." in half.text
    assert Rating.objects.count() == 1


def test_skipping_goes_round_what_is_left_and_never_stays(voter, workshop, field, measure):
    offers, left = workshop.rounds.get().offers, set()
    for title in ("Bus", "Bahn", "Rad"):
        each = Measure.objects.create(workshop=workshop, field=field, title=title)
        offers.create(measure=each)
        left.add(url(workshop, "rate-measure", each.number))
    seen, page = [], url(workshop, "rate-measure", measure.number)
    for _skip in range(4):
        page = voter.get(page).context["skip"]
        seen.append(page)
    assert ({*seen[:3]}, seen[3]) == (left, seen[0])


def test_each_button_says_number_word_criterion_and_measure(phone, workshop, measure):
    phone.post(url(workshop, "ballot-take"), {"promised": "anonymous"})
    text = phone.get(url(workshop, "rate-measure", measure.number)).text
    names = re.findall(r'aria-label="([^"]+)"\s', text.partition("<fieldset")[2])
    last = workshop.scale_steps.filter(criterion="feasibility").last().label
    assert len(names) == 12
    assert names[5] == "cannot judge. Relevance, M1 WLAN"
    assert names[10] == f"5, {last}. Feasibility, M1 WLAN"
    assert ("required" in text, "aria-invalid" in text, "autofocus" in text) == (False,) * 3


# Which round ------------------------------------------------------------------------------------

AGAIN = "Round 2: after the discussion 1 measure is rated once more."
STAYS = "What you rated before stays stored; nothing joins it with these ratings."


def test_a_first_round_needs_no_words(voter, workshop):
    text = voter.get(url(workshop, "rate-start") + "?list=1").text
    assert ("Round 1" in text, "stays stored" in text) == (False, False)


def test_in_a_second_round_the_pages_say_so(voter, second, measure):
    text = voter.get(url(second, "rate-start") + "?list=1").text
    assert (AGAIN in text, STAYS in text) == (True, True)
    measure_page = voter.get(url(second, "rate-measure", measure.number)).text
    assert "M1 · Alltagsleben · Round 2" in " ".join(measure_page.split())
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
    texts += [phone.get(page).text for page in (f"{pages[0]}?list=1", pages[1])]
    rounds.move_phase(fresh(workshop), "collecting", by=facilitator)
    texts.append(phone.get(pages[0]).text)
    assert [PRIVACY in text for text in texts] == [True] * 4
