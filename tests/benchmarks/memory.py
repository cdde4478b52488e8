"""What large libraries and pages cost a worker in memory and start-up.

Every figure comes from a process of its own: what is loaded once never leaves again.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

LIBRARIES = {
    "pandas": "pandas",
    "matplotlib (as for the picture file)": "measures.matrix.file",
}
LARGE = ("pandas", "numpy", "matplotlib", "openpyxl", "xlsxwriter")


def imports() -> list[dict]:
    """Import each library three times anew, beside Django itself; return the quickest of three."""
    names = {"Django with all our addresses": "bingen_strategy.urls", **LIBRARIES}
    lines = []
    for label, name in names.items():
        runs = [_in_new_process("import", name) for _time in range(3)]
        lines.append({"library": label, **min(runs, key=lambda run: run["seconds"])})
    return lines


def serve(workshop: int) -> list[dict]:
    """Return a fresh worker's memory after each kind of page, on the database of this process."""
    return _in_new_process("serve", str(workshop), TEST_DATABASE_URL=address())


def address() -> str:
    """Return where another process finds the database of this one."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["TEST_DATABASE_URL"])._replace(path=f"/{name}").geturl()


def _in_new_process(*arguments: str, **environment: str):
    quiet = "-Wignore:No directory at"  # the static files need not be collected for this
    command = [sys.executable, quiet, "-m", "tests.benchmarks.memory", *arguments]
    done = subprocess.run(
        command, env={**os.environ, **environment}, check=True, stdout=subprocess.PIPE
    )
    return json.loads(done.stdout)


def _import(name: str) -> dict:
    """Import Django's start first where it is only the ground for something else."""
    import django

    if name not in LIBRARIES.values():
        before, start = _megabytes(), perf_counter()
        django.setup()
        __import__(name)
    else:
        django.setup()
        __import__("bingen_strategy.urls")
        before, start = _megabytes(), perf_counter()
        __import__(name)
    return {"seconds": perf_counter() - start, "mb": _megabytes() - before}


def _serve(workshop: int) -> list[dict]:
    """Answer one request of each kind as a worker would, the lightest first."""
    import django

    django.setup()
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import Client
    from django.urls import reverse

    from workshops.models import Role, User

    WSGIHandler()  # loads the middleware, as a worker does before its first request
    lines = [_state("started")]
    client = Client()
    client.force_login(
        User.objects.get(memberships__workshop=workshop, memberships__role=Role.FACILITATOR)
    )
    for label, route, arguments in (
        ("home", "home", []),
        ("typist's board", "measures:field-capture", [workshop, None]),
        ("dashboard", "measures:dashboard", [workshop]),
        ("export CSV", "measures:measure-export-csv", [workshop]),
        ("export XLSX", "measures:measure-export-xlsx", [workshop]),
        ("picture file", "measures:matrix-png", [workshop]),
    ):
        if None in arguments:
            from fields.models import ActionField

            arguments[1] = ActionField.objects.filter(workshop=workshop).first().pk
        response = client.get(reverse(route, args=arguments))
        lines.append(_state(f"{label} ({response.status_code})"))
    return lines


def _state(after: str) -> dict:
    loaded = [name for name in LARGE if name in sys.modules]
    return {"after": after, "mb": _megabytes(), "loaded": loaded}


def _megabytes() -> float:
    """Return what this process holds in memory now; where only the peak is known, the peak."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    task = {"import": _import, "serve": lambda number: _serve(int(number))}[sys.argv[1]]
    json.dump(task(sys.argv[2]), sys.stdout)
