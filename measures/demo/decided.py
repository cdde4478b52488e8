"""What the invented committee decided, asked and did about it.

Dates fit the invented day; ``Days`` tells them, and the years in the words, as of today.
"""

from datetime import date
from typing import NamedTuple

from measures.demo.days import DECIDED

COMMITTEE = "Ausschuss für Digitalisierung und IT (Beispiel)"
SEATS = 11

PAST = {
    "committee": COMMITTEE,
    "date": DECIDED,
    "place": "Sitzungszimmer der Beispiele, Bingen am Rhein",
    "is_public": True,
    "seats": SEATS,
}
PAST_SIZE = 10  # of the ranking
UPCOMING = {
    "committee": COMMITTEE,
    "date": date(2026, 12, 10),
    "place": "Sitzungszimmer der Beispiele, Bingen am Rhein",
    "is_public": True,
    "seats": SEATS,
}
UPCOMING_FIELD = "Silberne Gesellschaft"
UPCOMING_MEASURES = (
    "Anträge vollständig online stellen",
    "Beteiligungsportal für Planungen",
    "Warnung vor Hochwasser und Starkregen je Straßenzug",
)
PUBLISHED_ON = date(2026, 10, 26)
CORRECTED_ON = date(2026, 11, 3)
CORRECTION_PUBLISHED_ON = date(2026, 11, 4)
PENDING_RECORDED_ON = date(2026, 11, 19)


class DecisionText(NamedTuple):
    """A decision on the measure of this title; ``votes``: in favour, against, abstained."""

    title: str
    outcome: str
    reason: str
    votes: tuple[int, int, int] | tuple[None, None, None]
    responsible: str = ""
    due_date: date | None = None
    budget_note: str = ""
    wording: str = ""
    deferred_until: date | None = None


APPOINTMENTS = "Termine für alle Ämter online buchen"
CALENDAR = "Ein Veranstaltungskalender für Stadt und Stadtteile"
PILOTS = "Digital-Lotsinnen und -Lotsen in allen Stadtteilen"
DEFECTS = "Mängelmelder mit sichtbarem Bearbeitungsstand"
COVERAGE = "Ausbaukarte für Glasfaser und Mobilfunk"
GUIDE = "Digitaler Sozialwegweiser"
LENDING = "Geräte zum Ausleihen in der Stadtbücherei"
REQUESTS = "Anträge vollständig online stellen"
DUCTS = "Leerrohre bei jeder Baustelle mitverlegen"

DECISIONS = (
    DecisionText(
        APPOINTMENTS,
        "accepted",
        "Die Maßnahme steht bei jeder Gewichtung an erster Stelle, und die Software ist im "
        "Bürgerbüro schon vorhanden. Das Telefon bleibt als zweiter Weg erhalten.",
        (11, 0, 0),
        "Amt 1 – Zentrale Dienste",
        date(2027, 3, 31),
        "18.000 Euro im Haushalt {year[1]}, Lizenzen für sechs weitere Ämter",
    ),
    DecisionText(
        CALENDAR,
        "accepted",
        "Vereine und Stadtmarketing pflegen heute fünf Kalender nebeneinander. Ein gemeinsamer "
        "kostet wenig und ist in wenigen Wochen zu schaffen.",
        (10, 0, 1),
        "Stadtmarketing",
        date(2026, 11, 30),
        "4.500 Euro aus laufenden Mitteln",
    ),
    DecisionText(
        PILOTS,
        "accepted",
        "Ohne Hilfe vor Ort erreichen die übrigen Angebote viele ältere Menschen nicht. Der "
        "Seniorenbeirat hat zugesagt, Freiwillige zu werben.",
        (9, 0, 2),
        "Amt 5 – Soziales und Ehrenamt",
        date(2027, 6, 30),
        "12.000 Euro im Jahr für Schulung und Auslagen",
    ),
    DecisionText(
        DEFECTS,
        "amended",
        "Ein eigenes Verfahren wäre teurer als der Anschluss an den Mängelmelder des Landkreises.",
        (8, 1, 2),
        "Amt 6 – Bauen und Umwelt",
        date(2027, 4, 30),
        wording="Die Stadt schließt sich dem Mängelmelder des Landkreises an. Der Stand der "
        "Bearbeitung ist für alle sichtbar; für Wirtschaftswege gibt es eine eigene Kategorie.",
    ),
    DecisionText(
        COVERAGE,
        "accepted",
        "Die Daten der Netzbetreiber liegen vor und müssen nur gemeinsam dargestellt werden.",
        (11, 0, 0),
        "Amt 6 – Bauen und Umwelt",
        date(2027, 1, 31),
        "Keine zusätzlichen Mittel",
    ),
    DecisionText(
        GUIDE,
        "accepted",
        "Der Wegweiser ergänzt das gedruckte Heft, das {year[1]} ohnehin neu aufgelegt wird.",
        (7, 2, 2),
        "Amt 4 – Schule und Sport",
        date(2027, 5, 31),
        "6.000 Euro im Haushalt {year[1]}",
    ),
    DecisionText(
        LENDING,
        "rejected",
        "Die Büchereien des Landes bereiten einen gemeinsamen Verleih vor; ein eigener Bestand "
        "der Stadt wäre in zwei Jahren doppelt vorhanden.",
        (3, 6, 2),
    ),
    DecisionText(
        REQUESTS,
        "deferred",
        "Rat und Verwaltung schätzen die Realisierbarkeit sehr verschieden ein. Die Verwaltung "
        "legt bis zur nächsten Sitzung dar, welche zehn Leistungen sich zuerst umstellen lassen.",
        (9, 1, 1),
        "Amt 1 – Zentrale Dienste",
        deferred_until=date(2026, 12, 10),
    ),
)
CORRECTION = DecisionText(
    GUIDE,
    "accepted",
    "Der Wegweiser ergänzt das gedruckte Heft, das {year[1]} ohnehin neu aufgelegt wird. "
    "(Berichtigt: Zuständig ist Amt 5, und die Niederschrift nennt acht Stimmen dafür.)",
    (8, 2, 1),
    "Amt 5 – Soziales und Ehrenamt",
    date(2027, 5, 31),
    "6.000 Euro im Haushalt {year[1]}",
)
PENDING = DecisionText(
    DUCTS,
    "accepted",
    "Leerrohre kosten bei offener Straße nur einen Bruchteil. (Nachgetragen: Die Niederschrift zu "
    "diesem Punkt ist noch zu bestätigen.)",
    (10, 0, 1),
    "Amt 6 – Bauen und Umwelt",
    date(2027, 2, 28),
    "30.000 Euro im Haushalt {year[1]}",
)


class RemarkText(NamedTuple):
    title: str
    kind: str
    text: str
    day: date
    answer: str = ""
    answered: date | None = None
    is_closed: bool = False
    is_released: bool = False


REMARKS = (
    RemarkText(
        APPOINTMENTS,
        "question",
        "Bleibt es möglich, ohne Termin ins Bürgerbüro zu kommen?",
        date(2026, 10, 12),
        "Ja. An zwei Vormittagen in der Woche wird weiterhin ohne Termin bedient; der Kalender "
        "zeigt diese Zeiten an.",
        date(2026, 10, 15),
        is_closed=True,
        is_released=True,
    ),
    RemarkText(
        REQUESTS,
        "question",
        "Welche zehn Leistungen werden am häufigsten beantragt, und wie viele Fälle sind das im "
        "Jahr?",
        date(2026, 10, 23),
    ),
    RemarkText(
        DUCTS,
        "remark",
        "Das Tiefbauamt bittet, die Stadtwerke früh zu beteiligen; deren Baustellenplan für "
        "{year[1]} liegt bald vor.",
        date(2026, 11, 16),
    ),
)


class StatusText(NamedTuple):
    title: str
    day: date
    state: str
    sentence: str
    percent: int | None = None
    next_due: date | None = None


STATUS = (
    StatusText(
        APPOINTMENTS, date(2026, 10, 30), "running",
        "Das Bürgerbüro beschreibt den Ablauf, drei Ämter haben ihre Zeiten gemeldet.",
        20, date(2026, 11, 20),
    ),
    StatusText(
        CALENDAR, date(2026, 10, 30), "running",
        "Die fünf Kalender sind zusammengeführt, die Vereine prüfen ihre Einträge.",
        70, date(2026, 11, 15),
    ),
    StatusText(
        PILOTS, date(2026, 11, 2), "running",
        "Der Seniorenbeirat wirbt in allen Stadtteilen; zwölf Menschen haben zugesagt.",
        None, date(2026, 11, 16),
    ),
    StatusText(
        COVERAGE, date(2026, 11, 3), "running",
        "Zwei von drei Netzbetreibern haben ihre Daten geliefert.", 40, date(2026, 12, 15),
    ),
    StatusText(
        GUIDE, date(2026, 11, 5), "not_started",
        "Beginnt, sobald die Stelle in Amt 5 besetzt ist.", 0, date(2027, 1, 15),
    ),
    StatusText(
        CALENDAR, date(2026, 11, 17), "done",
        "Der gemeinsame Kalender ist seit heute auf der Seite der Stadt zu sehen.", 100,
    ),
    StatusText(
        PILOTS, date(2026, 11, 17), "delayed",
        "Die Schulungsräume sind für Wochen belegt; ein Ausweichort wird gesucht.",
        None, date(2026, 11, 24),
    ),
    StatusText(
        APPOINTMENTS, date(2026, 11, 20), "running",
        "Sechs Ämter sind eingetragen, der Probebetrieb läuft mit zwei von ihnen.",
        45, date(2026, 12, 18),
    ),
)  # fmt: skip
