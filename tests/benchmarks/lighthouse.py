"""What Lighthouse says of the pages that people meet first, on a middling phone (its own preset).

Served as ``dev.py run`` does, and as in production by gunicorn without a proxy. Runs in a process
of its own with a database of its own and prints JSON: python -m tests.benchmarks.lighthouse
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import chromium
from tests.benchmarks.serving import PRODUCTION, apart, collected, cookies_of, migrated, served

CATEGORIES = ("performance", "accessibility", "best-practices")
FIGURES = {  # of Lighthouse: what we call it, and what it is divided by
    "first-contentful-paint": ("first", 1000),
    "largest-contentful-paint": ("largest", 1000),
    "total-blocking-time": ("blocked", 1),
    "cumulative-layout-shift": ("shift", 1),
    "total-byte-weight": ("kb", 1000),
}
SERVERS = {
    "run": (["manage.py", "runserver", "--noreload"], {"DEBUG": "true"}),
    "production": PRODUCTION,
}


def missing() -> str | None:
    """Return why nothing can be measured here, None when it can."""
    if not shutil.which("lighthouse"):
        return "Lighthouse is not installed (npm install --global lighthouse)"
    return chromium.missing()


def lighthouse_lines() -> list[dict]:
    """Return one line for each server and page."""
    return apart("tests.benchmarks.lighthouse")


def _measure() -> list[dict]:
    """With the settings of the environment: fill the database, serve it, look at each page."""
    pages = _pages()
    lines = []
    with collected():
        for name, server in SERVERS.items():
            with served(server) as address, tempfile.TemporaryDirectory() as folder:
                for page, (path, cookies) in pages.items():
                    report = _report(f"{address}{path}", cookies, Path(folder))
                    lines.append({"server": name, "page": page, **_figures(report)})
    return lines


def _pages() -> dict[str, tuple[str, str]]:
    """Build the demo; return each page's path and the cookies of whoever opens it."""
    migrated()
    from django.test import Client
    from django.urls import reverse

    from measures.demo.build import build_demo
    from measures.demo.content import PARTICIPANT
    from workshops.models import User

    full, try_out = build_demo(with_ratings=True)
    phone = Client(SERVER_NAME="127.0.0.1")
    phone.force_login(User.objects.get(email=PARTICIPANT))
    promise = {"promised": try_out.anonymity}
    phone.post(reverse("measures:ballot-take", args=[try_out.pk]), promise)
    cookies = "; ".join(f"{name}={value}" for name, value in cookies_of(phone).items())
    rate = phone.get(reverse("measures:rate-next", args=[try_out.pk])).headers["Location"]
    return {
        "public page": (reverse("measures:public-page", args=[full.pk]), ""),
        "log-in": (reverse("account_login"), ""),
        "home": (reverse("home"), cookies),
        "my ratings": (reverse("measures:rate-start", args=[try_out.pk]), cookies),
        "rate": (rate, cookies),
    }


def _report(address: str, cookies: str, folder: Path) -> dict:
    headers, report = folder / "headers.json", folder / "report.json"
    headers.write_text(json.dumps({"Cookie": cookies} if cookies else {}), "utf-8")
    flags = "--headless=new --no-sandbox --disable-gpu"
    command = [
        shutil.which("lighthouse"), address, "--quiet", "--output=json", f"--output-path={report}",
        f"--only-categories={','.join(CATEGORIES)}", f"--extra-headers={headers}",
        f"--chrome-flags={flags}",
    ]  # fmt: skip
    environment = {**os.environ, "CHROME_PATH": chromium.find()}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return json.loads(report.read_text("utf-8"))


def _figures(report: dict) -> dict:
    """Return the points of each category, and times in seconds, blocking in milliseconds."""
    points = {name: round(report["categories"][name]["score"] * 100) for name in CATEGORIES}
    audits = report["audits"]
    return points | {
        name: audits[key]["numericValue"] / unit for key, (name, unit) in FIGURES.items()
    }


if __name__ == "__main__":
    json.dump(_measure(), sys.stdout)
