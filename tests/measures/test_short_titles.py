"""What is suggested as a short title: good German, whole words, at most 30 characters."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.committee.basis import basis_of
from measures.overview import overview_of
from measures.short_titles import LONGEST, suggested
from tests.test_layers import ROOT

BINGEN = ROOT / "measures/demo/data/measures.csv"
ULM = ROOT / "tests/data/ulm_smart_city_massnahmen.csv"

# Whatever is not listed fits as it is.
OF_BINGEN = {
    "Ausbaukarte für Glasfaser und Mobilfunk": "Ausbaukarte",
    "Glasfaser bis in jeden Stadtteil": "Glasfaser",
    "Leerrohre bei jeder Baustelle mitverlegen": "Leerrohre mitverlegen",
    "Freies WLAN an Rheinufer, Bahnhöfen und Fähranleger": "Freies WLAN",
    "Offenes Funknetz für Messgeräte der Stadt": "Offenes Funknetz",
    "Gemeinsame Technikbetreuung für die städtischen Schulen": "Gemeinsame Technikbetreuung",
    "Geräte zum Ausleihen in der Stadtbücherei": "Geräte zum Ausleihen",
    "Offene Werkstatt mit der TH Bingen": "Offene Werkstatt",
    "Jugendbeteiligung auf dem Telefon": "Jugendbeteiligung",
    "Elternabende zum Umgang mit Medien": "Elternabende",
    "Gemeinsamer Marktplatz Binger Betriebe im Netz": "Marktplatz Binger Betriebe",
    "Digital-Sprechstunde der Wirtschaftsförderung": "Digital-Sprechstunde",
    "Leerstandsbörse mit Vermittlung": "Leerstandsbörse",
    "Gründungsraum mit der TH Bingen": "Gründungsraum",
    "Abfahrtsanzeiger an Fähre, Schiffsanlegern und Bahnhöfen": "Abfahrtsanzeiger",
    "Hörrundgang durch Stadt und Weinberge": "Hörrundgang",
    "Digitale Gästekarte für Stadt und Region": "Digitale Gästekarte",
    "Parkleitung an Tagen mit großem Andrang": "Parkleitung",
    "Digital-Lotsinnen und -Lotsen in allen Stadtteilen": "Digital-Lotsinnen und -Lotsen",
    "Eine Rufnummer für digitale Fragen": "Rufnummer für digitale Fragen",
    "Musterwohnung mit Assistenztechnik": "Musterwohnung",
    "Gemeinschaftsbüro in einem Stadtteil": "Gemeinschaftsbüro",
    "Kita-Plätze an einer Stelle online vormerken": "Kita-Plätze online vormerken",
    "Erste Schritte in Bingen in acht Sprachen": "Erste Schritte in Bingen",
    "Termine für alle Ämter online buchen": "Termine online buchen",
    "Anträge vollständig online stellen": "Anträge online stellen",
    "Mängelmelder mit sichtbarem Bearbeitungsstand": "Mängelmelder",
    "Elektronische Akte in allen Fachbereichen": "Elektronische Akte",
    "Ratssitzungen live und zum Nachhören übertragen": "Ratssitzungen live übertragen",
    "Beteiligungsportal für Planungen": "Beteiligungsportal",
    "Warnung vor Hochwasser und Starkregen je Straßenzug": "Warnung vor Hochwasser",
    "Digitales Modell der Innenstadt": "Digitales Modell",
    "Digitale Schwarze Bretter in den Stadtteilen": "Digitale Schwarze Bretter",
    "Feuchtemesser an jungen Stadtbäumen": "Feuchtemesser",
    "Ein Veranstaltungskalender für Stadt und Stadtteile": "Veranstaltungskalender",
    "Eine Auskunft für Bus, Bahn, Fähre und Rad": "Auskunft für Bus, Bahn, Fähre",
    "Eine App für alle Angebote der Stadt": "App für alle Angebote",
    "Erinnerungen an Sperrungen, Märkte und Fristen": "Erinnerungen",
    "Leihladen für selten gebrauchte Dinge": "Leihladen",
    "Terminbuchung im Bürgerbüro über das Internet": "Terminbuchung im Bürgerbüro",
}
OF_ULM = {
    "Gemeinsame/Abgestimmte Nahverkehrspläne": "Nahverkehrspläne",
    "Testungen von privaten Mobilitätsanbietern": "Testungen",
    "Wachstumsförderung für private Anbieter": "Wachstumsförderung",
    "Mobilitätsdatenspezifikation (MDS)": "Mobilitätsdatenspezifikation",
    "Einheitliche Plattformen und Informationsbereitstellung (MaaS)": "Einheitliche Plattformen",
    "Dateninventar BMI Projekt REMIX": "Dateninventar BMI Projekt",
    "Verbindung von Games und Lernen (Gamification)": "Verbindung",
    "Digitale Automatisierung von Verwaltungsprozessen": "Digitale Automatisierung",
    "Simulation von nicht alltäglichen Einzelsituationen": "Simulation",
    "Datenverknüpfung aus unterschiedlichen Bereichen": "Datenverknüpfung",
    "Head-Up-Displays in Atemschutzmasken": "Head-Up-Displays",
    "Anwendungsorientierte Lehrvideos": "Lehrvideos",
    "Live-Übertragung per Mobiltelefon": "Live-Übertragung",
    "Selbstfahrende Rettungsfahrzeuge": "Rettungsfahrzeuge",
    "Unmittelbares Lesen von Patientendaten": "Unmittelbares Lesen",
    "Sicherheitssensoren und -aktoren": "Sicherheitssensoren",
    "Risikobasiertes Smart City Cybersicherheitskonzept": "Cybersicherheitskonzept",
    "Städtische digitale Kommunikationskanäle": "Digitale Kommunikationskanäle",
    "Informationssicherheits-managementsystems": "Informationssicherheits-manag…",
    "Sichere Smart City IT-Infrastruktur": "Smart City IT-Infrastruktur",
    "Erhebung und Auswertung urbaner Daten": "Erhebung und Auswertung",
    "Digitale und vernetzte Gefahrenkarten": "Vernetzte Gefahrenkarten",
    "Plattformgestützte Zusammenführung von Daten": "Zusammenführung von Daten",
    "Vernetzung von urbanen Wasser- und Grünflächen": "Vernetzung",
    "Game-Based Learnings / Serious Games / Educational Games": "Game-Based Learnings",
    "Automatisierte Bewässerungsanlagen": "Bewässerungsanlagen",
    "Echtzeitmessung von Emissionswerten": "Echtzeitmessung",
    "Intelligente Netze und Messsysteme": "Intelligente Netze",
    "Vollintegrierte digitale Teilsysteme der Abfallsammellogistik": "Digitale Teilsysteme",
    "Verbindung von Gamification-Ansätzen mit Sensorik": "Verbindung",
    "Kombinierter Einsatz von Sensorik, Data Analytics oder smarter Sortierrobotik": (
        "Kombinierter Einsatz"
    ),
    "Digitale Erfassungs-, Analyse- und Weitergabeprozesse": "Weitergabeprozesse",
    "Verknüpfung von Online- und Offlineformaten": "Verknüpfung",
    "Digitalisierung des Citygutschein-Systems": "Digitalisierung",
    "Zentrale digitale Informationsplattform": "Digitale Informationsplattform",
    "Lokale und digital koordinierte Liefernetzwerk": "Lokale",
    "Mehrsprachige Bereitstellung von Informationen": "Mehrsprachige Bereitstellung",
    "Virtual Reality Aufenthaltserlebnis": "Aufenthaltserlebnis",
    "Fortschreibung Innenstadtkonzept 2010–2020": "Fortschreibung",
    "Neuausrichtung des Bildungssystems": "Neuausrichtung",
    "Förderung von Innovationsclustern": "Förderung",
    "Ausbau Gesundheitsinfrastruktur": "Gesundheitsinfrastruktur",
    "Individueller Zugang zu medizinischer Beratung": "Individueller Zugang",
    "Schulungs- und Weiterbildungskonzepte für Mitarbeitende": "Weiterbildungskonzepte",
    "Plattformen/Apps zur Stärkung von sorgenden Nachbarschaften": "Plattformen/Apps",
    "Gamification durch die Verbindung von Daten und Aktivitäten": "Gamification",
    "Wissenschafts-kommunikation in den sozialen Medien": "Wissenschafts-kommunikation",
    "Multiplikator:innen im Quartier": "Multiplikator:innen",
    "Verknüpfung der Digitalisierung mit Initiativen und Vereinen": "Verknüpfung",
    "Digitalisierung von sozialräumlichen und gesamtstädtischen Planungsprozesse mit digitalem"
    " Sozialmonitoring": "Digitalisierung",
    "Plattform für gesellschaftliche und soziale Innovation": "Plattform",
    "Mehrsprachigkeit relevanter Informationen und Angebote": "Mehrsprachigkeit",
}


def rows(path: Path, delimiter: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_the_titles_of_bingen_become_names():
    found = {row["Maßnahme"]: suggested(row["Maßnahme"]) for row in rows(BINGEN, ";")}
    assert {title: short for title, short in found.items() if short != title} == OF_BINGEN


def test_the_titles_of_ulm_become_names():
    found = {row["titel"]: suggested(row["titel"]) for row in rows(ULM, ",")}
    assert {title: short for title, short in found.items() if short != title} == OF_ULM


def test_what_stands_in_the_example_by_hand_fits_and_is_not_suggested_anyway():
    written = [(row["Maßnahme"], row["Kurztitel"]) for row in rows(BINGEN, ";") if row["Kurztitel"]]
    assert len(written) == 18
    assert [(title, short) for title, short in written if suggested(title) == short] == []
    assert [short for _title, short in written if len(short) > LONGEST] == []


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("", ""),
        ("  ", ""),
        ("WLAN", "WLAN"),
        ("  Freies   WLAN ", "Freies WLAN"),
        ("x" * 30, "x" * 30),
        ("x" * 31, "x" * 29 + "…"),
        ("Die " + "x" * 40, "X" + "x" * 28 + "…"),
        ("für in der und mit von zum auf bei an", "für"),
        ("(alles in einer Klammer, und das lang)", "(alles in einer Klammer"),
        ("Schulungen: Wie man sicher im Netz bezahlt", "Schulungen"),
        ("Teil 4: Glasfaser für alle Dörfer im Kreis", "Teil 4: Glasfaser"),
        ("Freies WLAN – auch an der Haltestelle", "Freies WLAN"),
        ("Leihgeräte, damit alle gleich lernen können", "Leihgeräte"),
        ("Bürgerbüro mit langen Öffnungszeiten; montags zu", "Bürgerbüro"),
        ("A shared calendar for all clubs of the town", "Shared calendar"),
    ],
)
def test_a_name_is_whole_and_never_empty(title, short):
    assert suggested(title) == short


@given(st.text(max_size=200))
def test_any_title_becomes_a_name_that_fits(title):
    short = suggested(title)
    assert len(short) <= LONGEST
    assert bool(short) == bool(title.strip())


def test_its_own_short_title_comes_before_the_suggestion(workshop, measure):
    measure.title = "Termine für alle Ämter online buchen"
    measure.save()
    [row] = overview_of(workshop).rows
    assert (measure.short, row.measure.short) == ("Termine online buchen",) * 2
    measure.short_title = "Online-Termine"
    measure.save()
    [row] = overview_of(workshop).rows
    assert (measure.short, row.measure.short) == ("Online-Termine",) * 2


def test_a_decision_does_not_rest_on_it(workshop, measure):
    before = basis_of(workshop, measure)
    measure.short_title = "Netz"
    measure.save()
    assert basis_of(workshop, measure) == before
