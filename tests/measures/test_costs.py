"""What measures cost: typing positions, adding them up, and who may do and see it."""

import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import override

from measures.models import Cost, CostShare, Measure
from tests.deciding import in_english
from tests.markup import compact
from tests.measures.publishing import read
from tests.rating import save_rating
from workshops.models import Municipality, WorkshopMunicipality
from workshops.phases import Phase

pytestmark = pytest.mark.django_db
D = Decimal


def url(workshop, name: str, *arguments) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *arguments])


def position(**changes) -> dict:
    """What the form sends: access points for 12.500 € once, unless said otherwise."""
    sent = {
        "purpose": "Router", "kind": "once", "amount": "12.500", "source": "Produkt 5730",
        "client_id": str(uuid.uuid4()),
    }  # fmt: skip
    return sent | changes


def cost(measure: Measure, amount: str, *, kind: str = "once", **columns) -> Cost:
    columns = {"purpose": "Router", "client_id": uuid.uuid4()} | columns
    return Cost.objects.create(measure=measure, amount=D(amount), kind=kind, **columns)


@pytest.fixture
def desk(signed_in, administrator):
    return in_english(signed_in(administrator))


@pytest.fixture
def send(workshop, measure, desk):
    """Return a function that sends a position of M1: ``send(amount="5")``."""
    return lambda **changes: desk.post(url(workshop, "cost-add", 1), position(**changes))


@pytest.fixture
def partner(workshop) -> Municipality:
    """A second municipality of the workshop."""
    town = Municipality.objects.create(name="Ingelheim")
    WorkshopMunicipality.objects.create(workshop=workshop, municipality=town, seat=2)
    return town


def errors(response) -> dict[str, list[str]]:
    with override("en"):
        return {name: list(found) for name, found in response.context["form"].errors.items()}


# A position --------------------------------------------------------------------------------------


def test_a_position_is_stored_with_everything(send, workshop, measure):
    response = send(funder="Land", funded_percent="66,67")
    assert (response.status_code, response["Location"]) == (302, url(workshop, "measure-costs", 1))
    row = Cost.objects.get()
    assert (row.measure, row.purpose, row.kind, row.amount, row.source) == (
        measure, "Router", "once", D("12500.00"), "Produkt 5730",
    )  # fmt: skip
    assert (row.funder, row.funded_amount, row.funded_percent) == ("Land", None, D("66.67"))


def test_both_editors_enter_costs_before_and_after_the_rating_and_nobody_while_people_rate(
    workshop, measure, facilitator, administrator, signed_in, at
):
    found = {}
    for phase in Phase:
        at(phase)
        for person in (facilitator, administrator):
            sent = signed_in(person).post(url(workshop, "cost-add", 1), position())
            found[phase, person.name] = sent.status_code
    assert found == {key: 403 if key[0] == Phase.RATING else 302 for key in found}
    assert Cost.objects.count() == 8


def test_sent_twice_a_position_is_stored_once(send):
    same = str(uuid.uuid4())
    assert [send(client_id=same).status_code for _ in range(2)] == [302, 302]
    assert Cost.objects.count() == 1
    send(client_id=same, amount="13.000")  # by the browser's back button
    assert [each.amount for each in Cost.objects.all()] == [D(12500), D(13000)]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"purpose": " "}, "purpose"),
        ({"amount": ""}, "amount"),
        ({"amount": "12 Tsd."}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"kind": "monthly"}, "kind"),
        ({"funder": "Land"}, "funded_amount"),
        ({"funded_amount": "100"}, "funder"),
        ({"funded_percent": "10"}, "funder"),
        ({"funder": "Land", "funded_amount": "0"}, "funded_amount"),
        ({"funder": "Land", "funded_amount": "12.500,01"}, "funded_amount"),
        ({"funder": "Land", "funded_percent": "100,01"}, "funded_percent"),
        ({"funder": "Land", "funded_percent": "-5"}, "__all__"),
        ({"funder": "Land", "funded_amount": "5", "funded_percent": "5"}, "funded_percent"),
    ],
)
def test_what_makes_no_sense_is_refused_with_one_sentence_at_its_field(send, changes, wrong):
    response = send(**changes)
    assert (response.status_code, {n: len(e) for n, e in errors(response).items()}) == (
        422, {wrong: 1},
    )  # fmt: skip
    assert not Cost.objects.exists()


def test_how_an_amount_was_read_stands_in_the_field_beside_a_fault(send):
    assert send(amount="12.500", purpose="").context["form"]["amount"].value() == "12.500,00"
    assert send(amount="zwölf").context["form"]["amount"].value() == "zwölf"


def test_a_later_change_of_somebody_else_is_shown_and_overwritten_only_knowingly(
    workshop, measure, desk, facilitator, signed_in
):
    row = cost(measure, "100")
    page = url(workshop, "cost-edit", row.pk)
    seen = desk.get(page).context["form"]["seen"].value()
    signed_in(facilitator).post(page, position(amount="200", seen=seen))
    late = desk.post(page, position(amount="300", seen=seen))
    assert late.status_code == 409
    assert late.context["differences"] == [
        {"label": "Amount in euro", "stored": "200.00", "typed": "300.00"},
    ]
    row.refresh_from_db()
    assert row.amount == 200
    again = position(amount="300", seen=late.context["form"]["seen"].value())
    assert desk.post(page, again).status_code == 302
    row.refresh_from_db()
    assert row.amount == 300


def test_a_position_is_removed_as_it_was_seen_and_no_other(workshop, measure, desk):
    row = cost(measure, "100")
    page, remove = url(workshop, "cost-edit", row.pk), url(workshop, "cost-remove", row.pk)
    seen = desk.get(page).context["form"].now
    row.amount = D(200)
    row.save()
    late = desk.post(remove, {"seen": seen})
    assert (late.status_code, Cost.objects.count()) == (409, 1)
    assert desk.post(remove, {"seen": late.context["form"].now}).status_code == 302
    assert (Cost.objects.count(), Cost.history.filter(history_type="-").count()) == (0, 1)


# Several municipalities --------------------------------------------------------------------------


def test_a_municipality_that_is_alone_has_no_share(workshop, measure, desk):
    form = desk.get(url(workshop, "cost-add", 1)).context["form"]
    assert [name for name in form.fields if name.startswith("share_")] == []


def test_each_of_several_municipalities_has_its_share(send, workshop, measure, partner):
    home = workshop.municipalities.exclude(pk=partner.pk).get()
    names = {f"share_{home.pk}": "7.500", f"share_{partner.pk}": "5.000,00"}
    assert send(**names).status_code == 302
    shares = Cost.objects.get().shares.values_list("municipality__name", "amount")
    assert dict(shares) == {"Bingen am Rhein": D(7500), "Ingelheim": D(5000)}


def test_shares_of_more_than_the_amount_are_refused(send, workshop, measure, partner):
    home = workshop.municipalities.exclude(pk=partner.pk).get()
    response = send(**{f"share_{home.pk}": "7.500", f"share_{partner.pk}": "5.000,01"})
    assert errors(response) == {
        f"share_{partner.pk}": [
            "The shares add up to 12,500.01\u00a0€, which is more than 12,500.00\u00a0€."
        ]
    }


def test_an_amount_may_be_lowered_together_with_its_shares_and_not_without(
    workshop, measure, partner, desk
):
    row = cost(measure, "100")
    CostShare.objects.create(cost=row, municipality=partner, amount=D(80))
    page, name = url(workshop, "cost-edit", row.pk), f"share_{partner.pk}"
    form = desk.get(page).context["form"]
    assert form[name].value() == "80,00"
    seen = form["seen"].value()
    assert desk.post(page, position(amount="50", seen=seen, **{name: "80"})).status_code == 422
    assert desk.post(page, position(amount="50", seen=seen, **{name: "50"})).status_code == 302
    row.refresh_from_db()
    assert (row.amount, row.shares.get().amount) == (D(50), D(50))


def test_a_change_of_a_share_alone_is_noticed_by_who_is_late(workshop, measure, partner, desk):
    row = cost(measure, "100", purpose="Router", source="Produkt 5730")
    page, name = url(workshop, "cost-edit", row.pk), f"share_{partner.pk}"
    seen = desk.get(page).context["form"]["seen"].value()
    assert desk.post(page, position(amount="100", seen=seen, **{name: "40"})).status_code == 302
    late = desk.post(page, position(amount="100", seen=seen, **{name: "60"}))
    assert (late.status_code, late.context["differences"]) == (
        409, [{"label": "Share of Ingelheim in euro", "stored": "40.00", "typed": "60.00"}],
    )  # fmt: skip


def test_past_the_form_shares_of_more_than_the_amount_are_refused_as_well(measure, partner):
    row = cost(measure, "100")
    CostShare.objects.create(cost=row, municipality=partner, amount=D(60))
    with pytest.raises(ValidationError):
        CostShare.objects.create(
            cost=row, municipality=Municipality.objects.create(name="Mainz"), amount=D("40.01")
        )
    CostShare.objects.create(
        cost=row, municipality=Municipality.objects.create(name="Worms"), amount=D("0.30")
    )
    row.amount = D("60.29")
    with pytest.raises(ValidationError):
        row.save()


# The table ---------------------------------------------------------------------------------------


def figures(costs) -> tuple:
    return tuple(
        str(value)
        for money in (costs.total, costs.funded, costs.own)
        for value in (money.once, money.per_year)
    )


def test_the_table_adds_up_per_measure_per_field_and_for_all(workshop, measure, measure_two, desk):
    other = Measure.objects.create(
        workshop=workshop, field=workshop.fields.get(name="Tourismus"), title="App"
    )
    cost(measure, "100.10", funder="Land", funded_amount=D(40))
    cost(measure, "12", kind="per_year")
    cost(measure_two, "50", funder="Bund", funded_percent=D(50))
    cost(other, "0")
    table = desk.get(url(workshop, "cost-list")).context["table"]
    lines = {
        line.measure.code: figures(line.costs) for field in table.fields for line in field.lines
    }
    assert lines == {
        "M1": ("100.10", "12.00", "40.00", "0.00", "60.10", "12.00"),
        "M2": ("50.00", "0.00", "25.00", "0.00", "25.00", "0.00"),
        "M3": ("0.00", "0.00", "0.00", "0.00", "0.00", "0.00"),
    }
    assert {field.name: figures(field.costs) for field in table.fields} == {
        "Alltagsleben": ("150.10", "12.00", "65.00", "0.00", "85.10", "12.00"),
        "Tourismus": ("0.00", "0.00", "0.00", "0.00", "0.00", "0.00"),
    }
    assert figures(table.costs) == ("150.10", "12.00", "65.00", "0.00", "85.10", "12.00")
    assert table.unknown == ()


def test_the_sum_of_all_stands_above_the_table(workshop, measure, measure_two, desk):
    cost(measure, "100.10", funder="Land", funded_amount=D(40))
    page = read(desk.get(url(workshop, "cost-list")))
    head = page[page.index("All measures") : page.index(" Measure once")]
    assert head == ("All measures: 100.10 € once , own share 60.10 € once · Without known costs: 1")


def test_what_was_merged_counts_for_its_measure_and_what_was_removed_for_nothing(
    workshop, measure, measure_two, desk
):
    cost(measure, "10")
    cost(measure_two, "5")
    gone = Measure.objects.create(workshop=workshop, field=measure.field, title="Weg")
    cost(gone, "7")
    gone.is_removed = True
    gone.save()
    measure_two.merge_into(measure)
    table = desk.get(url(workshop, "cost-list")).context["table"]
    assert figures(table.costs)[0] == "15.00"
    page = desk.get(url(workshop, "measure-costs", 1))
    assert [each.measure.code for each, _sums in page.context["positions"]] == ["M1", "M2"]
    assert desk.get(url(workshop, "measure-costs", 2)).context["measure"] == measure


@pytest.fixture
def ranked(workshop, measure, measure_two, ballots, at):
    """M2 before M1 before M3 in the ranking."""
    third = Measure.objects.create(workshop=workshop, field=measure.field, title="Rad")
    for ballot in ballots(3):
        for each, step in ((measure_two, 5), (measure, 4), (third, 3)):
            save_rating(ballot, each, relevance=step, feasibility=step)
    at("deliberating")
    return measure_two, measure, third


def test_the_first_of_the_ranking_are_added_up_with_whoever_has_no_known_costs(
    workshop, ranked, desk
):
    cost(ranked[0], "10")
    cost(ranked[2], "1000")
    first = desk.get(url(workshop, "cost-list"), {"first": "2"}).context["table"].first
    assert (first.n, figures(first.costs)[0], first.unknown) == (2, "10.00", 1)
    assert desk.get(url(workshop, "cost-list")).context["table"].first.n == 3
    assert desk.get(url(workshop, "cost-list"), {"first": "zwei"}).status_code == 400


def test_before_results_are_shown_nothing_is_told_of_the_ranking(
    workshop, measure, ballots, desk, at
):
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=5, feasibility=5)
    cost(measure, "10")
    assert desk.get(url(workshop, "cost-list")).context["table"].first is None


def test_the_table_asks_the_same_of_one_and_of_three_measures(
    workshop, measure, participant, signed_in, django_assert_num_queries
):
    client = signed_in(participant)
    cost(measure, "10")
    with django_assert_num_queries(5):  # session, access, costs, measures, shares
        client.get(url(workshop, "cost-list"))
    for number in range(2):
        other = Measure.objects.create(workshop=workshop, field=measure.field, title=f"M {number}")
        cost(other, "5")
    with django_assert_num_queries(5):
        client.get(url(workshop, "cost-list"))


def test_the_positions_of_a_measure_ask_the_same_for_one_and_for_three(
    workshop, measure, partner, participant, signed_in, django_assert_num_queries
):
    client = signed_in(participant)
    CostShare.objects.create(cost=cost(measure, "10"), municipality=partner, amount=D(5))
    with django_assert_num_queries(6):  # session, access, measure, costs, shares, towns
        client.get(url(workshop, "measure-costs", 1))
    for _number in range(2):
        CostShare.objects.create(cost=cost(measure, "10"), municipality=partner, amount=D(5))
    with django_assert_num_queries(6):
        client.get(url(workshop, "measure-costs", 1))


def test_the_measures_page_says_what_it_costs(workshop, measure, participant, signed_in):
    client = in_english(signed_in(participant))
    page = client.get(measure.get_absolute_url())
    assert page.context["costs"] is None
    cost(measure, "1000", funder="Land", funded_percent=D(90))
    cost(measure, "50", kind="per_year")
    page = client.get(measure.get_absolute_url())
    told = "1,000.00 € once and 50.00 € per year, own share 100.00 € once and 50.00 € per year"
    assert told in compact(page.content.decode())
