"""Two years side by side: what was carried over, then and now, as far as one may know both."""

import csv
import io
import uuid
from datetime import date

import pytest
from django.urls import reverse

from measures.again.choosing import candidates
from measures.again.comparing import compare
from measures.again.copying import copy_workshop
from measures.models import Measure, StatusEntry
from tests.deciding import decide, hold
from tests.people import visiting
from tests.rating import save_rating
from tests.today import TODAY
from workshops.models import Ballot, Membership, Role, Workshop

COMPARING = 32  # queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_day")]


@pytest.fixture
def years(workshop, measure, measure_two, at, facilitator) -> tuple[Workshop, Workshop]:
    """Two workshops: in 2020 WLAN came first, in 2021 Bus."""
    at("deliberating")
    rate(workshop, {"WLAN": 5, "Bus": 2})
    chosen = candidates(visiting(workshop, facilitator), today=TODAY)
    new, _is_new = copy_workshop(
        workshop,
        chosen,
        title="Werkstatt 2021",
        day=date(2021, 9, 8),
        by=facilitator,
        client_id=uuid.uuid4(),
    )
    new.phase = "deliberating"
    new.save(update_fields=["phase"])
    Measure.objects.create(workshop=new, field=new.fields.first(), title="Neu")
    rate(new, {"WLAN": 2, "Bus": 5, "Neu": 3})
    return workshop, Workshop.objects.get(pk=new.pk)


def rate(workshop: Workshop, steps: dict[str, int]) -> None:
    rows = {each.title: each for each in Measure.objects.in_workshop(workshop)}
    for _number in range(5):
        ballot = Ballot.objects.create(workshop=workshop, source="account")
        for title, step in steps.items():
            save_rating(ballot, rows[title], relevance=step, feasibility=step)


def report(measure: Measure, state: str) -> None:
    StatusEntry.objects.create(
        measure=measure, date=TODAY, state=state, sentence="Satz.", client_id=uuid.uuid4()
    )


def place(workshop: Workshop, kind: str = "year-compare") -> str:
    return reverse(f"measures:{kind}", args=[workshop.pk])


def told(response) -> list[tuple]:
    return [
        (pair.now.title, pair.then.rank, pair.now.rank)
        for pair in response.context["comparison"].pairs
    ]


def test_ranks_of_both_years_stand_side_by_side_each_among_its_own(years, facilitator, signed_in):
    page = signed_in(facilitator).get(place(years[1]))
    assert told(page) == [("Bus", 2, 1), ("WLAN", 1, 3)]
    comparison = page.context["comparison"]
    assert (comparison.then.ranked, comparison.now.ranked) == (2, 3)
    assert (comparison.then.why_none, comparison.now.why_none) == ("", "")


def test_decisions_and_states_of_both_years_stand_there(
    years, measure, facilitator, administrator, signed_in
):
    old, new = years
    decide(hold(old, measure), measure, has_basis=False)
    report(measure, "done")
    now = Measure.objects.in_workshop(new).get(title="WLAN")
    decide(hold(new, now), now, outcome="rejected", is_published=False, has_basis=False)
    [pair] = [
        each
        for each in signed_in(facilitator).get(place(new)).context["comparison"].pairs
        if each.now.title == "WLAN"
    ]
    assert (pair.then.decision.outcome, pair.then.is_done) == ("accepted", True)
    assert (pair.now.decision, pair.now.report) == (None, None)  # pending is not for facilitators


def test_the_file_says_the_same(years, facilitator, signed_in):
    answer = signed_in(facilitator).get(place(years[1], "year-compare-csv"))
    rows = [*csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")]
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert [row[:7] for row in rows[1:]] == [
        ["M2", "M2", "Bus", "2", "2", "1", "3"],
        ["M1", "M1", "WLAN", "1", "2", "3", "3"],
    ]
    assert {len(row) for row in rows} == {11}


def test_what_was_merged_since_stands_where_the_other_one_does(years, measure, measure_two):
    old, new = years
    measure.merge_into(measure_two)
    comparison = compared(old, new)
    assert [(pair.then.title, pair.then.number) for pair in comparison.pairs] == [
        ("Bus", 2), ("WLAN", 2),
    ]  # fmt: skip


def compared(old, new):
    person = new.memberships.first().user
    return compare(visiting(old, person), visiting(new, person), today=TODAY)


def test_what_was_removed_now_is_left_out(years):
    old, new = years
    Measure.objects.in_workshop(new).filter(title="Bus").update(is_removed=True)
    assert [pair.now.title for pair in compared(old, new).pairs] == ["WLAN"]


def test_while_results_are_not_shown_there_are_no_ranks_of_that_year(years, facilitator, signed_in):
    _old, new = years
    new.rounds.update(state="closed")
    Workshop.objects.filter(pk=new.pk).update(phase="collecting")
    page = signed_in(facilitator).get(place(new))
    assert [row[1:] for row in told(page)] == [(1, None), (2, None)]
    assert page.context["comparison"].now.ranked == 0
    assert page.context["comparison"].now.why_none != ""


def test_who_is_in_one_of_the_two_workshops_alone_is_offered_nothing(
    years, stranger, signed_in, committee_member
):
    old, new = years
    Membership.objects.create(workshop=new, user=stranger, role=Role.COMMITTEE)
    client = signed_in(stranger)
    pages = [place(new, kind) for kind in ("year-compare", "year-compare-csv")]
    assert [client.get(page).status_code for page in pages] == [404, 404]
    assert client.get(new.get_absolute_url()).context["again"].earlier is None
    assert signed_in(committee_member).get(place(new)).status_code == 404
    Membership.objects.create(workshop=new, user=committee_member, role=Role.COMMITTEE)
    client = signed_in(committee_member)
    assert client.get(place(new)).status_code == 200
    assert client.get(new.get_absolute_url()).context["again"].earlier == old


def test_a_workshop_that_was_not_copied_has_nothing_to_compare(workshop, measure, editor):
    assert editor.get(place(workshop)).status_code == 404


def test_one_measure_and_three_ask_as_many_queries(
    years, facilitator, signed_in, django_assert_num_queries
):
    old, new = years
    client = signed_in(facilitator)
    client.get(place(new))
    with django_assert_num_queries(COMPARING):
        client.get(place(new))
    for title in ("Kino", "Markt"):
        before = Measure.objects.create(workshop=old, field=old.fields.first(), title=title)
        Measure.objects.create(
            workshop=new, field=new.fields.first(), title=title, copied_from=before
        )
    client.get(place(new))
    with django_assert_num_queries(COMPARING):
        assert len(told(client.get(place(new)))) == 4
