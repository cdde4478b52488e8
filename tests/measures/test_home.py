"""The start page: my workshops and what comes next in each, as its day says."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from measures.models import Measure
from tests.deciding import decide, hold
from tests.markup import before_outbox
from tests.rating import SHOWING
from workshops.models import (
    Membership,
    Municipality,
    Participant,
    Role,
    User,
    Workshop,
    WorkshopMunicipality,
    WorkshopRevision,
)
from workshops.phases import Phase

HOME = reverse("home")


def listed(response) -> list[Workshop]:
    return [visit.workshop for visit, _action in response.context["visits"]]


def templates(response) -> list[str]:
    return [template.name for template in response.templates]


def test_who_is_not_signed_in_reads_what_this_is(client, workshop):
    response = client.get(HOME)
    assert templates(response)[0] == "workshops/welcome.html"
    assert workshop.title not in response.content.decode()
    assert "Veröffentlichte Workshops" not in response.content.decode()


def test_everybody_finds_exactly_their_own_workshops(
    workshop, other_workshop, signed_in, facilitator, participant, committee_member, stranger
):
    for person in (facilitator, participant, committee_member):
        assert listed(signed_in(person).get(HOME)) == [workshop]
    assert listed(signed_in(stranger).get(HOME)) == [other_workshop]


def test_a_person_with_two_roles_finds_the_workshop_once(workshop, facilitator, signed_in):
    Membership.objects.create(workshop=workshop, user=facilitator, role=Role.COMMITTEE)
    Participant.objects.create(workshop=workshop, user=facilitator, name="Mona")
    assert listed(signed_in(facilitator).get(HOME)) == [workshop]


def test_the_newest_workshop_comes_first(workshop, facilitator, signed_in):
    later = Workshop.objects.create(title="Zweite Runde", date=date(2021, 3, 1))
    Membership.objects.create(workshop=later, user=facilitator, role=Role.FACILITATOR)
    assert listed(signed_in(facilitator).get(HOME)) == [later, workshop]


PRIMARY = re.compile(
    r'kern-btn--primary"(?:\s+href="(?P<url>[^"]+)"|\s+[^>]*value="(?P<to>\w+)"[^>]*)[^>]*>'
    r'\s*<span class="kern-label">\s*(?P<label>[^<]+?)\s*<'
)


def primary(response) -> tuple[str | None, str | None, str]:
    """Return where the one primary button of a page leads, what it moves to, and its words."""
    [found] = PRIMARY.finditer(before_outbox(response))
    return found["url"], found["to"], found["label"]


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("is_shown", [True, False])
def test_the_button_of_a_workshop_is_the_primary_one_of_its_day_and_leads_somewhere(
    phase, is_shown, workshop, measure, at, signed_in, facilitator, administrator, participant,
    committee_member,
):  # fmt: skip
    at(Phase.RATING)
    at(phase)
    if not is_shown and phase in SHOWING:
        workshop.rounds.update(state="closed", smallest_room=None)
    for person in (facilitator, administrator, participant, committee_member):
        client = signed_in(person)
        button = primary(client.get(HOME))
        assert button == primary(client.get(workshop.get_absolute_url()))
        url, to, _label = button
        assert (url is None) == (to is not None)
        if url:
            assert client.get(url).status_code == 200


def test_collecting_starts_from_the_list_of_workshops(workshop, field, facilitator, signed_in, at):
    at(Phase.PREPARING)
    client = signed_in(facilitator)
    assert primary(client.get(HOME)) == (None, "collecting", "Sammlung starten")
    move = reverse("measures:phase-move", args=[workshop.pk])
    sent = client.post(move, {"from": "preparing", "to": "collecting"})
    assert sent["Location"] == workshop.get_absolute_url()
    assert primary(client.get(HOME)) == (
        reverse("measures:measure-list", args=[workshop.pk]), None, "Ziele und Maßnahmen sammeln",
    )  # fmt: skip


def test_only_who_may_create_workshops_is_offered_to(stranger, signed_in, settings):
    client, link = signed_in(stranger), reverse("fields:workshop-create").encode()
    first = client.get(HOME)
    settings.SIGNUP_OPEN = True
    second = client.get(HOME)
    assert (first.context["may_create"], link in first.content) == (False, False)
    assert (second.context["may_create"], link in second.content) == (True, True)


def test_the_list_takes_the_same_queries_for_one_workshop_and_for_three(
    workshop, other_workshop, facilitator, signed_in, django_assert_num_queries
):
    client = signed_in(facilitator)
    with django_assert_num_queries(12):
        client.get(HOME)
    for title in ("Zweite", "Dritte"):
        extra = Workshop.objects.create(title=title, date=date(2022, 1, 1), phase="deliberating")
        extra.rounds.create(number=1, state="shown", smallest_room=3)
        Membership.objects.create(workshop=extra, user=facilitator, role=Role.FACILITATOR)
        extra.municipalities.set(workshop.municipalities.all(), through_defaults={"seat": 1})
    with django_assert_num_queries(12):
        assert len(listed(client.get(HOME))) == 3


# Many workshops ----------------------------------------------------------------------------------


def facilitates(person: User, titles: list[str], town: str = "Bingen am Rhein") -> list[Workshop]:
    """Let a person facilitate a workshop of each title, the first one the newest."""
    last = date(2026, 1, 1).toordinal()
    rows = Workshop.objects.bulk_create(
        Workshop(title=title, date=date.fromordinal(last - place), place="Rathaus")
        for place, title in enumerate(titles)
    )
    seated, _is_new = Municipality.objects.get_or_create(name=town)
    WorkshopRevision.objects.bulk_create(WorkshopRevision(workshop=row) for row in rows)
    Membership.objects.bulk_create(
        Membership(workshop=row, user=person, role=Role.FACILITATOR) for row in rows
    )
    WorkshopMunicipality.objects.bulk_create(
        WorkshopMunicipality(workshop=row, municipality=seated) for row in rows
    )
    return rows


def numbered(count: int) -> list[str]:
    return [f"Werkstatt {number}" for number in range(count)]


def test_many_workshops_come_on_pages_of_24_the_newest_first(stranger, signed_in):
    rows, client = facilitates(stranger, numbered(50)), signed_in(stranger)
    pages = [listed(client.get(HOME, {"page": number})) for number in ("1", "2", "3")]
    assert pages == [rows[:24], rows[24:48], rows[48:]]


@pytest.mark.parametrize(("asked", "shown"), [("0", 3), ("-1", 3), ("99", 3), ("x", 1), ("", 1)])
def test_a_page_that_does_not_exist_leads_to_one_that_does(asked, shown, stranger, signed_in):
    facilitates(stranger, numbered(50))
    assert signed_in(stranger).get(HOME, {"page": asked}).context["page"].number == shown


def test_only_who_has_more_than_a_page_is_offered_a_search(stranger, signed_in):
    facilitates(stranger, numbered(24))
    few = signed_in(stranger).get(HOME).content
    facilitates(stranger, ["Eine mehr"])
    many = signed_in(stranger).get(HOME).content
    assert [b'type="search"' in each for each in (few, many)] == [False, True]
    assert [b'class="pagination"' in each for each in (few, many)] == [False, True]


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("osterode", ["Dörfer gestalten", "Zukunft"]),
        ("DORFER", ["Dörfer gestalten"]),
        ("zukunft 2026", ["Zukunft"]),
        ("rathaus dörfer", ["Dörfer gestalten"]),
        ("zukunft bingen", []),
        ("%", []),
    ],
)
def test_every_word_is_looked_for_in_title_place_municipality_and_year(
    sought, found, stranger, signed_in
):
    facilitates(stranger, ["Zukunft"], town="Osterode am Harz")
    facilitates(stranger, ["Vorher", "Dörfer gestalten"], town="Osterode am Harz")
    Workshop.objects.filter(title="Vorher").update(title="Anderes")
    WorkshopMunicipality.objects.filter(workshop__title="Anderes").delete()
    response = signed_in(stranger).get(HOME, {"q": sought})
    assert sorted(each.title for each in listed(response)) == found
    assert response.context["sought"] == sought


def test_nobody_finds_what_is_not_theirs(workshop, stranger, signed_in):
    facilitates(stranger, ["Zukunft"])
    response = signed_in(stranger).get(HOME, {"q": workshop.title})
    assert (listed(response), templates(response)[0]) == ([], "workshops/home.html")
    assert workshop.title not in response.content.decode().replace(f'value="{workshop.title}"', "")


def test_the_other_pages_keep_the_search(stranger, signed_in):
    facilitates(stranger, numbered(30))
    page = signed_in(stranger).get(HOME, {"q": "werkstatt"}).content.decode()
    assert 'href="?q=werkstatt&amp;page=2"' in page


def test_a_page_of_many_takes_as_many_queries_as_a_page_of_one(
    stranger, signed_in, django_assert_num_queries
):
    client = signed_in(stranger)
    facilitates(stranger, ["Eine Werkstatt"])
    with django_assert_num_queries(12):  # what waits is asked on the first page alone
        client.get(HOME)
    with django_assert_num_queries(12):
        client.get(HOME, {"q": "werkstatt"})
    facilitates(stranger, numbered(100))
    with django_assert_num_queries(11):
        assert len(listed(client.get(HOME, {"page": "2"}))) == 24
    with django_assert_num_queries(12):
        assert len(listed(client.get(HOME, {"q": "werkstatt", "page": "2"}))) == 24


# What strangers find ------------------------------------------------------------------------------


def publish(titles: list[str], town: str = "Bingen am Rhein") -> list[Workshop]:
    """Publish a workshop of each title, the first one the newest, at a place nobody is told."""
    rows = Workshop.objects.bulk_create(
        Workshop(
            title=title, date=date(2026, 1, 1) - timedelta(days=place), place="Saal",
            is_public=True,
        )
        for place, title in enumerate(titles)
    )  # fmt: skip
    seated, _is_new = Municipality.objects.get_or_create(name=town)
    WorkshopRevision.objects.bulk_create(WorkshopRevision(workshop=row) for row in rows)
    WorkshopMunicipality.objects.bulk_create(
        WorkshopMunicipality(workshop=row, municipality=seated) for row in rows
    )
    return rows


def published(response) -> list[str]:
    return [each.workshop.title for each in response.context["published"]]


def test_a_stranger_finds_what_is_published_beside_the_log_in(
    client, workshop, measure, measure_two, at
):
    at("deliberating")
    session = hold(workshop, measure, measure_two)
    decide(session, measure, has_basis=False)
    decide(session, measure_two, has_basis=False, is_published=False)
    Workshop.objects.filter(pk=workshop.pk).update(is_public=True)
    client.post(reverse("set-language"), {"language": "en"})
    page = client.get(HOME).content.decode()
    [found] = re.findall(r'<ul class="published">.*?</ul>', page, re.S)
    link = reverse("measures:public-page", args=[workshop.pk])
    assert re.findall('href="([^"]*)"', found) == [f"{link}?lang=en"]
    assert " ".join(strip_tags(found).split()) == (
        "Digital-Werkstatt Bingen Bingen am Rhein · Sept. 8, 2020 · 2 measures, 1 decided on"
    )
    headings = re.findall(r"<h[12][^>]*>(.*?)</h[12]>", page, re.S)
    assert [" ".join(each.split()) for each in headings] == [
        "Published workshops", "From an empty room to a ranked list of measures",
    ]  # fmt: skip
    link = rf'<a href="{reverse("account_login")}"'
    assert [part.count(link) for part in page.partition("<main")[::2]] == [1, 0]


def test_a_town_is_named_beside_a_title_that_does_not_name_it(db, client):
    publish(["Werkstatt Bingen am Rhein", "Werkstatt"])
    told = [each.towns for each in client.get(HOME).context["published"]]
    assert told == [[], ["Bingen am Rhein"]]


def test_a_card_names_a_town_once(workshop, at, signed_in, facilitator):
    for phase in (Phase.COLLECTING, Phase.DELIBERATING):
        at(phase)
        page = signed_in(facilitator).get(HOME).content.decode()
        [card] = re.findall(r'<li class="workshop-card">.*?</li>', page, re.S)
        assert strip_tags(card).count("Bingen am Rhein") == 1


def test_what_is_counted_is_what_the_public_page_tells(
    client, workshop, measure, measure_two, at, ballots
):
    at("deliberating")
    session, closed = hold(workshop, measure, measure_two), hold(workshop, is_public=False)
    decide(session, measure_two, has_basis=False)
    decide(closed, measure, has_basis=False)
    gone = Measure.objects.create(workshop=workshop, field=measure.field, title="Fähre")
    decide(session, gone, has_basis=False)
    Measure.objects.filter(pk=gone.pk).update(is_removed=True)
    measure_two.merge_into(measure)
    Workshop.objects.filter(pk=workshop.pk).update(is_public=True)
    [each] = client.get(HOME).context["published"]
    page = client.get(reverse("measures:public-page", args=[workshop.pk]), {"lang": "en"})
    assert each.counts == (1, 1)
    assert "<strong>1 of 1 measure</strong>" in page.content.decode()


def test_strangers_find_published_workshops_by_title_municipality_and_year_never_by_place(
    db, client
):
    publish(["Zukunft"], town="Osterode am Harz")
    publish(["Dörfer gestalten"])
    found = {
        sought: published(client.get(HOME, {"q": sought}))
        for sought in ("osterode", "dorfer 2026", "saal", "2025")
    }
    assert found == {
        "osterode": ["Zukunft"], "dorfer 2026": ["Dörfer gestalten"], "saal": [], "2025": [],
    }  # fmt: skip


def test_strangers_turn_pages_of_24_and_search_when_there_are_more(db, client):
    publish(numbered(24))
    assert 'type="search"' not in client.get(HOME).content.decode()
    publish(["Eine mehr"])
    second = client.get(HOME, {"page": "2"})
    assert 'type="search"' in second.content.decode()
    assert len(published(second)) == 1


def test_the_list_of_strangers_takes_the_same_queries_for_one_and_for_many(
    db, client, django_assert_num_queries
):
    publish(["Eine"])
    for rows in (1, 24):
        with django_assert_num_queries(8):
            assert len(published(client.get(HOME))) == rows
        with django_assert_num_queries(9):
            client.get(HOME, {"q": "e"})
        publish(numbered(30))
