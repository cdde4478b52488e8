"""What a worker loads: ordinary pages need neither pandas nor numpy nor matplotlib."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SCRIPT = """
import json, sys
import django
django.setup()
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse
setup_test_environment()
# Tables straight from the models: migrations are not what this is about, and they take seconds.
settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
call_command("migrate", run_syncdb=True, verbosity=0)

from datetime import date
from fields.models import ActionField
from measures.models import Measure
from measures.rating import rounds
from workshops.models import Ballot, Participant, User, Workshop
from workshops.setup import start_workshop

user = User.objects.create_user("a@example.org")
workshop = Workshop(title="W", date=date(2020, 9, 8))
start_workshop(workshop, by=user, municipalities=["B"], groups=["G"])
Participant.objects.create(workshop=workshop, user=user)
field = ActionField.objects.create(workshop=workshop, name="F")
measure = Measure.objects.create(workshop=workshop, field=field, title="M")
rounds.open_round(workshop, by=user)
client = Client()
client.force_login(user)

def loaded():
    heavy = {"pandas", "numpy", "matplotlib", "PIL", "openpyxl", "typst", "pikepdf"}
    return sorted(heavy & {*sys.modules})

def get(name, *arguments, query=""):
    response = client.get(reverse(name, args=arguments) + query)
    assert response.status_code == 200, (name, response.status_code)

get("home")
get("measures:workshop-day", workshop.pk)
get("measures:measure-list", workshop.pk)
get("measures:field-capture", workshop.pk, field.pk)
client.post(reverse("measures:ballot-take", args=[workshop.pk]), {"promised": "anonymous"})
get("measures:rate-start", workshop.pk, query="?list=1")
get("measures:rate-measure", workshop.pk, 1)
client.post(reverse("measures:rate-measure", args=[workshop.pk, 1]),
            {"relevance": 4, "feasibility": 4})
first = loaded()
rounds.move_phase(workshop, "deliberating", by=user)
rounds.show(workshop.rounds.get(), by=user)
get("measures:dashboard", workshop.pk)
get("measures:measure-detail", workshop.pk, 1)
print(json.dumps([first, loaded()]))
"""


def test_ordinary_pages_and_the_dashboard_load_no_heavy_library():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "TEST_DATABASE_URL": "sqlite://:memory:",
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    before, after = json.loads(done.stdout.splitlines()[-1])
    assert {*before} & {"pandas", "numpy", "matplotlib", "typst", "pikepdf"} == set()
    assert {*after} & {"pandas", "matplotlib", "typst", "pikepdf"} == set()
