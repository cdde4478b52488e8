"""Invented goals and measures of the fields about people: education, over 60, social life."""

from measures.demo.profiles import GUIDES
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

EDUCATION = FieldText(
    (
        GoalText(
            "Alle Kinder und Jugendlichen lernen mit zeitgemäßer Technik, unabhängig vom "
            "Elternhaus und von der Schule, die sie besuchen.",
            "Zahl der Schulen mit betreuter Ausstattung; Wartezeit bei Störungen in Arbeitstagen",
            (
                MeasureText(
                    "Gemeinsame Technikbetreuung für die städtischen Schulen",
                    "Zwei Fachkräfte betreuen Netze und Geräte aller Schulen in städtischer "
                    "Trägerschaft. Lehrkräfte melden Störungen an einer einzigen Stelle.",
                    "medium",
                    Opinion(4.6, 3.1, {ADMINISTRATION: (0, -0.9), CITIZENS: (0, 0.5)}),
                ),
                MeasureText(
                    "Geräte zum Ausleihen in der Stadtbücherei",
                    "Familien leihen Tablets, Kameras und Lernroboter so einfach aus wie Bücher, "
                    "mit einer kurzen Einweisung.",
                    "short",
                    Opinion(3.7, 4.1),
                    paper=PaperText(CITIZENS, (0, 1, 1, 4, 3), (0, 0, 1, 4, 3), (0, 1)),
                ),
                MeasureText(
                    "Offene Werkstatt mit der TH Bingen",
                    "An einem Nachmittag in der Woche bauen und programmieren Jugendliche "
                    "gemeinsam mit Studierenden. Material und Raum werden geteilt.",
                    "medium",
                    Opinion(3.8, 3.5),
                ),
            ),
        ),
        GoalText(
            "Jugendliche gestalten die digitalen Angebote der Stadt mit.",
            "Zahl der Vorhaben im Jahr, die Jugendliche vorgeschlagen haben und die umgesetzt sind",
            (
                MeasureText(
                    "Jugendbeteiligung auf dem Telefon",
                    "Jugendliche ab zwölf Jahren stimmen in einer App über Vorschläge ab und "
                    "bringen eigene ein. Zweimal im Jahr berät der Rat darüber.",
                    "medium",
                    Opinion(3.2, 3.0, {COUNCIL: (-0.7, 0), CLUBS: (0.7, 0.4)}, camps=(0.8, 0)),
                ),
                MeasureText(
                    "Elternabende zum Umgang mit Medien",
                    "Schulen und Kindertagesstätten laden reihum zu Abenden über Bildschirmzeit, "
                    "Datenschutz und Umgangston im Netz ein.",
                    "short",
                    Opinion(2.8, 4.3),
                ),
            ),
        ),
    )
)

SILVER_SOCIETY = FieldText(
    (
        GoalText(
            "Menschen ab 60 nutzen digitale Angebote sicher und nach eigenem Wunsch; niemand "
            "verliert den Zugang, weil es etwas nur noch online gibt.",
            "Zahl der Beratungen in den Stadtteilen je Quartal",
            (
                MeasureText(
                    "Digital-Lotsinnen und -Lotsen in allen Stadtteilen",
                    "Geschulte Ehrenamtliche helfen in einer wöchentlichen Sprechstunde bei "
                    "Telefon, Tablet und Anträgen. Auf Wunsch kommen sie nach Hause.",
                    "short",
                    Opinion(4.7, 4.3),
                    agreed=(5, 4),
                    paper=PaperText(CITIZENS, (0, 0, 1, 3, 5), (0, 0, 1, 4, 4), (0, 0)),
                    profile=GUIDES,
                ),
                MeasureText(
                    "Grundkurse mit Leihgerät",
                    "In Gemeindehäusern finden Kurse über sechs Vormittage statt. Die Geräte "
                    "werden gestellt und dürfen zwischen den Terminen mit nach Hause.",
                    "short",
                    Opinion(3.9, 3.9),
                ),
                MeasureText(
                    "Eine Rufnummer für digitale Fragen",
                    "Werktags beantwortet eine feste Rufnummer Fragen zu Geräten, Konten und "
                    "verdächtigen Nachrichten und vermittelt an die richtige Stelle.",
                    "medium",
                    Opinion(3.8, 3.2, {ADMINISTRATION: (-0.3, -0.7)}),
                ),
                MeasureText(
                    "Musterwohnung mit Assistenztechnik",
                    "Eine Wohnung zum Ausprobieren zeigt Sturzmelder, Erinnerungshilfen und "
                    "sprachgesteuertes Licht; Fachleute beraten ohne Verkaufsabsicht.",
                    "long",
                    Opinion(3.2, 2.2, {CLUBS: (0.5, 0.5)}),
                ),
                MeasureText(
                    "Digitale Nachbarschaftshilfe",
                    "Wer Hilfe beim Einkauf oder im Garten sucht, wird über eine Plattform mit "
                    "Menschen aus der Nähe zusammengebracht; Anfragen per Telefon sind möglich.",
                    "medium",
                    Opinion(3.7, 3.0, camps=(0, 1.6)),
                    agreed=(4, 4),
                ),
            ),
        ),
    )
)

SOCIAL_LIFE = FieldText(
    (
        GoalText(
            "Wer Unterstützung, Arbeit oder ein Ehrenamt sucht, findet in Bingen in wenigen "
            "Minuten die richtige Stelle.",
            "Zahl der aktuellen Einträge; Anteil der Vermittlungen, die zustande kommen",
            (
                MeasureText(
                    "Digitaler Sozialwegweiser",
                    "Ein Verzeichnis aller Beratungsstellen fragt nach der Lebenslage statt nach "
                    "der Zuständigkeit und nennt Öffnungszeiten, Wege und Sprachen.",
                    "short",
                    Opinion(4.2, 3.8),
                    agreed=(4, 4),
                ),
                MeasureText(
                    "Ehrenamtsbörse im Netz",
                    "Vereine tragen ein, wofür sie Menschen suchen. Interessierte filtern nach "
                    "Zeitaufwand, Stadtteil und Neigung.",
                    "short",
                    Opinion(3.3, 4.0, {CLUBS: (1.2, -0.3), ADMINISTRATION: (-0.6, 0)}),
                    paper=PaperText(CLUBS, (0, 0, 1, 2, 4), (0, 1, 2, 3, 1), (0, 0)),
                ),
                MeasureText(
                    "Gemeinschaftsbüro in einem Stadtteil",
                    "Leer stehende Räume werden zu Arbeitsplätzen auf Zeit mit schnellem Internet. "
                    "Wer pendelt, spart Wege; ein Verein übernimmt den Betrieb.",
                    "medium",
                    Opinion(2.9, 2.6, camps=(1.5, 0.4)),
                ),
                MeasureText(
                    "Kita-Plätze an einer Stelle online vormerken",
                    "Eltern melden ihr Kind einmal an und sehen den Stand. Alle Träger vergeben "
                    "über dasselbe Verfahren und gleichen die Listen ab.",
                    "medium",
                    Opinion(4.5, 3.1, {ADMINISTRATION: (-0.1, -1.2), CITIZENS: (0.3, 1.0)}),
                    agreed=(5, 3),
                ),
                MeasureText(
                    "Erste Schritte in Bingen in acht Sprachen",
                    "Wer neu zuzieht, findet Anmeldung, Schule, Arzt und Sprachkurs in der eigenen "
                    "Sprache erklärt, mit Karte und zum Ausdrucken.",
                    "short",
                    Opinion(3.3, 3.9),
                ),
            ),
        ),
    )
)
