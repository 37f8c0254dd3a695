"""
Prices that stay where they were: around the price that a place had, the program may buy one for a little more and give
one away for a little less. Of the many prices that prove an answer it then finds some near the old ones, which most of
the sets it knows were made for. Where it makes use of that, the box of this place is taken away: in the end nothing
was bought or given away, and the prices are the program's own.
"""

from matching.planning.program import Program

WIDTH = 1.0  # how far a price may move at first, where the dearest edge is worth 1,000
HARDLY = 1e-7


class Boxes:
    """Over the rows of one program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._bought: dict[int, int] = {}  # row -> the column that buys a place
        self._given: dict[int, int] = {}
        self._row: dict[int, int] = {}  # the way back
        self._middle: dict[int, float] = {}
        self._open: set[int] = set()

    def around(self, prices: dict[int, float]) -> None:
        """One for each of these rows, and no others."""
        for row, price in prices.items():
            if row not in self._middle:
                self._bought[row] = self._program.column([row], 0.0, share=-1.0)
                self._given[row] = self._program.column([row], 0.0)
                self._row |= {self._bought[row]: row, self._given[row]: row}
            if row not in self._open or abs(self._middle[row] - price) > WIDTH / 2:
                self._program.worth(self._bought[row], -price - WIDTH)
                self._program.worth(self._given[row], price - WIDTH)
                self._middle[row] = price
        self._turn([row for row in prices if row not in self._open], may=True)
        self._turn([row for row in self._open if row not in prices], may=False)

    @property
    def hold(self) -> bool:
        """Is there any?"""
        return bool(self._open)

    def left(self, taken: dict[int, float]) -> bool:
        """Take away those that were made use of; False where none was."""
        used = [row for row in self._rows_of(taken) if row in self._open]
        self._turn(used, may=False)
        return bool(used)

    def _rows_of(self, taken: dict[int, float]) -> set[int]:
        return {self._row[column] for column in taken.keys() & self._row.keys() if taken[column] > HARDLY}

    def _turn(self, rows: list[int], *, may: bool) -> None:
        for row in rows:
            self._program.open(self._bought[row], may=may)
            self._program.open(self._given[row], may=may)
        self._open = self._open | set(rows) if may else self._open - set(rows)
