"""The Nu HTML checker: one pinned jar, fetched by npm once, run by Java over a folder of pages."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE, VERSION = "vnu-jar", "26.9.27"
MEMBER = "package/build/dist/vnu.jar"
SHA256 = "22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47"
JAR = Path(sys.prefix) / "vnu" / VERSION / "vnu.jar"


class Unavailable(RuntimeError):
    """The checker cannot run here; the message says why."""


class Checker:
    """Java and the jar, found to work together; raises Unavailable."""

    def __init__(self) -> None:
        java = shutil.which("java")
        if java is None:
            raise Unavailable("Java is not installed (17 or newer)")
        self._command = [java, "-jar", _jar()]
        done = subprocess.run([*self._command, "--version"], capture_output=True, text=True)
        if done.returncode:
            raise Unavailable(f"the checker needs Java 17 or newer: {done.stderr.strip()[-500:]}")

    def check(self, folder: Path) -> list[dict]:
        """Return what is to be said about the HTML files of a folder.

        Each message has ``message`` and mostly ``url`` (of the file) and ``extract``.
        """
        options = ["--format", "json", "--stdout", "--exit-zero-always", "--skip-non-html"]
        command = [*self._command, *options, folder]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)["messages"]


def _jar() -> Path:
    """Return the jar's path, fetched if it is not here yet."""
    if not JAR.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise Unavailable("npm is not installed, which fetches the checker")
        with tempfile.TemporaryDirectory() as folder:
            _fetch(npm, Path(folder))
    if hashlib.sha256(JAR.read_bytes()).hexdigest() != SHA256:
        raise RuntimeError(f"{JAR} is not the {PACKAGE} {VERSION} that we chose")
    return JAR


def _fetch(npm: str, folder: Path) -> None:
    command = [npm, "pack", f"{PACKAGE}@{VERSION}", "--silent", "--pack-destination", folder]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise Unavailable(f"npm cannot fetch {PACKAGE} {VERSION}: {done.stderr.strip()[-500:]}")
    with tarfile.open(next(folder.glob("*.tgz"))) as package:
        content = package.extractfile(MEMBER).read()
    JAR.parent.mkdir(parents=True, exist_ok=True)
    # Complete under its name or not there at all, also for whoever starts at the same moment.
    part = JAR.with_suffix(f".{os.getpid()}")
    part.write_bytes(content)
    part.replace(JAR)
