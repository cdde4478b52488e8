"""What takes long and seldom fails runs at night: ``python3 dev.py test --nightly``.

By day each page is judged in one look, at night in all of them; by day the journeys use Chromium
without its windows, at night the whole one that people have.
"""

import os

NIGHTLY = os.environ.get("NIGHTLY") == "1"
