"""What is declared of a measure's columns, and that a further fact needs nothing else."""

import pytest

from measures.columns import COLUMNS, FACTS, Column, Kind, facts
from measures.committee import basis
from measures.committee.basis import basis_of
from measures.models import Measure
from measures.public import collecting
from tests.measures.publishing import item

# Columns that exist already stand in for one that is still to come.
TOLD = Column("cost", Kind.LINE, "resources", own_heading="Cost")
KEPT = Column("note", Kind.LINE, "lead", own_heading="Note", is_public=False)


def test_every_field_of_a_measure_that_people_fill_in_is_a_column():
    ours = {"workshop", "order", "merged_into"}  # where it stands, not what it says
    filled = {field.name for field in Measure._meta.fields if field.editable} - ours - {"id"}
    declared = {column.attribute for column in COLUMNS.values()} - {"", "number"}
    assert filled == declared


def test_facts_are_listed_in_words_and_empty_ones_left_out():
    columns = (COLUMNS["horizon"], TOLD, KEPT)
    measure = Measure(time_horizon="short", resources="", lead="Amt")
    assert facts(measure, columns) == {"Umsetzungszeit": "kurzfristig", "Note": "Amt"}


@pytest.mark.parametrize("name", [name for name in COLUMNS if COLUMNS[name].attribute])
def test_a_column_bears_the_name_that_the_model_gives_it(name):
    named = {"title": "Maßnahme"}  # a list of measures calls the title so
    column = COLUMNS[name]
    label = str(column.field.verbose_name)
    assert str(column.heading) == named.get(column.attribute, label[:1].upper() + label[1:])


def test_the_public_page_lists_a_further_fact_only_if_it_is_public(
    public, measure, english, client, monkeypatch
):
    monkeypatch.setattr(collecting, "FACTS", (*FACTS, TOLD, KEPT))
    measure.resources, measure.lead = "5 000 Euro", "Bauamt"
    measure.save()
    assert item(client.get(english), 1) == (
        "WLAN Cost 5 000 Euro Action field Alltagsleben – Alle kommen ins Netz"
    )


def test_a_further_fact_is_frozen_as_soon_as_it_says_something(workshop, measure, monkeypatch):
    before = basis_of(workshop, measure)["measure"]
    monkeypatch.setattr(basis, "FACTS", (*FACTS, TOLD))
    assert basis_of(workshop, measure)["measure"] == before
    measure.resources = "5 000 Euro"
    profile = before["profile"] | {"resources": "5 000 Euro"}
    assert basis_of(workshop, measure)["measure"] == before | {
        "resources": "5 000 Euro", "profile": profile,
    }  # fmt: skip
