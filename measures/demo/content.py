"""What the invented example consists of: two workshops, their people and their texts."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from fields.catalogue import NINE_FIELDS
from measures.demo.fields_people import EDUCATION, SILVER_SOCIETY, SOCIAL_LIFE
from measures.demo.fields_places import DEVELOPMENT, INFRASTRUCTURE, TOURISM
from measures.demo.fields_services import DAILY_LIFE, ECONOMY, TOWN_HALL
from measures.demo.texts import ADMINISTRATION, CITIZENS, CLUBS, COUNCIL, FieldText
from workshops.models import Role
from workshops.phases import Phase

DEFAULT_PASSWORD = "werkstatt-demo-2020"

MUNICIPALITY = {"name": "Bingen am Rhein", "kind": "city", "official_key": "07339005"}

FULL_DAY = {
    "title": "Beispiel: Digital-Werkstatt Bingen am Rhein (frei erfunden)",
    "date": date(2026, 9, 8),
    "place": "Saal der Beispiele, Bingen am Rhein",
    "hosts": "Stadt Bingen am Rhein und Agentur Musterland (beide hier nur als Beispiel)",
    "introduction": (
        "Dieses Beispiel ist frei erfunden. Personen, Ziele, Maßnahmen, Bewertungen und Beträge "
        "haben wir uns ausgedacht, damit sich das Werkzeug mit glaubhaften Daten ausprobieren "
        "lässt; über Vorhaben oder Beschlüsse der Stadt sagen sie nichts aus.\n\n"
        "Im Beispiel haben 24 Personen aus vier Gruppen an einem Tag alle neun Handlungsfelder "
        "bearbeitet und 45 Maßnahmen aufgeschrieben."
    ),
    "smallest_group": 4,
}
FULL_DAY_RATED = (
    " Bewertet wurde auf dem eigenen Telefon; zu sechs Maßnahmen lagen außerdem Bögen aus Papier "
    "aus, die am Nachmittag ausgezählt wurden."
)

TRY_OUT = {
    "title": "Beispiel zum Mitmachen: Bewertung läuft (frei erfunden)",
    "place": "Raum der Beispiele, Bingen am Rhein",
    "hosts": "Agentur Musterland (nur als Beispiel)",
    "introduction": (
        "Auch dieses Beispiel ist frei erfunden. Hier läuft die Bewertung noch: Zwei der neun "
        "Handlungsfelder sind ausgewählt, und zehn Maßnahmen warten auf Stimmen."
    ),
}
TRY_OUT_RATED = " Einige Stimmzettel sind schon ausgefüllt."

FIELDS: dict[str, FieldText] = dict(
    zip(
        NINE_FIELDS,
        (
            INFRASTRUCTURE,
            EDUCATION,
            ECONOMY,
            TOURISM,
            SILVER_SOCIETY,
            SOCIAL_LIFE,
            TOWN_HALL,
            DEVELOPMENT,
            DAILY_LIFE,
        ),
        strict=True,
    )
)
TRY_OUT_FIELDS = {name: FIELDS[name] for name in ("Tourismus", "Alltagsleben")}

FACILITATOR = "moderation@demo.example"
PARTICIPANT = "teilnahme@demo.example"
ADMIN = "admin@demo.example"
# e-mail address, name, role in the workshops
ACCOUNTS = (
    (FACILITATOR, "Mona Moderation (Demo)", Role.FACILITATOR),
    ("verwaltung@demo.example", "Viktor Verwaltung (Demo)", Role.ADMINISTRATION),
    ("gremium@demo.example", "Greta Gremium (Demo)", Role.COMMITTEE),
    (PARTICIPANT, "Tarek Teilnahme (Demo)", None),
    (ADMIN, "Ada Admin (Demo)", None),
)

# Everybody who takes part, but for the demo's participant: the sixth of the citizens.
PEOPLE = {
    COUNCIL: (
        "Aylin Musterberg",
        "Bernd Beispielmann",
        "Carla Probebach",
        "Dariusz Platzhalter",
        "Edeltraud Musterfeld",
        "Farid Beispielhof",
    ),
    ADMINISTRATION: (
        "Gesine Musterau",
        "Hakan Beispielberg",
        "Ilse Probefeld",
        "Jonas Mustertal",
        "Katarzyna Beispiel",
        "Lorenz Platzhalter",
    ),
    CLUBS: (
        "Mai Beispielbach",
        "Norbert Mustermann",
        "Olga Probehaus",
        "Pascal Beispielau",
        "Quirina Musterhof",
        "Rashid Probetal",
    ),
    CITIZENS: (
        "Svenja Beispielfeld",
        "Theo Musterbach",
        "Uljana Probemann",
        "Valentin Beispielstein",
        "Wanda Musterhaus",
    ),
}

# When the facilitator pressed the button; the try-out stops at its rating.
PHASE_TIMES = {
    Phase.COLLECTING: time(9, 40),
    Phase.RATING: time(14, 15),
    Phase.DELIBERATING: time(15, 30),
}


ZONE = ZoneInfo("Europe/Berlin")


def moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, ZONE)
