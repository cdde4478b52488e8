"""What of costs and indicators stands on the public page, and what never does."""

import uuid
from datetime import date

import pytest

from measures.models import Cost, Indicator, IndicatorEntry
from tests.measures.publishing import item, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def costs(public, measure) -> None:
    Cost.objects.create(
        measure=measure, purpose="GEHEIM-Router", amount=1000, source="GEHEIM-Produkt",
        funder="GEHEIM-Land", funded_percent=40, client_id=uuid.uuid4(),
    )  # fmt: skip
    public.budget_once = 4711
    public.save(update_fields=["budget_once"])


@pytest.fixture
def indicator(public, measure, administrator) -> Indicator:
    row = Indicator.objects.create(
        measure=measure, name="Hotspots", unit="Stück", baseline=2, target=20,
        baseline_on=date(2026, 1, 1), target_on=date(2028, 12, 31), client_id=uuid.uuid4(),
    )  # fmt: skip
    for value in (70, 7):
        IndicatorEntry.objects.create(
            indicator=row, day=date(2026, 9, 8), value=value, remark="GEHEIM", by=administrator,
            client_id=uuid.uuid4(),
        )  # fmt: skip
    return row


def test_costs_are_told_once_the_workshop_says_so_and_never_the_budget(
    public, costs, english, client
):
    assert "Costs" not in read(client.get(english))
    public.shows_costs = True
    public.save(update_fields=["shows_costs"])
    response = client.get(english)
    told = "Costs 1,000.00 € once, own share 600.00 € once Action field"
    assert told in item(response, 1)
    assert [word for word in ("GEHEIM", "4711", "4,711") if word in read(response)] == []


def test_indicators_are_told_once_the_status_is(
    public, measure, indicator, english, client, report, administrator
):
    assert "Hotspots" not in read(client.get(english))
    report(measure, "running", "Es läuft", 3)
    response = client.get(english)
    told = (
        "Hotspots What Value Day at the beginning 2 Stück 01/01/2026 measured 7 Stück 09/08/2026"
        " to be reached 20 Stück 12/31/2028 28 % of the way from the beginning to the target"
    )
    assert told in item(response, 1)
    secrets = ("GEHEIM", "70 Stück", administrator.name)
    assert [word for word in secrets if word in read(response)] == []
    assert response.content.decode().count('class="trend"') == 1


def test_a_measure_without_a_status_keeps_its_indicators_to_itself(
    public, measure_two, indicator, english, client, report
):
    report(measure_two, "running", "Es läuft", 3)
    assert "Hotspots" not in read(client.get(english))
