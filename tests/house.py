"""How large the house is and how it is built, in numbers: `python3 dev.py measure`.

    python -m tests.house                     # this checkout
    python -m tests.house --against v1.4      # beside another revision

Reads files only. Types and seconds are measured by mypy and by the suite, which print their own.
"""

import argparse
import ast
import io
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).parent.parent
APPS = ("bingen_strategy", "workshops", "fields", "measures")
LONG_LINE = 120  # characters of a template's line
RECORDS = {"NamedTuple", "TypedDict"}


def own_python(root: Path) -> dict[Path, ast.Module]:
    """Return our modules, without migrations, by their path."""
    paths = [path for app in APPS for path in sorted((root / app).rglob("*.py"))]
    return {p: ast.parse(p.read_text("utf-8")) for p in paths if "migrations" not in p.parts}


def lines_of(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def is_record(node: ast.AST) -> bool:
    """Say whether a class is a dataclass, a NamedTuple or a TypedDict."""
    if not isinstance(node, ast.ClassDef):
        return False
    names = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
    made = {ast.unparse(each).partition("(")[0] for each in node.decorator_list}
    return bool(names & RECORDS or made & {"dataclass", "dataclasses.dataclass"})


def functions(tree: ast.AST) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def inner_imports(tree: ast.AST) -> int:
    """Count the imports that stand inside a function."""
    found = {
        node
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    return len(found)


def twice(trees: dict[Path, ast.Module]) -> int:
    """Count the public names that more than one module defines at its top."""
    names = Counter(
        node.name
        for tree in trees.values()
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    )
    return sum(1 for count in names.values() if count > 1)


def spread(sizes: list[int]) -> str:
    """Return median, 90 % and largest."""
    ninth = quantiles(sizes, n=10)[-1] if len(sizes) > 1 else sizes[0]
    return f"{median(sizes):.0f} / {ninth:.0f} / {max(sizes)}"


def our_files(root: Path, folder: str, ending: str) -> list[Path]:
    found = sorted((root / folder).rglob(f"*.{ending}"))
    return [path for path in found if not {"vendor", "made"} & {*path.parts}]


def requirements(root: Path, name: str) -> int:
    lines = (root / name).read_text("utf-8").splitlines()
    return sum(1 for line in lines if line.strip() and not line.startswith(("#", "-", " ")))


def measure(root: Path) -> dict[str, str]:
    """Return the table's rows: what is counted, and how much of it there is."""
    trees = own_python(root)
    sizes = [lines_of(path) for path in trees if lines_of(path)]
    every = [function for tree in trees.values() for function in functions(tree)]
    classes = [n for tree in trees.values() for n in ast.walk(tree) if isinstance(n, ast.ClassDef)]
    templates = our_files(root, "templates", "html")
    long = [len(line) for path in templates for line in path.read_text("utf-8").splitlines()]
    tests = sorted((root / "tests").rglob("test_*.py"))
    return {
        "modules": str(len(sizes)),
        "lines of Python": str(sum(sizes)),
        "lines a module: median / 90 % / largest": spread(sizes),
        "functions": str(len(every)),
        "lines a function: median / 90 % / largest": spread(
            [node.end_lineno - node.lineno + 1 for node in every]
        ),
        "classes": str(len(classes)),
        "record classes": str(sum(map(is_record, classes))),
        "public names defined twice": str(twice(trees)),
        "imports inside functions": str(sum(map(inner_imports, trees.values()))),
        "templates": str(len(templates)),
        f"template lines over {LONG_LINE}": str(sum(1 for n in long if n > LONG_LINE)),
        "longest template line": str(max(long)),
        "lines of JavaScript": str(sum(map(lines_of, our_files(root, "static", "js")))),
        "lines of CSS": str(sum(map(lines_of, our_files(root, "static", "css")))),
        "test modules": str(len(tests)),
        "lines of tests": str(sum(map(lines_of, (root / "tests").rglob("*.py")))),
        "packages chosen": str(requirements(root, "requirements.in")),
        "packages chosen to develop": str(requirements(root, "requirements-dev.in")),
    }


def measure_revision(revision: str) -> dict[str, str]:
    """Measure another revision of this repository; raises CalledProcessError for an unknown one."""
    command = ["git", "archive", "--format=tar", revision]
    archive = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        return measure(Path(folder))


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python3 dev.py measure", description=__doc__)
    parser.add_argument("--against", metavar="REVISION", help="of this repository's history")
    options = parser.parse_args(arguments)
    now = measure(ROOT)
    before = measure_revision(options.against) if options.against else {}
    for what, number in now.items():
        old = f"{before.get(what, ''):>20}" if before else ""
        print(f"{what:45}{old}{number:>20}")


if __name__ == "__main__":
    main(sys.argv[1:])
