"""Which letters the bytes of a file mean: read right, asked about or named, never guessed."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from measures.transfer.letters import ENCODINGS, Damage, decoded, is_sure, readings

# Words as lists of measures have them, and names of twin towns.
TEXT = (
    "Bürgerbüro Größe Straße Mobilität Öffnung Ärzte Übersicht für Menü Grün äußern Spaß Gießen"
    " Fußgänger süß Maß Café Allee naïve Noël São Tomé Ångström Málaga Curaçao Besançon Coruña"
    " Århus Malmö Tête Zoë Kraków garçon Citroën Pécs Brno Mo–Fr 10–12 m² m³ km² 20° 1½ §5 Ü60"
    " 5€ u.ä. Ü-Wagen 100% Plan(2026) „Zitat“ »Haus« usw… – Schüler·innen geht’s"
)
WORDS = TEXT.split()
LEGIT = [
    "São Tomé, Ångström und Curaçao",
    "l’été à Besançon",
    "½ Stelle, 5 µm, § 5 BauGB, 5 €",
    "„Zitat“ und „der Fluss“",
    "u. ä., o. Ä., Ü60-Party, 20 °C",
    "m², m³ und km², 3 × 4, ±5",
    "Spaß und Fußnote¹",
    "»Café« – »Größe«",
]
FOREIGN = ["Łódź, Kraków, żółw", "Plzeň, České Budějovice", "Αθήνα", "Київ", "😀 Bürger", "בית"]


def told(data: bytes) -> list[tuple[str, str]]:
    return [(reading.encoding, reading.text) for reading in readings(data)]


def twice(text: str, codec: str = "cp1252") -> bytes:
    """Return UTF-8 that was taken for something else and saved as UTF-8 once more."""
    letters = (bytes([byte]) for byte in text.encode())
    return "".join(
        each.decode(codec, "replace").replace("\ufffd", chr(each[0])) for each in letters
    ).encode()


MISREAD = {
    "cp850-as-cp1252": ("cp850", "cp1252"),
    "mac-roman-as-cp1252": ("mac_roman", "cp1252"),
    "cp1252-as-cp850": ("cp1252", "cp850"),
}


def misread(text: str, how: str) -> bytes:
    """Return the UTF-8 that somebody saved who had opened a file in the wrong encoding."""
    was, taken = MISREAD[how]
    letters = (bytes([byte]) for byte in text.encode(was))
    return "".join(
        each.decode(taken, "replace").replace("\ufffd", chr(each[0])) for each in letters
    ).encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("text", LEGIT)
def test_what_people_write_is_read_without_a_question(text, encoding):
    assert [text for _encoding, text in told(text.encode(encoding))] == [text]
    assert is_sure(readings(text.encode(encoding)))


@pytest.mark.parametrize("text", FOREIGN)
def test_every_script_is_read_from_utf8_without_a_question(text):
    assert told(text.encode()) == [("utf-8", text)]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join))
@example("für")
@example("Málaga")
def test_a_text_is_read_right_or_asked_about_whatever_it_is_stored_in(text):
    for encoding in ("utf-8", "cp1252", "cp850", "iso8859-15"):
        try:
            found = readings(text.encode(encoding))
        except UnicodeEncodeError:
            continue
        assert text in [reading.text for reading in found]
        assert not is_sure(found) or found[0].text == text


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join))
def test_text_of_ms_dos_is_always_asked_about(text):
    try:
        data = text.encode("cp850")
    except UnicodeEncodeError:
        return
    found = readings(data)
    assert is_sure(found) == text.isascii()


@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join),
    st.sampled_from(["cp1252", "cp850", "mac_roman"]),
)
def test_text_that_was_stored_twice_is_asked_about_the_right_spelling_first(text, codec):
    data = twice(text, codec)
    expected = [("utf-8", text)]
    if not text.isascii():
        expected = [("utf-8-twice", text), ("utf-8", data.decode())]
    assert told(data) == expected


@pytest.mark.parametrize(
    ("how", "shown"),
    [
        ("cp850-as-cp1252", "M”bel fr die Mobilit„t"),
        ("mac-roman-as-cp1252", "Mšbel fŸr die MobilitŠt"),
        ("cp1252-as-cp850", "M÷bel f³r die Mobilitõt"),
    ],
)
def test_text_that_was_misread_and_saved_is_asked_about(how, shown):
    text = "Möbel für die Mobilität"
    assert misread(text, how).decode().replace("\x81", "") == shown
    assert told(misread(text, how)) == [(how, text), ("utf-8", misread(text, how).decode())]


def test_text_that_was_stored_three_times_is_mended_as_well():
    assert told(twice(twice("Größe").decode()))[0] == ("utf-8-twice", "Größe")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        # What Excel calls "CSV (MS-DOS)" and "CSV (Macintosh)".
        (b"M\x94bel", [("cp850", "Möbel"), ("mac-roman", "Mîbel"), ("cp1252", "M”bel")]),
        (b"Gr\x81n", [("cp850", "Grün")]),
        (b"M\x9abel", [("mac-roman", "Möbel"), ("cp1252", "Mšbel"), ("cp850", "MÜbel")]),
        # As good a word in both.
        (b"citt\x85", [("cp1252", "citt…"), ("cp850", "città")]),
        (b"Stra\xe1e", [("cp850", "Straße"), ("cp1252", "Straáe")]),
        # The sign of the euro before it had a place.
        (
            b"5 \xa4",
            [
                ("iso-8859-15", "5 €"),
                ("mac-roman", "5 §"),
                ("cp1252", "5 ¤"),
                ("cp850", "5 ñ"),
            ],
        ),
        # A letter of West Africa in UTF-8.
        (b"Spa\xdf\x93", [("cp1252", "Spaß“"), ("utf-8", "Spaߓ")]),
    ],
)
def test_the_likeliest_spelling_comes_first(data, expected):
    assert told(data) == expected
    assert not is_sure(readings(data))


@pytest.mark.parametrize("end", ["", " ist gut"])
def test_a_text_may_end_on_a_letter_beyond_ascii(end):
    assert told(f"Spaß{end}".encode("cp1252")) == [("cp1252", f"Spaß{end}")]


@pytest.mark.parametrize(
    ("data", "kind", "text"),
    [
        ("Straße und ".encode() + b"B\xe4ume", "foreign", "Straße und B�ume"),
        (b"\xef\xbb\xbfB\xe4ume", "foreign", "B�ume"),
        ("Größe".encode() + "prü".encode()[:-1], "cut", "Größepr�"),
        ("Mobilität".encode()[:8], "cut", "Mobilit�"),
        ("Tür –".encode()[:-1], "cut", "Tür �"),
        ("Tür –".encode()[:-2], "cut", "Tür �"),
        ("Mobilit�t".encode(), "lost", "Mobilit�t"),
        ("Tür".encode("utf-16")[:-1], "cut", "Tü�"),
    ],
)
def test_what_can_only_be_mended_is_named(data, kind, text):
    with pytest.raises(Damage) as caught:
        readings(data)
    assert (caught.value.kind, caught.value.text) == (kind, text)


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join), st.data())
def test_a_file_cut_anywhere_is_never_misread(text, draw):
    data = text.encode()
    cut = data[: draw.draw(st.integers(1, len(data)))]
    try:
        found = readings(cut)
    except Damage as damage:
        assert damage.kind == "cut"
    else:
        assert not is_sure(found) or text.startswith(found[0].text)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_somebody_says_is_believed(encoding):
    if encoding == "utf-8-twice":
        data = twice("Größe")
    elif encoding in MISREAD:
        data = misread("Größe", encoding)
    else:
        data = "Größe".encode(encoding)
    assert decoded(data, encoding) == "Größe"


@pytest.mark.parametrize(
    ("data", "encoding", "kind"),
    [
        (b"Gr\x81n", "cp1252", "undefined"),
        (b"Gr\xfcn", "utf-8", "foreign"),
        (b"Gr\xfcn", "utf-8-twice", "foreign"),
        (b"\xff\xfea", "utf-16", "cut"),
    ],
)
def test_what_somebody_says_must_be_possible(data, encoding, kind):
    with pytest.raises(Damage) as caught:
        decoded(data, encoding)
    assert caught.value.kind == kind
