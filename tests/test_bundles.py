"""Many small files are written and few are sent: which, in which order, and nothing lost."""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from time import time

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse

from assets import KERN, MADE
from assets.kern import CLASS
from bingen_strategy import bundles
from bingen_strategy.bundles import BUNDLES, joined, plain_sheet
from tests.pages import PAGES
from tests.test_layers import ROOT, own_files

SHEET = re.compile(r'<link rel="stylesheet" href="/static/([^"]+)"')
NOT_OURS = ["admin", "ext", "htmax*", "simple_history"]  # would only take time
NEXT_YEAR = int(time()) + 365 * 24 * 60 * 60
CLASSES = re.compile(r'class="([^"]*)"')
WHOLE_KERN = KERN / "kern.min.css"
SCRIPT = re.compile(r'<script\b[^>]* src="/static/([^"]+)"')


def test_a_page_asks_for_few_files_and_they_have_the_rules_for_its_classes(client, house):
    """KERN's names are looked up where they arrive, however they were put together."""
    whole, sent = (path.read_text("utf-8") for path in (WHOLE_KERN, MADE / "kern.css"))
    left_out = {*CLASS.findall(whole)} - {*CLASS.findall(sent)}
    asked, bare = {}, {}
    for name, (who, arguments) in PAGES.items():
        client.logout()
        if who:
            client.force_login(house.user(who))
        page = client.get(reverse(name, args=arguments(house))).content.decode()
        asked[name] = max(len(SHEET.findall(page)), len(SCRIPT.findall(page)))
        written = {each for value in CLASSES.findall(page) for each in value.split()}
        bare[name] = written & left_out
    assert {name: found for name, found in bare.items() if found} == {}
    assert {name: count for name, count in asked.items() if count > 4} == {}
    assert len(asked) == len(PAGES)


def test_every_file_of_ours_is_sent_by_some_page():
    paths = [*own_files("*.html", "templates"), *own_files("*.js", "templates")]
    templates = "\n".join(path.read_text("utf-8") for path in paths)
    parts = {part for parts in BUNDLES.values() for part in parts}
    ours = {path.relative_to(ROOT / "static").as_posix() for path in own_files("*.*s", "static")}
    alone = {*re.findall(r"static '([^']+\.(?:css|js))'", templates)}
    assert ours | {*BUNDLES} == (parts | alone) & ours | {*BUNDLES} & alone


def test_a_bundle_holds_its_parts_in_order():
    text = joined("bundles/results.css")
    assert 0 < text.index(".ranking :is(td, th) {") < text.index(".matrix-summary {")


def test_a_style_sheet_loses_comments_and_indents_and_nothing_else():
    source = '/*! Licence */\n/* why\n */\n.a {\n  content: "/* no */";\n\n  top: 0; /* x */\n}\n'
    assert plain_sheet("x.css", source) == (
        '/*! Licence */\n.a {\ncontent: "/* no */";\ntop: 0;\n}\n'
    )


@pytest.fixture
def part(monkeypatch, tmp_path) -> Path:
    """The only part of the bundle "bundles/try.css"."""
    path = tmp_path / "a.css"
    monkeypatch.setitem(BUNDLES, "bundles/try.css", ("css/a.css",))
    monkeypatch.setattr(bundles, "_path", lambda _part: path)
    return path


def test_a_change_of_a_part_is_there_at_the_next_request(part):
    finder = bundles.BundleFinder()
    for moment, text in enumerate(("a {}\n", "b {}\n"), start=1):
        part.write_text(text, "utf-8")
        os.utime(part, (NEXT_YEAR + moment, NEXT_YEAR + moment))
        found = Path(finder.find("bundles/try.css"))
        assert (found.read_text("utf-8"), found.stat().st_mtime) == (text, NEXT_YEAR + moment)
    assert finder.find("bundles/try.css", find_all=True) == [finder.find("bundles/try.css")]


def test_the_first_requests_may_come_all_at_once(monkeypatch, part):
    part.write_text("a {}\n", "utf-8")
    monkeypatch.setattr(bundles, "_folder", bundles.Folder())
    barrier = Barrier(8)

    def ask(_number: int) -> str:
        barrier.wait()
        return Path(bundles.BundleFinder().find("bundles/try.css")).read_text("utf-8")

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == ["a {}\n"] * 8


def test_a_part_that_is_nowhere_is_named(monkeypatch):
    monkeypatch.setitem(BUNDLES, "bundles/try.css", ("css/nowhere.css",))
    with pytest.raises(FileNotFoundError, match=re.escape("css/nowhere.css")):
        joined("bundles/try.css")


def test_scripts_of_ours_are_strict_and_fail_alone():
    text = joined("bundles/site.js")
    assert text.count('"use strict"; // js/') == text.count("catch (error)") == 2


def test_in_production_the_bundles_are_there_hashed_and_compressed_and_no_whole_font(tmp_path):
    storage = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    with override_settings(STATIC_ROOT=tmp_path, STORAGES={"staticfiles": {"BACKEND": storage}}):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=NOT_OURS)
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert {*BUNDLES} <= found
    [site] = [name for name in found if re.fullmatch(r"bundles/site\.[0-9a-f]{12}\.css", name)]
    assert f"{site}.gz" in found
    loaded = re.findall(r'url\("\.\./(made/fonts/[^"]+)"\)', (tmp_path / site).read_text("utf-8"))
    assert len(loaded) == 16
    assert [name for name in loaded if name not in found] == []
    whole = [name for name in found if name.startswith("vendor/kern/")]
    assert [name for name in whole if name.endswith((".css", ".woff2"))] == []


def test_a_vendored_file_is_still_found_where_it_lies():
    assert finders.find("vendor/kern/kern.min.css") == str(ROOT / "static/vendor/kern/kern.min.css")
