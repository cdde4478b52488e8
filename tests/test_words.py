"""German words that were retired do not come back: one word means one thing (architecture.md)."""

import re
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parent.parent
CATALOGUES = sorted(ROOT.glob("locale*/de/LC_MESSAGES/*.po"))

# Retired -> what stands instead. Matched letter by letter, at the beginning of a word.
INSTEAD = {
    "der Raum": "die Teilnehmenden",
    "des Raums": "aller Teilnehmenden",
    "ganze Raum": "alle Teilnehmenden",
    "Raum vereinbart": "vereinbarter Wert",
    "nachgebildete Räume": "Zufallsziehungen",
    "nachgebildeten Räume": "Zufallsziehungen",
    "Ziehung": "Zufallsziehung",
    "Rangband": "Rangspanne",
    "Gruppenwert": "vereinbarter Wert",
    "Punktwert": "Gesamtwert",
    "Konsensindex": "Konsensmaß",
    "keine Angabe": "kann ich nicht beurteilen",
    "Angaben: %": "Bewertungen: %",
    "Streuungslinien": "mittlere Hälfte der Bewertungen",
    "Zeichen des Erfolgs": "Erfolgskriterien",
    "Stimmzettel holen": "Bewertung beginnen",
    "nicht öffentliche": "nichtöffentliche",
    " dafür, ": " Ja, ",
    "Punkt für Punkt": "TOP einzeln",
    "nächste Frist": "nächster Termin",
    "Beschlussfrist": "Frist",
    "kein Termin": "keine Frist",
    "fällig am": "Frist",
    "Umsetzungsstand": "Sachstand",
    "Stand melden": "Sachstand eintragen",
    "kein Bericht": "ohne Sachstand",
    "ohne Nachricht": "ohne Sachstand",
    "Was sich bewegt hat": "Veränderungen",
    "Veranstalter:": "Veranstaltende",
    "Veranstalter,": "Veranstaltende",
    "Empfänger": "Empfangende",
    "Mail ": "E-Mail",
    "Mails": "E-Mails",
    "Ihre Rolle umfasst": "Mit Ihrer Rolle haben Sie hier keinen Zugriff",
    "schiefgegangen": "Es ist ein Fehler aufgetreten",
    "nicht geklappt": "Das ist nicht gelungen",
    "zwingend erforderlich": "Bitte füllen Sie dieses Feld aus.",
    "Bitte sicherstellen": "Der Text ist zu lang: …",
    "Django-Admin": "Systemverwaltung",
}


def german(path: Path) -> list[str]:
    entries = polib.pofile(path.read_text("utf-8"))
    return [text for e in entries for text in (e.msgstr, *e.msgstr_plural.values())]


def retired(text: str) -> list[str]:
    return [word for word in INSTEAD if re.search(rf"(?<![\w-]){re.escape(word)}", text)]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: f"{path.parts[-4]}-{path.stem}")
def test_no_retired_word_comes_back(path):
    texts = german(path)
    assert texts != []
    found = [(word, INSTEAD[word], text) for text in texts for word in retired(text)]
    assert found == []


def test_a_retired_word_is_found_and_its_like_is_not():
    assert retired("Gruppenwerte des Raums") == ["des Raums", "Gruppenwert"]
    assert retired("Zufallsziehung, E-Mails, nicht öffentlich, Niemand wird gezwungen") == []


def test_percentages_stand_apart_and_minus_is_a_minus_sign():
    wrong = re.compile(r"\d%|[^\w%]-\d")
    texts = [text for path in CATALOGUES for text in german(path)]
    assert [text for text in texts if wrong.search(text)] == []
