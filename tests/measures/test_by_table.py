"""Each table rates its own measures: who is asked for what, and why there is no rank across."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from fields.models import ActionField
from measures.day.missing import missing_for_rating
from measures.hall.screens import day_of
from measures.models import Front, Measure, Offer, PaperCount, Rating, Round
from measures.overview import at_table, overview_of
from measures.panels import panels_in
from measures.public.results import public_overview
from measures.rating import rounds
from measures.rating.choosing import first_of_tables
from measures.rating.dealing import Due, due_of
from measures.rating.outset import tables_forecast
from measures.rating.rounds import close, will_offer
from measures.rating.saving import Holder, Vote, store
from measures.rating.seating import tables_for, take_seat
from measures.rating.turnout import turnout_of
from measures.results.stability import stability_of
from tests.deciding import in_english
from tests.rating import save_rating, show
from workshops.guests import hash_of
from workshops.models import Ballot, Table, Workshop

pytestmark = pytest.mark.django_db


def url(workshop: Workshop, name: str, *arguments: object) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *arguments])


def open_by_table(workshop: Workshop, **more: object) -> Round:
    Workshop.objects.filter(pk=workshop.pk).update(is_rated_by_table=True)
    workshop.refresh_from_db()
    by = workshop.memberships.first().user
    return rounds.open_round(workshop, by=by, **more)


@pytest.fixture
def tables(workshop, field):
    """Two tables with a field each, and a field of both; each field has two measures."""
    north, south = (
        Table.objects.create(workshop=workshop, name=name, code=name[:4], order=n)
        for n, name in enumerate(("Nord", "Süd"))
    )
    other = workshop.fields.get(name="Tourismus")
    both = ActionField.objects.create(workshop=workshop, name="Bildung", order=3)
    for each, own in ((field, [north]), (other, [south]), (both, [north, south])):
        each.tables.set(own)
        for n in (1, 2):
            Measure.objects.create(workshop=workshop, field=each, title=f"{each.name} {n}")
    return north, south


def numbers(measures) -> list[int]:
    return sorted(measure.number for measure in measures)


def chosen(request: Client, workshop: Workshop, table: Table) -> str:
    return request.post(url(workshop, "rate-table"), {"table": table.pk})["Location"]


# Who is asked for what ----------------------------------------------------------------------------


def test_what_tables_rate_is_written_down_when_the_round_opens(workshop, tables, field):
    round = open_by_table(workshop)
    north, south = tables
    assert round.is_by_table
    seats = {offer.measure.number: {*offer.tables.all()} for offer in round.offers.all()}
    assert seats == {
        1: {north}, 2: {north}, 3: {south}, 4: {south}, 5: {north, south}, 6: {north, south},
    }  # fmt: skip
    field.tables.set([south])
    assert {*round.offers.get(measure__number=1).tables.all()} == {north}


def test_without_a_table_that_has_measures_everybody_rates_everything(workshop, measure):
    assert open_by_table(workshop).is_by_table is False


def test_a_phone_asks_for_the_table_and_leads_through_its_measures(workshop, tables, guest):
    phone = guest()
    open_by_table(workshop)
    page = in_english(phone).get(url(workshop, "rate-start"))
    assert [each.name for each in page.context["tables"]] == ["Nord", "Süd"]
    assert "At which table are you?" in page.content.decode()
    assert phone.get(url(workshop, "rate-measure", 1))["Location"] == url(workshop, "rate-start")
    assert phone.get(url(workshop, "rate-next"))["Location"] == url(workshop, "rate-start")
    address, seen = chosen(phone, workshop, tables[0]), []
    while match := re.search(r"/rate/(\d+)/$", phone.get(address).headers.get("Location", address)):
        seen.append(int(match[1]))
        sent = {"relevance": 3, "feasibility": 4}
        address = phone.post(url(workshop, "rate-measure", match[1]), sent)["Location"]
    assert sorted(seen) == [1, 2, 5, 6]
    assert address == url(workshop, "rate-start")
    assert "4 of 4 rated" in phone.get(address).content.decode()


def test_another_tables_measure_is_not_there_and_its_vote_is_not_stored(workshop, tables, guest):
    phone = guest()
    open_by_table(workshop)
    chosen(phone, workshop, tables[0])
    assert phone.get(url(workshop, "rate-measure", 3)).status_code == 404
    sent = {"relevance": 3, "feasibility": 4}
    assert phone.post(url(workshop, "rate-measure", 3), sent).status_code == 404
    assert Rating.objects.count() == 0


def test_the_database_itself_refuses_a_vote_of_another_table(workshop, tables, ballots):
    round = open_by_table(workshop)
    [ballot] = ballots(1)
    Ballot.objects.update(secret_hash=hash_of("geheim"), table=tables[1])
    held = Holder(hash_of("geheim"), None)
    taken = [number for number in range(1, 7) if store(workshop.pk, held, Vote(number, 5, 3, 3))]
    assert taken == [3, 4, 5, 6]
    Ballot.objects.update(table=None)
    assert store(workshop.pk, held, Vote(3, 5, 1, 1)) is None
    assert due_of(ballot, round) == Due(rated=0, due=0, open=0, offered=0)


def test_what_lies_at_no_table_is_for_everybody(workshop, tables, field, ballots):
    common = ActionField.objects.create(workshop=workshop, name="Gemeinsam")
    Measure.objects.create(workshop=workshop, field=common, title="Für alle")
    round = open_by_table(workshop)
    [ballot] = ballots(1)
    ballot.table = tables[1]
    assert numbers(round.asked_of(ballot)) == [3, 4, 5, 6, 7]


def test_whoever_rated_a_measure_of_a_table_stays_with_it(workshop, tables, guest):
    phone = guest()
    round = open_by_table(workshop)
    chosen(phone, workshop, tables[0])
    ballot = Ballot.objects.get()
    phone.post(url(workshop, "rate-measure", 5), {"relevance": 3, "feasibility": 4})
    assert tables_for(ballot, round) == [*tables]
    chosen(phone, workshop, tables[1])
    phone.post(url(workshop, "rate-measure", 3), {"relevance": 3, "feasibility": 4})
    assert tables_for(ballot, round) == [tables[1]]
    refused = phone.post(url(workshop, "rate-table"), {"table": tables[0].pk})
    assert (refused.status_code, Ballot.objects.get().table) == (422, tables[1])


def test_a_vote_that_came_meanwhile_keeps_its_table(workshop, tables, guest):
    phone = guest()
    round = open_by_table(workshop)
    chosen(phone, workshop, tables[0])
    ballot = Ballot.objects.get()
    phone.post(url(workshop, "rate-measure", 1), {"relevance": 3, "feasibility": 4})
    assert not take_seat(ballot, round, tables[1])  # as if looked up before that vote
    ballot.refresh_from_db()
    assert (ballot.table, take_seat(ballot, round, tables[0])) == (tables[0], True)


@pytest.mark.parametrize("sent", ["", "x", "999999", "-1"])
def test_a_table_that_is_none_is_asked_again(workshop, tables, guest, sent):
    phone = guest()
    open_by_table(workshop)
    assert phone.post(url(workshop, "rate-table"), {"table": sent}).status_code == 422
    assert Ballot.objects.get().table is None


def test_in_a_round_of_everybody_no_phone_asks(workshop, tables, guest, at):
    phone = guest()
    at("rating")
    assert re.search(r"/rate/\d+/$", phone.get(url(workshop, "rate-start"))["Location"])
    assert phone.post(url(workshop, "rate-table"))["Location"] == url(workshop, "rate-start")


def test_who_is_finished_is_counted_by_what_the_table_is_asked_for(workshop, tables, ballots):
    round = open_by_table(workshop)
    for place, ballot in enumerate(ballots(4)):
        ballot.secret_hash, ballot.table = f"h{place}", tables[place % 2]
        ballot.save()
        if place < 2:
            for measure in round.asked_of(ballot):
                save_rating(ballot, measure, relevance=3, feasibility=3)
    room = turnout_of(workshop).room
    assert (room.here, room.begun, room.finished) == (4, 2, 2)


def test_each_table_has_a_sheet_of_its_own(workshop, tables, facilitator, signed_in):
    common = ActionField.objects.create(workshop=workshop, name="Gemeinsam")
    Measure.objects.create(workshop=workshop, field=common, title="Für alle")
    open_by_table(workshop)
    desk, sheet = signed_in(facilitator), url(workshop, "rating-sheet")
    page = desk.get(f"{sheet}?table={tables[0].pk}")
    assert numbers(page.context["measures"]) == [1, 2, 5, 6, 7]
    assert numbers(desk.get(sheet).context["measures"]) == [1, 2, 3, 4, 5, 6, 7]
    assert f"?table={tables[1].pk}" in desk.get(url(workshop, "print-list")).text


# Before it starts ---------------------------------------------------------------------------------


def test_the_page_says_what_each_table_gets_and_what_is_missing(workshop, tables, participant):
    Workshop.objects.update(is_rated_by_table=True, expected_guests=6)
    workshop.refresh_from_db()
    shares = tables_forecast(workshop, will_offer(workshop))
    assert [(e.name, e.measures, e.is_enough) for e in shares] == [
        ("Nord", 4, True),
        ("Süd", 4, True),
    ]
    common = ActionField.objects.create(workshop=workshop, name="Gemeinsam")
    Measure.objects.create(workshop=workshop, field=common, title="Für alle")
    Workshop.objects.update(expected_guests=3)
    workshop.refresh_from_db()
    said = [gap.text for gap in missing_for_rating(workshop)]
    assert any(text.startswith("Gemeinsam liegt an keinem Tisch") for text in said)
    assert any(text.startswith("Auf jeden Tisch kommen etwa") for text in said)


def test_by_table_and_a_number_per_person_exclude_each_other(workshop):
    workshop.is_rated_by_table, workshop.measures_per_person = True, 3
    with pytest.raises(ValidationError):
        workshop.full_clean()


def test_it_is_fixed_as_soon_as_a_round_is_open(workshop, tables):
    open_by_table(workshop)
    workshop.is_rated_by_table = False
    with pytest.raises(ValidationError) as refused:
        workshop.full_clean()
    assert [*refused.value.message_dict] == ["is_rated_by_table"]


# Results ------------------------------------------------------------------------------------------


@pytest.fixture
def rated(workshop, tables, ballots):
    """Three people at each table; Süd is the kinder one. Shown."""
    round = open_by_table(workshop)
    steps = {1: 2, 2: 3, 3: 4, 4: 5, 5: 3, 6: 4}
    for place, ballot in enumerate(ballots(6)):
        ballot.table = tables[place % 2]
        ballot.save()
        for measure in round.asked_of(ballot):
            step = steps[measure.number]
            save_rating(ballot, measure, relevance=step, feasibility=step)
    close(workshop, round)
    workshop.phase = "deliberating"
    workshop.save()
    show(workshop)
    return Workshop.objects.get(pk=workshop.pk)


def test_closing_forgets_who_sat_where(rated):
    assert not Ballot.objects.exclude(table=None).exists()


def test_across_tables_there_is_no_rank_and_the_values_stay(rated):
    overview = overview_of(rated)
    assert overview.is_split
    assert [each.name for each in overview.panels] == ["Nord", "Nord, Süd", "Süd"]
    assert [(r.measure.number, r.result.rank, r.result.score) for r in overview.rows] == [
        (1, None, 2.0), (2, None, 3.0), (3, None, 4.0), (4, None, 5.0), (5, None, 3.0),
        (6, None, 4.0),
    ]  # fmt: skip
    assert stability_of(overview).measures == {}


def test_at_one_table_measures_are_ranked(rated, tables):
    north = overview_of(rated, panel=(tables[0].pk,))
    assert (north.is_split, north.panel_name) == (False, "Nord")
    assert [(row.measure.number, row.result.rank) for row in north.rows] == [(2, 1), (1, 2)]
    assert {*stability_of(north).measures} == {row.measure.pk for row in north.rows}
    overview = overview_of(rated)
    places = {row.measure.number: at_table(overview, row) for row in overview.rows}
    assert places[4] == ("Süd", 1, 2)
    assert places[5] == ("Nord, Süd", 2, 2)
    assert first_of_tables(overview, 1) == {
        measure.pk for measure in Measure.objects.filter(number__in=[2, 4, 6])
    }


def test_a_further_round_of_everybody_ranks_what_it_offers(rated, ballots, facilitator):
    best = [*Measure.objects.filter(number__in=[2, 4])]
    round = rounds.open_round(rated, by=facilitator, measures=best, is_by_table=False)
    assert round.is_by_table is False
    for ballot in ballots(4):
        save_rating(ballot, best[0], relevance=5, feasibility=5, round=2)
        save_rating(ballot, best[1], relevance=4, feasibility=4, round=2)
    close(rated, round)
    rounds.show(round, by=facilitator)
    overview = overview_of(Workshop.objects.get())
    told = [(row.measure.number, row.result.rank) for row in overview.rows]
    assert told == [(2, 1), (4, 2), (1, None), (3, None), (5, None), (6, None)]


def test_the_public_sees_values_and_no_rank(rated):
    Workshop.objects.update(smallest_group=3)
    rated.refresh_from_db()
    overview = public_overview(rated)
    assert {row.result.rank for row in overview.rows} == {None}
    assert sum(row.result.point is not None for row in overview.rows) == 6


def test_merged_measures_belong_to_the_tables_of_both(rated, tables):
    offers = {offer.measure.number: offer for offer in Offer.objects.all()}
    Offer.objects.filter(pk=offers[1].pk).update(counts_for=offers[3].measure)
    round = rated.rounds.get()
    round.settled_at = round.settled_at.replace(year=2020)  # not what the process knows by now
    round.save()
    found = {each.name for each in panels_in(rated.rounds.all())}
    assert found == {"Nord", "Nord, Süd", "Süd"}
    overview = overview_of(Workshop.objects.get())
    assert next(r for r in overview.rows if r.measure.number == 3).panel == (
        tables[0].pk,
        tables[1].pk,
    )


def test_a_group_is_kept_only_where_enough_of_the_same_table_share_it(workshop, tables, ballots):
    Workshop.objects.update(smallest_group=3)
    workshop.refresh_from_db()
    round = open_by_table(workshop)
    people = [*ballots(4, group="Rat"), *ballots(3, group="Verwaltung"), *ballots(2, group="Rat")]
    for place, ballot in enumerate(people):
        ballot.table = tables[0] if place < 7 else tables[1]
        ballot.save()
        for measure in round.asked_of(ballot):
            save_rating(ballot, measure, relevance=3, feasibility=3)
    close(workshop, round)
    kept = Ballot.objects.filter(ratings__isnull=False).distinct()
    labels = sorted(each.group.name if each.group else "" for each in kept)
    assert labels == ["", "", *["Rat"] * 4, *["Verwaltung"] * 3]


@pytest.mark.parametrize(
    "name", ["dashboard", "stability", "groups", "phone-results", "cockpit", "measure-list",
             "round-list", "round-add", "workshop-day"],
)  # fmt: skip
def test_no_page_tells_a_rank_across_tables(rated, facilitator, client, name):
    client.force_login(facilitator)
    html = in_english(client).get(url(rated, name), follow=True).content.decode()
    assert not re.search(r"[Rr]ank (\d|None)", html)
    assert "None" not in re.sub(r"<script.*?</script>|<[^>]+>", "", html, flags=re.S)


def test_the_dashboard_shows_one_table_at_a_time(rated, facilitator, client, tables):
    client.force_login(facilitator)
    html = in_english(client).get(url(rated, "dashboard")).content.decode()
    for code in ("M2", "M4", "M6"):
        assert code in html
    assert f'href="?table={tables[0].pk}"' in html
    own = client.get(f"{url(rated, 'dashboard')}?table={tables[0].pk}").content.decode()
    assert re.search(r"rank 1\b", own)
    assert "Rated by the table: <b>Nord</b>" in own
    wrong = client.get(f"{url(rated, 'dashboard')}?table=99999")
    assert wrong.status_code == 400


@pytest.mark.parametrize("screen", ["result", "ten", "measure"])
def test_the_projector_names_what_is_in_front_at_each_table(rated, client, screen):
    state = day_of(rated).state
    Front.objects.create(
        workshop=rated,
        code="CDFHJKLM",
        screen=screen,
        state=state,
        measure=Measure.objects.get(number=4),
    )
    html = client.get(reverse("measures:projector", args=["CDFHJKLM"])).text
    assert "None" not in html
    assert ("Nord" in html) == (screen != "measure")


def test_a_group_on_paper_keeps_its_name_only_with_enough_sheets_of_one_table(workshop, tables):
    Workshop.objects.update(smallest_group=3)
    workshop.refresh_from_db()
    round = open_by_table(workshop)
    council = workshop.groups.get(name="Rat")
    by_number = {measure.number: measure for measure in workshop.measures.all()}
    for number, sheets in ((1, 3), (3, 2)):
        for criterion in ("relevance", "feasibility"):
            PaperCount.objects.create(
                measure=by_number[number], round=round, group=council, criterion=criterion,
                step=4, count=sheets,
            )  # fmt: skip
    close(workshop, round)
    kept = PaperCount.objects.values_list("measure__number", "group__name", "count")
    assert {*kept} == {(1, "Rat", 3), (3, None, 2)}
    told = PaperCount.history.filter(group__isnull=False).values_list("measure__number")
    assert {*told} == {(1,)}
