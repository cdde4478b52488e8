"""Where the browser for the journeys is, and how root on Debian gets it. Standard library only.

By day it is Chromium's headless shell where there is one: the same engine without the windows,
menus and profiles around it, which take three times as long as the pages in them.
"""

import ctypes
import os
import shutil
import subprocess
import sys

from tests.nightly import NIGHTLY

WHOLE = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
SHELL = ("chromium-headless-shell", "chrome-headless-shell")


def find() -> str | None:
    """Return the path of Chromium: the variable CHROMIUM, else what the system has."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    return _first(*WHOLE, *SHELL) if NIGHTLY else _first(*SHELL, *WHOLE)


def _first(*names: str) -> str | None:
    return next(filter(None, map(shutil.which, names)), None)


def missing() -> str | None:
    """Return why no journey can run here, None when one can."""
    if find() is None:
        return "Chromium is not installed (apt install chromium libatomic1, or set CHROMIUM)"
    if sys.platform == "linux" and not _loads("libatomic.so.1"):
        return "libatomic1 is not installed (apt install libatomic1)"
    return None


def install() -> str | None:
    """Let root on Debian fetch what is missing, visibly; return what is missing afterwards."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        if missing():
            _apt("update")
        if not (NIGHTLY or os.environ.get("CHROMIUM") or _first(*SHELL)):
            _apt("install", "chromium-headless-shell", "libatomic1")  # newer systems have it
        if missing():
            _apt("install", "chromium", "libatomic1")
    return missing()


def _apt(act: str, *packages: str) -> None:
    print(" ".join(["apt-get", act, *packages]), flush=True)
    options = ["--yes", "--no-install-recommends"] if packages else []
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.call(["apt-get", act, *options, *packages], env=environment)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
