"""What dev.py needs to make and fill .venv, and to explain a failure in one sentence.

Standard library only. Like dev.py it parses on every Python 3, so that a too old one gets a
sentence instead of a traceback.
"""

import errno
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path


def too_old(version):
    """Return the sentence (German, English) for a Python before 3.11, else None."""
    if tuple(version[:2]) >= (3, 11):
        return None
    found = f"{version[0]}.{version[1]}"
    return (
        f"Diese Anwendung braucht Python 3.11 oder neuer, gefunden wurde {found}.\n"
        f"This application needs Python 3.11 or newer, found {found}."
    )


if too_old(sys.version_info):
    sys.exit(too_old(sys.version_info))

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
UNFINISHED = VENV / "unfinished"


class Stop(Exception):
    """The end of a command: one German and one English sentence for people, no traceback."""

    def __init__(self, german: str, english: str) -> None:
        super().__init__(f"{german}\n{english}")


NO_SPACE = (
    "Auf dem Datenträger ist kein Platz mehr; etwa 1 GB muss frei sein.",
    "There is no space left on the disk; about 1 GB must be free.",
)
NOT_WRITABLE = (
    f"In den Ordner {ROOT} darf nicht geschrieben werden.",
    f"The folder {ROOT} is not writable.",
)
NO_VENV = (
    "Python kann keine eigene Umgebung anlegen; unter Debian und Ubuntu hilft: "
    "apt install python3-venv",
    "Python cannot create a virtual environment; on Debian and Ubuntu: apt install python3-venv",
)
NO_NETWORK = (
    "Die Python-Pakete sind nicht erreichbar; bitte Internetverbindung oder Proxy prüfen.",
    "The Python packages cannot be reached; please check the internet connection or the proxy.",
)
WRONG_HASH = (
    "Ein heruntergeladenes Paket stimmt nicht mit seiner Prüfsumme überein; "
    "nichts davon wurde eingerichtet.",
    "A downloaded package does not match its checksum; nothing of it was installed.",
)
NO_PACKAGE = (
    "Für dieses System oder diese Python-Version gibt es ein benötigtes Paket nicht.",
    "A required package does not exist for this system or this version of Python.",
)
CAUSES = [
    (r"No space left on device|Disk quota exceeded|\[Errno 28\]", NO_SPACE),
    (r"ensurepip is not available|No module named '?(ensurepip|venv)", NO_VENV),
    (r"OSError: \[Errno (13|30)\]|Permission denied: '|Read-only file system: '", NOT_WRITABLE),
    (r"DO NOT MATCH THE HASHES", WRONG_HASH),
    (
        r"ConnectionError|ConnectTimeout|Read ?Timeout|Max retries exceeded|ProxyError|SSLError|"
        r"name resolution|Name or service not known|Connection (refused|reset|aborted|broken)|"
        r"timed out|Network is unreachable|Could not fetch URL|HTTP error|Connection to .* failed",
        NO_NETWORK,
    ),
    (r"No matching distribution found|Could not find a version", NO_PACKAGE),
]


def cause(output: str) -> tuple:
    """Turn what pip or venv printed into the one sentence that helps (German, English)."""
    for pattern, sentences in CAUSES:
        if re.search(pattern, output):
            return sentences
    lines = [line.strip() for line in output.splitlines() if line.strip()] or ["?"]
    last = ([line for line in lines if line.startswith("ERROR")] or lines)[-1]
    return (f"Die Einrichtung ist gescheitert: {last}", f"The installation failed: {last}")


def cause_of_os_error(error: OSError) -> tuple:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return NO_SPACE
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return NOT_WRITABLE
    return (f"Das Betriebssystem meldet: {error}", f"The operating system says: {error}")


# Environment ------------------------------------------------------------------------------------


def fingerprint(lock: Path) -> str:
    """Name one lock on one version of Python."""
    version = sys.version_info
    return f"{hashlib.sha256(lock.read_bytes()).hexdigest()} {version[0]}.{version[1]}\n"


def stamp_of(lock: Path) -> Path:
    return VENV / f"installed-{lock.stem}"


def is_installed(lock: Path) -> bool:
    """Tell whether .venv holds exactly this lock and no install was broken off."""
    stamp = stamp_of(lock)
    return (
        PYTHON.exists()
        and not UNFINISHED.exists()
        and stamp.exists()
        and stamp.read_text("utf-8") == fingerprint(lock)
    )


def create_venv() -> None:
    """Make .venv; a half-made one is removed first."""
    works = PYTHON.exists() and not UNFINISHED.exists()
    if works and subprocess.call([PYTHON, "-c", "import pip"], stderr=subprocess.DEVNULL) == 0:
        return
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise Stop(*NO_VENV)
    if VENV.exists():
        shutil.rmtree(VENV)
    say("Umgebung .venv wird angelegt / creating .venv")
    VENV.mkdir()
    UNFINISHED.touch()
    python = getattr(sys, "_base_executable", sys.executable)
    # In two steps, because venv itself swallows what ensurepip complains about.
    for command in (
        [python, "-m", "venv", "--without-pip", str(VENV)],
        [str(PYTHON), "-m", "ensurepip", "--upgrade", "--default-pip"],
    ):
        made = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
        if made.returncode:
            raise Stop(*cause(made.stdout))


def install(name: str) -> None:
    """Bring .venv to the state of one lock, or do nothing when it is there already."""
    lock = ROOT / name
    if is_installed(lock):
        return
    create_venv()
    UNFINISHED.touch()
    total = len(set(re.findall(r"^([a-z0-9][\w.-]*)(?:\[.*?\])?==", lock.read_text("utf-8"), re.M)))
    say(f"{total} Pakete aus {name} werden eingerichtet / installing packages from {name}")
    pip("install", "--require-hashes", "-r", str(lock), total=total)
    stamp_of(lock).write_text(fingerprint(lock), "utf-8")
    UNFINISHED.unlink()


def pip(*arguments: str, total: int = 1) -> None:
    """Run pip in .venv, show one line per package, and explain a failure in one sentence.

    Python compiles what it imports anyway; --no-compile halves the time of the first start.
    """
    command = [str(PYTHON), "-m", "pip", "--no-input", "--disable-pip-version-check", *arguments]
    process = subprocess.Popen(
        [*command, "--progress-bar", "off", "--retries", "3", "--no-compile"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    lines, number = [], 0
    try:
        for line in process.stdout or ():
            lines.append(line)
            package = re.match(r"\s*(?:Collecting|Requirement already satisfied:) (\S+)", line)
            if package:
                number += 1
                say(f"  {number}/{max(total, number)} {package.group(1)}")
            elif line.startswith(("Installing collected", "  WARNING: Retrying", "WARNING: Retr")):
                say("  " + line.strip()[:90] + " …")
    finally:
        end(process)
    if process.returncode:
        raise Stop(*cause("".join(lines)))


# Child processes ---------------------------------------------------------------------------------


def say(text: str) -> None:
    print(text, flush=True)


def call(command: list, environment=None) -> int:
    """Run a command in the project's folder; whoever stops us stops it too."""
    process = subprocess.Popen(command, cwd=str(ROOT), env=environment)
    try:
        return process.wait()
    finally:
        end(process)


def end(process: subprocess.Popen) -> None:
    """Stop a child that still runs; after Ctrl+C, which it got as well, let it tidy up first."""
    interrupted = isinstance(sys.exc_info()[1], KeyboardInterrupt)
    for act, patience in (
        (lambda: None, 5 if interrupted else 0),
        (process.terminate, 5),
        (process.kill, None),
    ):
        act()
        try:
            process.wait(patience)
            return
        except subprocess.TimeoutExpired:
            pass
