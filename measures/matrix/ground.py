"""The plot's free ground: how far each of its cells is from a mark, and what fits in between.

What it says holds for cells, so nearly; ``geometry`` says it exactly of what is left.
"""

import numpy as np

from measures.matrix.geometry import Array
from measures.matrix.placement import Frame
from measures.matrix.titles import GAP

CELL = 2  # pixels
ACROSS, DOWN = 6, 3  # cells from one box to the next
OPEN = 14  # what is further away from a mark counts as so many pixels away
CLEAR = 1  # pixels between a line and another mark's edge
STEPS = 80  # of a line at most, between marks that stand close


class Ground:
    """Cells by row and column, with their middle's distance from the nearest mark's edge."""

    def __init__(self, frame: Frame, spots: Array) -> None:
        self.left, self.top = frame.left + GAP, frame.top + GAP
        self.columns = int((frame.width - 2 * GAP) // CELL)
        self.rows = int((frame.height - 2 * GAP) // CELL)
        far = int((spots[:, 2].max() + OPEN) // CELL) + 1
        # Room on all sides for the marks' surroundings, cut off below.
        field = np.full((self.rows + 2 * far, self.columns + 2 * far), OPEN, dtype=np.float32)
        wide = field.shape[1]
        steps = np.arange(-far, far + 1)
        x, y, reach = spots.T[:, :, None, None]
        column = np.floor((x - self.left) / CELL).astype(int).clip(0, self.columns - 1)
        row = np.floor((y - self.top) / CELL).astype(int).clip(0, self.rows - 1)
        across = self.left + (column + steps + 0.5) * CELL - x
        down = self.top + (row + steps[:, None] + 0.5) * CELL - y
        away = np.sqrt(across * across + down * down, dtype=np.float32) - reach
        cell = (row + far) * wide + column + far + steps + steps[:, None] * wide
        is_near = away < OPEN
        np.minimum.at(field.reshape(-1), cell[is_near], away[is_near].astype(np.float32))
        self.field = np.zeros((self.rows + 2, self.columns + 2), dtype=np.float32)
        self.field[1:-1, 1:-1] = field[far:-far, far:-far]
        taken = np.zeros((self.rows + 1, self.columns + 1), dtype=np.int32)
        taken[1:, 1:] = self.field[1:-1, 1:-1] < GAP + 0.71 * CELL
        self.taken = taken.cumsum(axis=0).cumsum(axis=1)

    def free_boxes(self, wide: float, tall: float) -> tuple[Array, Array]:
        """Left and upper edges of the boxes of that size that meet no mark, some cells apart."""
        columns, rows = -int(-wide // CELL), -int(-tall // CELL)
        if columns > self.columns or rows > self.rows:
            return np.empty(0), np.empty(0)
        taken = self.taken
        met = (
            taken[rows::DOWN, columns::ACROSS]
            - taken[:-rows:DOWN, columns::ACROSS]
            - taken[rows::DOWN, :-columns:ACROSS]
            + taken[:-rows:DOWN, :-columns:ACROSS]
        )
        row, column = np.nonzero(met == 0)
        return self.left + ACROSS * CELL * column, self.top + DOWN * CELL * row

    def lets_through(self, line: Array) -> Array:
        """Say of each line whether it comes to its end."""
        x, y, end_x, end_y = line.T
        return self.open_way(line) >= np.hypot(end_x - x, end_y - y) - 0.01

    def open_way(self, line: Array) -> Array:
        """How far along each line, in pixels, one comes before a mark or the plot's edge."""
        x, y, end_x, end_y = line.T.astype(np.float32)
        length = np.maximum(np.hypot(end_x - x, end_y - y), 1e-3)
        right, down = (end_x - x) / length / CELL, (end_y - y) / length / CELL
        x, y = (x - self.left) / CELL + 1, (y - self.top) / CELL + 1
        gone = np.zeros(len(line), dtype=np.float32)
        wide, flat = self.columns + 2, self.field.reshape(-1)
        going = np.arange(len(line))
        for _step in range(STEPS):
            if not len(going):
                break
            way = gone[going]
            column = np.clip(x[going] + right[going] * way, 0, wide - 1).astype(np.int32)
            row = np.clip(y[going] + down[going] * way, 0, self.rows + 1).astype(np.int32)
            room = flat[row * wide + column]
            is_on = room >= CLEAR
            going, room = going[is_on], room[is_on]
            gone[going] += np.maximum(room - CELL, CELL)
            going = going[gone[going] < length[going]]
        return np.minimum(gone, length)
