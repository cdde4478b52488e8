"""What fits into the budget: on the dashboard a line and a sentence, and a page of its own."""

import re
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse

from measures.models import Cost, Measure
from tests.deciding import in_english
from tests.rating import save_rating

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def ranked(workshop, measure, measure_two, ballots, at) -> list[Measure]:
    """Four measures in the order of their ranks; the last one without known costs."""
    others = [
        Measure.objects.create(workshop=workshop, field=measure.field, title=title)
        for title in ("Rad", "Bahn")
    ]
    rows = [measure_two, measure, *others]
    for ballot in ballots(4):
        for each, step in zip(rows, (5, 4, 3, 2), strict=True):
            save_rating(ballot, each, relevance=step, feasibility=step)
    for each, amount in zip(rows, (400, 300, 200), strict=False):
        cost(each, amount)
    at("deliberating")
    return rows


def cost(measure: Measure, amount: int, **columns) -> Cost:
    columns = {"purpose": "Router", "client_id": uuid.uuid4()} | columns
    return Cost.objects.create(measure=measure, amount=D(amount), **columns)


@pytest.fixture
def grant(workshop):
    """Return a function that states the budget: ``grant(once=800)``."""

    def state(once: int | None = None, per_year: int | None = None) -> None:
        workshop.refresh_from_db()
        workshop.budget_once, workshop.budget_per_year = once, per_year
        workshop.save(update_fields=["budget_once", "budget_per_year"])

    return state


@pytest.fixture
def council(signed_in, committee_member):
    return in_english(signed_in(committee_member))


@pytest.fixture
def board(workshop, council):
    """Return a function that opens the dashboard: ``board(order="title")``."""

    def look(**asked):
        address = reverse("measures:dashboard", args=[workshop.pk])
        return council.get(address, {"view": "all", **asked})

    return look


@pytest.fixture
def page(workshop, council):
    return lambda: council.get(reverse("measures:budget", args=[workshop.pk])).context


def table(response) -> list[str]:
    """Return the ranking's measures in their order, and — where the budget ends."""
    body = re.search(r"<tbody>(.*?)</tbody>", response.content.decode(), re.S)[1]
    rows = re.findall(r"<tr.*?</tr>", body, re.S)
    return ["—" if "budget-line" in row else re.search(r">(M\d+) ", row)[1] for row in rows]


def sentence(response) -> str:
    found = re.search(r"<p>\s*(The budget.*?)<a", response.content.decode(), re.S)
    return " ".join(found[1].split()) if found else ""


def test_without_a_budget_the_dashboard_says_nothing_of_money(ranked, board):
    assert (table(board()), sentence(board())) == (["M2", "M1", "M3", "M4"], "")


def test_the_line_stands_where_the_money_ends(ranked, grant, board):
    grant(once=800)
    assert table(board()) == ["M2", "M1", "—", "M3", "M4"]
    assert sentence(board()) == (
        "The budget reaches down to M1 WLAN: 2 measures for 700.00 € once. For M3 Rad, 100.00 €"
        " once more would be needed, or leave out M1 WLAN. Of 1 measure in the ranking no costs are"
        " known; it is not counted."
    )


def test_where_everything_fits_there_is_no_line(ranked, grant, board):
    grant(once=900)
    assert table(board()) == ["M2", "M1", "M3", "M4"]
    assert sentence(board()).startswith(
        "The budget is enough for all measures of which costs are known."
    )


def test_both_parts_of_the_budget_hold(ranked, grant, board):
    cost(ranked[0], 50, kind="per_year")
    grant(once=900, per_year=40)
    assert table(board())[0] == "—"
    assert sentence(board()).startswith(
        "The budget is not enough for the first measure, M2 Bus. For M2 Bus, 10.00 € per year more"
        " would be needed."
    )


def test_what_others_fund_does_not_use_up_the_budget(ranked, grant, board):
    Cost.objects.filter(measure=ranked[0]).update(funder="Land", funded_percent=90)
    grant(once=540)
    assert table(board()) == ["M2", "M1", "M3", "M4"]


def test_in_another_order_there_is_no_line_and_behind_a_filter_it_keeps_its_place(
    ranked, grant, board, workshop
):
    grant(once=800)
    assert "—" not in table(board(order="title"))
    other = workshop.fields.get(name="Tourismus")
    Measure.objects.filter(pk=ranked[2].pk).update(field=other)
    assert table(board(field=ranked[0].field_id)) == ["M2", "M1", "—", "M4"]
    assert sentence(board(field=other.pk)).startswith("The budget reaches down to M1 WLAN")


def test_costs_take_one_query_with_a_budget_and_none_without(
    ranked, grant, board, django_assert_num_queries
):
    board()  # what was shown is kept from now on
    grant()
    with django_assert_num_queries(6):
        board()
    grant(once=800)
    with django_assert_num_queries(7):
        board()


def test_a_new_position_moves_the_line_at_once(ranked, grant, board):
    grant(once=800)
    assert table(board()) == ["M2", "M1", "—", "M3", "M4"]
    cost(ranked[1], 101)
    assert table(board()) == ["M2", "—", "M1", "M3", "M4"]


def test_the_page_goes_down_the_ranking_and_names_what_is_not_known(ranked, grant, page):
    grant(once=800)
    shown = page()
    steps = [(step.row.measure.code, step.running.once) for step in shown["steps"]]
    assert steps == [("M2", D(400)), ("M1", D(700))]
    assert [row.measure.code for row in shown["beyond"]] == ["M3"]
    assert [row.measure.code for row in shown["left_out"]] == ["M1"]
    assert [row.measure.code for row in shown["unknown"]] == ["M4"]
    assert (shown["told"], shown["fit"].missing.once) == ("800.00\u00a0€ once", D(100))


def test_without_a_budget_the_page_says_so(ranked, page):
    assert "fit" not in page()


def test_where_tables_rated_their_own_measures_there_is_no_line(
    ranked, grant, workshop, board, page, monkeypatch
):
    from measures import overview

    grant(once=800)
    monkeypatch.setattr(overview, "_rated_by", lambda *_: {ranked[0].pk: (1,), ranked[1].pk: (2,)})
    monkeypatch.setattr(overview, "listed", lambda _panels: (("a", "A"), ("b", "B")))
    assert (page()["is_split"], "fit" in page()) == (True, False)


def test_editors_state_the_budget_also_when_the_workshop_is_closed(
    workshop, signed_in, administrator, at
):
    at("closed")
    client = signed_in(administrator)
    address = reverse("measures:budget-edit", args=[workshop.pk])
    seen = client.get(address).context["form"]["seen"].value()
    sent = {"budget_once": "50.000", "budget_per_year": "", "shows_costs": "on", "seen": seen}
    assert client.post(address, sent).status_code == 302
    workshop.refresh_from_db()
    assert (workshop.budget_once, workshop.budget_per_year, workshop.shows_costs) == (
        D(50000), None, True,
    )  # fmt: skip
    assert client.post(address, sent | {"budget_once": "60.000"}).status_code == 409
    assert client.post(address, sent | {"budget_once": "-1"}).status_code == 422


def test_what_the_public_reads_of_it_is_not_for_the_facilitator_to_say(
    workshop, signed_in, facilitator, at
):
    at("deliberating")
    client = signed_in(facilitator)
    address = reverse("measures:budget-edit", args=[workshop.pk])
    form = client.get(address).context["form"]
    assert "shows_costs" not in form.fields
    sent = {"budget_once": "50.000", "shows_costs": "on", "seen": form["seen"].value()}
    assert client.post(address, sent).status_code == 302
    workshop.refresh_from_db()
    assert (workshop.budget_once, workshop.shows_costs) == (D(50000), False)
