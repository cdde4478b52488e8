"""A page packed once for many: a gzip file that any browser reads, and nobody's own in it."""

import gzip
import zlib

from hypothesis import given
from hypothesis import strategies as st

from measures.results.packed import _pressed, packed

TEXTS = st.binary(max_size=3000) | st.text(max_size=500).map(str.encode)


@given(TEXTS, TEXTS)
def test_kept_part_and_end_are_one_gzip_file_and_read_the_same_without(kept, end):
    page = packed(kept)
    assert gzip.decompress(page.gzip(end)) == kept + end
    assert page.plain(end) == kept + end


@given(TEXTS, TEXTS, TEXTS)
def test_one_kept_part_serves_everybody(kept, mine, yours):
    page = packed(kept)
    assert [gzip.decompress(page.gzip(end)) for end in (mine, yours)] == [kept + mine, kept + yours]


def test_of_a_long_page_with_one_change_one_stretch_is_compressed_again():
    rows = [f'<li data-measure="{n}">{n**3} {"word " * 40}</li>' for n in range(4000)]
    packed("".join(rows).encode())
    before = _pressed.cache_info()
    rows[700] = '<li data-measure="700">a title that is new</li>'
    text = "".join(rows).encode()
    page, after = packed(text), _pressed.cache_info()
    assert (after.hits - before.hits, after.misses - before.misses) == (28, 1)
    assert page.plain(b"") == text


def test_it_is_one_member_which_browsers_that_stop_after_the_first_read_whole():
    reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
    text = reader.decompress(packed(b"page " * 1000).gzip(b"mine"))
    assert (text, reader.eof, reader.unused_data) == (b"page " * 1000 + b"mine", True, b"")


def test_an_answer_is_each_time_of_another_length_which_tells_nothing():
    page = packed(b"page " * 1000)
    assert len({len(page.gzip(b"mine")) for _time in range(60)}) > 20


def test_what_is_ones_own_is_not_compressed_together_with_what_is_kept(monkeypatch):
    """Otherwise the length of an answer would tell how much of a token stands in the address."""
    monkeypatch.setattr("secrets.randbelow", lambda _most: 0)
    secret = b"a-token-of-forty-letters-that-is-a-secret"
    known, unknown = packed(b"x" * 500 + secret), packed(b"x" * 500 + secret[::-1])
    lengths = {len(page.gzip(secret)) - len(page.blocks) for page in (known, unknown)}
    assert len(lengths) == 1
