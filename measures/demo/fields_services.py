"""Invented goals and measures of the fields about services: economy, town hall, daily life."""

from measures.demo.profiles import APPOINTMENTS, CALENDAR
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

ECONOMY = FieldText(
    (
        GoalText(
            "Handel, Handwerk und Weinbau in Bingen sind im Netz so gut zu finden wie vor Ort.",
            "Zahl der Betriebe mit vollständigem Eintrag im gemeinsamen Verzeichnis",
            (
                MeasureText(
                    "Gemeinsamer Marktplatz Binger Betriebe im Netz",
                    "Geschäfte und Weingüter verkaufen über eine gemeinsame Plattform mit Abholung "
                    "in der Innenstadt und Lieferung am selben Tag.",
                    "medium",
                    Opinion(3.0, 2.4, {ADMINISTRATION: (0, -0.4)}, camps=(1.7, 0)),
                    agreed=(4, 3),
                ),
                MeasureText(
                    "Digital-Sprechstunde der Wirtschaftsförderung",
                    "Kleine Betriebe lassen sich einmal im Monat zu Internetauftritt, Bezahlen und "
                    "Datensicherung beraten, kostenfrei und ohne Verkaufsinteresse.",
                    "short",
                    Opinion(3.5, 4.2),
                ),
                MeasureText(
                    "Leerstandsbörse mit Vermittlung",
                    "Freie Ladenflächen werden mit Grundriss und Miete erfasst. Die Stadt bringt "
                    "Eigentum und Interessierte zusammen, auch für eine Nutzung auf Zeit.",
                    "short",
                    Opinion(3.9, 3.4),
                ),
                MeasureText(
                    "Gründungsraum mit der TH Bingen",
                    "Absolventinnen und Absolventen arbeiten zwei Jahre lang günstig in "
                    "gemeinsamen Räumen; Betriebe der Region stellen Aufgaben aus der Praxis.",
                    "long",
                    Opinion(3.6, 2.5, {COUNCIL: (0.5, 0.8)}),
                ),
                MeasureText(
                    "Weinprobe am Bildschirm",
                    "Mehrere Weingüter verschicken gemeinsam Probierpakete und laden an festen "
                    "Abenden zu einer moderierten Verkostung im Netz ein.",
                    "short",
                    Opinion(2.3, 3.9),
                ),
            ),
        ),
    )
)

TOWN_HALL = FieldText(
    (
        GoalText(
            "Bis Ende {year[3]} lassen sich alle häufig gefragten Leistungen der Stadtverwaltung "
            "vollständig online erledigen.",
            "Anteil der Anträge, die ohne Papier eingehen und bearbeitet werden",
            (
                MeasureText(
                    "Termine für alle Ämter online buchen",
                    "Freie Termine aller Ämter stehen in einem Kalender. Gebucht, verlegt und "
                    "abgesagt wird ohne Anruf; am Telefon geht es weiterhin.",
                    "short",
                    Opinion(4.8, 4.6),
                    agreed=(5, 5),
                    profile=APPOINTMENTS,
                ),
                MeasureText(
                    "Anträge vollständig online stellen",
                    "Für die zwanzig häufigsten Anliegen entfallen Ausdruck und Unterschrift: vom "
                    "Nachweis über die Gebühr bis zum Bescheid läuft alles digital.",
                    "medium",
                    Opinion(
                        4.6,
                        3.0,
                        {COUNCIL: (0.1, 1.4), ADMINISTRATION: (0, -1.6), CITIZENS: (0, 1.2)},
                    ),
                    agreed=(5, 2),
                ),
                MeasureText(
                    "Mängelmelder mit sichtbarem Bearbeitungsstand",
                    "Schlaglöcher, defekte Lampen und wilder Müll werden mit Foto und Ort gemeldet."
                    " Jede Meldung zeigt, wer sich kümmert und wann sie erledigt ist.",
                    "short",
                    Opinion(3.9, 4.1, {ADMINISTRATION: (-0.6, -0.4)}),
                    paper=PaperText(CITIZENS, (0, 0, 2, 4, 3), (0, 0, 1, 3, 4), (0, 1)),
                ),
            ),
        ),
        GoalText(
            "Die Stadtverwaltung arbeitet auch intern durchgängig digital und legt offen, wie sie "
            "zu ihren Entscheidungen kommt.",
            "Anteil der Vorgänge, die ausschließlich in der elektronischen Akte geführt werden",
            (
                MeasureText(
                    "Elektronische Akte in allen Fachbereichen",
                    "Nach einem gemeinsamen Aktenplan führt ein Fachbereich nach dem anderen seine "
                    "Vorgänge elektronisch; der Altbestand wird nur bei Bedarf eingelesen.",
                    "long",
                    Opinion(4.1, 2.4, {ADMINISTRATION: (0.7, -0.5), CITIZENS: (-0.9, 0.6)}),
                ),
                MeasureText(
                    "Ratssitzungen live und zum Nachhören übertragen",
                    "Öffentliche Sitzungen werden mit Untertiteln übertragen und bleiben, nach "
                    "Tagesordnungspunkten gegliedert, eine Wahlperiode lang abrufbar.",
                    "medium",
                    Opinion(3.0, 3.0, {COUNCIL: (-1.0, -0.6), CITIZENS: (1.0, 0.6)}, (1.2, 0.5)),
                    agreed=(2, 3),
                ),
            ),
        ),
    )
)

DAILY_LIFE = FieldText(
    (
        GoalText(
            "Der Alltag in Bingen wird einfacher: Termine, Wege und Besorgungen lassen sich ohne "
            "Umwege planen.",
            "Zahl der monatlichen Aufrufe; Anteil der Befragten, die das Angebot kennen",
            (
                MeasureText(
                    "Ein Veranstaltungskalender für Stadt und Stadtteile",
                    "Vereine, Kirchen, Schulen und Stadt tragen Termine einmal ein. Sie erscheinen "
                    "auf allen Internetseiten, auf Aushängen und im Mitteilungsblatt.",
                    "short",
                    Opinion(4.4, 4.5),
                    agreed=(4, 5),
                    paper=PaperText(CITIZENS, (0, 0, 1, 4, 4), (0, 0, 1, 2, 6), (0, 0)),
                    profile=CALENDAR,
                ),
                MeasureText(
                    "Eine Auskunft für Bus, Bahn, Fähre und Rad",
                    "Wege von Tür zu Tür werden mit allen Verkehrsmitteln berechnet, auch über den "
                    "Rhein hinweg; Leihräder und Rufbusse sind gleich buchbar.",
                    "long",
                    Opinion(4.2, 2.5),
                    agreed=(4, 3),
                ),
                MeasureText(
                    "Eine App für alle Angebote der Stadt",
                    "Nachrichten, Meldungen, Termine und Ausweise für Bücherei und Schwimmbad "
                    "werden in einer einzigen Anwendung gebündelt.",
                    "long",
                    Opinion(3.0, 2.6, {CLUBS: (0.3, 0.3)}, camps=(1.6, 0)),
                    agreed=(2, 2),
                ),
                MeasureText(
                    "Erinnerungen an Sperrungen, Märkte und Fristen",
                    "Wer sich einträgt, erhält für die eigene Straße oder den eigenen Stadtteil "
                    "eine Nachricht, sobald sich etwas ändert.",
                    "unknown",
                    Opinion(2.7, 4.1),
                ),
            ),
        ),
    ),
    loose=(
        MeasureText(
            "Leihladen für selten gebrauchte Dinge",
            "Bohrmaschine, Pavillon oder Beamer werden online reserviert und an zwei Nachmittagen "
            "in der Woche ausgegeben. Vereine teilen so auch ihre Ausstattung.",
            "unknown",
            Opinion(2.6, 3.5, {CLUBS: (0.6, -0.5)}),
        ),
    ),
)

# Written down at a second table, then recognised as the same proposal.
DUPLICATE = MeasureText(
    "Terminbuchung im Bürgerbüro über das Internet",
    "Statt zu warten oder anzurufen, wählt man eine freie Uhrzeit im Netz.",
    "short",
    Opinion(4.0, 4.0),
)
DUPLICATE_OF = TOWN_HALL.goals[0].measures[0]
