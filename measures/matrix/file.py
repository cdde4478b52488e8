"""The matrix as a PNG file: matplotlib draws the numbers of the layout, nothing of its own."""

from io import BytesIO

import matplotlib

matplotlib.use("Agg")

from django.utils.translation import gettext as _  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402
from matplotlib.patches import PathPatch, Rectangle  # noqa: E402
from matplotlib.path import Path  # noqa: E402

from measures.matrix.layout import MatrixLayout, shape_corners  # noqa: E402
from measures.overview import Overview  # noqa: E402
