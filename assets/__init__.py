"""How static/made comes from static/vendor: fonts in parts, and the rules of KERN that pages use.

By hand, python3 dev.py assets; needs what requirements-dev.txt holds, which the product does not.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KERN = ROOT / "static" / "vendor" / "kern"
MADE = ROOT / "static" / "made"
DOCUMENTS = ROOT / "measures" / "documents" / "fonts"
WIDTHS = ROOT / "measures" / "matrix" / "letter_widths.py"
