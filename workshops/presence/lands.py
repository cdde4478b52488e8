"""Whom the model texts name in each of the sixteen states; the first two digits of the AGS say it.

Written down in 2026 from public sources; no body has confirmed its entry, and addresses change.
Tests see that each state has both bodies, not that an address is right. So a model text has a gap
under each of them, which the operator deletes once name and address are checked; until then nobody
but staff reads the text, and ``manage.py check --deploy`` names it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Land:
    """A state: its supervisory authority for data protection, and where barriers are enforced.

    ``enforcement`` is the body to turn to after no satisfying answer, line by line.
    """

    name: str
    supervision: tuple[str, ...]
    enforcement: tuple[str, ...]


LANDS = {
    "01": Land(
        "Schleswig-Holstein",
        ("Unabhängiges Landeszentrum für Datenschutz Schleswig-Holstein",
         "Holstenstraße 98, 24103 Kiel", "mail@datenschutzzentrum.de"),
        ("Beschwerdestelle für barrierefreie Informationstechnik bei der Landesbeauftragten für"
         " Menschen mit Behinderungen", "Karolinenweg 1, 24105 Kiel", "bbit@landtag.ltsh.de"),
    ),
    "02": Land(
        "Hamburg",
        ("Der Hamburgische Beauftragte für Datenschutz und Informationsfreiheit",
         "Ludwig-Erhard-Straße 22, 20459 Hamburg", "mailbox@datenschutz.hamburg.de"),
        ("Schlichtungsstelle nach dem Hamburgischen Behindertengleichstellungsgesetz",
         "schlichtungsstelle-hmbbgg@soziales.hamburg.de"),
    ),
    "03": Land(
        "Niedersachsen",
        ("Der Landesbeauftragte für den Datenschutz Niedersachsen",
         "Prinzenstraße 5, 30159 Hannover", "poststelle@lfd.niedersachsen.de"),
        ("Schlichtungsstelle nach dem Niedersächsischen Behindertengleichstellungsgesetz",
         "schlichtungsstelle@ms.niedersachsen.de"),
    ),
    "04": Land(
        "Bremen",
        ("Die Landesbeauftragte für Datenschutz und Informationsfreiheit der Freien Hansestadt"
         " Bremen", "Arndtstraße 1, 27570 Bremerhaven", "office@datenschutz.bremen.de"),
        ("Schlichtungsstelle beim Landesbehindertenbeauftragten",
         "schlichtungsstelle@lbb.bremen.de"),
    ),
    "05": Land(
        "Nordrhein-Westfalen",
        ("Landesbeauftragte für Datenschutz und Informationsfreiheit Nordrhein-Westfalen",
         "Kavalleriestraße 2–4, 40213 Düsseldorf", "poststelle@ldi.nrw.de"),
        ("Ombudsstelle für barrierefreie Informationstechnik des Landes Nordrhein-Westfalen",
         "ombudsstelle-barrierefreie-it@mags.nrw.de"),
    ),
    "06": Land(
        "Hessen",
        ("Der Hessische Beauftragte für Datenschutz und Informationsfreiheit",
         "Gustav-Stresemann-Ring 1, 65189 Wiesbaden", "poststelle@datenschutz.hessen.de"),
        ("Durchsetzungs- und Überwachungsstelle für barrierefreie Informationstechnik,"
         " Regierungspräsidium Gießen", "Landgraf-Philipp-Platz 1–7, 35390 Gießen",
         "Durchsetzungsstelle-LBIT@rpgi.hessen.de"),
    ),
    "07": Land(
        "Rheinland-Pfalz",
        ("Der Landesbeauftragte für den Datenschutz und die Informationsfreiheit Rheinland-Pfalz",
         "Hintere Bleiche 34, 55116 Mainz", "poststelle@datenschutz.rlp.de"),
        ("Durchsetzungsstelle bei der oder dem Landesbeauftragten für die Belange von Menschen"
         " mit Behinderungen Rheinland-Pfalz", "durchsetzungsstelle@mastd.rlp.de"),
    ),
    "08": Land(
        "Baden-Württemberg",
        ("Der Landesbeauftragte für den Datenschutz und die Informationsfreiheit"
         " Baden-Württemberg", "Lautenschlagerstraße 20, 70173 Stuttgart",
         "poststelle@lfdi.bwl.de"),
        ("Schlichtungsstelle beim Landeszentrum Barrierefreiheit",
         "Else-Josenhans-Straße 6, 70173 Stuttgart", "https://barrierefreiheit-bw.de"),
    ),
    "09": Land(
        "Bayern",
        ("Der Bayerische Landesbeauftragte für den Datenschutz",
         "Wagmüllerstraße 18, 80538 München", "poststelle@datenschutz-bayern.de"),
        ("Durchsetzungs- und Überwachungsstelle für barrierefreie Informationstechnik,"
         " Landesamt für Digitalisierung, Breitband und Vermessung",
         "St.-Martin-Straße 47, 81541 München", "bitv@bayern.de"),
    ),
    "10": Land(
        "Saarland",
        ("Unabhängiges Datenschutzzentrum Saarland",
         "Fritz-Dobisch-Straße 12, 66111 Saarbrücken", "poststelle@datenschutz.saarland.de"),
        ("Schlichtungsstelle beim Ministerium für Arbeit, Soziales, Frauen und Gesundheit",
         "Franz-Josef-Röder-Straße 23, 66119 Saarbrücken", "inklusion@soziales.saarland.de"),
    ),
    "11": Land(
        "Berlin",
        ("Berliner Beauftragte für Datenschutz und Informationsfreiheit",
         "Alt-Moabit 59–61, 10555 Berlin", "mailbox@datenschutz-berlin.de"),
        ("Landesbeauftragte für digitale Barrierefreiheit", "Klosterstraße 47, 10179 Berlin",
         "https://www.berlin.de/moderne-verwaltung/barrierefreie-it/"),
    ),
    "12": Land(
        "Brandenburg",
        ("Die Landesbeauftragte für den Datenschutz und für das Recht auf Akteneinsicht"
         " Brandenburg", "Stahnsdorfer Damm 77, 14532 Kleinmachnow",
         "poststelle@lda.brandenburg.de"),
        ("Durchsetzungsstelle für digitale Barrierefreiheit bei der oder dem Beauftragten der"
         " Landesregierung für die Belange der Menschen mit Behinderungen",
         "Henning-von-Tresckow-Straße 2–13, 14467 Potsdam",
         "Durchsetzung.BIT@MSGIV.Brandenburg.de"),
    ),
    "13": Land(
        "Mecklenburg-Vorpommern",
        ("Der Landesbeauftragte für Datenschutz und Informationsfreiheit"
         " Mecklenburg-Vorpommern", "Werderstraße 74a, 19055 Schwerin", "info@datenschutz-mv.de"),
        ("[… Durchsetzungsstelle des Landes Mecklenburg-Vorpommern mit Anschrift und E-Mail]",),
    ),
    "14": Land(
        "Sachsen",
        ("Sächsische Datenschutz- und Transparenzbeauftragte",
         "Maternistraße 17, 01067 Dresden", "post@sdtb.sachsen.de"),
        ("Durchsetzungsstelle bei der oder dem Beauftragten der Sächsischen Staatsregierung für"
         " die Belange von Menschen mit Behinderungen", "Archivstraße 1, 01097 Dresden",
         "durchsetzungsstelle@sk.sachsen.de"),
    ),
    "15": Land(
        "Sachsen-Anhalt",
        ("Landesbeauftragte für den Datenschutz Sachsen-Anhalt",
         "Otto-von-Guericke-Straße 34a, 39104 Magdeburg", "poststelle@lfd.sachsen-anhalt.de"),
        ("Ombudsstelle für barrierefreie Informationstechnik bei der Unfallkasse Sachsen-Anhalt,"
         " Zerbst/Anhalt", "ombudsstelle@ukst.de"),
    ),
    "16": Land(
        "Thüringen",
        ("Thüringer Landesbeauftragter für den Datenschutz und die Informationsfreiheit",
         "Häßlerstraße 8, 99096 Erfurt", "poststelle@datenschutz.thueringen.de"),
        ("Durchsetzungsstelle bei der oder dem Thüringer Landesbeauftragten für Menschen mit"
         " Behinderungen", "kontakt@tlmb.thueringen.de"),
    ),
}  # fmt: skip
UNKNOWN = Land(
    "",
    ("[… Datenschutz-Aufsichtsbehörde Ihres Landes mit Anschrift und E-Mail]",),
    ("[… Durchsetzungsstelle Ihres Landes mit Anschrift und E-Mail]",),
)


def land_of(official_key: str | None) -> Land:
    """Return the state that a municipality's key (AGS) begins with, ``UNKNOWN`` without one."""
    return LANDS.get((official_key or "")[:2], UNKNOWN)
