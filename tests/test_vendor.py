"""Third-party files are exactly the ones their README names."""

import hashlib
import re
from pathlib import Path

import pytest

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
LISTED = re.compile(r"^\| `(?P<name>[^`]+)` \| `(?P<sha256>[0-9a-f]{64})` \|$", re.MULTILINE)
PACKAGES = sorted(path for path in VENDOR.iterdir() if path.is_dir())


def checksums_listed(package: Path) -> dict[str, str]:
    return dict(LISTED.findall((package / "README.md").read_text("utf-8")))


def checksums_found(package: Path) -> dict[str, str]:
    return {
        path.relative_to(package).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in package.rglob("*")
        if path.is_file() and path != package / "README.md"
    }


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_every_vendored_file_is_listed_with_its_checksum(package):
    assert checksums_found(package) == checksums_listed(package)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_every_package_names_its_source_version_and_licence(package):
    readme = (package / "README.md").read_text("utf-8").lower()
    assert [word for word in ("source", "version", "licen") if word not in readme] == []


def test_vendored_files_load_nothing_from_another_host_and_name_no_source_map():
    loading = r"url\([\"']?(https?:)?//|@import|sourceMappingURL|\bimport\b|\bfetch\(|\beval\("
    files = [path for kind in ("css", "js") for path in VENDOR.rglob(f"*.{kind}")]
    assert {path.name for path in files} == {"kern.min.css", "d3.min.js"}
    assert [path for path in files if re.search(loading, path.read_text("utf-8"))] == []
