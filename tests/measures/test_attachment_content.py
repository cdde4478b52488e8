"""What an attachment is by its content, and what it is called: pure, and against hostile files."""

import io
import struct
import time
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.attachments.content import Fault, RefusedFile, kind_of
from measures.attachments.names import clean_name
from tests.files import MAIN, PDF, WORD, archive, every_kind, office, open_document


def told(content: bytes) -> str | Fault:
    try:
        return kind_of(io.BytesIO(content))
    except RefusedFile as refused:
        return refused.fault


def test_each_kind_is_known_by_its_content():
    files = every_kind()
    assert {kind: told(content) for kind, content in files.items()} == {k: k for k in files}


@pytest.mark.parametrize(
    "content",
    [
        b"", b"Nur Text", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ\x90\0",
        b"<html><script>alert(1)</script>", b"\x7fELF", b"{\\rtf1 }", b"%PD",
        archive({"a.txt": "x"}),
        archive({"mimetype": "application/vnd.oasis.opendocument.graphics",
                 "META-INF/manifest.xml": "<m/>"}),
        archive({"mimetype": "application/epub+zip", "META-INF/manifest.xml": "<m/>"}),
        office("docx", f"{WORD}wordprocessingml.template.main+xml"),
        archive({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}),
    ],
)  # fmt: skip
def test_what_is_none_of_the_kinds_is_refused_as_such(content):
    assert told(content) is Fault.UNKNOWN


@pytest.mark.parametrize(
    "content",
    [
        *(office(kind, **{f"{place}__vbaProject.bin": b"x"})
          for kind, place in (("docx", "word"), ("xlsx", "xl"), ("pptx", "ppt"))),
        office("docx", "application/vnd.ms-word.document.macroEnabled.main+xml"),
        office("xlsx", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        office("xlsx", "application/vnd.ms-excel.sheet.binary.macroEnabled.main"),
        office("pptx", "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"),
        office("xlsx", **{"xl__macrosheets__sheet1.xml": "<x/>"}),
        office("docx", **{"word__activeX__activeX1.bin": b"x"}),
        office("docx", **{"word__embeddings__Makro.docm": b"x"}),
        office("docx", **{"word___rels__settings.xml.rels": (
            '<Relationships><Relationship Type="http://x/attachedTemplate" TargetMode="External"'
            ' Target="https://boese.example/v.dotm"/></Relationships>'
        )}),
        open_document("odt", **{"Basic__Standard__Module1.xml": "<x/>"}),
        open_document("ods", **{"Scripts__python__los.py": "print()"}),
        open_document("odp", **{"content.xml": "<a href='vnd.sun.star.script:Los'/>"}),
        open_document("odt", **{"content.xml": "<a href='VND.Sun.star.SCRIPT:Los'/>"}),
        open_document("odt", **{"styles.XML": "<a href='vnd.sun.star.scr&#105;pt:Los'/>"}),
        open_document("odt", **{"content.xml": "<a href='vnd.sun.star.scr&#x0069;pt&#58;Los'/>"}),
        open_document("odt", **{"content.xml": "<a href='&#000000000000000000000000118;nd'/>"}),
        open_document("odt", **{"content.xml": "<a h='vnd.sun.star.script:'/>".encode("utf-16")}),
        office("docx", **{"word__embeddings__oleObject1.bin": "_VBA_PROJECT".encode("utf-16-le")}),
        *(office("docx", **{place: (
            f'<Relationships><Relationship Type="http://x/{kind}" TargetMode="External"'
            f' Target="{target}"/></Relationships>'
        )}) for place, kind, target in (
            ("word___rels__settings.XML.RELS", "attachedTemplate", "HTTPS://boese.example/v.dotm"),
            ("word___rels__other.xml.rels", "attachedTemplate", " http://boese.example/v.dotm"),
            ("word___rels__settings.xml.rels", "AttachedTemplate", "mhtml:http://boese.example"),
            ("word___rels__document.xml.rels", "oleObject", "https://boese.example/x!y"),
            ("word___rels__document.xml.rels", "frame", "\\\\boese.example\\x.html"),
        )),
    ],
)  # fmt: skip
def test_what_brings_macros_along_is_refused(content):
    assert told(content) is Fault.MACROS


def test_a_macro_hidden_behind_a_long_text_is_found_at_any_place():
    for lead in (65_500, 65_536 - 10, 131_000):
        text = "<a>" + "x" * lead + "vnd.sun.star.script:Los</a>"
        assert told(open_document("odt", **{"content.xml": text})) is Fault.MACROS


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("attachedTemplate", "file:///C:/Vorlagen/Brief.dotx"),
        ("attachedTemplate", "C:\\Vorlagen\\Brief.dotx"),
        ("attachedTemplate", "Brief.dotx"),
        ("attachedTemplate", r"file:///\\\\rathaus01\\Vorlagen\\Brief.dotx"),
        ("hyperlink", "https://www.bingen.de"),
        ("image", "https://www.bingen.de/wappen.png"),
    ],
)
def test_a_template_of_the_own_house_and_a_link_are_no_macros(kind, target):
    rels = (
        f'<Relationships><Relationship Type="http://x/{kind}" TargetMode="External"'
        f' Target="{target}"/></Relationships>'
    )
    assert told(office("docx", **{"word___rels__settings.xml.rels": rels})) == "docx"


def test_references_in_a_long_text_are_no_macro():
    text = "<a>Stra&#223;e &#x2013; &#8222;Digital&#8220; &#10;</a>" * 3000
    assert told(open_document("odt", **{"content.xml": text})) == "odt"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Fault.OLD_OR_LOCKED),
        (PDF.replace(b"/Root", b"/Encrypt 5 0 R /Root"), Fault.LOCKED),
        (PDF.replace(b"/Root", b"/Encrypt<</V 1>>/Root"), Fault.LOCKED),
        (PDF.replace(b"%%EOF", b"%" + b"x" * 65_530 + b"\n/Encrypt 12 0 R"), Fault.LOCKED),
        (open_document("odt", manifest="<manifest><encryption-data/></manifest>"), Fault.LOCKED),
    ],
)
def test_what_a_password_locks_is_refused(content, fault):
    assert told(content) is fault


def test_a_locked_archive_is_refused_by_its_directory():
    content = bytearray(office("docx"))
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    assert told(bytes(content)) is Fault.LOCKED


# Bombs --------------------------------------------------------------------------------------------


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = office("docx", **{f"word__{n}.xml": b"\0" * 40_000_000 for n in range(3)})
    assert len(bomb) < 200_000
    tracemalloc.start()
    assert told(bomb) is Fault.TOO_DENSE
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_a_part_that_lies_about_its_size_is_refused():
    content = bytearray(office("docx", **{"word__big.xml": b"\0" * 1_000_000}))
    for sign, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = content.rindex(sign)
        content[at + place : at + place + 4] = struct.pack("<I", 10)
    assert told(bytes(content)) is Fault.DAMAGED


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_a_part_that_goes_on_behind_its_end_is_refused(packing):
    """By its sum it is whole: what it begins with is summed, and a macro called behind that."""
    begin, rest = b"<a/>", b"<a href='vnd.sun.star.script:Los'/>"
    file = io.BytesIO(office("docx"))
    with zipfile.ZipFile(file, "a", packing) as made:
        made.writestr("word/more.xml", begin + rest)
    content = bytearray(file.getvalue())
    for sign, place in ((b"PK\x01\x02", 16), (b"PK\x03\x04", 14)):
        at = content.rindex(sign) + place
        content[at : at + 4] = struct.pack("<I", zlib.crc32(begin))
        content[at + 8 : at + 12] = struct.pack("<I", len(begin))
    assert told(bytes(content)) is Fault.DAMAGED


def test_many_parts_that_would_be_read_are_too_many_together():
    rels = f"<Relationships>{'<a/>' * 300_000}</Relationships>"
    more = {f"word___rels__{n}.xml.rels": rels for n in range(5)}
    assert told(office("docx", **more)) is Fault.TOO_DENSE


def test_a_text_of_nothing_but_references_is_read_as_fast_as_any_other():
    text = "<a>" + "&#65;" * 3_000_000 + "</a>"
    begun = time.process_time()
    assert told(open_document("odt", **{"content.xml": text})) == "odt"
    assert time.process_time() - begun < 0.9  # 0.3 s; 1.7 while each was put into its letter


def test_parts_that_share_bytes_are_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name in ("[Content_Types].xml", "word/document.xml", "word/a.xml"):
            made.writestr(name, "x" * 1000)
        for part in made.filelist[1:]:
            part.header_offset = made.filelist[0].header_offset
    assert told(file.getvalue()) is Fault.TOO_DENSE


def test_ten_thousand_parts_are_too_many():
    assert told(archive({f"a/{n}": b"" for n in range(10_001)})) is Fault.TOO_DENSE


def test_a_directory_of_far_more_is_not_even_opened():
    content = archive({"a": b""})
    begin, end = content.index(b"PK\x01\x02"), content.index(b"PK\x05\x06")
    many = content[begin:end] * 100_000
    tail = bytearray(content[end:])
    tail[8:16] = struct.pack("<HHI", 65_535, 65_535, len(many))
    tracemalloc.start()
    assert told(content[:begin] + many + tail) is Fault.TOO_DENSE
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < len(many) + 5_000_000


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a\\..\\b", "x/../y"])
def test_a_part_that_leads_out_of_the_archive_is_refused(name):
    assert told(office("docx", **{name.replace("/", "__"): "x"})) is Fault.DAMAGED


def test_entities_in_the_parts_that_are_read_are_refused():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><Types>&b;</Types>'
    assert told(archive({"[Content_Types].xml": bomb, MAIN["docx"][0]: "x"})) is Fault.DAMAGED


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_a_cut_file_is_damaged(kind):
    content = every_kind()[kind]
    assert {told(content[:end]) for end in range(10, len(content) - 1, 37)} == {Fault.DAMAGED}


@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"%PDF-", b"\xff\xd8\xff"]))
def test_whatever_is_sent_is_a_kind_or_a_fault(content, begin):
    assert told(begin + content) in {*every_kind(), *Fault}


# Names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Lageplan.pdf", "Lageplan.pdf"),
        ("Lageplan Straße Ü.PDF", "Lageplan Straße Ü.pdf"),
        ("Straße.docx", "Straße.pdf"),  # the ending is that of the content
        ("bild.jpeg", "bild.pdf"),
        ("Plan.pdf.exe", "Plan.pdf"),
        ("Plan.exe.pdf", "Plan.pdf"),
        ("Fassung 1.2.pdf", "Fassung 1.2.pdf"),
        ("Fassung 3.10", "Fassung 3.10.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\vera\\Plan.pdf", "Plan.pdf"),
        ("Plan\u202efdp.exe", "Plan fdp.pdf"),  # reads "Planexe.pdf"
        ("\u2066Plan\u2069\u200f.pdf", "Plan.pdf"),
        ("a\0b\r\nc\x7f.pdf", "a b c.pdf"),
        ('<script>"x"|y?*:.pdf', "script x y.pdf"),
        ("  . .pdf", "Anhang.pdf"),
        ("", "Anhang.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("lpt1.tar.pdf", "_lpt1.tar.pdf"),
        ("Konzept.pdf", "Konzept.pdf"),
        ("u\u0308ber.pdf", "über.pdf"),
        ("a" * 255 + ".pdf", "a" * 180 + ".pdf"),
        ("ä" * 255, "ä" * 90 + ".pdf"),
        ("😀" * 255, "😀" * 45 + ".pdf"),
    ],
)
def test_a_name_becomes_one_that_every_computer_stores_and_nobody_misreads(name, clean):
    assert clean_name(name, "pdf", nameless="Anhang") == clean


@given(st.text(max_size=400))
def test_every_name_is_short_and_its_ending_is_ours(name):
    clean = clean_name(name, "pdf", nameless="Anhang")
    assert clean.endswith(".pdf")
    assert 5 <= len(clean.encode()) <= 200
    assert not set(clean) & set('<>:"|?*/\\\0\n\r\u202e\u200f')
    assert clean == clean_name(clean, "pdf", nameless="Anhang")
