"""The progress pages: of a workshop, and across the workshops of a municipality."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from fields.models import ActionField
from measures.followup.views import progress as views
from measures.models import Measure, Session, StatusEntry
from tests import deciding
from tests.markup import compact
from tests.measures.publishing import words
from tests.today import TODAY
from workshops.models import Membership, Municipality, Role, Workshop
from workshops.phases import Phase
from workshops.setup import start_workshop

pytestmark = pytest.mark.usefixtures("one_day")

DAY = timedelta(days=1)


@pytest.fixture
def decide(workshop):
    """Return a function that records a decision: ``decide(measure, "rejected")``."""

    def record(
        measure: Measure, outcome="accepted", *, days_ago=30, due=None, pending=False, **more
    ):
        session, _new = Session.objects.get_or_create(
            workshop=measure.workshop, committee="Rat", date=TODAY - days_ago * DAY
        )
        return deciding.decide(
            session,
            measure,
            outcome=outcome,
            wording="Anders" if outcome == "amended" else "",
            deferred_until=TODAY if outcome == "deferred" else None,
            reason="Weil.",
            due_date=due,
            is_published=not pending,
            at=timezone.now(),
            has_basis=False,
            **more,
        )

    return record


def report(measure: Measure, state="running", *, days_ago=0, sentence="Läuft.", **more):
    return StatusEntry.objects.create(
        measure=measure,
        date=TODAY - days_ago * DAY,
        state=state,
        sentence=sentence,
        client_id=uuid.uuid4(),
        **more,
    )


@pytest.fixture
def measures(workshop, measure, measure_two) -> list[Measure]:
    """Four measures in two fields: WLAN and Bus, then Kino and Museum."""
    tourism = ActionField.objects.get(workshop=workshop, name="Tourismus")
    more = [
        Measure.objects.create(workshop=workshop, field=tourism, title=title, order=order)
        for order, title in enumerate(("Kino", "Museum"), start=1)
    ]
    return [measure, measure_two, *more]


@pytest.fixture
def open_page(signed_in, workshop):
    """Return a function that opens the workshop's page as somebody: ``open_page(person, "?…")``."""

    def open_it(person, query: str = ""):
        return signed_in(person).get(reverse("measures:progress", args=[workshop.pk]) + query)

    return open_it


def listed(response) -> dict[str, list[str]]:
    """Return the titles in their groups, the overdue ones under their own name."""
    page = response.context
    found = {"overdue": page["overdue"]} if page["overdue"] else {}
    found |= dict(page["by_field"])
    return {name: [track.measure.title for track in tracks] for name, tracks in found.items()}


# What is listed ---------------------------------------------------------------------------------


def test_only_what_was_accepted_or_reported_on_is_listed(
    measures, decide, committee_member, open_page, at
):
    wlan, bus, kino, museum = measures
    at("deliberating")
    decide(wlan, "accepted")
    decide(bus, "rejected")
    decide(kino, "deferred")
    report(museum)
    assert listed(open_page(committee_member)) == {
        "Alltagsleben": ["WLAN"],
        "Tourismus": ["Museum"],
    }


def test_without_any_the_page_says_what_will_come(committee_member, open_page, at):
    at("deliberating")
    page = open_page(committee_member).context
    assert (page["is_empty"], page["by_horizon"], [*page["by_field"]]) == (True, [], [])


@pytest.mark.parametrize("phase", Phase)
def test_the_page_opens_in_every_phase_and_links_to_decisions_only_with_the_results(
    phase, measure, decide, committee_member, open_page, at
):
    decision = decide(measure)
    at(phase)
    response = open_page(committee_member)
    shown = phase in (Phase.DELIBERATING, Phase.CLOSED)
    url = reverse("measures:decision-detail", args=[measure.workshop_id, decision.pk])
    assert (response.status_code, listed(response)) == (200, {"Alltagsleben": ["WLAN"]})
    assert (f'href="{url}"' in response.content.decode()) == shown


def test_a_pending_decision_is_known_to_deciders_only(
    measures, decide, administrator, committee_member, facilitator, participant, open_page, at
):
    at("deliberating")
    decide(measures[0], pending=True)
    people = (administrator, committee_member, facilitator, participant)
    found = [listed(open_page(person)) for person in people]
    assert found == [{"Alltagsleben": ["WLAN"]}] * 2 + [{}] * 2
    assert "WLAN" not in open_page(facilitator).content.decode()


def test_a_pending_correction_replaces_nothing_for_those_who_do_not_know_of_it(
    measure, decide, committee_member, facilitator, open_page, at
):
    at("deliberating")
    first = decide(measure)
    decide(measure, "rejected", pending=True, corrects=first)
    assert listed(open_page(committee_member)) == {}
    assert listed(open_page(facilitator)) == {"Alltagsleben": ["WLAN"]}


def test_the_newest_decision_on_a_measure_holds(measure, decide, committee_member, open_page, at):
    at("deliberating")
    decide(measure, "accepted", days_ago=60)
    decide(measure, "rejected", days_ago=20)
    assert listed(open_page(committee_member)) == {}


@pytest.mark.parametrize(
    ("outcome", "words", "day"),
    [
        ("rejected", "rejected on %(day)s", TODAY - 20 * DAY),
        ("deferred", "deferred until %(day)s", TODAY),
    ],
)
def test_what_was_called_off_after_reports_is_listed_as_such_and_not_overdue(
    measure, decide, committee_member, open_page, at, outcome, words, day
):
    at("deliberating")
    decide(measure, "accepted", days_ago=300, due=TODAY - 100 * DAY)
    report(measure, "running", days_ago=200)
    decide(measure, outcome, days_ago=20)
    response = open_page(committee_member)
    assert listed(response) == {"Alltagsleben": ["WLAN"]}
    said = gettext(words) % {"day": date_format(day, "SHORT_DATE_FORMAT")}
    assert f'<div class="followup__due"><p>{said}</p>' in compact(response)


def test_a_pending_rejection_ends_nothing_for_those_who_do_not_know_of_it(
    measure, decide, committee_member, facilitator, open_page, at
):
    at("deliberating")
    decide(measure, "accepted", days_ago=300, due=TODAY - 100 * DAY)
    report(measure, "running", days_ago=200)
    decide(measure, "rejected", days_ago=20, pending=True)
    assert listed(open_page(committee_member)) == {"Alltagsleben": ["WLAN"]}
    assert listed(open_page(facilitator)) == {"overdue": ["WLAN"]}


def test_what_was_merged_is_followed_under_its_target(
    measures, decide, committee_member, open_page, at
):
    wlan, bus, kino, _museum = measures
    decide(wlan)
    report(kino, "delayed")
    wlan.merge_into(bus)
    kino.merge_into(bus)
    at("deliberating")
    response = open_page(committee_member)
    assert listed(response) == {"Alltagsleben": ["Bus"]}
    [[_name, [track]]] = response.context["by_field"]
    assert (track.decision.outcome, track.state) == ("accepted", "delayed")


def test_what_was_removed_is_named_but_not_listed(measure, decide, committee_member, open_page, at):
    decide(measure)
    measure.is_removed = True
    measure.save(update_fields=["is_removed"])
    at("deliberating")
    page = open_page(committee_member).context
    assert (page["is_empty"], [each.title for each in page["removed"]]) == (True, ["WLAN"])


def test_nothing_typed_becomes_markup(measure, decide, committee_member, open_page, at):
    nasty = "<script>alert(1)</script>"
    Measure.objects.filter(pk=measure.pk).update(title=nasty)
    decide(measure, responsible=nasty)
    report(measure, sentence=nasty)
    at("deliberating")
    html = open_page(committee_member).content.decode()
    assert nasty not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 6


def test_no_rating_and_no_address_for_reminders_is_on_the_page(
    measure, decide, committee_member, open_page, at
):
    decide(measure, responsible="Hauptamt", responsible_email="amt@bingen.example")
    at("deliberating")
    html = open_page(committee_member).content.decode()
    assert ("Hauptamt" in html, "amt@bingen.example" in html) == (True, False)


def test_only_editors_are_led_to_the_form(
    measure, decide, facilitator, administrator, committee_member, participant, open_page, at
):
    decide(measure)
    at("deliberating")
    people = (facilitator, administrator, committee_member, participant)
    url = reverse("measures:status-add", args=[measure.workshop_id, 1])
    found = [url in open_page(person).content.decode() for person in people]
    assert found == [True, True, False, False]


# Order, filters, what moved ---------------------------------------------------------------------


def test_overdue_comes_first_then_the_fields(measures, decide, committee_member, open_page, at):
    wlan, bus, kino, museum = measures
    at("deliberating")
    decide(wlan, days_ago=300, due=TODAY - 5 * DAY)
    decide(bus, due=TODAY + DAY)
    decide(kino, days_ago=300, due=TODAY - 200 * DAY)
    report(museum, days_ago=90, next_due=TODAY - 9 * DAY)
    assert listed(open_page(committee_member)) == {
        "overdue": ["Kino", "Museum", "WLAN"],
        "Alltagsleben": ["Bus"],
    }


def test_a_reported_date_stands_beside_that_of_the_decision(
    measure, decide, committee_member, open_page, at
):
    at("deliberating")
    decide(measure, due=TODAY + 60 * DAY)
    said = words(open_page(committee_member).content.decode())
    first, last = (date_format(TODAY + n * DAY, "SHORT_DATE_FORMAT") for n in (20, 60))
    assert f"Frist: {last}" in said
    report(measure, next_due=TODAY + 20 * DAY)
    said = words(open_page(committee_member).content.decode())
    assert said.count(f"Frist: {last} nächster Termin: {first}") == 2


def test_the_list_is_narrowed_by_state_and_field_in_the_address(
    measures, decide, committee_member, open_page, at
):
    wlan, bus, kino, museum = measures
    at("deliberating")
    decide(wlan, days_ago=300, due=TODAY - DAY)
    for each, state in ((wlan, "running"), (bus, "done"), (kino, "running")):
        report(each, state)
    decide(museum)
    found = {
        query: listed(open_page(committee_member, query))
        for query in ("?state=running", "?state=overdue", "?state=unreported", "?field=Tourismus",
                      "?state=running&field=Tourismus", "?state=stopped")
    }  # fmt: skip
    assert found == {
        "?state=running": {"overdue": ["WLAN"], "Tourismus": ["Kino"]},
        "?state=overdue": {"overdue": ["WLAN"]},
        "?state=unreported": {"Tourismus": ["Museum"]},
        "?field=Tourismus": {"Tourismus": ["Kino", "Museum"]},
        "?state=running&field=Tourismus": {"Tourismus": ["Kino"]},
        "?state=stopped": {},
    }
    page = open_page(committee_member).context
    assert (page["total"], page["by_state"]) == (4, {
        "overdue": 1, "not_started": 0, "running": 2, "delayed": 0, "done": 1, "stopped": 0,
        "unreported": 1,
    })  # fmt: skip


@pytest.mark.parametrize("query", ["?state=asleep", "?field=x", "?since=x", "?since=999999"])
def test_a_value_that_does_not_fit_is_said_and_left_out(
    query, measure, decide, committee_member, open_page, at
):
    decide(measure)
    at("deliberating")
    response = open_page(committee_member, query)
    assert (response.status_code, listed(response)) == (400, {"Alltagsleben": ["WLAN"]})


def test_what_changed_is_told_since_the_last_session_unless_another_one_is_chosen(
    measures, decide, committee_member, open_page, at
):
    at("deliberating")
    wlan, bus, *_rest = measures
    early, late = decide(wlan, days_ago=200).session, decide(bus, days_ago=20).session
    today = Session.objects.create(workshop=wlan.workshop, committee="Rat", date=TODAY)
    Session.objects.create(workshop=wlan.workshop, committee="Rat", date=TODAY + DAY)
    report(wlan, "not_started", days_ago=100, percent=0)
    report(bus, "running", days_ago=3, percent=40)

    def changed(query=""):
        page = open_page(committee_member, query).context
        return page["session"], [each.track.measure.title for each in page["changes"]]

    assert changed() == (late, ["Bus"])
    assert changed(f"?since={early.pk}") == (early, ["Bus", "WLAN"])
    assert changed(f"?since={today.pk}") == (today, [])


def test_a_percentage_that_nobody_told_is_a_dash_and_nothing_else(
    measures, decide, committee_member, open_page, at
):
    at("deliberating")
    wlan, bus, *_rest = measures
    for measure, before, now in ((wlan, None, 40), (bus, 60, None)):
        report(measure, days_ago=30, percent=before)
        report(measure, days_ago=3, percent=now)
    decide(wlan, days_ago=20)
    html = compact(open_page(committee_member))
    told = re.findall(r'<span class="nums">([^<]* → [^<]*)</span>', html)
    assert told == ["– → 40 %", "60 % → –"]


def test_sessions_to_come_and_those_of_others_cannot_be_chosen(
    measure, decide, other_workshop, committee_member, open_page, at
):
    decide(measure)
    at("deliberating")
    for room, day in ((measure.workshop, TODAY + DAY), (other_workshop, TODAY - DAY)):
        session = Session.objects.create(workshop=room, committee="Rat", date=day)
        assert open_page(committee_member, f"?since={session.pk}").status_code == 400


def test_before_the_first_session_nothing_is_said_to_have_changed(
    measure, committee_member, open_page, at
):
    report(measure)
    at("deliberating")
    page = open_page(committee_member).context
    assert (page["session"], page["changes"]) == (None, [])


def test_the_timeline_has_the_listed_measures_by_horizon(
    measures, decide, committee_member, open_page, at
):
    at("deliberating")
    for each, horizon in zip(measures, ("long", "short", "short", "unknown"), strict=True):
        Measure.objects.filter(pk=each.pk).update(time_horizon=horizon)
        decide(each, due=TODAY + each.number * DAY)
    by_horizon = open_page(committee_member).context["by_horizon"]
    found = [[track.measure.title for track in tracks] for _name, tracks in by_horizon]
    assert found == [["Bus", "Kino"], ["WLAN"], ["Museum"]]


def test_the_number_of_queries_does_not_grow(
    workshop, measures, decide, committee_member, signed_in, at, django_assert_num_queries
):
    at("deliberating")
    client, url = signed_in(committee_member), reverse("measures:progress", args=[workshop.pk])
    for number, each in enumerate(measures, start=1):
        decide(each)
        report(each)
        if number in (1, 3):
            with django_assert_num_queries(8):
                assert client.get(url).status_code == 200


# Across workshops -------------------------------------------------------------------------------


@pytest.fixture
def town(workshop) -> Municipality:
    return workshop.municipalities.get()


@pytest.fixture
def another(town, facilitator):
    """Return a function that makes one more workshop of the town with one accepted measure."""

    def make(title: str, decide, **measure) -> Workshop:
        room = Workshop(title=title, date=date(2024, 1, 1))
        start_workshop(
            room, by=facilitator, municipalities=[town.name, "Waldalgesheim"], groups=["Rat"]
        )
        room.phase = "closed"
        room.save(update_fields=["phase"])
        field = ActionField.objects.create(workshop=room, name="Tourismus", order=1)
        decide(Measure.objects.create(workshop=room, field=field, title=title, **measure))
        return room

    return make


def across(client, town: Municipality, query: str = ""):
    return client.get(reverse("measures:municipality-progress", args=[town.pk]) + query)


def test_a_municipality_shows_all_its_workshops_that_the_person_may_see(
    workshop, town, another, measure, decide, facilitator, committee_member, stranger, signed_in, at
):
    at("deliberating")
    decide(measure)
    another("Kino", decide)
    both = {"Alltagsleben": ["WLAN"], "Tourismus": ["Kino"]}
    assert listed(across(signed_in(facilitator), town)) == both
    assert listed(across(signed_in(committee_member), town)) == {"Alltagsleben": ["WLAN"]}
    assert across(signed_in(stranger), town).status_code == 404


def test_fields_of_one_name_are_one_and_a_workshop_can_be_chosen(
    workshop, town, another, measures, decide, facilitator, signed_in, at
):
    at("deliberating")
    decide(measures[3])
    room = another("Kino", decide)
    client = signed_in(facilitator)
    assert {*listed(across(client, town))["Tourismus"]} == {"Museum", "Kino"}
    assert listed(across(client, town, f"?workshop={room.pk}")) == {"Tourismus": ["Kino"]}
    assert across(client, town, "?workshop=0").status_code == 400


def test_what_concerns_only_the_neighbour_is_not_the_towns(
    town, another, decide, facilitator, signed_in, workshop
):
    neighbour = Municipality.objects.create(name="Waldalgesheim")
    another("Kino", decide, municipality=neighbour)
    another("Bus", decide, municipality=town)
    another("Bad", decide)
    client = signed_in(facilitator)
    assert {*listed(across(client, town))["Tourismus"]} == {"Bus", "Bad"}
    assert {*listed(across(client, neighbour))["Tourismus"]} == {"Kino", "Bad"}


def test_rights_are_those_in_each_workshop(
    workshop, town, another, measure, decide, facilitator, committee_member, signed_in, at
):
    """Greta decides in one workshop and facilitates the other; pending is known in one only."""
    at("deliberating")
    room = another("Kino", decide)
    Membership.objects.create(workshop=room, user=committee_member, role=Role.FACILITATOR)
    decide(measure, pending=True)
    hidden = Measure.objects.create(workshop=room, field=room.fields.get(), title="Geheim")
    decide(hidden, pending=True)
    found = across(signed_in(committee_member), town)
    assert listed(found) == {"Alltagsleben": ["WLAN"], "Tourismus": ["Kino"]}
    html = found.content.decode()
    forms = {
        each.title: reverse("measures:status-add", args=[each.workshop_id, each.number]) in html
        for each in Measure.objects.filter(title__in=["WLAN", "Kino"])
    }
    assert forms == {"WLAN": False, "Kino": True}


def test_many_workshops_of_a_municipality_come_on_pages_that_keep_the_filters(
    workshop, town, another, decide, facilitator, signed_in, at, monkeypatch
):
    monkeypatch.setattr(views, "WORKSHOPS", 2)
    at("deliberating")
    rooms = [workshop, *(another(f"Kino {number}", decide) for number in range(3))]
    newest_first = sorted(rooms, key=lambda each: (each.date, each.pk), reverse=True)
    client = signed_in(facilitator)
    pages = [across(client, town, f"?page={number}&state=unreported") for number in (1, 2)]
    assert [each.context["workshops"] for each in pages] == [newest_first[:2], newest_first[2:]]
    first, second = (each.content.decode() for each in pages)
    assert 'href="?page=2&amp;state=unreported"' in first
    assert ['name="page" value="2"' in each for each in (first, second)] == [False, True]


@pytest.mark.parametrize("pk", [0, 10**9, 2**63])
def test_a_municipality_that_does_not_exist_is_not_found(pk, facilitator, signed_in):
    url = reverse("measures:municipality-progress", args=[pk])
    assert signed_in(facilitator).get(url).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_workshops(
    workshop, town, another, measure, decide, facilitator, signed_in, at, django_assert_num_queries
):
    at("deliberating")
    decide(measure)
    client = signed_in(facilitator)
    for number in (1, 2, 3):
        if number in (1, 3):
            with django_assert_num_queries(10):
                assert across(client, town).status_code == 200
        another(f"Werkstatt {number}", decide)


def test_home_and_the_page_itself_lead_to_it(workshop, town, facilitator, signed_in, open_page, at):
    url = reverse("measures:municipality-progress", args=[town.pk])
    at("rating")
    client = signed_in(facilitator)
    assert url not in client.get("/").content.decode()
    at("deliberating")
    assert client.get("/").content.decode().count(url) == 1
    assert open_page(facilitator).content.decode().count(url) == 1
