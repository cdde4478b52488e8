"""Write down what the invented measures cost, what is measured of them and what is to be done."""

from uuid import UUID, uuid5

from measures.models import Cost, Indicator, IndicatorEntry, Measure, Task
from workshops.models import User, Workshop

_NAMESPACE = UUID("8a4a2e0c-2a44-4a0b-9a86-0d7c1b1f5b3e")

Measures = dict[str, Measure]  # by title


def budget(workshop: Workshop, text: dict, costs: list[dict], measures: Measures) -> None:
    """Say what there is, and what each measure takes of it."""
    workshop.budget_once, workshop.budget_per_year = text["once"], text["per_year"]
    workshop.save(update_fields=["budget_once", "budget_per_year"])
    for place, each in enumerate(costs):
        columns = _on_measure(each, measures)
        Cost.objects.create(client_id=_id(workshop, f"cost/{place}"), **columns)


def follow(workshop: Workshop, story: dict, measures: Measures, by: User) -> None:
    """Measure whether it works, and list the next steps."""
    for place, each in enumerate(story["indicators"]):
        columns = _on_measure(each, measures)
        values = columns.pop("values")
        indicator = Indicator.objects.create(
            client_id=_id(workshop, f"indicator/{place}"), **columns
        )
        for day, value in values:
            client_id = _id(workshop, f"indicator/{place}/{day}")
            IndicatorEntry.objects.create(
                indicator=indicator, day=day, value=value, by=by, client_id=client_id
            )
    for place, each in enumerate(story["tasks"]):
        columns = _on_measure(each, measures)
        Task.objects.create(client_id=_id(workshop, f"task/{place}"), **columns)


def _on_measure(text: dict, measures: Measures) -> dict:
    return text | {"measure": measures[text["measure"]]}


def _id(workshop: Workshop, name: str) -> UUID:
    return uuid5(_NAMESPACE, f"{workshop.pk}/{name}")
