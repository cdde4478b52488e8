"""Where the browser for the journeys is, and how root on Debian gets it. Standard library only."""

import ctypes
import os
import shutil
import subprocess
import sys

FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The last list counts, so this begins with Playwright's own. What follows are pages of the
    # browser's window, which nobody sees here and which each new person's window loads anew.
    "--disable-features=AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,"
    "HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,"
    "ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,"
    "NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch,"
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,SpareRendererForSitePerProcess",
]


def find() -> str | None:
    """Return the path of Chromium: the variable CHROMIUM, else what the system has."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    for name in ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return shutil.which(name)
    return None


def light() -> str | None:
    """Return the path of the headless shell, else of Chromium.

    It draws pages with the same engine but opens no window of a browser around them, which takes
    three times as long as a short journey's page itself. It keeps no page for the way back.
    """
    shell = shutil.which("chromium-headless-shell")
    return shell if shell and not os.environ.get("CHROMIUM") else find()


def missing() -> str | None:
    """Return why no journey can run here, None when one can."""
    if find() is None:
        return "Chromium is not installed (apt install chromium libatomic1, or set CHROMIUM)"
    if sys.platform == "linux" and not _loads("libatomic.so.1"):
        return "libatomic1 is not installed (apt install libatomic1)"
    return None


def install() -> str | None:
    """Let root on Debian fetch what is missing, visibly; return what is missing afterwards."""
    if missing() and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing chromium and libatomic1 with apt", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in ("update", "install --yes --no-install-recommends chromium libatomic1"):
            if subprocess.call(["apt-get", *command.split()], env=environment):
                return f"apt-get {command.split()[0]} failed; {missing()}"
        # It saves a third of the time; where there is no such package they run all the same.
        command = "install --yes --no-install-recommends chromium-headless-shell"
        subprocess.call(["apt-get", *command.split()], env=environment)
    return missing()


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
