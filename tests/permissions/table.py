"""The expected tables: one row per door, one column per kind of person, a word in each cell."""

from pathlib import Path

from tests.permissions.world import KINDS

HERE = Path(__file__).parent
COLUMNS = list(KINDS)
NOT_ASKED = "."


def read(name: str) -> dict[str, dict[str, str]]:
    """Row -> kind of person -> word."""
    path = HERE / name
    if not path.exists():
        return {}
    head, *lines = [line.split("\t") for line in path.read_text().splitlines()]
    return {line[0]: dict(zip(head[1:], line[1:], strict=True)) for line in lines}


def write(name: str, rows: dict[str, dict[str, str]]) -> None:
    lines = ["\t".join(["row", *COLUMNS])]
    lines += ["\t".join([row, *(rows[row].get(kind, NOT_ASKED) for kind in COLUMNS)]) for row in sorted(rows, key=_by)]
    (HERE / name).write_text("\n".join(lines) + "\n")


def _by(row: str) -> tuple:
    method, _space, path = row.partition(" ")
    return path, method
