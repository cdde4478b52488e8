"""Invented profiles along the seven core questions, for the three top measures."""

APPOINTMENTS = {
    "intended_result": (
        "Alle Ämter mit Publikumsverkehr bieten freie Termine in einem gemeinsamen Kalender an. "
        "Wer bucht, erhält eine Bestätigung mit der Liste der nötigen Unterlagen."
    ),
    "target_group": (
        "Einwohnerinnen und Einwohner sowie Betriebe; besonders Berufstätige, die während der "
        "Öffnungszeiten nicht anrufen können."
    ),
    "stakeholders": (
        "Alle Ämter mit Publikumsverkehr, Personalrat, Datenschutz, Beauftragte für die Belange "
        "von Menschen mit Behinderungen, Telefonzentrale."
    ),
    "lead": "Bürgerbüro, gemeinsam mit der IT der Stadtverwaltung.",
    "resources": (
        "Geschätzt 12.000 Euro im Jahr für die Software, einmalig 15 Arbeitstage für die "
        "Einrichtung, je Amt eine verantwortliche Person."
    ),
    "schedule": (
        "Auswahl der Software im ersten Quartal, Probebetrieb im Bürgerbüro im zweiten, danach "
        "jeden Monat ein weiteres Amt. Nach zwölf Monaten sind alle Ämter dabei."
    ),
    "success_signs": (
        "Mindestens 60 Prozent der Termine werden online gebucht, die Wartezeit vor Ort liegt "
        "unter zehn Minuten, und die Anrufe wegen Terminen gehen um die Hälfte zurück."
    ),
}

GUIDES = {
    "intended_result": (
        "In jedem Stadtteil gibt es einmal in der Woche eine Sprechstunde, in der geschulte "
        "Ehrenamtliche bei digitalen Fragen helfen. Hausbesuche sind auf Anfrage möglich."
    ),
    "target_group": (
        "Menschen ab 60 Jahren, die digitale Angebote nutzen möchten und dafür einen Menschen "
        "als Gegenüber wünschen; auch Angehörige."
    ),
    "stakeholders": (
        "Seniorenvertretung, Kirchengemeinden, Vereine mit Räumen in den Stadtteilen, "
        "Volkshochschule, Stadtbücherei, Studierende der TH Bingen."
    ),
    "lead": "Eine Koordinationsstelle im Sozialamt mit einem Viertel einer Vollzeitstelle.",
    "resources": (
        "Geschätzt 18.000 Euro im Jahr für Koordination, Schulung, Versicherung und Fahrtkosten; "
        "zwölf Ehrenamtliche; sieben Räume, die schon vorhanden sind."
    ),
    "schedule": (
        "Gewinnung und Schulung im ersten Halbjahr, Start in Büdesheim und in der Innenstadt, "
        "danach alle zwei Monate ein weiterer Stadtteil."
    ),
    "success_signs": (
        "Mehr als 80 Beratungen im Monat, keine Sprechstunde fällt zweimal hintereinander aus, "
        "und neun von zehn Befragten würden wiederkommen."
    ),
}

CALENDAR = {
    "intended_result": (
        "Ein Termin wird einmal eingetragen und erscheint überall: auf den Internetseiten von "
        "Stadt und Tourismus, auf Bildschirmen, als Aushang und im Mitteilungsblatt."
    ),
    "target_group": (
        "Einwohnerinnen und Einwohner, Gäste der Stadt sowie alle, die selbst etwas veranstalten."
    ),
    "stakeholders": (
        "Vereine und Verbände, Kirchengemeinden, Schulen, Stadtteile, Tourist-Information, "
        "Redaktion des Mitteilungsblatts."
    ),
    "lead": "Öffentlichkeitsarbeit der Stadt, gemeinsam mit der Tourist-Information.",
    "resources": (
        "Geschätzt 8.000 Euro für die Einrichtung und 3.000 Euro im Jahr für den Betrieb; vier "
        "Stunden Redaktion in der Woche."
    ),
    "schedule": (
        "Absprache der Felder mit den Vereinen in den ersten zwei Monaten, danach Probebetrieb "
        "mit zehn Vereinen. Nach einem halben Jahr steht der Kalender allen offen."
    ),
    "success_signs": (
        "Mindestens 70 Vereine tragen selbst ein, doppelt belegte Abende nehmen ab, und die "
        "Aufrufe steigen über ein Jahr hinweg in jedem Quartal."
    ),
}
