"""Several bodies on one measure: who recommends, who decides, what holds, who was there."""

import uuid
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from measures.committee.checking import check_of
from measures.committee.recording import new_entry
from measures.decided import decided_wording, holding, recommended
from measures.followup.links import make_link, path_of
from measures.followup.loading import decisions_known_to, follow
from measures.models import AgendaItem, Attachment, Decision, Outcome, StatusEntry
from measures.models.status import accepted_on
from measures.public.collecting import public_content
from measures.public.listing import public_counts
from measures.results.became import became_of
from tests.deciding import TYPED, decide, hold, in_english, release
from tests.files import attach
from tests.today import TODAY
from workshops.models import Workshop
from workshops.visits import Visit, visits_of

pytestmark = pytest.mark.usefixtures("one_day")

EARLY, LATE, LATEST = date(2020, 10, 1), date(2020, 11, 1), date(2020, 12, 1)


@pytest.fixture
def ready(workshop, measure, at):
    at("deliberating")
    Workshop.objects.filter(pk=workshop.pk).update(is_public=True)
    workshop.refresh_from_db()
    return workshop


@pytest.fixture
def council(signed_in, committee_member):
    return in_english(signed_in(committee_member))


@pytest.fixture
def office(signed_in, administrator):
    return in_english(signed_in(administrator))


def visit_of(person, workshop) -> Visit:
    [visit] = visits_of(person, Workshop.objects.filter(pk=workshop.pk))
    return visit


def meet(workshop, measure, day: date, committee: str = "Rat", **columns):
    return hold(workshop, measure, committee=committee, date=day, **columns)


def recommend(workshop, measure, day: date, outcome: str = "accepted", **columns) -> Decision:
    session = meet(workshop, measure, day, "Ausschuss", is_recommending=True)
    said = {"is_recommendation": True, "outcome": outcome} | columns
    return decide(session, measure, has_basis=False, **said)


def rule(workshop, measure, day: date, outcome: str = "accepted", **columns) -> Decision:
    session = meet(workshop, measure, day)
    return decide(session, measure, has_basis=False, outcome=outcome, **columns)


def held(measure) -> Decision | None:
    rows = Decision.objects.about(measure).known_to_all().select_related("measure", "session")
    return holding(rows).get(measure.pk)


def outcome_on_the_dashboard(workshop, person) -> str:
    found = became_of(visit_of(person, workshop), today=TODAY)
    return next((each.outcome for each in found.values()), "")


# What holds ---------------------------------------------------------------------------------------


def test_a_recommendation_decides_nothing_anywhere(ready, measure, facilitator):
    told = recommend(ready, measure, EARLY, "amended", wording="WLAN am Bahnhof")
    assert held(measure) is None
    rows = Decision.objects.select_related("measure")
    assert recommended(rows) == {measure.pk: told}
    assert decided_wording(measure) is None
    assert accepted_on(measure) is None
    assert outcome_on_the_dashboard(ready, facilitator) == ""
    visit = visit_of(facilitator, ready)
    assert follow([ready], decisions_known_to([visit]), today=TODAY) == []
    assert public_counts([ready.pk])[ready.pk].decided == 0
    [card] = public_content(ready).measures
    assert (card.decision, card.outcome, card.state) == (None, "open", "")
    assert [each.decision for each in card.others] == [told]


def test_the_deciding_body_rules_whatever_was_recommended_before_or_since(
    ready, measure, facilitator
):
    recommend(ready, measure, EARLY, "rejected")
    ruled = rule(ready, measure, LATE)
    later = recommend(ready, measure, LATEST, "rejected")
    assert held(measure) == ruled
    assert outcome_on_the_dashboard(ready, facilitator) == "accepted"
    assert recommended(Decision.objects.select_related("measure")) == {measure.pk: later}
    [card] = public_content(ready).measures
    assert (card.decision, len(card.others)) == (ruled, 2)


@pytest.mark.parametrize(
    ("outcome", "columns"),
    [("noted", {}), ("withdrawn", {}), ("referred", {"referred_to": "Bauausschuss"})],
)
def test_what_changes_nothing_leaves_the_decision_in_force(
    ready, measure, facilitator, outcome, columns
):
    ruled = rule(ready, measure, EARLY)
    rule(ready, measure, LATE, outcome, **columns)
    assert held(measure) == ruled
    assert outcome_on_the_dashboard(ready, facilitator) == "accepted"
    assert public_counts([ready.pk])[ready.pk].decided == 1
    assert len(follow([ready], Decision.objects.select_related("measure"), today=TODAY)) == 1


@pytest.mark.parametrize(
    ("outcome", "columns", "is_open"),
    [
        ("noted", {}, False),
        ("withdrawn", {}, False),
        ("referred", {"referred_to": "Bauausschuss"}, True),
    ],
)
def test_alone_it_is_told_and_nobodys_task(ready, measure, facilitator, outcome, columns, is_open):
    said = rule(ready, measure, EARLY, outcome, **columns)
    assert held(measure) == said
    assert Outcome(outcome).is_open is is_open
    assert outcome_on_the_dashboard(ready, facilitator) == outcome
    assert follow([ready], Decision.objects.select_related("measure"), today=TODAY) == []
    assert public_counts([ready.pk])[ready.pk].decided == (not is_open)


def test_a_referral_says_to_whom(ready, measure):
    said = rule(ready, measure, EARLY, "referred", referred_to="Bauausschuss")
    with translation.override("de"):
        assert said.told == "verwiesen an: Bauausschuss"
        assert recommend(ready, measure, LATE).told == "empfohlen: angenommen"


def test_each_surface_says_that_it_is_a_recommendation(ready, measure, council, client):
    told = recommend(ready, measure, EARLY)
    pages = [
        told.get_absolute_url(),
        told.session.get_absolute_url(),
        measure.get_absolute_url(),
        reverse("measures:agenda-item", args=[ready.pk, told.session.pk, measure.number]),
    ]
    for page in pages:
        assert "recommended: accepted" in council.get(page).text, page
    public = client.get(reverse("measures:public-measure", args=[ready.pk, 1])).text
    assert "Ausschuss: empfohlen: angenommen" in " ".join(public.split())


# The form -----------------------------------------------------------------------------------------


def send(client, session, measure, **typed):
    url = reverse("measures:decision-add", args=[session.workshop_id, session.pk, measure.number])
    form = client.get(url).context["form"]
    return client.post(url, {"seen": form["seen"].value()} | TYPED | typed)


def wrong(response) -> dict[str, list[str]]:
    assert response.status_code == 422
    with translation.override("en"):
        found = response.context["form"].errors
        return {name: [str(each) for each in told] for name, told in found.items()}


def test_a_recommending_committee_begins_with_a_recommendation(ready, measure, council):
    session = meet(ready, measure, EARLY, is_recommending=True)
    url = reverse("measures:decision-add", args=[ready.pk, session.pk, measure.number])
    assert council.get(url).context["form"]["is_recommendation"].value() is True


def test_what_is_referred_has_a_recipient_and_nothing_else_has(ready, measure, council):
    session = meet(ready, measure, EARLY)
    assert wrong(send(council, session, measure, outcome="referred")) == {
        "referred_to": ["Please enter to whom it is referred."]
    }
    assert wrong(send(council, session, measure, referred_to="Rat")) == {
        "referred_to": ["Only what is referred has a recipient. Choose “referred” or empty this."]
    }
    send(council, session, measure, outcome="referred", referred_to="Rat")
    assert Decision.objects.get().referred_to == "Rat"


def test_without_a_quorum_nothing_is_decided(ready, measure, council):
    session = meet(ready, measure, EARLY, seats=20, quorum=11)
    assert wrong(send(council, session, measure, present="10")) == {
        "present": ["11 members are needed to decide. With 10 it cannot."]
    }
    assert wrong(send(council, session, measure, present="21")) == {
        "present": ["21 are present, but only 20 members have a vote."]
    }
    assert send(council, session, measure, present="11").status_code == 302
    decision = Decision.objects.get()
    assert (decision.present, decision.quorum) == (11, 11)


def test_who_is_excluded_has_no_vote_and_is_named_inside_only(
    ready, measure, council, facilitator, signed_in, client
):
    session = meet(ready, measure, EARLY, seats=9)
    numbers = {"votes_for": "7", "votes_against": "1", "votes_abstained": "0"}
    biased = {"present": "9", "excluded": "2", "excluded_names": "Frau Kunz, Herr Lahr"}
    assert wrong(send(council, session, measure, **biased, **numbers)) == {
        "votes_for": ["There are 8 votes, but at most 7 members have one."]
    }
    assert wrong(send(council, session, measure, excluded_names="Frau Kunz")) == {
        "excluded": ["Please enter how many were excluded."]
    }
    send(council, session, measure, **biased, **numbers | {"votes_against": "0"})
    decision = Decision.objects.get()
    assert (decision.excluded, decision.excluded_names) == (2, "Frau Kunz, Herr Lahr")
    assert "Kunz" not in decision.seal.content
    assert "Kunz" in council.get(decision.get_absolute_url()).text
    released = release(decision)
    mona = signed_in(facilitator)
    page = mona.get(released.get_absolute_url()).text
    assert ("Kunz" in page, "excluded" in page or "Befangenheit" in page) == (False, True)
    for address in ("public-page", "public-measure"):
        arguments = [ready.pk] if address == "public-page" else [ready.pk, measure.number]
        assert "Kunz" not in client.get(reverse(f"measures:{address}", args=arguments)).text


@pytest.mark.parametrize(
    ("typed", "votes"),
    [
        ({"present": "8"}, (8, 0, 0)),
        ({"present": "8", "excluded": "1"}, (7, 0, 0)),
        ({}, (9, 0, 0)),
        ({"outcome": "rejected", "present": "8"}, (0, 8, 0)),
        ({"votes_for": "5", "votes_against": "3", "votes_abstained": "0"}, (5, 3, 0)),
    ],
)
def test_unanimous_is_all_who_take_part(ready, measure, council, typed, votes):
    session = meet(ready, measure, EARLY, seats=9)
    assert send(council, session, measure, is_unanimous="on", **typed).status_code == 302
    decision = Decision.objects.get()
    assert (decision.votes_for, decision.votes_against, decision.votes_abstained) == votes


def test_unanimous_asks_how_many_there_are(ready, measure, council):
    session = meet(ready, measure, EARLY)
    assert wrong(send(council, session, measure, is_unanimous="on")) == {
        "present": ["How many are present? Then “unanimous” is their number."]
    }


def test_a_correction_says_why_and_the_reason_of_the_decision_stays(ready, measure, council):
    first = rule(ready, measure, EARLY)
    url = reverse("measures:decision-correct", args=[ready.pk, first.pk])
    sent = {"outcome": "rejected", "reason": TYPED["reason"], "seen": ""}
    assert wrong(council.post(url, sent)) == {
        "correction_reason": ["Please say why this is corrected."]
    }
    council.post(url, sent | {"correction_reason": "Falsch gehört."})
    newest = Decision.objects.get(corrects=first)
    assert (newest.reason, newest.correction_reason) == (TYPED["reason"], "Falsch gehört.")
    assert check_of(newest).faults == []


def test_what_came_later_is_sealed_and_a_change_by_hand_is_found(ready, measure):
    said = rule(ready, measure, EARLY, "referred", referred_to="Rat", present=5, excluded=1)
    assert check_of(said).faults == []
    for name, value in (("referred_to", "Amt"), ("present", 6), ("excluded", 2)):
        changed = Decision.objects.select_related("session__workshop", "measure", "seal").get()
        setattr(changed, name, value)
        assert [each.path for each in check_of(changed).faults] == [name]


def test_entries_from_before_are_sealed_as_they_were(ready, measure):
    said = rule(ready, measure, EARLY)
    assert {"referred_to", "present", "is_public", "quorum"}.isdisjoint(said.seal.data)


def test_not_more_members_can_be_needed_than_have_a_vote(ready, measure, office):
    sent = {"committee": "Rat", "date": "2020-10-01", "seats": "9", "quorum": "10"}
    add = reverse("measures:session-add", args=[ready.pk])
    assert wrong(office.post(add, sent))["quorum"] == [
        "Not more members can be needed than have a vote."
    ]


# Points that are not public -----------------------------------------------------------------------


def test_a_point_closed_to_the_public_leaves_no_trace_outside(ready, measure, office, client):
    session = meet(ready, measure, EARLY)
    item = AgendaItem.objects.get()
    page = office.get(session.get_absolute_url())
    assert "Close to the public" in page.text
    url = reverse("measures:agenda-public", args=[ready.pk, item.pk])
    office.post(url, {"to": "no"})
    assert "not public" in office.get(session.get_absolute_url()).text
    assert new_entry(session, measure).is_public is False
    said = decide(session, measure, reason="Grundstück Nahe 7", responsible="Liegenschaften")
    assert said.is_public is False
    for name, arguments in (
        ("public-page", [ready.pk]),
        ("public-measure", [ready.pk, measure.number]),
        ("public-feed", [ready.pk]),
    ):
        text = client.get(reverse(f"measures:{name}", args=arguments)).text
        assert ("Grundstück" in text, "Liegenschaften" in text) == (False, False)
    assert public_counts([ready.pk])[ready.pk].decided == 0
    assert public_content(ready).measures[0].outcome == "open"
    assert client.get(path_of(make_link(said, by=None, now=timezone.now()))).status_code == 200
    link = client.get(path_of(make_link(said, by=None, now=timezone.now()))).text
    assert ("Grundstück" in link, "Liegenschaften" in link) == (False, False)
    paper = attach(None, item=item, workshop=ready)
    paper = Attachment.objects.select_related("item").get(pk=paper.pk)
    assert paper.may_be_released is False
    Attachment.objects.update(is_released=True)
    assert not Attachment.objects.released().exists()


def test_progress_on_what_was_decided_behind_doors_is_not_told(ready, measure, client, office):
    session = meet(ready, measure, EARLY)
    AgendaItem.objects.update(is_public=False)
    decide(session, measure, has_basis=False)
    told = {"state": "running", "sentence": "Notar", "client_id": uuid.uuid4()}
    StatusEntry.objects.create(measure=measure, date=LATE, **told)
    assert public_content(ready).measures[0].state == ""
    page = client.get(reverse("measures:public-measure", args=[ready.pk, measure.number]))
    assert "Notar" not in page.text
    assert "not public" in office.get(session.get_absolute_url()).text


def test_the_council_reads_the_advice_beside_what_holds(ready, measure, council):
    ruled = rule(ready, measure, EARLY)
    advice = recommend(ready, measure, LATE, "rejected")
    session = meet(ready, measure, LATEST)
    [entry] = council.get(session.get_absolute_url()).context["entries"]
    assert (entry.earlier, entry.recommended) == (ruled, advice)
    page = council.get(session.get_absolute_url()).text
    assert ("Recommendation on M1 of" in page, "Decision on M1 of" in page) == (True, True)


def test_what_is_to_be_published_says_what_the_public_will_not_read(ready, measure, office):
    session = meet(ready, measure, EARLY)
    AgendaItem.objects.update(is_public=False)
    decide(session, measure, has_basis=False, is_published=False)
    page = office.get(session.get_absolute_url()).text
    assert "· not public" in page[page.index("publish__list") :].split("</ul>")[0]


def test_in_a_closed_session_no_point_is_offered_to_the_public(ready, measure, office):
    session = meet(ready, measure, EARLY, is_public=False)
    AgendaItem.objects.update(is_public=False)
    page = office.get(session.get_absolute_url()).text
    assert ("Open to the public" in page, "Take off" in page) == (False, True)


def test_once_decided_its_publicity_stays(ready, measure, office):
    session = meet(ready, measure, EARLY)
    decide(session, measure, has_basis=False)
    item = AgendaItem.objects.get()
    url = reverse("measures:agenda-public", args=[ready.pk, item.pk])
    assert "so that stays" in office.post(url, {"to": "no"}, follow=True).text
    item.refresh_from_db()
    assert item.is_public is True


def test_an_item_of_its_own_counts_before_that_of_its_field(ready, measure):
    session = meet(ready, measure, EARLY)
    AgendaItem.objects.create(session=session, field=measure.field, is_public=False, order=2)
    assert new_entry(session, measure).is_public is True
    AgendaItem.objects.filter(measure=measure).delete()
    assert new_entry(session, measure).is_public is False
