"""Invented goals and measures of the fields about places: infrastructure, tourism, development."""

from measures.demo.ratings import Opinion
from measures.demo.texts import (
    ADMINISTRATION,
    CITIZENS,
    CLUBS,
    COUNCIL,
    FieldText,
    GoalText,
    MeasureText,
    PaperText,
)

INFRASTRUCTURE = FieldText(
    (
        GoalText(
            "Bis {year[6]} sind alle Stadtteile, Schulen und Gewerbegebiete so angebunden, dass "
            "schnelles Internet kein Standortnachteil mehr ist.",
            "Anteil der Adressen mit Glasfaseranschluss je Stadtteil, jährlich erhoben",
            (
                MeasureText(
                    "Ausbaukarte für Glasfaser und Mobilfunk",
                    "Eine öffentliche Karte zeigt, wo Glasfaser liegt, wo gebaut wird und wo der "
                    "Empfang lückenhaft ist. Meldungen aus den Stadtteilen fließen ein.",
                    "short",
                    Opinion(4.1, 4.0),
                ),
                MeasureText(
                    "Glasfaser bis in jeden Stadtteil",
                    "Die Stadt verhandelt mit den Netzbetreibern über einen Ausbau in einem Zug, "
                    "von Dromersheim bis Gaulsheim, und stellt Förderanträge für die Adressen, "
                    "die sonst leer ausgehen.",
                    "long",
                    Opinion(4.7, 2.5, {COUNCIL: (0.1, 1.1), ADMINISTRATION: (0, -0.9)}),
                    agreed=(5, 4),
                ),
                MeasureText(
                    "Leerrohre bei jeder Baustelle mitverlegen",
                    "Bei jeder Öffnung von Straßen und Gehwegen werden Leerrohre verlegt und im "
                    "Geoinformationssystem erfasst.",
                    "short",
                    Opinion(4.2, 3.6, {CITIZENS: (-0.4, 0.6)}),
                ),
            ),
        ),
        GoalText(
            "In der Innenstadt und an den Treffpunkten der Stadtteile ist das Internet für alle "
            "frei zugänglich.",
            "Zahl der Standorte mit freiem WLAN und Zahl der Nutzungen im Monat",
            (
                MeasureText(
                    "Freies WLAN an Rheinufer, Bahnhöfen und Fähranleger",
                    "An Orten mit vielen Gästen und Wartenden richtet die Stadt kostenfreies WLAN "
                    "ohne Anmeldung ein. Jugendschutz und Betrieb übernimmt ein Dienstleister.",
                    "short",
                    Opinion(3.1, 3.9, camps=(1.6, 0)),
                    paper=PaperText(None, (4, 2, 0, 1, 4), (0, 0, 2, 5, 3), (0, 1)),
                ),
                MeasureText(
                    "Offenes Funknetz für Messgeräte der Stadt",
                    "Ein stromsparendes Funknetz im Stadtgebiet überträgt Messwerte, etwa von "
                    "Füllständen, Pegeln und Zählern. Auch Vereine und Betriebe dürfen es nutzen.",
                    "medium",
                    Opinion(2.5, 3.4, {ADMINISTRATION: (0.8, 0.2)}),
                ),
            ),
        ),
    )
)

TOURISM = FieldText(
    (
        GoalText(
            "Gäste finden vor und während ihres Aufenthalts alle Angebote an einer Stelle, "
            "mehrsprachig und barrierefrei.",
            "Zahl der gepflegten Einträge; Zufriedenheit in der jährlichen Gästebefragung",
            (
                MeasureText(
                    "Abfahrtsanzeiger an Fähre, Schiffsanlegern und Bahnhöfen",
                    "Anzeigen am Rheinufer und an den Bahnhöfen nennen die nächsten Abfahrten von "
                    "Fähre, Schiff, Bus und Bahn mit Verspätungen, gut lesbar und mit Ansage.",
                    "medium",
                    Opinion(4.0, 3.0),
                ),
                MeasureText(
                    "Hörrundgang durch Stadt und Weinberge",
                    "Ein Rundgang auf dem eigenen Telefon erzählt an zwölf Stationen von Rhein, "
                    "Wein und Stadtgeschichte, auch in Leichter Sprache und auf Englisch.",
                    "short",
                    Opinion(3.4, 4.1),
                ),
                MeasureText(
                    "Digitale Gästekarte für Stadt und Region",
                    "Übernachtungsgäste erhalten beim Einchecken eine Karte auf das Telefon. Sie "
                    "gilt in Bus und Fähre und gewährt Nachlass bei Führungen und Weinproben.",
                    "long",
                    Opinion(3.6, 2.3, {CLUBS: (0.7, 0.8)}),
                ),
                MeasureText(
                    "Parkleitung an Tagen mit großem Andrang",
                    "Messgeräte zählen freie Plätze auf den großen Parkflächen. Anzeigen und eine "
                    "Internetseite lenken den Verkehr, bevor er die Innenstadt erreicht.",
                    "long",
                    Opinion(3.7, 2.7, {COUNCIL: (0.6, 1.0), ADMINISTRATION: (-0.5, -1.0)}),
                    agreed=(4, 2),
                ),
                MeasureText(
                    "Zeitreise mit der Datenbrille",
                    "An zwei Aussichtspunkten über dem Rhein zeigt eine Leihbrille, wie Stadt und "
                    "Ufer in früheren Jahrhunderten ausgesehen haben könnten.",
                    "medium",
                    Opinion(2.0, 2.3),
                ),
            ),
        ),
    )
)

DEVELOPMENT = FieldText(
    (
        GoalText(
            "Planungen für die Stadt und ihre Stadtteile sind für alle nachvollziehbar und "
            "beruhen auf aktuellen Daten.",
            "Zahl der Stellungnahmen je Verfahren und Anteil derer, die online eingehen",
            (
                MeasureText(
                    "Beteiligungsportal für Planungen",
                    "Pläne werden mit Karte, Kurzfassung und Frist online vorgestellt. Jede "
                    "Anregung erhält eine Antwort, die alle lesen können.",
                    "medium",
                    Opinion(4.0, 3.4, {CITIZENS: (0.6, 0.3), ADMINISTRATION: (-0.4, -0.5)}),
                    agreed=(4, 3),
                ),
                MeasureText(
                    "Warnung vor Hochwasser und Starkregen je Straßenzug",
                    "Pegel und Regenmesser an Rhein, Nahe und Bächen liefern Werte für eine "
                    "örtliche Warnung. Wer möchte, erhält sie als Nachricht oder Anruf.",
                    "medium",
                    Opinion(4.5, 3.2),
                    agreed=(5, 3),
                ),
                MeasureText(
                    "Digitales Modell der Innenstadt",
                    "Ein räumliches Modell macht Neubauten, Schatten und Verkehr vorab sichtbar "
                    "und steht Rat und Öffentlichkeit zur Verfügung.",
                    "long",
                    Opinion(2.5, 1.9, {ADMINISTRATION: (0.5, -0.3)}),
                ),
                MeasureText(
                    "Digitale Schwarze Bretter in den Stadtteilen",
                    "Bildschirme in der Ortsmitte von Büdesheim, Dietersheim, Dromersheim, "
                    "Gaulsheim, Kempten und Sponsheim zeigen Termine und Bekanntmachungen.",
                    "medium",
                    Opinion(2.9, 3.2, camps=(1.5, 0)),
                ),
            ),
        ),
    ),
    loose=(
        MeasureText(
            "Feuchtemesser an jungen Stadtbäumen",
            "Fühler im Boden melden, welche Bäume Wasser brauchen. So wird nur gegossen, wo es "
            "nötig ist; Patenschaften sehen den Bedarf auf einer Karte.",
            "short",
            Opinion(2.7, 3.9),
        ),
    ),
)
