"""A page's ETag is the same on every host that runs the same program."""

import os

import pytest

from measures.results.unchanged import PROGRAM, program_version


@pytest.fixture
def host(settings, tmp_path):
    """Return a function that sets the program up once more, as another host does."""

    def version(change=lambda root: None) -> str:
        root = tmp_path / str(len(list(tmp_path.iterdir())))
        for folder in PROGRAM:
            (root / folder).mkdir(parents=True)
        (root / "measures/views.py").write_text("first = 1", "utf-8")
        (root / "templates/page.html").write_text("<p>", "utf-8")
        (root / "requirements.txt").write_text("django==5.2.19", "utf-8")
        change(root)
        settings.BASE_DIR = root
        return program_version.__wrapped__()

    return version


def test_neither_when_it_was_installed_nor_what_python_compiles_makes_another_program(host):
    def installed_long_ago(root):
        os.utime(root / "measures/views.py", (1, 1))
        (root / "measures/__pycache__").mkdir()
        (root / "measures/__pycache__/views.cpython-311.pyc").write_bytes(b"compiled")

    assert host() == host(installed_long_ago)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("measures/views.py", "first = 2"),
        ("templates/page.html", "<b>"),
        ("templates/other.html", "<p>"),
        ("requirements.txt", "django==5.2.20"),
    ],
)
def test_any_other_line_or_package_does(host, path, content):
    assert host() != host(lambda root: (root / path).write_text(content, "utf-8"))


def test_so_does_a_file_that_has_another_name_or_is_gone(host):
    def renamed(root):
        (root / "templates/page.html").rename(root / "templates/side.html")

    def gone(root):
        (root / "templates/page.html").unlink()

    assert len({host(), host(renamed), host(gone)}) == 3
