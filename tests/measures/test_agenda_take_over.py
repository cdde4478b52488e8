"""An agenda taken over from another session, such as that of the committee which recommends."""

from datetime import date

import pytest
from django.urls import reverse

from measures.models import AgendaItem, Measure, Session
from tests.deciding import decide, hold, in_english


@pytest.fixture
def source(workshop, measure, measure_two, at) -> Session:
    """The committee has two measures on its agenda and a whole field of two more."""
    at("deliberating")
    tourism = workshop.fields.get(name="Tourismus")
    for order, title in enumerate(("Schloss", "Fähre"), start=1):
        Measure.objects.create(workshop=workshop, field=tourism, title=title, order=order)
    session = hold(workshop, measure_two, measure, is_recommending=True)
    AgendaItem.objects.create(session=session, field=tourism, order=3)
    return session


@pytest.fixture
def council(workshop, source) -> Session:
    return hold(workshop, committee="Rat", date=date(2020, 12, 1))


@pytest.fixture
def office(administrator, signed_in):
    return in_english(signed_in(administrator))


def take(client, session: Session, source: Session | int, which: str = "all"):
    url = reverse("measures:agenda-take-over", args=[session.workshop_id, session.pk])
    return client.post(url, {"session": getattr(source, "pk", source), "which": which})


def points(session: Session) -> list[str]:
    return [str(item.measure or item.field) for item in session.items.all()]


def told(client) -> list[str]:
    page = client.get(reverse("home"))
    return [str(message) for message in page.context["messages"]]


def test_all_points_come_in_their_order_and_twice_is_once(office, council, source):
    answer = take(office, council, source)
    assert answer["Location"] == f"{council.get_absolute_url()}#agenda-end"
    assert points(council) == ["M2 Bus", "M1 WLAN", "Tourismus"]
    assert told(office) == ["4 measures are now on the agenda."]
    take(office, council, source)
    assert points(council) == ["M2 Bus", "M1 WLAN", "Tourismus"]
    assert told(office) == ["All of it is on the agenda already."]


def test_what_is_there_already_is_skipped_and_the_rest_comes_behind(
    office, council, source, measure
):
    AgendaItem.objects.create(session=council, measure=measure, order=1)
    take(office, council, source)
    assert points(council) == ["M1 WLAN", "M2 Bus", "Tourismus"]
    assert told(office) == ["3 measures are now on the agenda."]


def test_a_measure_of_a_field_that_is_there_does_not_come_again(
    office, workshop, source, council, measure
):
    AgendaItem.objects.create(session=council, field=measure.field, order=1)
    take(office, council, source)
    assert points(council) == [str(measure.field), "Tourismus"]


def test_a_merged_measure_comes_as_what_it_is_part_of_and_a_removed_one_not(
    office, workshop, source, council, measure, measure_two
):
    castle, _ferry = Measure.objects.filter(field__name="Tourismus").order_by("order")
    source.items.filter(field__isnull=False).delete()
    AgendaItem.objects.create(session=source, measure=castle, order=4)
    measure_two.merge_into(castle)
    Measure.objects.filter(pk=measure.pk).update(is_removed=True)
    take(office, council, source)
    assert points(council) == [str(castle)]
    assert told(office) == ["1 measure is now on the agenda."]


def test_what_is_not_public_stays_so_also_where_it_was_merged(
    office, source, council, measure, measure_two
):
    source.items.filter(measure=measure).update(is_public=False)
    source.items.filter(field__isnull=False).update(is_public=False)
    take(office, council, source)
    assert [item.is_public for item in council.items.all()] == [True, False, False]
    council.items.all().delete()
    measure.merge_into(measure_two)
    take(office, council, source)
    assert [item.is_public for item in council.items.all()] == [False, False]


def test_only_what_was_recommended_or_put_off_comes_and_nobody_has_ruled_on_since(
    office, workshop, source, council, measure, measure_two
):
    castle, ferry = Measure.objects.filter(field__name="Tourismus").order_by("order")
    source.items.filter(measure=measure).update(is_public=False)
    decide(source, castle, is_recommendation=True, has_basis=False)
    decide(source, measure, is_recommendation=True, is_published=False, has_basis=False)
    until = date(2021, 1, 1)
    put_off = {"outcome": "deferred", "deferred_until": until, "is_recommendation": False}
    decide(source, measure_two, has_basis=False, **put_off)
    decide(source, ferry, is_recommendation=False, has_basis=False)
    take(office, council, source, "open")
    assert points(council) == ["M2 Bus", "M1 WLAN", str(castle)]
    assert [item.is_public for item in council.items.all()] == [True, False, True]
    decide(council, measure_two, has_basis=False)
    later = hold(workshop, committee="Rat", date=date(2020, 12, 20))
    take(office, later, source, "open")
    assert points(later) == ["M1 WLAN", str(castle)]


def test_where_nothing_was_recommended_the_page_says_so(office, source, council):
    take(office, council, source, "open")
    assert told(office) == ["There is no such point on the agenda of that session."]
    assert points(council) == []


def test_only_another_session_of_the_workshop_that_has_points_is_offered(
    office, source, council, workshop
):
    page = office.get(council.get_absolute_url())
    assert [*page.context["sources"]] == [source]
    sources = (council, 999_999, "nonsense", 10**30)
    assert [take(office, council, each).status_code for each in sources] == [422] * 4
    page = take(office, council, council).content.decode()
    assert "Please choose another session." in page


def test_taking_over_costs_the_same_queries_for_one_point_and_for_three(
    office, workshop, source, council, django_assert_num_queries
):
    for which in ("all", "open"):
        take(office, council, source, which)
    council.items.all().delete()
    small = hold(workshop, committee="Bau")
    AgendaItem.objects.create(session=small, field=source.items.last().field)
    with django_assert_num_queries(19):
        take(office, council, small)
    council.items.all().delete()
    with django_assert_num_queries(19):
        take(office, council, source)
