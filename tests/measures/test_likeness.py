"""Which titles are called alike, tried on a real catalogue and on what two tables would type."""

import csv
from pathlib import Path

import pytest

from measures.board.likeness import alike_pairs, alike_to, closeness, essence

ULM = Path(__file__).parent.parent / "data" / "ulm_smart_city_massnahmen.csv"


def are_alike(one: str, other: str) -> bool:
    [both_ways] = {bool(alike_to(one, {1: other})), bool(alike_to(other, {1: one}))}
    return both_ways


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Freies WLAN am Rheinufer", "WLAN am Rheinufer"),
        ("Bürgerbus auf Zuruf", "Bürgerbus"),
        ("Bürgerbus", "BÜRGER-BUS"),
        ("Mängelmelder mit Karte", "Mängelmelder-App"),
        ("Kita-Anmeldung im Netz", "Online-Anmeldung für die Kita"),
        ("Fußgängerzone", "Fussgangerzone"),
        ("Ma\u00adker\u200bspace", "Makerspace"),
        ("WLAN", "wlan"),
    ],
)
def test_two_wordings_of_one_idea_are_alike(one, other):
    assert are_alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("WLAN", "WLAN im Bus"),  # a short title stands in many
        ("WLAN am Hafen", "WLAN am Markt"),
        ("WLAN in der Stadt", "Bürgerbus in der Stadt"),  # alike in small words only
        ("Haltestelle Nummer 1", "Haltestelle Nummer 2"),
        ("Leihgeräte für Vereine", "Leihgeräte für Schulen"),
        ("Digitale Bürgersprechstunde", "Digitale Bürgerdienste"),
        ("!", "?"),
    ],
)
def test_two_ideas_are_not(one, other):
    assert not are_alike(one, other)


def test_in_a_real_catalogue_few_pairs_are_found_and_each_is_worth_a_look():
    with ULM.open(encoding="utf-8") as file:
        titles = [row["titel"] for row in csv.DictReader(file)]
    found = [
        (titles[a], titles[b], percent) for a, b, percent in alike_pairs(dict(enumerate(titles)))
    ]
    twice = "Schulungs- und Weiterbildungskonzepte für Mitarbeitende"
    assert sorted(found) == [
        (one, other, 100.0)
        for one, other in [
            ("Gamification", "Gamification durch die Verbindung von Daten und Aktivitäten"),
            ("Gamification", "Verbindung von Games und Lernen (Gamification)"),
            ("Gamification", "Verbindung von Gamification-Ansätzen mit Sensorik"),
            (twice, twice),
        ]
    ]


def test_the_most_alike_stand_first_then_those_given_first():
    titles = {7: "Bürgerbus", 3: "Rad", 5: "Bürger-Bus", 4: "Bürgerbus"}
    assert [(a, b, round(p)) for a, b, p in alike_pairs(titles)] == [
        (7, 4, 100), (7, 5, 95), (5, 4, 95),
    ]  # fmt: skip
    assert [(pk, round(p)) for pk, p in alike_to("Buergerbus", titles)] == [
        (7, 95),
        (4, 95),
        (5, 90),
    ]
    assert (alike_pairs({}), alike_to("Bus", {})) == ([], [])


def test_small_words_do_not_tell_a_title_from_others_unless_there_are_no_others():
    assert essence("Die Bank für den Hafen") == "bank hafen"
    assert essence("Für und Über") == "fur und uber"
    assert essence("…") == "…"


def test_the_titles_with_most_in_common_come_first():
    titles = ["Mängelmelder", "Bus und Bahn", "Bürgerbus", "Ein Bürgerbus auf Zuruf"]
    nearest = sorted(titles, key=lambda title: -closeness("Bürgerbus auf Zuruf", title))
    assert nearest == ["Bürgerbus", "Ein Bürgerbus auf Zuruf", "Bus und Bahn", "Mängelmelder"]
