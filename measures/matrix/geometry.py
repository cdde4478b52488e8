"""Boxes, marks and lines that meet, asked of many at once: arrays whose last axis is one of them.

A box is left, top, right, bottom; a line x, y and the end's x, y; a spot x, y and how far its mark
reaches. All are pixels.
"""

import numpy as np

Array = np.ndarray
PARTS = (slice(0, 4), slice(2, 6))  # of a line with a bend


def room(box: Array, spots: Array) -> Array:
    """How far each box is from each mark's edge; negative where it lies over it."""
    left, top, right, bottom = box.T[:, :, None]
    x, y, reach = spots.T[:, None, :]
    across = np.maximum(np.maximum(left - x, x - right), 0)
    down = np.maximum(np.maximum(top - y, y - bottom), 0)
    return np.hypot(across, down) - reach


def crossed(line: Array, spots: Array) -> Array:
    """Say of each line through which marks it runs."""
    x, y, end_x, end_y = line.T[:, :, None]
    spot_x, spot_y, reach = spots.T[:, None, :]
    across, down = end_x - x, end_y - y
    length = np.maximum(across * across + down * down, 1e-9)
    share = np.clip(((spot_x - x) * across + (spot_y - y) * down) / length, 0, 1)
    return np.hypot(x + share * across - spot_x, y + share * down - spot_y) < reach + 1


def enters(line: Array, box: Array) -> Array:
    """Say of lines whether they run into the boxes beside them."""
    x, y, end_x, end_y = np.moveaxis(line, -1, 0)
    left, top, right, bottom = np.moveaxis(box, -1, 0)
    across, down = end_x - x, end_y - y
    side = across * (top + bottom - 2 * y) - down * (left + right - 2 * x)
    return (
        (np.minimum(x, end_x) <= right)
        & (np.maximum(x, end_x) >= left)
        & (np.minimum(y, end_y) <= bottom)
        & (np.maximum(y, end_y) >= top)
        & (np.abs(side) <= np.abs(across) * (bottom - top) + np.abs(down) * (right - left))
    )


def cross(one: Array, other: Array) -> Array:
    """Say of lines which cross each other."""

    def side(line: Array, x: Array, y: Array) -> Array:
        start_x, start_y, end_x, end_y = np.moveaxis(line, -1, 0)
        return (end_x - start_x) * (y - start_y) > (end_y - start_y) * (x - start_x)

    apart = side(one, other[..., 0], other[..., 1]) != side(one, other[..., 2], other[..., 3])
    return apart & (side(other, one[..., 0], one[..., 1]) != side(other, one[..., 2], one[..., 3]))
